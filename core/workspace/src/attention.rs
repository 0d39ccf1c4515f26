//! The sessions that need attention, ranked, and grouped where one reason repeats.

use crate::Entry;
use callboard_core::{Attention, AttentionKind, EventKind, Policy, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;

/// Number of sessions with one reason from which they form a group.
const GROUP: usize = 3;

/// A session that needs attention.
#[derive(Clone, Debug)]
pub struct AttentionItem {
    /// The session.
    pub entry: Arc<Entry>,
    /// The attention that it needs first.
    pub attention: Attention,
}

impl AttentionItem {
    /// Returns the attention that a session needs first, a conflict included.
    pub fn of(entry: &Arc<Entry>, now: Timestamp, policy: &Policy) -> Option<Self> {
        let found = entry.digest().attention(now, policy);
        let attention = match found {
            Some(found) if !entry.summary().conflict || found.kind < AttentionKind::Conflict => found,
            found if entry.summary().conflict => Attention {
                kind: AttentionKind::Conflict,
                agent: found.and_then(|found| found.agent),
                since: conflict_since(entry).or(entry.digest().last_updated),
                cause: None,
            },
            _ => return None,
        };
        Some(Self { entry: entry.clone(), attention })
    }

    /// Returns true if the session has a conflict, which must be resolved before its work continues.
    pub fn has_conflict(&self) -> bool {
        self.entry.summary().conflict
    }
}

/// Returns the time at which the oldest conflict was seen, where it came from a known file.
fn conflict_since(entry: &Entry) -> Option<Timestamp> {
    let record = entry.record();
    record.conflicts().filter_map(|incoming| record.file_at(&incoming.path)).map(|file| file.seen_at).min()
}

/// Sessions that need attention for one reason.
#[derive(Clone, Debug)]
pub struct AttentionGroup {
    /// The kind of attention that they need.
    pub kind: AttentionKind,
    /// The reason in the words that they share; none where the kind says it all.
    pub cause: Option<String>,
    /// The sessions, the last changed first; a single one is a group of its own.
    pub items: Vec<AttentionItem>,
}

impl AttentionGroup {
    /// Returns the event that applies to all sessions at once; none where each needs a decision or input of its own.
    pub fn remedy(&self, now: Timestamp, policy: &Policy) -> Option<EventKind> {
        // To go on beyond a budget is decided for each.
        if self.kind == AttentionKind::OverBudget {
            return None;
        }
        let remedy = |item: &AttentionItem| {
            let remedy = item.entry.digest().remedy(now, policy).filter(|remedy| !remedy.asks && !item.has_conflict());
            remedy.map(|remedy| remedy.kind)
        };
        let (first, others) = self.items.split_first()?;
        remedy(first).filter(|kind| others.iter().all(|item| remedy(item) == Some(*kind)))
    }

    /// Returns the name by which the group is known while its sessions change.
    pub fn key(&self) -> String {
        let conflict = if self.items.iter().any(AttentionItem::has_conflict) { " conflict" } else { "" };
        format!("{}{conflict} {}", self.kind, self.cause.as_deref().unwrap_or_default())
    }
}

/// The sessions that need attention.
#[derive(Clone, Debug, Default)]
pub struct AttentionList {
    /// The groups, the first to look at first.
    pub groups: Vec<AttentionGroup>,
    /// Number of sessions in all groups.
    pub sessions: usize,
    /// Number of sessions with a conflict.
    pub conflicts: usize,
}

impl AttentionList {
    /// Ranks and groups the sessions that need attention: by the kind, then the latest first.
    ///
    /// Three or more sessions with one reason form a group, at the place of its first session.
    pub fn of<'a>(entries: impl IntoIterator<Item = &'a Arc<Entry>>, now: Timestamp, policy: &Policy) -> Self {
        let found: Vec<AttentionItem> =
            entries.into_iter().filter_map(|entry| AttentionItem::of(entry, now, policy)).collect();
        let latest =
            |item: &AttentionItem| item.attention.since.map_or(i64::MAX, |since| since.unix().saturating_neg());
        let mut order: Vec<(AttentionKind, i64, usize)> =
            found.iter().enumerate().map(|(at, item)| (item.attention.kind, latest(item), at)).collect();
        order.sort_unstable();
        let mut sizes: HashMap<(AttentionKind, bool, &str), usize> = HashMap::new();
        for item in &found {
            *sizes.entry(reason(item)).or_default() += 1;
        }
        let mut list = Self { sessions: found.len(), ..Self::default() };
        list.conflicts = found.iter().filter(|item| item.has_conflict()).count();
        let mut places: HashMap<(AttentionKind, bool, &str), usize> = HashMap::new();
        for (kind, _, at) in order {
            let item = &found[at];
            let reason = reason(item);
            if sizes.get(&reason).is_some_and(|size| *size >= GROUP)
                && let Some(group) = places.get(&reason).and_then(|place| list.groups.get_mut(*place))
            {
                group.items.push(item.clone());
                continue;
            }
            places.insert(reason, list.groups.len());
            list.groups.push(AttentionGroup { kind, cause: item.attention.cause.clone(), items: vec![item.clone()] });
        }
        list
    }
}

