//! The app's icons: one path each on a 16 × 16 grid, in the text's colour.
use callboard_core::{EventKind, State};
use callboard_workspace::ListState;
use leptos::prelude::*;

/// The meaning of an icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Glyph {
    /// The dashboard.
    Dashboard,
    /// A list of sessions.
    Sessions,
    /// The schedule: a calendar.
    Schedule,
    /// Changed lines.
    Changes,
    /// Settings.
    Settings,
    /// More pages.
    More,
    /// Search.
    Search,
    /// Import of files.
    Add,
    /// A new item.
    New,
    /// Export of a file.
    Export,
    /// A folder that is followed.
    Folder,
    /// Saving into a file.
    Save,
    /// Undo.
    Undo,
    /// Redo.
    Redo,
    /// The undo history.
    History,
    /// A time zone.
    Clock,
    /// Close.
    Close,
    /// Next item.
    Next,
    /// Upwards: the match before.
    Up,
    /// Downwards: the next match.
    Down,
    /// Bars on a time axis.
    Timeline,
    /// Folded gaps.
    Fold,
    /// Light and dark.
    Theme,
    /// Keyboard shortcuts.
    Keys,
    /// Warning.
    Warning,
    /// Zoom in.
    ZoomIn,
    /// Zoom out.
    ZoomOut,
    /// Zoom to fit.
    Fit,
    /// Copy.
    Copy,
    /// A report.
    Report,
    /// An open fold.
    Unfolded,
    /// A new session.
    Initialized,
    /// Research: a magnifying glass.
    Researching,
    /// Writing: a pen.
    Writing,
    /// Evaluation: a gauge.
    Evaluating,
    /// Synthesis: a wave form.
    Synthesizing,
    /// Complete.
    Complete,
    /// Failed.
    Failed,
    /// Will be retried.
    Retry,
    /// Skipped.
    Skipped,
    /// Unknown.
    Unknown,
    /// Stalled: a clock.
    Stalled,
    /// Pending.
    Pending,
    /// Running.
    Running,
    /// Sent back to an earlier stage.
    SentBack,
    /// A file.
    File,
    /// A filter.
    Filter,
}

impl Glyph {
    /// Returns the icon of a state.
    pub fn of_state(state: State) -> Self {
        match state {
            State::Initialized => Self::Initialized,
            State::Researching => Self::Researching,
            State::Writing => Self::Writing,
            State::Evaluating => Self::Evaluating,
            State::Synthesizing => Self::Synthesizing,
            State::Complete => Self::Complete,
            State::Failed => Self::Failed,
            State::Retry => Self::Retry,
            State::Unknown => Self::Unknown,
        }
    }

    /// Returns the icon of a state in a list.
    pub fn of_list_state(state: &ListState) -> Self {
        match state {
            ListState::Known(state) => Self::of_state(*state),
            ListState::Other => Self::Running,
            ListState::Unreadable(_) => Self::Warning,
        }
    }

    /// Returns the icon of an event.
    pub fn of_event(kind: EventKind) -> Self {
        match kind {
            EventKind::Start | EventKind::Resume => Self::Running,
            EventKind::Complete => Self::Complete,
            EventKind::Fail | EventKind::QualityFailure => Self::Failed,
            EventKind::Retry => Self::Retry,
            EventKind::Skip => Self::Skipped,
            _ => Self::Next,
        }
    }

