//! Small preferences, in the browser's local storage; in memory where it stores nothing.
use super::web_storage::Area;
use callboard_core::Gate;
use serde::{Deserialize, Serialize};

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

/// Whether the browser stores preferences; else they last until the page is closed.
pub fn are_stored() -> bool {
    Area::Local.is_available()
}

const THEME: &str = "callboard.theme";

/// The theme chosen last time.
pub fn theme() -> Theme {
    let stored: String = Area::Local.get(THEME).unwrap_or_default();
    Theme::ALL.into_iter().find(|theme| theme.name() == stored).unwrap_or_default()
}

/// Wears a theme, and remembers it where that is possible.
pub fn set_theme(theme: Theme) {
    show_theme(theme);
    // A browser that stores nothing still shows the theme until it is closed.
    let _ = Area::Local.set(THEME, theme.name());
}

/// Wears a theme without remembering it.
pub fn show_theme(theme: Theme) {
    super::dom::set_root_data("theme", theme.name());
}

const DIFF: &str = "callboard.diff";

/// Whether diffs were last looked at side by side.
pub fn split_diffs() -> bool {
    Area::Local.get::<String>(DIFF).is_some_and(|chosen| chosen == "split")
}

/// Remembers whether diffs are looked at side by side, where that is possible.
pub fn set_split_diffs(split: bool) {
    // As for the theme: nothing is lost but the memory.
    let _ = Area::Local.set(DIFF, if split { "split" } else { "unified" });
}

const ZONE: &str = "callboard.zone";

/// The time zone chosen last time; empty for the viewer's own.
pub fn zone() -> String {
    Area::Local.get(ZONE).unwrap_or_default()
}

/// Remembers a time zone; empty for the viewer's own.
pub fn set_zone(zone: &str) {
    // As for the theme: it holds until the page is closed.
    let _ = Area::Local.set(ZONE, zone);
}

/// The figures of a policy that somebody has set here; none for those that nobody has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "each is the policy's figure of its name")]
pub struct KeptPolicy {
    /// False where an older app wrote it, which kept every figure once one was set.
    pub only_set: bool,
    pub comprehension: Option<f64>,
    pub brand_consistency: Option<f64>,
    pub engagement: Option<f64>,
    pub technical: Option<f64>,
    pub overall: Option<f64>,
    /// US dollars, as written.
    pub budget: Option<String>,
    pub retry_limit: Option<u32>,
    /// Whether going over the budget blocks.
    pub block: Option<bool>,
    pub require_handoff: Option<bool>,
}

impl KeptPolicy {
    /// The threshold of a gate; none if it is not set.
    pub fn threshold_mut(&mut self, gate: Gate) -> &mut Option<f64> {
        match gate {
            Gate::Comprehension => &mut self.comprehension,
            Gate::BrandConsistency => &mut self.brand_consistency,
            Gate::Engagement => &mut self.engagement,
            Gate::Technical => &mut self.technical,
            Gate::Overall => &mut self.overall,
        }
    }
}

const POLICY: &str = "callboard.policy";

/// The figures set last time; `None` if none were.
pub fn policy() -> Option<KeptPolicy> {
    Area::Local.get(POLICY)
}

/// Remembers what was set; `None` forgets it.
pub fn set_policy(policy: Option<&KeptPolicy>) {
    match policy {
        Some(policy) => {
            let _ = Area::Local.set(POLICY, policy);
        }
        None => Area::Local.remove(POLICY),
    }
}

/// A configuration file that was dropped with sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// The path that it came from.
    pub path: String,
    /// Its text.
    pub text: String,
}

const CONFIG: &str = "callboard.config";

/// The configuration file of the workspace, if one came with it.
pub fn config() -> Option<Config> {
    Area::Local.get(CONFIG)
}

/// Remembers the configuration file; `None` forgets it.
pub fn set_config(config: Option<&Config>) {
    match config {
        // As for the theme: where nothing is kept, it holds until the page is closed.
        Some(config) => {
            let _ = Area::Local.set(CONFIG, config);
        }
        None => Area::Local.remove(CONFIG),
    }
}

/// A view of the list that was given a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// Its name.
    pub name: String,
    /// The query of its address.
    pub query: String,
}

const VIEWS: &str = "callboard.views";

/// The views that were saved, in their order.
pub fn views() -> Vec<View> {
    Area::Local.get(VIEWS).unwrap_or_default()
}

/// Remembers the views.
///
/// # Errors
/// A sentence, when they are not kept.
pub fn set_views(views: &[View]) -> Result<(), String> {
    Area::Local.set(VIEWS, views)
}
