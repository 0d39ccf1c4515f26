//! Parts that pages are put together from.

pub mod action_form;
pub mod action_panel;
pub mod agents;
pub mod button;
pub mod charts;
pub mod diff_rows;
pub mod diff_view;
pub mod drop_layer;
pub mod event_fields;
pub mod facts;
pub mod headline;
pub mod icon;
pub mod import_report;
pub mod keys_panel;
pub mod moment;
pub mod needs_you;
pub mod palette;
pub mod rail;
pub mod state_chip;
pub mod status_line;
pub mod strip;
pub mod timeline;
pub mod tip;
pub mod top_bar;
pub mod trouble;
