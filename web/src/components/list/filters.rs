//! The filter bar of the session list; all filters are in the address.
use super::Listing;
use super::columns::ColumnMenu;
use super::views::Views;
use crate::components::button::{Button, Weight};
use crate::components::state_chip::HealthStyle;
use crate::format::{count, money, title_case};
use crate::store::columns::FittedColumns;
use crate::store::listing::FilterCounts;
use crate::store::query::{DueFilter, Query, states};
use callboard_core::{HealthLevel, Money, Stage};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The filter bar.
#[component]
pub fn Filters(
    /// The list.
    list: Listing,
    /// The columns that fit.
    fitted: Memo<FittedColumns>,
) -> impl IntoView {
    let asked = move || list.query.with(Query::has_filters);
    // On narrow pages the filters collapse behind one button.
    let open = RwSignal::new(false);
    let number = Memo::new(move |_| list.query.with(active));
    view! {
        <div class="filters" class:filters-open=open role="group" aria-label="Filters">
            <button
                type="button"
                class="button filters-fold"
                class:filter-on=move || { number.get() > 0 }
                aria-expanded=move || open.get().to_string()
                aria-controls="filters-all"
                on:click=move |_| open.update(|open| *open = !*open)
            >
                "Filter"
                {move || (number.get() > 0).then(|| view! {
                    <span class="filter-count">{number}</span><span class="sr-only">" active"</span>
                })}
            </button>
            <div class="filters-all" id="filters-all">
            <ChoiceMenu
                list
                label="State"
                all=states()
                name=|state| title_case(&state.name().to_lowercase())
                of=|query| &mut query.states
                number=|counts, state| {
                    let place = states().iter().position(|other| *other == state);
                    place.and_then(|place| counts.states.get(place)).copied().unwrap_or_default()
                }
            />
            <ChoiceMenu
                list
                label="Health"
                all=HealthLevel::ALL.into_iter().rev().collect()
                name=health_words
                of=|query| &mut query.health
                number=|counts, level| counts.health.get(level as usize).copied().unwrap_or_default()
            />
            <ChoiceMenu
                list
                label="Stage"
                all=Stage::ALL.to_vec()
                name=|stage| title_case(stage.name())
                of=|query| &mut query.stages
                number=|counts, stage| counts.stages[stage.index()]
            />
            <ChoiceMenu
                list
                label="Due"
                all=DueFilter::ALL.to_vec()
                name=|due| due.label().to_owned()
                of=|query| &mut query.due
                number=|counts, due| counts.due[due as usize]
            />
            <NameMenu
                list
                label="Owner"
                none="No owner"
                of=|query| &mut query.owners
                numbers=|counts| &counts.owners
            />
            <NameMenu
                list
                label="Label"
                none="No label"
                of=|query| &mut query.labels
                numbers=|counts| &counts.labels
            />
            <Dates list/>
            <Costs list/>
            <Toggle
                label="Sent back"
                number=Signal::derive(move || Some(list.counts.with(|counts| counts.sent_back)))
                on=Signal::derive(move || list.query.with(|query| query.sent_back))
                press=move || list.update_query(|query| query.sent_back = !query.sent_back)
            />
            <Toggle
                label="Over budget"
                number=Signal::derive(move || Some(list.counts.with(|counts| counts.over_budget)))
                on=Signal::derive(move || list.query.with(|query| query.over_budget))
                press=move || list.update_query(|query| query.over_budget = !query.over_budget)
            />
            <Toggle
                label="Edited"
                number=Signal::derive(move || Some(list.counts.with(|counts| counts.edited)))
                on=Signal::derive(move || list.query.with(|query| query.edited))
                press=move || list.update_query(|query| query.edited = !query.edited)
            />
            <Toggle
                label="Conflicts"
                number=Signal::derive(move || Some(list.counts.with(|counts| counts.conflict)))
                on=Signal::derive(move || list.query.with(|query| query.conflict))
                press=move || list.update_query(|query| query.conflict = !query.conflict)
            />
            <Toggle
                label="Group by episode"
                number=Signal::derive(|| None)
                on=Signal::derive(move || list.query.with(|query| query.grouped))
                press=move || list.update_query(|query| query.grouped = !query.grouped)
            />
            {move || asked().then(|| view! {
                <Button
                    label="Clear filters"
                    weight=Weight::Quiet
                    on_press=move || list.update_query(|query| *query = query.unfiltered())
                />
            })}
            </div>
            <div class="filters-end">
                <Views list/>
                <ColumnMenu list fitted/>
            </div>
        </div>
    }
}

/// Returns the number of active filters.
fn active(query: &Query) -> usize {
    [
        !query.states.is_empty(),
        !query.health.is_empty(),
        !query.stages.is_empty(),
        !query.due.is_empty(),
        !query.owners.is_empty(),
        !query.labels.is_empty(),
        query.from.is_some() || query.to.is_some(),
        query.min.is_some() || query.max.is_some(),
        query.over_budget,
        query.edited,
        query.conflict,
        query.sent_back,
    ]
    .into_iter()
    .filter(|in_force| *in_force)
    .count()
}