    /// Returns its path on a 16 × 16 grid.
    pub fn path(self) -> &'static str {
        match self {
            Self::Dashboard => "M2.5 13.5v-5M6.2 13.5v-9M9.8 13.5V7M13.5 13.5V2.5",
            Self::Sessions => "M2 4h12M2 8h12M2 12h12",
            Self::Timeline => "M2 3.5h5M5 8h6M9 12.5h5",
            Self::Fold => "M2 8h3M11 8h3M7 8h2M5 4.5v7M11 4.5v7",
            Self::Up => "M3.5 10L8 5.5l4.5 4.5",
            Self::Down => "M3.5 6L8 10.5 12.5 6",
            Self::Schedule => "M2.5 3.5h11v10h-11ZM2.5 6.5h11M5.5 2v3M10.5 2v3",
            Self::Changes => "M8 2v6M5 5h6M5 13h6",
            Self::Settings => "M2 5h6M12 5h2M2 11h2M8 11h6M10 3v4M6 9v4",
            Self::More => "M3.5 8h.01M8 8h.01M12.5 8h.01",
            Self::Search => "M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.5 10.5 14 14",
            Self::New => "M8 3v10M3 8h10",
            Self::Add => "M8 10V2M5 5l3-3 3 3M2 10v3.5h12V10",
            Self::Export => "M8 2v8M5 7l3 3 3-3M2 10v3.5h12V10",
            Self::Folder => "M2 4.5V13h12V5.5H8L6.5 3.5H2Z",
            Self::Save => "M3 2.5h8L13.5 5v8.5H3ZM5.5 2.5V6H10V2.5M5.5 13.5V9h5v4.5",
            Self::History => "M2.5 8A5.5 5.5 0 1 0 4.2 4L2.5 5.5M2.5 2.5v3h3M8 5v3.2l2 1.3",
            Self::Clock => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 4.5V8l2.5 1.5",
            Self::Undo => "M6 3 3 6l3 3M3 6h6.5a3.5 3.5 0 0 1 0 7H6",
            Self::Redo => "m10 3 3 3-3 3M13 6H6.5a3.5 3.5 0 0 0 0 7H10",
            Self::Close => "m4 4 8 8M12 4l-8 8",
            Self::Next => "m6 3 5 5-5 5",
            Self::Theme => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 2v12",
            Self::Keys => "M1.5 4h13v8h-13ZM4 7h.01M7 7h.01M10 7h.01M12 7h.01M5 9.5h6",
            Self::Warning => "M8 2.5 14.5 13.5h-13ZM8 6.5v3M8 11.5h.01",
            Self::ZoomIn => "M3 8h10M8 3v10",
            Self::ZoomOut => "M3 8h10",
            Self::Fit => "M2 5V2h3M11 2h3v3M14 11v3h-3M5 14H2v-3",
            Self::Copy => "M5.5 5.5h8v8h-8ZM10.5 5.5v-3h-8v8h3",
            Self::Report => "M4 2.5h5.5L12 5v8.5H4ZM6.5 7.5h3M6.5 10h3",
            Self::Unfolded => "m3 6 5 5 5-5",
            Self::Initialized => {
                "M8 2.5v.01M11.9 4.1v.01M13.5 8v.01M11.9 11.9v.01M8 13.5v.01M4.1 11.9v.01M2.5 8v.01M4.1 4.1v.01"
            }
            Self::Researching => "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.5 10.5 14 14M7 5v4M5 7h4",
            Self::Writing => "M3 13l.8-3.2L11 2.6l2.4 2.4-7.2 7.2ZM9.3 4.3l2.4 2.4",
            Self::Evaluating => "M2 12a6.2 6.2 0 1 1 12 0M8 11l3-4M8 11.5v.01",
            Self::Synthesizing => "M2 7v2M5 4.5v7M8 2v12M11 5v6M14 7v2",
            Self::Complete => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5.3 8.2l1.9 1.9 3.6-4",
            Self::Failed => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6 6l4 4M10 6l-4 4",
            Self::Retry => "M13 8a5 5 0 1 1-1.6-3.7M13.5 2v3h-3",
            Self::Skipped => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM4 12l8-8",
            Self::Unknown => {
                "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM6.2 6.4a1.8 1.8 0 1 1 2.6 1.6c-.5.3-.8.6-.8 1.2M8 11.2v.01"
            }
            Self::Stalled => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 5v3.2l2.2 1.4",
            Self::Pending => "M8 13A5 5 0 1 0 8 3a5 5 0 0 0 0 10Z",
            Self::Running => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM7 5.5v5l4-2.5Z",
            Self::File => "M4 2h5l3 3v9H4ZM9 2v3h3",
            Self::Filter => "M2 3.5h12M4.5 8h7M6.5 12.5h3",
            Self::SentBack => "M13.5 3v4.5a2 2 0 0 1-2 2H3M6 6.5l-3 3 3 3",
        }
    }
}

/// An icon, hidden from screen readers: the adjacent text has its meaning.
#[component]
pub fn Icon(
    /// The icon.
    glyph: Glyph,
) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=glyph.path()></path>
        </svg>
    }
}
