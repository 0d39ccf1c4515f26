//! Combobox: a text field whose text searches a list below it.
use super::listbox::{ActiveOption, ListOption, Listbox};
use crate::platform::dom;
use leptos::prelude::*;

/// The options that match a text, each with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct ComboboxOptions<T> {
    /// The options with their values.
    pub options: Vec<(ListOption, T)>,
    /// The sentence about their number.
    pub summary: String,
}

impl<T> Default for ComboboxOptions<T> {
    fn default() -> Self {
        Self { options: Vec::new(), summary: String::new() }
    }
}

/// The state that the field and the list share.
pub struct Combobox<T: Clone + PartialEq + Send + Sync + 'static> {
    list: &'static str,
    /// The search text; `None` while the list is closed.
    typed: RwSignal<Option<String>>,
    active: ActiveOption,
    matches: Memo<ComboboxOptions<T>>,
    take: Callback<T>,
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Clone for Combobox<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Clone + PartialEq + Send + Sync + 'static> Copy for Combobox<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Combobox<T> {
    /// Creates a closed combobox whose list has the id `list`. The list closes when the focus leaves the elements that
    /// match `within`. `find` searches for a text while the list is open; `take` receives the value that is chosen.
    pub fn new(
        list: &'static str,
        within: &'static str,
        find: impl Fn(&str) -> ComboboxOptions<T> + Send + Sync + 'static,
        take: impl Fn(T) + Send + Sync + 'static,
    ) -> Self {
        let typed = RwSignal::new(None::<String>);
        let matches = Memo::new(move |_| typed.get().map(|text| find(&text)).unwrap_or_default());
        let combobox = Self { list, typed, active: ActiveOption::new(list), matches, take: Callback::new(take) };
        dom::watch_leave(within, move || combobox.close());
        combobox
    }

    fn is_open(self) -> bool {
        self.typed.with(Option::is_some)
    }

    fn number(self) -> usize {
        self.matches.with(|matches| matches.options.len())
    }

    fn open(self, text: String) {
        self.active.point(0);
        self.typed.set(Some(text));
    }

    fn close(self) {
        if self.typed.with_untracked(Option::is_some) {
            self.typed.set(None);
        }
    }

    fn choose(self, index: usize) {
        let chosen = self.matches.with_untracked(|matches| matches.options.get(index).map(|(_, value)| value.clone()));
        if let Some(chosen) = chosen {
            self.close();
            self.take.run(chosen);
        }
    }

    fn on_key(self, event: &leptos::ev::KeyboardEvent) {
        let was_open = untrack(|| self.is_open());
        match event.key().as_str() {
            "ArrowDown" | "ArrowUp" if !was_open => self.open(String::new()),
            "Enter" if was_open && !event.is_composing() => self.choose(self.active.index()),
            "Escape" if was_open => self.close(),
            key if was_open && self.active.step(key, untrack(|| self.number())) => {}
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    }
}

/// The text field of a combobox. It has the chosen value while the list is closed.
#[component]
pub fn ComboboxField<T: Clone + PartialEq + Send + Sync + 'static>(
    /// The combobox.
    combobox: Combobox<T>,
    /// The id of the field.
    id: &'static str,
    /// The class of the field.
    #[prop(optional)]
    class: &'static str,
    /// The accessible name, for a field without a label.
    #[prop(optional)]
    label: Option<&'static str>,
    /// The text while nothing is chosen.
    #[prop(optional)]
    placeholder: &'static str,
    /// The chosen value in words.
    #[prop(into)]
    chosen: Signal<String>,
) -> impl IntoView {
    let is_open = Memo::new(move |_| combobox.is_open());
    view! {
        <input
            id=id
            class=class
            type="text"
            role="combobox"
            aria-label=label
            aria-autocomplete="list"
            aria-expanded=move || is_open.get().to_string()
            aria-controls=move || is_open.get().then_some(combobox.list)
            aria-activedescendant=move || is_open.get().then(|| combobox.active.active(combobox.number())).flatten()
            placeholder=placeholder
            autocomplete="off"
            spellcheck="false"
            prop:value=move || combobox.typed.get().unwrap_or_else(|| chosen.get())
            on:input:target=move |event| combobox.open(event.target().value())
            on:click=move |_| if !is_open.get_untracked() {
                combobox.open(String::new());
            }
            on:keydown=move |event| combobox.on_key(&event)
        />
    }
}

/// The list of a combobox, absent while it is closed.
#[component]
pub fn ComboboxList<T: Clone + PartialEq + Send + Sync + 'static>(
    /// The combobox.
    combobox: Combobox<T>,
    /// The accessible name of the list.
    label: &'static str,
    /// The class of its box.
    class: &'static str,
) -> impl IntoView {
    let is_open = Memo::new(move |_| combobox.is_open());
    let options = Signal::derive(move || {
        combobox.matches.with(|matches| matches.options.iter().map(|(option, _)| option.clone()).collect::<Vec<_>>())
    });
    let summary = move || combobox.matches.with(|matches| matches.summary.clone());
    move || {
        is_open.get().then(|| {
            let take = Callback::new(move |index| combobox.choose(index));
            view! {
                // Pressing the mouse in the list leaves the focus in the field.
                <div class=format!("combobox-list {class}") on:mousedown=|event| event.prevent_default()>
                    <p class="combobox-summary muted" role="status">{summary}</p>
                    <Listbox class="palette-list" label options active=combobox.active take/>
                </div>
            }
        })
    }
}