/// Returns the reason that sessions may share. One with a conflict has other actions, and is none of theirs.
fn reason(item: &AttentionItem) -> (AttentionKind, bool, &str) {
    (item.attention.kind, item.has_conflict(), item.attention.cause.as_deref().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use callboard_core::Session;

    fn now() -> Timestamp {
        Timestamp::parse("2024-08-11T15:00:00Z").unwrap()
    }

    fn entry(id: &str, status: &str, error: &str, minute: u32) -> Arc<Entry> {
        let text = format!(
            r#"{{"session_id": "{id}", "pipeline_state": {{"current_stage": "writing"}},
            "agent_outputs": {{"script_writer": {{"status": "{status}", "error": "{error}"}}}},
            "timestamps": {{"last_updated": "2024-08-11T14:00:00Z", "writing_failed": "2024-08-11T14:{minute:02}:00Z"}}}}"#
        );
        let session = Session::parse(text).unwrap();
        Arc::new(Entry::of_file(id.to_owned(), format!("{id}.json"), &session, now()))
    }

    fn conflicting(entry: &Arc<Entry>) -> Arc<Entry> {
        let mut record = entry.record().clone();
        record.inbox.push(crate::Incoming {
            text: "{}".into(),
            path: record.path().to_owned(),
            source: crate::Source::File,
            base: None,
            resolved_by: None,
        });
        Arc::new(entry.with_record(record))
    }

    fn ids<'a>(list: &'a AttentionList) -> Vec<(AttentionKind, Vec<&'a str>)> {
        let of = |group: &'a AttentionGroup| group.items.iter().map(|item| item.entry.id()).collect();
        list.groups.iter().map(|group| (group.kind, of(group))).collect()
    }

    #[test]
    fn sessions_are_ranked_by_kind_and_the_latest_comes_first() {
        let entries = [
            entry("healthy", "complete", "", 0),
            entry("retry", "retry", "timeout", 50),
            entry("old", "failed", "timeout", 10),
            conflicting(&entry("both", "in_progress", "", 0)),
            entry("new", "failed", "timeout", 40),
        ];
        let list = AttentionList::of(&entries, now(), &Policy::default());
        let expected = [
            (AttentionKind::Failed, vec!["new"]),
            (AttentionKind::Failed, vec!["old"]),
            (AttentionKind::Conflict, vec!["both"]),
            (AttentionKind::Retry, vec!["retry"]),
        ];
        assert_eq!(ids(&list), expected);
        assert_eq!((list.sessions, list.conflicts), (4, 1));
        // The file of the conflict was seen when it was loaded.
        assert_eq!(list.groups[2].items[0].attention.since, Some(now()));
    }

    #[test]
    fn a_repeated_reason_is_one_group() {
        let entries = [
            entry("a", "failed", "timeout", 10),
            entry("b", "failed", "no key", 50),
            entry("c", "failed", "timeout", 30),
            entry("d", "failed", "timeout", 20),
            conflicting(&entry("e", "failed", "timeout", 40)),
        ];
        let list = AttentionList::of(&entries, now(), &Policy::default());
        let failed = AttentionKind::Failed;
        assert_eq!(ids(&list), [(failed, vec!["b"]), (failed, vec!["e"]), (failed, vec!["c", "d", "a"])]);
        assert_eq!(list.groups[2].cause.as_deref(), Some("timeout"));
        let remedies: Vec<Option<EventKind>> =
            list.groups.iter().map(|group| group.remedy(now(), &Policy::default())).collect();
        assert_eq!(remedies, [Some(EventKind::Retry), None, Some(EventKind::Retry)], "the second has a conflict");
        let two = AttentionList::of(&entries[..3], now(), &Policy::default());
        assert_eq!(two.groups.len(), 3, "two alike are no group");
    }

    #[test]
    fn ten_thousand_sessions_are_ranked() {
        let alike = entry("a", "failed", "timeout", 10);
        let entries: Vec<Arc<Entry>> = (0..10_000).map(|_| alike.clone()).collect();
        let list = AttentionList::of(&entries, now(), &Policy::default());
        assert_eq!((list.groups.len(), list.groups[0].items.len()), (1, 10_000));
    }
}
