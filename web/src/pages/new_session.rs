//! A session to be made: its form, and the file that it will be.
use crate::components::diff_view::{DiffView, Tally, TextDiff};
use crate::platform::dom;
use crate::route::Route;
use crate::store::new_session::Proposed;
use crate::store::workspace::{policy, use_workspace};
use callboard_core::{Initialize, Money};
use leptos::prelude::*;

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Episode,
    Topic,
    Complexity,
    Duration,
    Audience,
    Budget,
}

impl Field {
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

/// What was typed, each field's text as it stands.
#[derive(Clone, Debug, PartialEq)]
struct Typed([String; 6]);

/// What was typed of a session that is not made yet: it outlives the page's being left.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unmade(StoredValue<Option<Typed>>);

impl Typed {
    fn fresh(episode: u64, budget: Money) -> Self {
        let default = Initialize::new(episode, "");
        let mut typed = Self(Default::default());
        typed.set(Field::Episode, episode.to_string());
        typed.set(Field::Complexity, default.complexity.to_string());
        typed.set(Field::Duration, default.duration.to_string());
        typed.set(Field::Audience, default.audience);
        typed.set(Field::Budget, budget.to_string());
        typed
    }

    fn set(&mut self, field: Field, text: String) {
        self.0[field as usize] = text;
    }

    fn text(&self, field: Field) -> &str {
        self.0[field as usize].trim()
    }

    fn read<T>(&self, field: Field, what: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, String> {
        let text = self.text(field);
        let say = || match text {
            "" => format!("{} is empty.", field.label()),
            text => format!("{} is not {what}: {text}", field.label()),
        };
        read(text).ok_or_else(say)
    }

    /// What is meant, as it stands: whether it may be is the core's to say.
    fn meant(&self) -> Result<Initialize, String> {
        let budget = |text: &str| Money::parse(text.trim_start_matches('$').trim_start());
        let audience = Some(self.text(Field::Audience)).filter(|text| !text.is_empty());
        let default = Initialize::new(
            self.read(Field::Episode, "a whole number", |text| text.parse().ok())?,
            self.text(Field::Topic),
        );
        Ok(Initialize {
            complexity: self.read(Field::Complexity, "a whole number", |text| text.parse().ok())?,
            duration: self.read(Field::Duration, "a number", |text| text.parse().ok())?,
            budget: Some(self.read(Field::Budget, "an amount", budget)?),
            audience: audience.map_or(default.audience, str::to_owned),
            ..Initialize::new(default.episode, default.topic)
        })
    }
}

/// The form. The file it makes is shown while it is filled in.
#[component]
pub fn NewSession() -> impl IntoView {
    let workspace = use_workspace();
    let next = workspace.sessions.with_untracked(|shelf| {
        shelf.iter().filter_map(|entry| entry.summary().number).max().unwrap_or_default().saturating_add(1)
    });
    let Unmade(unmade) = expect_context();
    let typed = RwSignal::new(unmade.get_value().unwrap_or_else(|| Typed::fresh(next, policy().budget)));
    Effect::new(move |before: Option<()>| {
        let typed = typed.get();
        if before.is_some() {
            unmade.set_value(Some(typed));
        }
    });
    // Often enough for an id, which holds the minute.
    let clock = workspace.clock.half_minute;
    let proposed = Memo::new_with_compare(
        move |_| {
            workspace.sessions.track();
            let meant = typed.with(Typed::meant)?;
            workspace.propose(&meant, clock.get())
        },
        // Another moment makes another file.
        |_, _| true,
    );
    let asked = StoredValue::new(None::<String>);
    let create = move || {
        // What was shown is what is made.
        match proposed.get_untracked() {
            // Pressed again while it is being stored.
            Ok(proposed) if asked.with_value(|id| id.as_ref() == Some(&proposed.id)) => {}
            Ok(proposed) => {
                asked.set_value(Some(proposed.id.clone()));
                let place = Route::Session(proposed.id.clone());
                // Not before: its page would say that there is no such session.
                workspace.create(proposed, move || {
                    unmade.set_value(None);
                    dom::go(&place.href());
                });
            }
            Err(why) => workspace.status.set(why, None),
        }
    };
    let allowed = move || proposed.with(Result::is_ok);
    let fields = Field::ALL.map(|field| view! { <Input field typed/> });
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
                            "Make the session"
                        </button>
                        <a
                            class="button button-quiet"
                            href=Route::Changes.href()
                            on:click=move |_| unmade.set_value(None)
                        >
                            "Cancel"
                        </a>
                    </div>
                    <div class="preview">
                        {move || proposed.with(|proposed| match proposed {
                            Ok(proposed) => shown(proposed).into_any(),
                            Err(why) => view! { <p class="refusal" role="status">{why.clone()}</p> }.into_any(),
                        })}
                    </div>
                </form>
            </section>
        </div>
    }
}

fn shown(proposed: &Proposed) -> impl IntoView + use<> {
    let diff = TextDiff::between(&"".into(), proposed.session.text(), 2);
    let (added, removed) = diff.tally();
    view! {
        <h2>"Will be made"</h2>
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
    /// Which field.
    field: Field,
    /// Where what is typed goes.
    typed: RwSignal<Typed>,
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
                    spellcheck=if field == Field::Topic { "true" } else { "false" }
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
    fn what_is_typed_is_meant() {
        let mut typed = Typed::fresh(7, Money::ZERO);
        typed.set(Field::Topic, " Tides ".into());
        typed.set(Field::Budget, "$ 4.50".into());
        let expected = Initialize { budget: Money::parse("4.50"), ..Initialize::new(7, "Tides") };
        assert_eq!(typed.meant(), Ok(expected));
        typed.set(Field::Duration, "long".into());
        assert_eq!(typed.meant(), Err("Duration is not a number: long".into()));
        typed.set(Field::Duration, String::new());
        assert_eq!(typed.meant(), Err("Duration is empty.".into()));
    }
}
