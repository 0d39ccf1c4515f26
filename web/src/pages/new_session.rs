//! The form for new sessions, with a preview of their files.
use crate::components::diff_view::{DiffView, Tally, TextDiff};
use crate::components::event_fields::FieldError;
use crate::components::planning::{OWNERS, OwnerNames, labels_of};
use crate::components::text_field::{FieldErrors, TextField, TextFieldParts};
use crate::format::{count, exact_duration, money};
use crate::platform::dom;
use crate::platform::intl::{DateStyle, format_date};
use crate::route::Route;
use crate::store::new_session::{NotProposed, Proposed};
use crate::store::workspace::{policy, use_workspace};
use crate::typed;
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
            Self::Duration => "minutes",
            Self::Budget => "US dollars",
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

    /// Returns the field of a value of [`Initialize`], by its name there.
    fn of_value(name: &str) -> Option<Self> {
        Some(match name {
            "episode" => Self::Episode,
            "topic" => Self::Topic,
            "complexity" => Self::Complexity,
            "duration" => Self::Duration,
            "budget" => Self::Budget,
            _ => return None,
        })
    }

    fn error(self, message: impl Into<String>) -> FieldError {
        FieldError { control: self.id().to_owned(), message: message.into() }
    }

    fn is_figure(self) -> bool {
        matches!(self, Self::Episode | Self::Complexity | Self::Duration | Self::Budget | Self::Interval)
    }
}

/// The text in each field.
#[derive(Clone, Debug, PartialEq)]
struct NewSessionInput([String; 10]);

/// The input for sessions that are not created yet; it is kept when the page is left.
#[derive(Clone, Copy, Debug)]
pub struct NewSessionDraft(StoredValue<Option<NewSessionInput>>);

impl NewSessionDraft {
    /// Creates the empty draft of the app. The browser asks before a page with input is closed.
    pub fn begin() -> Self {
        let draft = StoredValue::new(None);
        dom::warn_before_leaving(move || draft.with_value(Option::is_some));
        Self(draft)
    }
}

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

    /// Converts the input.
    ///
    /// # Errors
    /// The fields whose text is not what they ask for, or whose value the core refuses.
    fn parse(&self) -> Result<NewSessions, Vec<FieldError>> {
        let mut errors = Vec::new();
        let topics = self.topics();
        match topics.len() {
            0 => errors.push(NewSessionField::Topic.error("Enter a topic.")),
            number if number > MOST => errors.push(
                NewSessionField::Topic.error(format!("Create at most {MOST} sessions at a time ({number} topics).")),
            ),
            _ => {}
        }
        let mut first = Initialize::new(1, topics.first().cloned().unwrap_or_default());
        // The core checks each value, whether the others are right or not.
        let check = |new: Initialize| new.check().map_err(|refusal| refusal.message);
        let valid = || Initialize::new(1, "topic");
        let mut read = |field: NewSessionField, example: &str, read: &mut dyn FnMut(&str) -> Result<(), String>| {
            let message = match self.text(field) {
                "" => format!("Enter {example}."),
                text => match read(text) {
                    Ok(()) => return,
                    Err(message) => message,
                },
            };
            errors.push(field.error(message));
        };
        // The general error of a number has an example of another size.
        let whole = |text: &str, example: &str| typed::count(text).map_err(|_| format!("Enter {example}."));
        let example = "the number of the episode, such as 12";
        read(NewSessionField::Episode, example, &mut |text| whole(text, example).map(|number| first.episode = number));
        let example = "a complexity from 1 to 5";
        read(NewSessionField::Complexity, example, &mut |text| {
            // A number that does not fit is out of range anyway.
            first.complexity = u8::try_from(whole(text, example)?).unwrap_or(u8::MAX);
            check(Initialize { complexity: first.complexity, ..valid() })
        });
        read(NewSessionField::Duration, "a duration, such as 30 min", &mut |text| {
            let seconds = typed::duration(text)?;
            #[allow(clippy::cast_precision_loss)]
            let minutes = seconds as f64 / 60.0;
            first.duration = minutes;
            check(Initialize { duration: minutes, ..valid() })
        });
        read(NewSessionField::Budget, "an amount, such as 4.50", &mut |text| {
            first.budget = Some(typed::money(text)?);
            check(Initialize { budget: first.budget, ..valid() })
        });
        let mut planning = Planning { labels: labels_of(self.text(NewSessionField::Labels)), ..Planning::default() };
        let owner = Some(self.text(NewSessionField::Owner)).filter(|owner| !owner.is_empty());
        planning.owner = owner.map(str::to_owned);
        if !self.text(NewSessionField::Due).is_empty() {
            read(NewSessionField::Due, "", &mut |text| {
                planning.due = Some(Date::parse(text).ok_or("Enter a date, such as 2026-12-05.")?);
                Ok(())
            });
        }
        let mut interval = 0;
        if planning.due.is_some() && topics.len() > 1 {
            let example = "a number of days, such as 7";
            read(NewSessionField::Interval, example, &mut |text| {
                let days = whole(text, example)?.try_into();
                interval = days.map_err(|_| format!("Enter at most {} days.", u16::MAX))?;
                Ok(())
            });
        }
        let audience = self.text(NewSessionField::Audience);
        if !audience.is_empty() {
            audience.clone_into(&mut first.audience);
        }
        if errors.is_empty() { Ok(NewSessions { first, topics, planning, interval }) } else { Err(errors) }
    }

    /// Returns how a field was understood, if it is spelt otherwise.
    fn understood(&self, field: NewSessionField) -> Option<String> {
        let text = self.text(field);
        let understood = match field {
            NewSessionField::Duration if text.parse::<f64>().is_err() => exact_duration(typed::duration(text).ok()?),
            NewSessionField::Budget if Money::parse(text).is_none() => money(Some(typed::money(text).ok()?)),
            _ => return None,
        };
        Some(understood).filter(|understood| understood != text)
    }
}

