//! The value that a bulk action asks for once: a reason, an owner, a label or a due date.
use super::Listing;
use crate::components::button::IconButton;
use crate::components::icon::Glyph;
use crate::format::title_case;
use crate::platform::dom;
use crate::store::bulk::BulkAction;
use callboard_core::Date;
use leptos::prelude::*;

/// A bulk action that needs a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkQuestion {
    /// The reason to skip.
    Skip,
    /// The owner.
    Owner,
    /// The label to add or to remove.
    Label,
    /// The due date.
    Due,
}

impl BulkQuestion {
    /// All questions in display order.
    pub const ALL: [Self; 4] = [Self::Skip, Self::Owner, Self::Label, Self::Due];

    /// Returns the label of its button.
    pub fn label(self) -> &'static str {
        match self {
            Self::Skip => "Skip",
            Self::Owner => "Set owner",
            Self::Label => "Labels",
            Self::Due => "Set due date",
        }
    }

    fn field(self) -> &'static str {
        match self {
            Self::Skip => "Reason to skip the stage",
            Self::Owner => "Owner",
            Self::Label => "Label",
            Self::Due => "Due date",
        }
    }

    /// Returns the action with a value, or the message beside the field.
    fn action(self, value: &str) -> Result<BulkAction, &'static str> {
        let value = value.trim();
        match self {
            Self::Skip if value.is_empty() => Err("Say why you skip the stage."),
            Self::Skip => Ok(BulkAction::Skip(value.to_owned())),
            Self::Owner if value.is_empty() => Err("Enter a name."),
            Self::Owner => Ok(BulkAction::Owner(Some(value.to_owned()))),
            Self::Label if value.is_empty() => Err("Enter a label."),
            Self::Label => Ok(BulkAction::AddLabel(value.to_owned())),
            Self::Due => Date::parse(value).map(|due| BulkAction::Due(Some(due))).ok_or("Choose a date."),
        }
    }

    /// Returns the action that removes the value, with its button's label; `None` where there is none.
    fn removal(self, value: &str) -> Option<(&'static str, Result<BulkAction, &'static str>)> {
        match self {
            Self::Skip => None,
            Self::Owner => Some(("Remove owner", Ok(BulkAction::Owner(None)))),
            Self::Due => Some(("Remove due date", Ok(BulkAction::Due(None)))),
            Self::Label => {
                let action = self.action(value).map(|_| BulkAction::RemoveLabel(value.trim().to_owned()));
                Some(("Remove label", action))
            }
        }
    }
}

/// The form that asks for the value.
#[component]
pub fn BulkForm(
    /// The list, whose owners and labels are suggested.
    list: Listing,
    /// The question.
    question: BulkQuestion,
    /// Previews the action.
    on_answer: impl Fn(BulkAction) + Copy + 'static,
    /// Closes the form.
    on_close: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let value = RwSignal::new(String::new());
    let error = RwSignal::new(None::<&'static str>);
    let refuse = move |why: &'static str| {
        error.set(Some(why));
        dom::focus(".bulk-form input");
    };
    // A date of which a part is typed has no value yet.
    let is_incomplete = RwSignal::new(false);
    let answer = move |action: Result<BulkAction, &'static str>| match action {
        Ok(action) => on_answer(action),
        Err(why) => refuse(why),
    };
    let names = list.counts.with_untracked(|counts| {
        let names = match question {
            BulkQuestion::Owner => Some(&counts.owners),
            BulkQuestion::Label => Some(&counts.labels),
            _ => None,
        };
        names.map(|names| names.keys().filter(|name| !name.is_empty()).cloned().collect::<Vec<_>>()).unwrap_or_default()
    });
    let suggestions = names.into_iter().map(|name| view! { <option value=name></option> }).collect_view();
    let removal = question.removal("").map(|(label, _)| {
        let remove = move |_| {
            if let Some((_, action)) = question.removal(&value.get_untracked()) {
                answer(action);
            }
        };
        view! { <button type="button" class="button button-quiet" on:click=remove>{label}</button> }
    });
    view! {
        <section class="notice bulk-panel" aria-label=title_case(question.label())>
            <form
                class="bulk-form"
                novalidate
                on:keydown=move |event| if event.key() == "Escape" {
                    event.stop_propagation();
                    on_close();
                }
                on:submit=move |event| {
                    event.prevent_default();
                    if is_incomplete.get_untracked() {
                        refuse("Enter the whole date.");
                    } else {
                        answer(question.action(&value.get_untracked()));
                    }
                }
            >
                <label class="field">
                    <span>{question.field()}</span>
                    <span class="field-box">
                        <input
                            type=if question == BulkQuestion::Due { "date" } else { "text" }
                            list="bulk-suggestions"
                            autocomplete="off"
                            aria-invalid=move || error.get().map(|_| "true")
                            aria-describedby="bulk-error"
                            prop:value=move || value.get()
                            on:input:target=move |event| {
                                error.set(None);
                                is_incomplete.set(dom::is_incomplete(&event));
                                value.set(event.target().value());
                            }
                        />
                    </span>
                    <span class="field-error" id="bulk-error" role="alert">{move || error.get()}</span>
                </label>
                <datalist id="bulk-suggestions">{suggestions}</datalist>
                <button type="submit" class="button button-primary">"Preview"</button>
                {removal}
                <IconButton label="Close" glyph=Glyph::Close on_press=on_close/>
            </form>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_needs_its_value() {
        assert_eq!(BulkQuestion::Skip.action("  "), Err("Say why you skip the stage."));
        assert_eq!(BulkQuestion::Skip.action(" no audio "), Ok(BulkAction::Skip("no audio".into())));
        assert_eq!(BulkQuestion::Due.action("2026-02-30"), Err("Choose a date."));
        assert_eq!(BulkQuestion::Due.action("2026-12-05"), Ok(BulkAction::Due(Date::parse("2026-12-05"))));
        assert_eq!(BulkQuestion::Skip.removal(""), None);
        assert_eq!(
            BulkQuestion::Label.removal("a").map(|(_, action)| action),
            Some(Ok(BulkAction::RemoveLabel("a".into())))
        );
        assert_eq!(BulkQuestion::Label.removal("").map(|(_, action)| action), Some(Err("Enter a label.")));
    }
}
