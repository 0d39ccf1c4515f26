//! The form for new sessions, with a preview of their files.
use crate::components::diff_view::{DiffView, Tally, TextDiff};
use crate::components::planning::{OWNERS, OwnerNames, labels_of};
use crate::format::count;
use crate::platform::dom;
use crate::platform::intl::{DateStyle, format_date};
use crate::route::Route;
use crate::store::new_session::Proposed;
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{Date, Initialize, Money, Planning};
use callboard_workspace::NewSessions;
use leptos::prelude::*;

/// Greatest number of sessions that are created together.
const MOST: usize = 200;

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NewSessionField {
    Topic,
    Episode,
    Complexity,
    Duration,
    Budget,
    Audience,
    Owner,
    Labels,
    Due,
    Interval,
}

impl NewSessionField {
    const EPISODE: [Self; 5] = [Self::Episode, Self::Complexity, Self::Duration, Self::Budget, Self::Audience];

    fn label(self, is_many: bool) -> &'static str {
        match self {
            Self::Topic => "Topic",
            Self::Episode if is_many => "First episode",
            Self::Episode => "Episode",
            Self::Complexity => "Complexity",
            Self::Duration => "Duration",
            Self::Audience => "Audience",
            Self::Budget => "Budget",
            Self::Owner => "Owner",
            Self::Labels => "Labels",
            Self::Due if is_many => "First due date",
            Self::Due => "Due date",
            Self::Interval => "Days between due dates",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Topic => "one per line for several episodes",
            Self::Complexity => "1\u{2013}5",
            Self::Duration => "min",
            Self::Budget => "$",
            Self::Owner | Self::Due => "optional",
            Self::Labels => "separated by commas",
            _ => "",
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::Topic => "new-topic",
            Self::Episode => "new-episode",
            Self::Complexity => "new-complexity",
            Self::Duration => "new-duration",
            Self::Budget => "new-budget",
            Self::Audience => "new-audience",
            Self::Owner => "new-owner",
            Self::Labels => "new-labels",
            Self::Due => "new-due",
            Self::Interval => "new-interval",
        }
    }

    fn is_figure(self) -> bool {
        matches!(self, Self::Episode | Self::Complexity | Self::Duration | Self::Budget | Self::Interval)
    }

    fn input_type(self) -> &'static str {
        if self == Self::Due { "date" } else { "text" }
    }
}

/// The text in each field.
#[derive(Clone, Debug, PartialEq)]
struct NewSessionInput([String; 10]);

/// The input for sessions that are not created yet; it is kept when the page is left.
#[derive(Clone, Copy, Debug, Default)]
pub struct NewSessionDraft(StoredValue<Option<NewSessionInput>>);

impl NewSessionInput {
    fn with_defaults(episode: u64, budget: Money) -> Self {
        let default = Initialize::new(episode, "");
        let mut typed = Self(Default::default());
        typed.set(NewSessionField::Episode, episode.to_string());
        typed.set(NewSessionField::Complexity, default.complexity.to_string());
        typed.set(NewSessionField::Duration, default.duration.to_string());
        typed.set(NewSessionField::Audience, default.audience);
        typed.set(NewSessionField::Budget, budget.to_string());
        typed.set(NewSessionField::Interval, "7".into());
        typed
    }

    fn set(&mut self, field: NewSessionField, text: String) {
        self.0[field as usize] = text;
    }

    fn text(&self, field: NewSessionField) -> &str {
        self.0[field as usize].trim()
    }

    fn topics(&self) -> Vec<String> {
        NewSessions::topics(self.text(NewSessionField::Topic))
    }

    fn is_many(&self) -> bool {
        self.topics().len() > 1
    }