/// The reason that no session is proposed.
#[derive(Clone, Debug)]
enum Unready {
    /// Fields are wrong.
    Fields(Vec<FieldError>),
    /// The sessions cannot be created with any input of one field.
    Other(String),
}

impl From<NotProposed> for Unready {
    fn from(refused: NotProposed) -> Self {
        match refused.field.as_deref().and_then(NewSessionField::of_value) {
            Some(field) => Self::Fields(vec![field.error(refused.message)]),
            None => Self::Other(refused.message),
        }
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
            let new = typed.with(NewSessionInput::parse).map_err(Unready::Fields)?;
            if new.topics.len() > 1 {
                return Ok(Proposal::Many(workspace.propose_all(&new, clock.get())?));
            }
            Ok(Proposal::One(Box::new(workspace.propose(&new.first, &new.planning, clock.get())?)))
        },
        // The session depends on the time, so it always counts as changed.
        |_, _| true,
    );
    let wrong = Memo::new(move |_| {
        proposed.with(|proposed| match proposed {
            Err(Unready::Fields(errors)) => errors.clone(),
            _ => Vec::new(),
        })
    });
    let errors = FieldErrors::new(wrong);
    let asked = StoredValue::new(None::<String>);
    let create = move || {
        if let Some(control) = errors.submit() {
            dom::focus(&format!("#{control}"));
            return;
        }
        // Creates the previewed sessions.
        let proposal = match proposed.get_untracked() {
            Ok(proposal) => proposal,
            Err(Unready::Fields(_)) => return,
            Err(Unready::Other(why)) => return workspace.status.set(why, None),
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
    // Pressing it while a field is wrong shows which.
    let is_refused = move || proposed.with(|proposed| matches!(proposed, Err(Unready::Other(_))));
    let is_many = Memo::new(move |_| typed.with(NewSessionInput::is_many));
    let has_due = Memo::new(move |_| typed.with(|typed| !typed.text(NewSessionField::Due).is_empty()));
    let label = move || match proposed.with(|proposed| match proposed {
        Ok(Proposal::Many(all)) => Some(all.len()),
        _ => None,
    }) {
        Some(number) => format!("Create {}", count(number, "session", "sessions")),
        None => "Create session".to_owned(),
    };
    let input = move |field: NewSessionField| view! { <Input field typed is_many errors/> };
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
                    {input(NewSessionField::Topic)}
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
                        <button type="submit" class="button button-primary" aria-disabled=move || is_refused().to_string()>
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
                            Err(Unready::Fields(_)) => ().into_any(),
                            Err(Unready::Other(why)) => {
                                view! { <p class="refusal" role="status">{why.clone()}</p> }.into_any()
                            }
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
fn Input(
    /// The field.
    field: NewSessionField,
    /// The input to update.
    typed: RwSignal<NewSessionInput>,
    /// True if there are several topics.
    is_many: Memo<bool>,
    /// The form's errors.
    errors: FieldErrors,
) -> impl IntoView {
    let parts = TextFieldParts {
        control: field.id().to_owned(),
        name: field.id(),
        label: Signal::derive(move || field.label(is_many.get()).to_owned()),
        format: field.unit(),
        is_lines: field == NewSessionField::Topic,
        is_figure: field.is_figure(),
        is_required: field.is_figure() || field == NewSessionField::Topic,
        is_date: field == NewSessionField::Due,
        list: (field == NewSessionField::Owner).then_some(OWNERS),
        ..TextFieldParts::default()
    };
    let text = Memo::new(move |_| typed.with(|typed| typed.0[field as usize].clone()));
    let understood = Memo::new(move |_| typed.with(|typed| typed.understood(field)));
    let on_input = move |text| typed.update(|typed| typed.set(field, text));
    view! { <TextField parts text understood on_input errors/> }
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
        for (field, text, control, message) in [
            (NewSessionField::Duration, "long", "new-duration", "Enter a duration, such as 20 min."),
            (NewSessionField::Duration, "", "new-duration", "Enter a duration, such as 30 min."),
            (NewSessionField::Episode, "", "new-episode", "Enter the number of the episode, such as 12."),
            (NewSessionField::Topic, " \n ", "new-topic", "Enter a topic."),
            (NewSessionField::Budget, "much", "new-budget", "Enter an amount, such as 4.50."),
            (NewSessionField::Complexity, "9", "new-complexity", "The complexity must be 1 to 5, not 9."),
            (NewSessionField::Duration, "0", "new-duration", "The duration must be more than 0 minutes, not 0."),
        ] {
            let mut typed = typed.clone();
            typed.set(field, text.into());
            let error = FieldError { control: control.into(), message: message.into() };
            assert_eq!(typed.parse(), Err(vec![error]), "{text}");
        }
    }

    #[test]
    fn figures_are_read_as_people_type_them() {
        let mut typed = NewSessionInput::with_defaults(7, Money::ZERO);
        typed.set(NewSessionField::Topic, "Tides".into());
        typed.set(NewSessionField::Duration, "1h 5m".into());
        typed.set(NewSessionField::Budget, "80 cents".into());
        let new = typed.parse().unwrap().first;
        assert_eq!((new.duration, new.budget), (65.0, Money::parse("0.80")));
        let understood = |field| typed.understood(field);
        assert_eq!(understood(NewSessionField::Duration).as_deref(), Some("1 h 5 min"));
        assert_eq!(understood(NewSessionField::Budget).as_deref(), Some("$0.80"));
        assert_eq!(understood(NewSessionField::Complexity), None);
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
        let error = |field: NewSessionField, message: &str| Err(vec![field.error(message)]);
        assert_eq!(typed.parse(), error(NewSessionField::Interval, "Enter a number of days, such as 7."));
        // One session has no interval.
        typed.set(NewSessionField::Topic, "Tides".into());
        assert!(typed.parse().is_ok());
        typed.set(NewSessionField::Interval, "7".into());
        typed.set(NewSessionField::Topic, "x\n".repeat(MOST + 1));
        let many = "Create at most 200 sessions at a time (201 topics).";
        assert_eq!(typed.parse(), error(NewSessionField::Topic, many));
    }
}
