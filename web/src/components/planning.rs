//! The planning of a session: owner, due date, labels and notes, each changed in place.
use super::session_signals::SessionSignals;
use crate::platform::dom;
use crate::store::workspace::use_workspace;
use callboard_core::{Date, DueStatus, Planning};
use leptos::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// The id of the list of known owners, which inputs for an owner propose.
pub const OWNERS: &str = "owner-names";

/// A value of the planning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum PlanningField {
    Owner,
    Due,
    Labels,
    Notes,
}

impl PlanningField {
    fn label(self) -> &'static str {
        match self {
            Self::Owner => "Owner",
            Self::Due => "Due date",
            Self::Labels => "Labels",
            Self::Notes => "Notes",
        }
    }

    fn id(self) -> &'static str {
        match self {
            Self::Owner => "planning-owner",
            Self::Due => "planning-due",
            Self::Labels => "planning-labels",
            Self::Notes => "planning-notes",
        }
    }

    /// Returns the text of the input.
    fn text(self, planning: &Planning) -> String {
        match self {
            Self::Owner => planning.owner.clone().unwrap_or_default(),
            Self::Due => planning.due.map(|due| due.to_string()).unwrap_or_default(),
            Self::Labels => planning.labels.join(", "),
            Self::Notes => planning.notes.clone().unwrap_or_default(),
        }
    }

    /// Sets the value to the text of the input.
    fn set(self, planning: &mut Planning, text: &str) {
        let some = || Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
        match self {
            Self::Owner => planning.owner = some(),
            Self::Due => planning.due = Date::parse(text),
            Self::Labels => planning.labels = labels_of(text),
            Self::Notes => planning.notes = some(),
        }
    }
}

/// Returns the labels of a text, which are separated by commas.
pub fn labels_of(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|label| !label.is_empty()).map(str::to_owned).collect()
}

/// Input that is not applied yet, by session and field. It is kept when a session's page is left.
#[derive(Clone, Copy, Debug)]
pub struct PlanningInput(RwSignal<HashMap<(String, PlanningField), String>>);

impl PlanningInput {
    /// Creates the empty input of the app. The browser asks before a page with input is closed.
    pub fn begin() -> Self {
        let input = RwSignal::new(HashMap::new());
        dom::warn_before_leaving(move || input.with_untracked(|input: &HashMap<_, _>| !input.is_empty()));
        Self(input)
    }
}

/// The owners of all sessions, as a list for inputs.
#[component]
pub fn OwnerNames() -> impl IntoView {
    let workspace = use_workspace();
    let owners = Memo::new(move |_| {
        workspace.sessions.with(|sessions| {
            let owners = sessions.iter().filter_map(|entry| entry.digest().planning.owner.clone());
            owners.collect::<BTreeSet<String>>()
        })
    });
    let options = move || owners.get().into_iter().map(|owner| view! { <option value=owner></option> }).collect_view();
    view! { <datalist id=OWNERS>{options}</datalist> }
}

/// The planning of a session.
#[component]
pub fn PlanningPanel(
    /// The session.
    session: SessionSignals,
) -> impl IntoView {
    let planning = session.entry_part(|entry| entry.digest().planning.clone());
    let field = move |field| view! { <PlanningValue session planning field/> };
    view! {
        <section class="panel planning" aria-labelledby="planning-title">
            <div class="panel-head">
                <h2 id="planning-title">"Planning"</h2>
                <DueStatusText session/>
            </div>
            <div class="panel-body fields planning-fields">
                {field(PlanningField::Owner)}
                {field(PlanningField::Due)}
                {field(PlanningField::Labels)}
                {field(PlanningField::Notes)}
                <OwnerNames/>
            </div>
        </section>
    }
}

/// The completion of a session against its due date.
#[component]
fn DueStatusText(
    /// The session.
    session: SessionSignals,
) -> impl IntoView {
    let clock = use_workspace().clock;
    let status = session.entry_part(move |entry| {
        let now = clock.half_minute.get();
        let outlook = entry.digest().outlook(now, &crate::store::workspace::policy());
        outlook.due?;
        outlook.due_status(super::time::offset_minutes(now))
    });
    move || {
        let (state, words) = match status.get()? {
            DueStatus::Late => ("failed", "Late"),
            DueStatus::DueToday => ("evaluating", "Due today"),
            DueStatus::OnTime => return None,
        };
        Some(view! { <span class="state planning-status" data-state=state>{words}</span> })
    }
}