    fn read<T>(&self, field: NewSessionField, expected: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, String> {
        let label = field.label(self.is_many());
        let message = || match self.text(field) {
            "" => format!("{label} is empty."),
            text => format!("{label} must be {expected}, not \u{201c}{text}\u{201d}."),
        };
        read(self.text(field)).ok_or_else(message)
    }

    /// Converts the input. The core checks the values.
    fn parse(&self) -> Result<NewSessions, String> {
        let topics = self.topics();
        if topics.len() > MOST {
            return Err(format!("At most {MOST} sessions are created at once, and there are {} topics.", topics.len()));
        }
        let budget = |text: &str| Money::parse(text.trim_start_matches('$').trim_start());
        let audience = Some(self.text(NewSessionField::Audience)).filter(|text| !text.is_empty());
        let default = Initialize::new(
            self.read(NewSessionField::Episode, "a whole number", |text| text.parse().ok())?,
            topics.first().cloned().unwrap_or_default(),
        );
        let first = Initialize {
            complexity: self.read(NewSessionField::Complexity, "a whole number", |text| text.parse().ok())?,
            duration: self.read(NewSessionField::Duration, "a number", |text| text.parse().ok())?,
            budget: Some(self.read(NewSessionField::Budget, "an amount", budget)?),
            audience: audience.map_or(default.audience, str::to_owned),
            ..Initialize::new(default.episode, default.topic)
        };
        let is_empty = |field| self.text(field).is_empty();
        let due = match is_empty(NewSessionField::Due) {
            true => None,
            false => Some(self.read(NewSessionField::Due, "a date such as 2026-12-05", Date::parse)?),
        };
        let interval = match due.is_some() && topics.len() > 1 {
            true => self.read(NewSessionField::Interval, "a whole number of days", |text| text.parse().ok())?,
            false => 0,
        };
        let owner = Some(self.text(NewSessionField::Owner)).filter(|owner| !owner.is_empty());
        let planning = Planning {
            owner: owner.map(str::to_owned),
            due,
            labels: labels_of(self.text(NewSessionField::Labels)),
            notes: None,
        };
        Ok(NewSessions { first, topics, planning, interval })
    }
}

/// The sessions that the form proposes.
#[derive(Clone, Debug)]
enum Proposal {
    One(Box<Proposed>),
    Many(Vec<Proposed>),
}

impl Proposal {
    fn first_id(&self) -> Option<&str> {
        match self {
            Self::One(proposed) => Some(&proposed.id),
            Self::Many(all) => all.first().map(|proposed| proposed.id.as_str()),
        }
    }
}

/// The form, with a preview of the files while it is filled in.
#[component]
pub fn NewSession() -> impl IntoView {
    let workspace = use_workspace();
    let next = workspace.sessions.with_untracked(|sessions| {
        sessions.iter().filter_map(|entry| entry.summary().number).max().unwrap_or_default().saturating_add(1)
    });
    let NewSessionDraft(draft) = expect_context();
    let typed =
        RwSignal::new(draft.get_value().unwrap_or_else(|| NewSessionInput::with_defaults(next, policy().budget)));
    Effect::new(move |before: Option<()>| {
        let typed = typed.get();
        if before.is_some() {
            draft.set_value(Some(typed));
        }
    });
    // The id depends on the minute.
    let clock = workspace.clock.half_minute;
    let proposed = Memo::new_with_compare(
        move |_| {
            workspace.sessions.track();
            let new = typed.with(NewSessionInput::parse)?;
            if new.topics.len() > 1 {
                return workspace.propose_all(&new, clock.get()).map(Proposal::Many);
            }
            let one = workspace.propose(&new.first, &new.planning, clock.get());
            one.map(|one| Proposal::One(Box::new(one)))
        },
        // The session depends on the time, so it always counts as changed.
        |_, _| true,
    );
    let asked = StoredValue::new(None::<String>);
    let create = move || {
        // Creates the previewed sessions.
        let proposal = match proposed.get_untracked() {
            Ok(proposal) => proposal,
            Err(why) => return workspace.status.set(why, None),
        };
        let first = proposal.first_id().map(str::to_owned);
        // A second click while the sessions are being stored does nothing.
        if asked.with_value(|asked| *asked == first) {
            return;
        }
        asked.set_value(first);
        // Navigating earlier would show a missing session.
        match proposal {
            Proposal::One(proposed) => {
                let route = Route::Session(proposed.id.clone());
                workspace.create(*proposed, move |is_done| {
                    if is_done {
                        draft.set_value(None);
                        dom::navigate(&route.href());
                    } else {
                        asked.set_value(None);
                    }
                });
            }
            Proposal::Many(all) => {
                let is_dated = all.iter().any(|proposed| proposed.session.planning().due.is_some());
                let route = if is_dated { Route::Schedule } else { Route::Sessions };
                workspace.create_all(&all, move |is_done| {
                    if is_done {
                        draft.set_value(None);
                        dom::navigate(&route.href());
                    } else {
                        asked.set_value(None);
                    }
                });
            }
        }
    };
    let allowed = move || proposed.with(Result::is_ok);
    let is_many = Memo::new(move |_| typed.with(NewSessionInput::is_many));
    let has_due = Memo::new(move |_| typed.with(|typed| !typed.text(NewSessionField::Due).is_empty()));
    let label = move || match proposed.with(|proposed| match proposed {
        Ok(Proposal::Many(all)) => Some(all.len()),
        _ => None,
    }) {
        Some(number) => format!("Create {}", count(number, "session", "sessions")),
        None => "Create session".to_owned(),
    };
    let input = move |field: NewSessionField| view! { <Input field typed is_many/> };
    view! {
        <div class="page page-narrow new-session">
            <div class="page-head"><h1 tabindex="-1">"New session"</h1></div>
            <section class="panel" aria-label="New session">
                <form
                    class="panel-body action-form"
                    aria-label="New session"
                    on:submit=move |event| {
                        event.prevent_default();
                        create();
                    }
                >
                    <TopicInput typed/>
                    <div class="fields">{NewSessionField::EPISODE.map(input).into_iter().collect_view()}</div>
                    <fieldset class="new-planning">
                        <legend>"Planning"</legend>
                        <div class="fields">
                            {[NewSessionField::Owner, NewSessionField::Labels, NewSessionField::Due].map(input).into_iter().collect_view()}
                            {move || (is_many.get() && has_due.get()).then(|| input(NewSessionField::Interval))}
                        </div>
                        <OwnerNames/>
                    </fieldset>
                    <div class="form-buttons">
                        <button type="submit" class="button button-primary" aria-disabled=move || (!allowed()).to_string()>
                            {label}
                        </button>
                        <a
                            class="button button-quiet"
                            href=Route::Sessions.href()
                            on:click=move |_| draft.set_value(None)
                        >
                            "Cancel"
                        </a>
                    </div>
                    <div class="preview">
                        {move || proposed.with(|proposed| match proposed {
                            Ok(Proposal::One(proposed)) => preview(proposed).into_any(),
                            Ok(Proposal::Many(all)) => preview_all(all).into_any(),
                            Err(why) => view! { <p class="refusal" role="status">{why.clone()}</p> }.into_any(),
                        })}
                    </div>
                </form>
            </section>
        </div>
    }
}

fn preview(proposed: &Proposed) -> impl IntoView + use<> {
    let diff = TextDiff::between(&"".into(), proposed.session.text(), 2);
    let (added, removed) = diff.tally();
    view! {
        <h2>"Preview"</h2>
        <dl class="facts">
            <div class="fact"><dt>"Session"</dt><dd class="mono" translate="no">{proposed.id.clone()}</dd></div>
            <div class="fact"><dt>"File"</dt><dd class="mono break" translate="no">{proposed.file.clone()}</dd></div>
            <div class="fact"><dt>"Folder"</dt><dd class="mono break" translate="no">{proposed.folder.clone()}</dd></div>
        </dl>
        <Tally added removed/>
        <DiffView diff=Signal::stored(diff) label="The new file"/>
    }
}

fn preview_all(all: &[Proposed]) -> impl IntoView + use<> {
    let folder = all.first().map(|proposed| proposed.folder.clone());
    let row = |proposed: &Proposed| {
        let (episode, due) = (proposed.session.episode(), proposed.session.planning().due);
        let due = due.map(|due| format_date(due, DateStyle::Long));
        view! {
            <tr>
                <td class="figure-cell">{episode.number}</td>
                <td><bdi>{episode.topic}</bdi></td>
                <td>{due.unwrap_or_else(|| crate::format::UNKNOWN.into())}</td>
                <td class="mono break" translate="no">{proposed.file.clone()}</td>
            </tr>
        }
    };
    view! {
        <h2>"Preview"</h2>
        <p class="muted">"New files in " <bdi class="mono break" translate="no">{folder}</bdi></p>
        <div class="new-table" tabindex="0" role="region" aria-label="New sessions">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Episode"</th>
                        <th scope="col">"Topic"</th>
                        <th scope="col">"Due date"</th>
                        <th scope="col">"File"</th>
                    </tr>
                </thead>
                <tbody>{all.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

#[component]
fn TopicInput(
    /// The input to update.
    typed: RwSignal<NewSessionInput>,
) -> impl IntoView {
    let field = NewSessionField::Topic;
    let lines = move || typed.with(|typed| typed.text(field).lines().count().clamp(1, 12));
    view! {
        <div class="field">
            <div class="field-head">
                <label for=field.id()>{field.label(false)}</label>
                <span class="field-unit" id="new-topic-hint">{field.unit()}</span>
            </div>
            <div class="field-box">
                <textarea
                    id=field.id()
                    rows=move || lines().max(2)
                    autocomplete="off"
                    spellcheck="true"
                    aria-describedby="new-topic-hint"
                    prop:value=typed.with_untracked(|typed| typed.text(field).to_owned())
                    on:input:target=move |event| {
                        let value = event.target().value();
                        typed.update(|typed| typed.set(field, value));
                    }
                ></textarea>
            </div>
        </div>
    }
}

#[component]
fn Input(
    /// The field.
    field: NewSessionField,
    /// The input to update.
    typed: RwSignal<NewSessionInput>,
    /// True if there are several topics.
    is_many: Memo<bool>,
) -> impl IntoView {
    view! {
        <div class=if field.is_figure() { "field field-figure" } else { "field" }>
            <div class="field-head">
                <label for=field.id()>{move || field.label(is_many.get())}</label>
                <span class="field-unit">{field.unit()}</span>
            </div>
            <div class="field-box">
                <input
                    id=field.id()
                    type=field.input_type()
                    inputmode=if field.is_figure() { "decimal" } else { "text" }
                    autocomplete="off"
                    spellcheck="false"
                    list=(field == NewSessionField::Owner).then_some(OWNERS)
                    prop:value=typed.with_untracked(|typed| typed.text(field).to_owned())
                    on:input:target=move |event| {
                        let value = event.target().value();
                        typed.update(|typed| typed.set(field, value));
                    }
                />
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn input_is_parsed() {
        let mut typed = NewSessionInput::with_defaults(7, Money::ZERO);
        typed.set(NewSessionField::Topic, " Tides ".into());
        typed.set(NewSessionField::Budget, "$ 4.50".into());
        let first = Initialize { budget: Money::parse("4.50"), ..Initialize::new(7, "Tides") };
        let expected = NewSessions { first, topics: vec!["Tides".into()], planning: Planning::default(), interval: 0 };
        assert_eq!(typed.parse(), Ok(expected));
        typed.set(NewSessionField::Duration, "long".into());
        assert_eq!(typed.parse(), Err("Duration must be a number, not \u{201c}long\u{201d}.".into()));
        typed.set(NewSessionField::Duration, String::new());
        assert_eq!(typed.parse(), Err("Duration is empty.".into()));
    }

    #[test]
    fn several_topics_are_planned() {
        let mut typed = NewSessionInput::with_defaults(7, Money::ZERO);
        typed.set(NewSessionField::Topic, "Tides\nSalt".into());
        typed.set(NewSessionField::Owner, "Mira".into());
        typed.set(NewSessionField::Labels, "pilot, season 2,".into());
        typed.set(NewSessionField::Due, "2026-12-05".into());
        let new = typed.parse().unwrap();
        assert_eq!((new.topics.len(), new.interval), (2, 7));
        assert_eq!(new.planning.labels, ["pilot", "season 2"]);
        typed.set(NewSessionField::Interval, "weekly".into());
        let why = "Days between due dates must be a whole number of days, not \u{201c}weekly\u{201d}.";
        assert_eq!(typed.parse(), Err(why.into()));
        // One session has no interval.
        typed.set(NewSessionField::Topic, "Tides".into());
        assert!(typed.parse().is_ok());
        typed.set(NewSessionField::Topic, "x\n".repeat(MOST + 1));
        assert!(typed.parse().unwrap_err().starts_with("At most 200 sessions"));
    }
}
