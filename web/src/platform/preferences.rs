//! Preferences in the browser's local storage, or in memory if it stores nothing.
use super::web_storage::Area;
use callboard_core::Gate;
use serde::{Deserialize, Serialize};

/// The colour theme of the app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// The system's theme.
    #[default]
    System,
    /// Light theme.
    Light,
    /// Dark theme.
    Dark,
}

impl Theme {
    /// All themes in display order.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// Returns its name in storage and style sheets.
    pub fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// Returns its label.
    pub fn label(self) -> &'static str {
        match self {
            Self::System => "System",
            Self::Light => "Light",
            Self::Dark => "Dark",
        }
    }
}

/// Returns true if the browser stores preferences; otherwise they last until the page is closed.
pub fn are_stored() -> bool {
    Area::Local.is_available()
}

const THEME: &str = "callboard.theme";

/// Returns the stored theme.
pub fn theme() -> Theme {
    let stored: String = Area::Local.get(THEME).unwrap_or_default();
    Theme::ALL.into_iter().find(|theme| theme.name() == stored).unwrap_or_default()
}

/// Applies and stores a theme.
pub fn set_theme(theme: Theme) {
    show_theme(theme);
    // Without storage the theme lasts until the page is closed.
    let _ = Area::Local.set(THEME, theme.name());
}

/// Applies a theme without storing it.
pub fn show_theme(theme: Theme) {
    super::dom::set_root_data("theme", theme.name());
}

const DIFF: &str = "callboard.diff";

/// Returns true if diffs are shown side by side.
pub fn split_diffs() -> bool {
    Area::Local.get::<String>(DIFF).is_some_and(|chosen| chosen == "split")
}

/// Stores whether diffs are shown side by side.
pub fn set_split_diffs(split: bool) {
    // Without storage the next visit uses the default.
    let _ = Area::Local.set(DIFF, if split { "split" } else { "unified" });
}

const TOUR: &str = "callboard.tour";

/// Returns true if the tour was taken or closed.
pub fn is_tour_done() -> bool {
    Area::Local.get(TOUR).unwrap_or_default()
}

/// Remembers that the tour was taken or closed.
pub fn set_tour_done() {
    // Without storage the tour is offered again on the next visit.
    let _ = Area::Local.set(TOUR, &true);
}

const ZONE: &str = "callboard.zone";

/// Returns the stored time zone; empty for the browser's own.
pub fn zone() -> String {
    Area::Local.get(ZONE).unwrap_or_default()
}

/// Stores a time zone; empty for the browser's own.
pub fn set_zone(zone: &str) {
    // Without storage the zone lasts until the page is closed.
    let _ = Area::Local.set(ZONE, zone);
}

/// The settings of a policy that differ from its base.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "each is the policy's figure of its name")]
pub struct PolicySettings {
    /// False if written by an earlier version, which stored every figure once one was set.
    pub only_set: bool,
    pub comprehension: Option<f64>,
    pub brand_consistency: Option<f64>,
    pub engagement: Option<f64>,
    pub technical: Option<f64>,
    pub overall: Option<f64>,
    /// US dollars as text.
    pub budget: Option<String>,
    pub retry_limit: Option<u32>,
    /// True if exceeding the budget blocks.
    pub block: Option<bool>,
    pub require_handoff: Option<bool>,
}

impl PolicySettings {
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

/// Returns the stored policy settings.
pub fn policy() -> Option<PolicySettings> {
    Area::Local.get(POLICY)
}

/// Stores policy settings; `None` removes them.
pub fn set_policy(policy: Option<&PolicySettings>) {
    match policy {
        Some(policy) => {
            let _ = Area::Local.set(POLICY, policy);
        }
        None => Area::Local.remove(POLICY),
    }
}

const MONTHLY_BUDGET: &str = "callboard.monthly-budget";

/// Returns the stored monthly budget in US dollars, as text.
pub fn monthly_budget() -> Option<String> {
    Area::Local.get(MONTHLY_BUDGET)
}

/// Stores a monthly budget in US dollars; `None` removes it.
pub fn set_monthly_budget(budget: Option<&str>) {
    match budget {
        // Without storage the budget lasts until the page is closed.
        Some(budget) => {
            let _ = Area::Local.set(MONTHLY_BUDGET, budget);
        }
        None => Area::Local.remove(MONTHLY_BUDGET),
    }
}

/// A configuration file that was imported with sessions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// Its path.
    pub path: String,
    /// Its text.
    pub text: String,
}

const CONFIG: &str = "callboard.config";

/// Returns the stored configuration file.
pub fn config() -> Option<Config> {
    Area::Local.get(CONFIG)
}

/// Stores the configuration file; `None` removes it.
pub fn set_config(config: Option<&Config>) {
    match config {
        // Without storage the configuration lasts until the page is closed.
        Some(config) => {
            let _ = Area::Local.set(CONFIG, config);
        }
        None => Area::Local.remove(CONFIG),
    }
}

/// A saved view of the session list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// Its name.
    pub name: String,
    /// The query of its address.
    pub query: String,
}

const VIEWS: &str = "callboard.views";

/// Returns the saved views in their order.
pub fn views() -> Vec<SavedView> {
    Area::Local.get(VIEWS).unwrap_or_default()
}

/// Stores the views.
///
/// # Errors
/// A sentence if they are not stored.
pub fn set_views(views: &[SavedView]) -> Result<(), String> {
    Area::Local.set(VIEWS, views)
}

const COLUMNS: &str = "callboard.columns";

/// Returns the names of the chosen columns of the session list, separated by commas.
pub fn columns() -> Option<String> {
    Area::Local.get(COLUMNS)
}

/// Stores the names of the chosen columns.
pub fn set_columns(names: &str) {
    // Without storage the choice lasts until the page is closed.
    let _ = Area::Local.set(COLUMNS, names);
}

const SPLIT_VIEW: &str = "callboard.split-view";

/// Returns true if the list and a session are shown side by side; `None` if the user has not chosen.
pub fn split_view() -> Option<bool> {
    Area::Local.get(SPLIT_VIEW)
}

/// Stores whether the list and a session are shown side by side.
pub fn set_split_view(split: bool) {
    // Without storage the choice lasts until the page is closed.
    let _ = Area::Local.set(SPLIT_VIEW, &split);
}

/// The user's choice of desktop notifications.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NotificationSettings {
    /// True if notifications are wanted.
    pub on: bool,
    /// Names of the kinds of news that are not wanted.
    pub muted: Vec<String>,
}

const NOTIFICATIONS: &str = "callboard.notifications";

/// Returns the stored choice of notifications.
pub fn notifications() -> NotificationSettings {
    Area::Local.get(NOTIFICATIONS).unwrap_or_default()
}

/// Stores the choice of notifications.
pub fn set_notifications(settings: &NotificationSettings) {
    // Without storage the choice lasts until the page is closed.
    let _ = Area::Local.set(NOTIFICATIONS, settings);
}