/// Returns the label of a health level; unreadable sessions have the most severe one.
fn health_words(level: HealthLevel) -> String {
    let words = HealthStyle::of(level, true).words;
    if level == HealthLevel::Failed { format!("{words} or unreadable") } else { words.to_owned() }
}

#[component]
fn Toggle(
    /// The label.
    label: &'static str,
    /// Number of sessions that it leaves.
    number: Signal<Option<usize>>,
    /// True while it is on.
    on: Signal<bool>,
    /// Toggles it.
    press: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button filter"
            aria-pressed=move || on.get().to_string()
            aria-description=move || number.get().map(described)
            on:click=move |_| press()
        >
            {label}
            {move || number.get().map(|number| view! { <OptionCount number/> })}
        </button>
    }
}

/// Returns the description of an option, for screen readers.
fn described(number: usize) -> String {
    count(number, "session", "sessions")
}

/// The number of sessions that an option leaves. Screen readers have it as a description, not as part of the name.
#[component]
fn OptionCount(
    /// The number.
    number: usize,
) -> impl IntoView {
    view! { <span class="option-count" aria-hidden="true">{number}</span> }
}

/// A menu of check boxes; none checked means no filter.
#[component]
fn ChoiceMenu<T>(
    /// The list.
    list: Listing,
    /// The label.
    label: &'static str,
    /// The options.
    all: Vec<T>,
    /// Returns an option's label.
    name: fn(T) -> String,
    /// Accesses the selected options in the query.
    of: fn(&mut Query) -> &mut Vec<T>,
    /// Returns the number of sessions that an option leaves.
    number: fn(&FilterCounts, T) -> usize,
) -> impl IntoView
where
    T: Copy + PartialEq + Send + Sync + 'static,
{
    let chosen = Memo::new(move |_| of(&mut list.query.get()).clone());
    let words = move || {
        let chosen = chosen.get();
        let words: Vec<String> = chosen.iter().take(2).map(|item| name(*item)).collect();
        match chosen.len() {
            0 => String::new(),
            1 | 2 => format!(": {}", words.join(", ")),
            more => format!(": {} selected", more),
        }
    };
    let boxes = all.into_iter().map(|item| {
        let is_chosen = move || chosen.with(|chosen| chosen.contains(&item));
        let press = move || list.update_query(|query| toggle(of(query), item));
        let number = Memo::new(move |_| list.counts.with(|counts| number(counts, item)));
        view! { <OptionBox label=name(item) number=number is_chosen=Signal::derive(is_chosen) press/> }
    });
    view! {
        <details class="menu">
            <summary class="button filter" class:filter-on=move || chosen.with(|chosen| !chosen.is_empty())>
                <span>{label}{words}</span>
            </summary>
            <div class="menu-panel" role="group" aria-label=label>{boxes.collect_view()}</div>
        </details>
    }
}

/// Adds an item, or removes it if it is there.
fn toggle<T: PartialEq>(chosen: &mut Vec<T>, item: T) {
    match chosen.iter().position(|other| *other == item) {
        Some(at) => {
            chosen.remove(at);
        }
        None => chosen.push(item),
    }
}

/// An option of a menu, with the number of sessions that it leaves.
#[component]
fn OptionBox(
    /// The label.
    label: String,
    /// The number.
    #[prop(into)]
    number: Signal<usize>,
    /// True if it is chosen.
    is_chosen: Signal<bool>,
    /// Chooses it, or no longer.
    press: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <label class="menu-item">
            <input
                type="checkbox"
                prop:checked=is_chosen
                aria-description=move || described(number.get())
                on:change=move |_| press()
            />
            <bdi>{label}</bdi>
            {move || view! { <OptionCount number=number.get()/> }}
        </label>
    }
}

