//! Small preferences, in the browser's local storage.
use gloo_storage::{LocalStorage, Storage};

/// Which colours the app wears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Paper.
    Light,
    /// A dimmed room.
    Dark,
}

impl Theme {
    /// Every theme, in the order they are offered.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The word that is stored and that the style sheet knows.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The word on its control.
    pub fn label(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }
}

const THEME: &str = "callboard.theme";

/// The theme chosen last time.
pub fn theme() -> Theme {
    let stored: String = LocalStorage::get(THEME).unwrap_or_default();
    Theme::ALL.into_iter().find(|theme| theme.name() == stored).unwrap_or_default()
}

/// Wears a theme, and remembers it where that is possible.
pub fn set_theme(theme: Theme) {
    show_theme(theme);
    // A browser that stores nothing still shows the theme until it is closed.
    let _ = LocalStorage::set(THEME, theme.name());
}

/// Wears a theme without remembering it.
pub fn show_theme(theme: Theme) {
    super::dom::set_root_data("theme", theme.name());
}

const DIFF: &str = "callboard.diff";

/// Whether diffs were last looked at side by side.
pub fn split_diffs() -> bool {
    LocalStorage::get::<String>(DIFF).is_ok_and(|chosen| chosen == "split")
}

/// Remembers whether diffs are looked at side by side, where that is possible.
pub fn set_split_diffs(split: bool) {
    // As for the theme: nothing is lost but the memory.
    let _ = LocalStorage::set(DIFF, if split { "split" } else { "unified" });
}
