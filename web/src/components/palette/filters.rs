//! The list's filters and views as commands of the palette.
use super::commands::{Command, CommandAction};
use crate::components::icon::Glyph;
use crate::components::list::views::BUILT_IN;
use crate::platform::preferences::SavedView;
use crate::store::query::Query;
use callboard_workspace::Listed;
use std::collections::BTreeSet;

/// Filters that every list has: name and query.
const FILTERS: [(&str, &str); 11] = [
    ("Show failed", "state=FAILED"),
    ("Show escalated", "health=failed"),
    ("Show stalled", "health=stalled"),
    ("Show sent back", "reason=gates_failed"),
    ("Show late", "due=late"),
    ("Show complete", "state=COMPLETE"),
    ("Show over budget", "over=1"),
    ("Show edited", "edited=1"),
    ("Show conflicts", "conflict=1"),
    ("Due today", "due=today"),
    ("Due within 7 days", "due=week"),
];

fn command(title: String, note: &str, query: &Query) -> Command {
    Command::new(Glyph::Filter, title, note, CommandAction::Navigate(query.href()))
}

/// Returns the commands of filters and views. `here` is the query of the list if it is open.
pub fn filter_commands(sessions: &[Listed], saved: &[SavedView], here: Option<&Query>) -> Vec<Command> {
    let (mut owners, mut labels) = (BTreeSet::new(), BTreeSet::new());
    for planning in sessions.iter().filter_map(|session| Some(&session.digest()?.planning)) {
        owners.extend(planning.owner.as_deref());
        labels.extend(planning.labels.iter().map(String::as_str));
    }
    // The order and the columns of the open list stay.
    let order = here.map(Query::unfiltered).unwrap_or_default();
    let fixed = FILTERS.map(|(title, query)| {
        let Query { states, health, due, over_budget, edited, conflict, sent_back, .. } = Query::parse(query);
        let query = Query { states, health, due, over_budget, edited, conflict, sent_back, ..order.clone() };
        command(title.to_owned(), "filter", &query)
    });
    let owners = owners.into_iter().map(|owner| {
        command(format!("Owner: {owner}"), "filter", &Query { owners: vec![owner.to_owned()], ..order.clone() })
    });
    let labels = labels.into_iter().map(|label| {
        command(format!("Label: {label}"), "filter", &Query { labels: vec![label.to_owned()], ..order.clone() })
    });
    let built_in = BUILT_IN.map(|(name, query)| command(format!("View: {name}"), "view", &Query::parse(query)));
    let saved =
        saved.iter().map(|view| command(format!("View: {}", view.name), "saved view", &Query::parse(&view.query)));
    let clear = here
        .filter(|here| here.has_filters())
        .map(|here| Command::new(Glyph::Close, "Clear filters", "", CommandAction::Navigate(here.unfiltered().href())));
    clear.into_iter().chain(fixed).chain(owners).chain(labels).chain(saved).chain(built_in).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::{Session, Timestamp};
    use callboard_workspace::{Entry, Record};
    use std::sync::Arc;

    #[test]
    fn filters_views_owners_and_labels_are_commands() {
        let text = r#"{"session_id": "ep_1", "planning": {"owner": "Mira", "labels": ["season 2"]}}"#;
        let session = Session::parse(text).unwrap();
        let record = Record::of_file("ep_1".into(), "a.json".into(), text.into(), Timestamp::from_unix(0));
        let sessions = [Listed::Own(Arc::new(Entry::new(record, &session)))];
        let saved = [SavedView { name: "Mornings".into(), query: "stage=evaluation&columns=topic,owner".into() }];
        let here = Query::parse("state=COMPLETE&sort=topic&columns=topic,due");
        let href = |here: Option<&Query>, title: &str| {
            let commands = filter_commands(&sessions, &saved, here);
            commands.into_iter().find(|command| command.option.title == title).map(|command| match command.action {
                CommandAction::Navigate(href) => href,
                other => format!("{other:?}"),
            })
        };
        let check = |here, title, expected: Option<&str>| assert_eq!(href(here, title).as_deref(), expected, "{title}");
        check(None, "Show failed", Some("#/sessions?state=FAILED"));
        check(None, "Show sent back", Some("#/sessions?reason=gates_failed"));
        check(None, "Owner: Mira", Some("#/sessions?owner=Mira"));
        check(None, "Label: season 2", Some("#/sessions?label=season%202"));
        check(None, "View: Mornings", Some("#/sessions?stage=evaluation&columns=topic,owner"));
        check(None, "Clear filters", None);
        check(Some(&here), "Due today", Some("#/sessions?due=today&sort=topic&columns=topic,due"));
        check(Some(&here), "Clear filters", Some("#/sessions?sort=topic&columns=topic,due"));
    }
}