#[component]
fn PlanningValue(
    /// The session.
    session: SessionSignals,
    /// Its planning.
    planning: Memo<Planning>,
    /// The value.
    field: PlanningField,
) -> impl IntoView {
    let workspace = use_workspace();
    let PlanningInput(input) = expect_context();
    let text = {
        let key = (session.id(), field);
        move || {
            let typed = input.with(|input| input.get(&key).cloned());
            typed.unwrap_or_else(|| planning.with(|planning| field.text(planning)))
        }
    };
    let typed = {
        let key = (session.id(), field);
        move |text: String| input.update(|input| drop(input.insert(key.clone(), text)))
    };
    // A field that is removed with its page loses the focus then: nothing here may belong to the page.
    let apply = {
        let id = session.id();
        move || {
            let Some(text) = input.try_update(|input| input.remove(&(id.clone(), field))).flatten() else { return };
            let stored = workspace.entry_now(&id).map(|entry| field.text(&entry.digest().planning));
            if stored.is_some_and(|stored| stored != text.trim()) {
                let (refused_id, refused_text) = (id.clone(), text.clone());
                let refused = move || {
                    // The text stays in the field, unless another was typed since.
                    input.update(|input| {
                        input.entry((refused_id, field)).or_insert(refused_text);
                    });
                };
                workspace.plan(&id, move |planning| field.set(planning, &text), refused);
            }
        }
    };
    on_cleanup(apply.clone());
    let (on_change, on_blur, on_enter) = (apply.clone(), apply.clone(), apply);
    let key = (session.id(), field);
    let on_key = move |event: leptos::ev::KeyboardEvent| match event.key().as_str() {
        "Escape" if input.with_untracked(|input| input.contains_key(&key)) => {
            event.stop_propagation();
            input.update(|input| drop(input.remove(&key)));
        }
        "Enter" if field != PlanningField::Notes || event.ctrl_key() || event.meta_key() => {
            event.prevent_default();
            on_enter();
        }
        _ => {}
    };
    let unit = (field == PlanningField::Labels).then_some("separated by commas");
    let lines = {
        let text = text.clone();
        move || text().lines().count().clamp(2, 12)
    };
    let control = match field {
        PlanningField::Notes => view! {
            <textarea
                id=field.id()
                rows=lines
                prop:value=text
                on:input:target=move |event| typed(event.target().value())
                on:change=move |_| on_change()
                on:keydown=on_key
            ></textarea>
        }
        .into_any(),
        _ => view! {
            <input
                id=field.id()
                type=if field == PlanningField::Due { "date" } else { "text" }
                list=(field == PlanningField::Owner).then_some(OWNERS)
                autocomplete="off"
                prop:value=text
                // A date of which a part is typed has no value yet.
                on:input:target=move |event| if !dom::is_incomplete(&event) { typed(event.target().value()) }
                // A date changes with every digit that is typed.
                on:change=move |_| if field != PlanningField::Due { on_change() }
                on:blur=move |_| on_blur()
                on:keydown=on_key
            />
        }
        .into_any(),
    };
    view! {
        <div class="field">
            <div class="field-head">
                <label for=field.id()>{field.label()}</label>
                <span class="field-unit">{unit}</span>
            </div>
            <div class="field-box">{control}</div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_set_from_their_texts() {
        let mut planning = Planning::default();
        for (field, text) in [
            (PlanningField::Owner, " Mira "),
            (PlanningField::Due, "2026-12-05"),
            (PlanningField::Labels, "pilot,, season 2 ,"),
            (PlanningField::Notes, "Ask Jo\n"),
        ] {
            field.set(&mut planning, text);
        }
        let text = |field: PlanningField| field.text(&planning);
        assert_eq!(text(PlanningField::Owner), "Mira");
        assert_eq!(text(PlanningField::Due), "2026-12-05");
        assert_eq!(text(PlanningField::Labels), "pilot, season 2");
        assert_eq!(text(PlanningField::Notes), "Ask Jo");
        for field in [PlanningField::Owner, PlanningField::Due, PlanningField::Labels, PlanningField::Notes] {
            field.set(&mut planning, " ");
        }
        assert!(planning.is_empty());
    }
}
