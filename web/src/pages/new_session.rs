//! The form for a new session, with a preview of its file.
use crate::components::diff_view::{DiffView, Tally, TextDiff};
use crate::platform::dom;
use crate::route::Route;
use crate::store::new_session::Proposed;
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{Initialize, Money};
use leptos::prelude::*;

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NewSessionField {
    Episode,
    Topic,
    Complexity,
    Duration,
    Audience,
    Budget,
}

impl NewSessionField {
    const ALL: [Self; 6] = [Self::Topic, Self::Episode, Self::Complexity, Self::Duration, Self::Budget, Self::Audience];

    fn label(self) -> &'static str {
        match self {
            Self::Episode => "Episode",
            Self::Topic => "Topic",
            Self::Complexity => "Complexity",
            Self::Duration => "Duration",
            Self::Audience => "Audience",
            Self::Budget => "Budget",
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Self::Complexity => "1\u{2013}5",
            Self::Duration => "min",
            Self::Budget => "$",
            _ => "",
        }
    }

    fn is_figure(self) -> bool {
        !matches!(self, Self::Topic | Self::Audience)
    }
}

/// The text in each field.
#[derive(Clone, Debug, PartialEq)]
struct NewSessionInput([String; 6]);

/// The input for a session that is not created yet; it is kept when the page is left.
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
        typed
    }

    fn set(&mut self, field: NewSessionField, text: String) {
        self.0[field as usize] = text;
    }

    fn text(&self, field: NewSessionField) -> &str {
        self.0[field as usize].trim()
    }

    fn read<T>(&self, field: NewSessionField, expected: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, String> {
        let text = self.text(field);
        let message = || match text {
            "" => format!("{} is empty.", field.label()),
            text => format!("{} must be {expected}, not \u{201c}{text}\u{201d}.", field.label()),
        };
        read(text).ok_or_else(message)
    }

    /// Converts the input. The core checks the values.
    fn parse(&self) -> Result<Initialize, String> {
        let budget = |text: &str| Money::parse(text.trim_start_matches('$').trim_start());
        let audience = Some(self.text(NewSessionField::Audience)).filter(|text| !text.is_empty());
        let default = Initialize::new(
            self.read(NewSessionField::Episode, "a whole number", |text| text.parse().ok())?,
            self.text(NewSessionField::Topic),
        );
        Ok(Initialize {
            complexity: self.read(NewSessionField::Complexity, "a whole number", |text| text.parse().ok())?,
            duration: self.read(NewSessionField::Duration, "a number", |text| text.parse().ok())?,
            budget: Some(self.read(NewSessionField::Budget, "an amount", budget)?),
            audience: audience.map_or(default.audience, str::to_owned),
            ..Initialize::new(default.episode, default.topic)
        })
    }
}

/// The form, with a preview of the file while it is filled in.
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
            workspace.propose(&new, clock.get())
        },
        // The session depends on the time, so it always counts as changed.
        |_, _| true,
    );
    let asked = StoredValue::new(None::<String>);
    let create = move || {
        // Creates the previewed session.
        match proposed.get_untracked() {
            // A second click while the session is being stored does nothing.
            Ok(proposed) if asked.with_value(|id| id.as_ref() == Some(&proposed.id)) => {}
            Ok(proposed) => {
                asked.set_value(Some(proposed.id.clone()));
                let route = Route::Session(proposed.id.clone());
                // Navigating earlier would show a missing session.
                workspace.create(proposed, move || {
                    draft.set_value(None);
                    dom::navigate(&route.href());
                });
            }
            Err(why) => workspace.status.set(why, None),
        }
    };
    let allowed = move || proposed.with(Result::is_ok);
    let fields = NewSessionField::ALL.map(|field| view! { <Input field typed/> });
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
                    <div class="fields">{fields.into_iter().collect_view()}</div>
                    <div class="form-buttons">
                        <button type="submit" class="button button-primary" aria-disabled=move || (!allowed()).to_string()>
                            "Create session"
                        </button>
                        <a
                            class="button button-quiet"
                            href=Route::Changes.href()
                            on:click=move |_| draft.set_value(None)
                        >
                            "Cancel"
                        </a>
                    </div>
                    <div class="preview">
                        {move || proposed.with(|proposed| match proposed {
                            Ok(proposed) => preview(proposed).into_any(),
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

#[component]
fn Input(
    /// The field.
    field: NewSessionField,
    /// The input to update.
    typed: RwSignal<NewSessionInput>,
) -> impl IntoView {
    let id = format!("new-{}", field.label().to_lowercase());
    view! {
        <div class=if field.is_figure() { "field field-figure" } else { "field" }>
            <div class="field-head">
                <label for=id.clone()>{field.label()}</label>
                <span class="field-unit">{field.unit()}</span>
            </div>
            <div class="field-box">
                <input
                    id=id
                    type="text"
                    inputmode=if field.is_figure() { "decimal" } else { "text" }
                    autocomplete="off"
                    spellcheck=if field == NewSessionField::Topic { "true" } else { "false" }
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
        let expected = Initialize { budget: Money::parse("4.50"), ..Initialize::new(7, "Tides") };
        assert_eq!(typed.parse(), Ok(expected));
        typed.set(NewSessionField::Duration, "long".into());
        assert_eq!(typed.parse(), Err("Duration must be a number, not \u{201c}long\u{201d}.".into()));
        typed.set(NewSessionField::Duration, String::new());
        assert_eq!(typed.parse(), Err("Duration is empty.".into()));
    }
}
