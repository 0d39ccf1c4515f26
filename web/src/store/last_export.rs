//! The last export, while it can be undone.
use callboard_workspace::plan::Export;
use leptos::prelude::*;
use std::sync::Arc;

/// The last export.
#[derive(Clone, Debug, PartialEq)]
pub struct LastExport {
    /// The message that was shown for it.
    pub message: String,
    /// The files before and after it.
    pub export: Arc<Export>,
}

/// The last export while it can be undone, provided as context.
#[derive(Clone, Copy, Debug)]
pub struct LastExportSignal(pub RwSignal<Option<LastExport>>);

impl Default for LastExportSignal {
    fn default() -> Self {
        Self(RwSignal::new(None))
    }
}

/// Returns the last export.
pub fn use_last_export() -> RwSignal<Option<LastExport>> {
    expect_context::<LastExportSignal>().0
}
