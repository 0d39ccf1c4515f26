//! The menu of meanings of a value.
use super::{Teaching, TreeItem};
use crate::components::icon::{Glyph, Icon};
use crate::platform::dom;
use callboard_core::import::Meaning;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

const ITEMS: &str = ".teach-menu button";

/// The menu below a value: the likely meanings first, and the focus on the current one or the likeliest.
#[component]
pub fn MeaningMenu(
    /// The state of the page.
    teaching: Teaching,
    /// The index of the value.
    at: usize,
) -> impl IntoView {
    let item = teaching.item(at);
    let current = item.as_ref().and_then(|item| teaching.draft.with_untracked(|draft| draft.meaning_of(&item.pointer)));
    let sections = item.as_ref().map(sections).unwrap_or_default();
    let close = move || {
        teaching.open.set(None);
        dom::after_render(move || {
            dom::focus(&format!(".teach-value[data-at=\"{at}\"]"));
        });
    };
    let choose = move |meaning: Option<Meaning>| {
        teaching.point(meaning);
        close();
    };
    let on_key = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        match event.key().as_str() {
            "ArrowDown" | "ArrowRight" => dom::step_focus(ITEMS, 1),
            "ArrowUp" | "ArrowLeft" => dom::step_focus(ITEMS, -1),
            "Escape" => close(),
            // The keys of the page mean nothing here, and Tab leaves.
            "Tab" => return,
            "Enter" | " " => return event.stop_propagation(),
            _ => {}
        }
        event.stop_propagation();
        event.prevent_default();
    };
    dom::scroll_into_view_soon(".teach-menu");
    dom::after_render(|| {
        let _ = dom::focus(".teach-menu [aria-checked=true]") || dom::focus(ITEMS);
    });
    let sections = sections.into_iter().filter(|(_, meanings)| !meanings.is_empty()).map(|(label, meanings)| {
        let items = meanings.into_iter().map(|meaning| {
            let is_current = current == Some(meaning);
            view! {
                <button
                    type="button"
                    role="menuitemradio"
                    class="teach-meaning"
                    aria-checked=is_current.to_string()
                    data-of=if meaning.is_of_stage() { "stage" } else { "session" }
                    on:click=move |_| choose(Some(meaning))
                >
                    {meaning.label()}
                </button>
            }
        });
        view! {
            <div role="group" aria-label=label class="teach-menu-group">
                <p class="teach-menu-title" aria-hidden="true">{label}</p>
                {items.collect_view()}
            </div>
        }
    });
    let name = item.as_ref().map(|item| format!("Meaning of {}", item.key)).unwrap_or_default();
    let value = item.map(|item| format!("{}: {}", item.key, item.text));
    view! {
        <div
            class="teach-menu"
            role="menu"
            aria-label=name
            style:top=format!("calc(var(--list-row) * {})", at + 1)
            on:keydown=on_key
        >
            <p class="teach-menu-value" aria-hidden="true" translate="no">{value}</p>
            {sections.collect_view()}
            {current.map(|meaning| view! {
                <button type="button" role="menuitem" class="teach-meaning teach-remove" on:click=move |_| choose(None)>
                    <Icon glyph=Glyph::Close/>
                    <span>"Remove \u{201c}"{meaning.label()}"\u{201d}"</span>
                </button>
            })}
        </div>
    }
}

/// The meanings of a value by section, the likely ones first.
fn sections(item: &TreeItem) -> [(&'static str, Vec<Meaning>); 3] {
    let likely = Meaning::suggestions(&item.pointer, &item.text);
    let others = |is_of_stage: bool| {
        let is_other = |meaning: &Meaning| {
            let is_possible = !item.pointer.is_empty() || matches!(meaning, Meaning::Id | Meaning::Episode);
            is_possible && meaning.is_of_stage() == is_of_stage && !likely.contains(meaning)
        };
        Meaning::ALL.into_iter().filter(is_other).collect()
    };
    let (session, stage) = (("Session", others(false)), ("This stage", others(true)));
    // A value deep in the file is most likely a stage's.
    let is_deep = item.pointer.matches('/').count() > 2;
    let (first, second) = if is_deep { (stage, session) } else { (session, stage) };
    [("Likely", likely), first, second]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folders_name_is_an_id_or_an_episode() {
        let (key, text) = ("Folder".to_owned(), "ep_07".to_owned());
        let folder = TreeItem { pointer: String::new(), key, text, depth: 1, members: None, line: 0 };
        let all: Vec<Meaning> = sections(&folder).into_iter().flat_map(|(_, meanings)| meanings).collect();
        assert_eq!(all, [Meaning::Episode, Meaning::Id]);
        let value = TreeItem { pointer: "/a/b/status".into(), ..folder };
        let sections = sections(&value);
        assert_eq!(sections[0].1[0], Meaning::StageStatus);
        assert_eq!(sections.iter().map(|(_, meanings)| meanings.len()).sum::<usize>(), Meaning::ALL.len());
    }
}
