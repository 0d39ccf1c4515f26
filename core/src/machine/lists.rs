//! Changes of the lists of stages.

use crate::document::{Kind, ListPatch, NodeId, ObjectPatch, quote};
use crate::{Session, Stage};
use std::borrow::Cow;

/// Wanted contents of a list of stages.
pub(super) struct StageList<'a> {
    /// Key in `pipeline_state`.
    pub(super) key: &'static str,
    /// True for listed stages that stay.
    pub(super) keep: &'a dyn Fn(Stage) -> bool,
    /// Stages that the list must have, in order.
    pub(super) want: &'a [Stage],
}

impl StageList<'_> {
    /// Adds the changes to a patch. Unknown names and other spellings stay.
    pub(super) fn patch(&self, session: &Session, pipeline: &mut ObjectPatch<'_>) {
        let document = session.document();
        let list = session.at(&["pipeline_state", self.key]).filter(|&list| document.kind(list) == Kind::Array);
        let elements: Vec<(NodeId, Option<Stage>)> = list
            .map(|list| {
                let stage = |id| document.string(id).and_then(|name| Stage::parse(&name));
                document.elements(list).map(|id| (id, stage(id))).collect()
            })
            .unwrap_or_default();
        let goes = |stage: Option<Stage>| stage.is_some_and(|stage| !(self.keep)(stage));
        let remove: Vec<NodeId> = elements.iter().filter(|(_, stage)| goes(*stage)).map(|(id, _)| *id).collect();
        let missing = self.want.iter().filter(|want| !elements.iter().any(|(_, stage)| stage == &Some(**want)));
        let insert: Vec<(Option<NodeId>, Cow<'static, str>)> = missing
            .map(|want| {
                let later =
                    |(_, stage): &&(NodeId, Option<Stage>)| !goes(*stage) && stage.is_some_and(|stage| stage > *want);
                (elements.iter().find(later).map(|(id, _)| *id), quote(want.name()).into())
            })
            .collect();
        if !remove.is_empty() || !insert.is_empty() {
            pipeline.list(self.key, ListPatch { remove, insert, lines: false });
        }
    }
}