/// A menu of the names that sessions have, such as their owners; absent while there is none.
#[component]
fn NameMenu(
    /// The list.
    list: Listing,
    /// The label.
    label: &'static str,
    /// The label of the empty name.
    none: &'static str,
    /// Accesses the selected names in the query.
    of: fn(&mut Query) -> &mut Vec<String>,
    /// Returns all names with the numbers of sessions.
    numbers: fn(&FilterCounts) -> &BTreeMap<String, usize>,
) -> impl IntoView {
    let chosen = Memo::new(move |_| of(&mut list.query.get()).clone());
    let shown = move |name: &str| if name.is_empty() { none.to_owned() } else { name.to_owned() };
    // A chosen name stays an option when no session has it any more.
    let names = Memo::new(move |_| {
        let mut names: Vec<String> = list.counts.with(|counts| numbers(counts).keys().cloned().collect());
        let gone = chosen.get().into_iter().filter(|name| !names.contains(name)).collect::<Vec<_>>();
        names.extend(gone);
        names
    });
    let is_used = Memo::new(move |_| names.with(|names| names.iter().any(|name| !name.is_empty())));
    let words = move || {
        chosen.with(|chosen| match chosen.as_slice() {
            [] => String::new(),
            [one] => format!(": {}", shown(one)),
            more => format!(": {} selected", more.len()),
        })
    };
    let boxes = move || {
        let option = |name: String| {
            let [is_chosen, counted, pressed] = [name.clone(), name.clone(), name.clone()];
            let is_chosen = Signal::derive(move || chosen.with(|chosen| chosen.contains(&is_chosen)));
            let number = Memo::new(move |_| {
                list.counts.with(|counts| numbers(counts).get(&counted).copied().unwrap_or_default())
            });
            let press = move || list.update_query(|query| toggle(of(query), pressed.clone()));
            view! { <OptionBox label=shown(&name) number=number is_chosen press/> }
        };
        names.get().into_iter().map(option).collect_view()
    };
    move || {
        is_used.get().then(|| {
            view! {
                <details class="menu">
                    <summary class="button filter" class:filter-on=move || chosen.with(|chosen| !chosen.is_empty())>
                        <span>{label}<bdi>{words}</bdi></span>
                    </summary>
                    <div class="menu-panel" role="group" aria-label=label>{boxes}</div>
                </details>
            }
        })
    }
}

/// A menu with a lower and an upper bound, both optional.
#[component]
fn RangeMenu(
    /// The label.
    label: &'static str,
    /// The active bounds as text; empty without any.
    words: Memo<String>,
    /// The fields.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="menu">
            <summary class="button filter" class:filter-on=move || words.with(|words| !words.is_empty())>
                <span>{label} {words}</span>
            </summary>
            <div class="menu-panel menu-fields" role="group" aria-label=label>{children()}</div>
        </details>
    }
}

/// A bound's field.
#[component]
fn RangeField(
    /// The label.
    label: &'static str,
    /// The input's type.
    kind: &'static str,
    /// The value.
    #[prop(into)]
    value: Signal<String>,
    /// Sets the value.
    set: impl Fn(String) + 'static,
) -> impl IntoView {
    view! {
        <label class="field">
            <span>{label}</span>
            <span class="field-box">
                <input
                    type=kind
                    inputmode=(kind == "text").then_some("decimal")
                    prop:value=value
                    on:change:target=move |event| set(event.target().value())
                />
            </span>
        </label>
    }
}

/// The filter by date.
#[component]
fn Dates(
    /// The list.
    list: Listing,
) -> impl IntoView {
    let Listing { query, .. } = list;
    let words = Memo::new(move |_| {
        query.with(|query| match (&query.from, &query.to) {
            (None, None) => String::new(),
            (Some(from), None) => format!(": from {from}"),
            (None, Some(to)) => format!(": to {to}"),
            (Some(from), Some(to)) => format!(": {from} to {to}"),
        })
    });
    let shown =
        move |of: fn(&Query) -> &Option<String>| move || query.with(|query| of(query).clone().unwrap_or_default());
    let chosen = |value: String| Some(value).filter(|value| !value.is_empty());
    view! {
        <RangeMenu label="Updated" words>
            <RangeField
                label="From"
                kind="date"
                value=Signal::derive(shown(|query| &query.from))
                set=move |day| list.update_query(|query| query.from = chosen(day))
            />
            <RangeField
                label="To"
                kind="date"
                value=Signal::derive(shown(|query| &query.to))
                set=move |day| list.update_query(|query| query.to = chosen(day))
            />
        </RangeMenu>
    }
}

/// The filter by cost.
#[component]
fn Costs(
    /// The list.
    list: Listing,
) -> impl IntoView {
    let Listing { query, .. } = list;
    let words = Memo::new(move |_| {
        query.with(|query| match (query.min, query.max) {
            (None, None) => String::new(),
            (min @ Some(_), None) => format!(": {} or more", money(min)),
            (None, max @ Some(_)) => format!(": {} or less", money(max)),
            (min, max) => format!(": {} to {}", money(min), money(max)),
        })
    });
    let shown = move |of: fn(&Query) -> Option<Money>| {
        move || query.with(of).map(|money| money.to_string()).unwrap_or_default()
    };
    let amount = |text: String| Money::parse(text.trim().trim_start_matches('$'));
    view! {
        <RangeMenu label="Cost" words>
            <RangeField
                label="Minimum ($)"
                kind="text"
                value=Signal::derive(shown(|query| query.min))
                set=move |text| list.update_query(|query| query.min = amount(text))
            />
            <RangeField
                label="Maximum ($)"
                kind="text"
                value=Signal::derive(shown(|query| query.max))
                set=move |text| list.update_query(|query| query.max = amount(text))
            />
        </RangeMenu>
    }
}
