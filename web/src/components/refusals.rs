//! Refused transitions, grouped by reason.
use super::icon::{Glyph, Icon};
use crate::format::title_case;
use callboard_core::{Choice, EventKind};
use leptos::prelude::*;

/// Transitions that are refused for the same reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusalGroup {
    /// The events.
    pub kinds: Vec<EventKind>,
    /// The reason.
    pub reason: String,
    /// The hint, if any.
    pub hint: Option<String>,
}

/// Groups the refused choices by reason, in their order.
pub fn groups(choices: &[Choice]) -> Vec<RefusalGroup> {
    let mut groups: Vec<RefusalGroup> = Vec::new();
    let refused = choices.iter().filter_map(|choice| Some((choice.kind, choice.refusal.as_ref()?)));
    for (kind, refusal) in refused {
        let (reason, hint) = (String::from(refusal.reason.clone()), refusal.hint.clone().map(String::from));
        match groups.iter_mut().find(|group| group.reason == reason && group.hint == hint) {
            Some(group) => group.kinds.push(kind),
            None => groups.push(RefusalGroup { kinds: vec![kind], reason, hint }),
        }
    }
    groups
}

/// The list of refused transitions. Each is focusable and described by its reason.
#[component]
pub fn Refusals(
    /// All transitions.
    choices: Memo<Vec<Choice>>,
) -> impl IntoView {
    let groups = Memo::new(move |_| choices.with(|choices| groups(choices)));
    move || {
        groups.with(|groups| {
            let items = groups.iter().map(group).collect_view();
            (!groups.is_empty()).then(|| {
                view! {
                    <h3 class="transitions-head">"Unavailable"</h3>
                    <ul class="transitions transitions-refused">{items}</ul>
                }
            })
        })
    }
}

fn group(group: &RefusalGroup) -> impl IntoView + use<> {
    let id = format!("why-not-{}", group.kinds.first().map_or("", |kind| kind.name()));
    let names = group.kinds.iter().map(|kind| {
        view! {
            <li class="transition">
                <button
                    type="button"
                    class="button transition-button"
                    aria-disabled="true"
                    aria-describedby=id.clone()
                >
                    <Icon glyph=Glyph::of_event(*kind)/>
                    <span>{title_case(kind.name())}</span>
                </button>
            </li>
        }
    });
    let names = names.collect_view();
    view! {
        <li class="refused">
            <ul class="refused-names">{names}</ul>
            <p class="refusal" id=id>
                <bdi>{group.reason.clone()}</bdi>
                {group.hint.clone().map(|hint| view! { <span class="refusal-hint">" " <bdi>{hint}</bdi></span> })}
            </p>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::{Policy, Session, Timestamp};

    #[test]
    fn refusals_are_grouped_by_reason() {
        let text = r#"{"session_id": "a", "pipeline_state": {"current_stage": "writing"}}"#;
        let session = Session::parse(text).unwrap();
        let choices = session.choices(Timestamp::from_unix(0), &Policy::default());
        let groups = groups(&choices);
        let refused = choices.iter().filter(|choice| choice.refusal.is_some()).count();
        assert_eq!(groups.iter().map(|group| group.kinds.len()).sum::<usize>(), refused);
        assert!(groups.len() < refused, "{groups:?}");
        for (at, group) in groups.iter().enumerate() {
            assert!(!group.reason.contains(" cannot "), "{}", group.reason);
            assert!(
                groups.iter().skip(at + 1).all(|other| (&other.reason, &other.hint) != (&group.reason, &group.hint))
            );
        }
    }
}
