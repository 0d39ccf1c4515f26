//! Settings as signals: policy, theme and time zone.
use crate::platform::{intl, preferences};
use callboard_core::{Digest, Gate, Money, OverBudget, Policy};
use leptos::prelude::*;
use std::sync::LazyLock;

static POLICY: LazyLock<ArcRwSignal<Limits>> = LazyLock::new(|| ArcRwSignal::new(Limits::read()));
/// Typical stage durations in the loaded sessions; negative for stages with too few samples.
static TYPICAL: LazyLock<ArcRwSignal<[i64; 4]>> = LazyLock::new(|| ArcRwSignal::new([-1; 4]));
static THEME: LazyLock<ArcRwSignal<Theme>> = LazyLock::new(|| ArcRwSignal::new(preferences::theme()));
static NOTIFICATIONS: LazyLock<ArcRwSignal<NotificationSettings>> =
    LazyLock::new(|| ArcRwSignal::new(preferences::notifications()));
static MONTHLY_BUDGET: LazyLock<ArcRwSignal<Option<Money>>> = LazyLock::new(|| ArcRwSignal::new(read_monthly_budget()));
static ZONE: LazyLock<ArcRwSignal<String>> = LazyLock::new(|| ArcRwSignal::new(preferences::zone()));

/// The policy in force and its sources.
#[derive(Clone, Debug, PartialEq)]
struct Limits {
    /// The policy of the configuration file, or the framework's.
    base: Policy,
    /// The base with the settings of this browser.
    policy: Policy,
    /// The configuration file, if one is in force.
    config: Option<Config>,
}

impl Limits {
    fn read() -> Self {
        Self::of(preferences::config(), preferences::policy())
    }

    /// Settings take precedence over the configuration file, which takes precedence over the framework's defaults.
    fn of(config: Option<Config>, settings: Option<PolicySettings>) -> Self {
        let parsed = config.as_ref().and_then(|config| callboard_core::Config::parse(config.text.as_str()).ok());
        let config = config.filter(|_| parsed.is_some());
        let base = parsed.map(|config| config.policy).unwrap_or_default();
        let policy = settings.map_or_else(|| base.clone(), |settings| with_set(&base, settings));
        Self { base, policy, config }
    }
}

/// Returns the policy in force, with the typical stage durations of the loaded sessions; reactive. All pages share
/// it, so that a session is late on all of them or on none.
pub fn policy() -> Policy {
    let mut policy = limits();
    let typical = TYPICAL.try_get().unwrap_or([-1; 4]);
    for (duration, typical) in policy.typical_durations.iter_mut().zip(typical).filter(|(_, typical)| *typical >= 0) {
        *duration = typical;
    }
    policy
}

/// Returns the limits and thresholds in force, with the typical durations of the configuration file or the
/// framework; reactive.
pub fn limits() -> Policy {
    POLICY.try_get().map(|limits| limits.policy).unwrap_or_default()
}

/// Returns the limits and thresholds without the settings of this browser; reactive.
pub fn base() -> Policy {
    POLICY.try_get().map(|limits| limits.base).unwrap_or_default()
}

/// Returns the path of the configuration file in force; reactive.
pub fn config_path() -> Option<String> {
    POLICY.try_get().and_then(|limits| limits.config).map(|config| config.path)
}

/// Updates the typical stage durations from the loaded sessions.
pub fn learn<'a>(digests: impl IntoIterator<Item = &'a Digest>) {
    let none = Policy { typical_durations: [-1; 4], ..Policy::default() };
    let typical = none.with_typical_durations(digests).typical_durations;
    if TYPICAL.try_get_untracked() != Some(typical) {
        TYPICAL.set(typical);
    }
}

/// Returns the chosen theme; reactive.
pub fn theme() -> Theme {
    THEME.try_get().unwrap_or_default()
}

/// Applies and stores a theme.
pub fn set_theme(theme: Theme) {
    preferences::set_theme(theme);
    THEME.set(theme);
}

/// Returns the chosen time zone, empty for the browser's own; reactive.
pub fn zone() -> String {
    ZONE.try_get().unwrap_or_default()
}

/// Applies and stores a time zone.
pub fn set_zone(zone: &str) {
    preferences::set_zone(zone);
    intl::use_zone(zone);
    ZONE.set(zone.to_owned());
}

/// Returns the choice of desktop notifications; reactive.
pub fn notifications() -> NotificationSettings {
    NOTIFICATIONS.try_get().unwrap_or_default()
}

/// Applies and stores a choice of desktop notifications.
pub fn set_notifications(settings: NotificationSettings) {
    preferences::set_notifications(&settings);
    NOTIFICATIONS.set(settings);
}

/// Returns the budget of a month, if one is set; reactive.
pub fn monthly_budget() -> Option<Money> {
    MONTHLY_BUDGET.try_get().flatten()
}

/// Applies and stores the budget of a month; `None` removes it.
pub fn set_monthly_budget(budget: Option<Money>) {
    preferences::set_monthly_budget(budget.map(|budget| budget.to_string()).as_deref());
    MONTHLY_BUDGET.set(budget);
}

fn read_monthly_budget() -> Option<Money> {
    preferences::monthly_budget().and_then(|budget| Money::parse(&budget))
}

/// Applies limits and thresholds, and stores those that differ from the base.
pub fn set_policy(policy: &Policy) {
    let now = POLICY.get_untracked();
    let settings = set_over(&now.base, policy);
    preferences::set_policy(settings.as_ref());
    POLICY.set(Limits::of(now.config, settings));
}

/// Applies and stores a configuration file's policy as the base; `None` restores the framework's.
pub fn set_config(config: Option<Config>) {
    preferences::set_config(config.as_ref());
    let now = POLICY.get_untracked();
    let settings = set_over(&now.base, &now.policy);
    renew(&POLICY, Limits::of(config, settings));
}

/// Reloads all settings after another tab changed them.
pub fn reread() {
    renew(&POLICY, Limits::read());
    renew(&NOTIFICATIONS, preferences::notifications());
    renew(&MONTHLY_BUDGET, read_monthly_budget());
    let zone = preferences::zone();
    intl::use_zone(&zone);
    renew(&ZONE, zone);
    let theme = preferences::theme();
    preferences::show_theme(theme);
    renew(&THEME, theme);
}

/// Sets a signal only if its value differs, so that subscribers are not notified in vain.
fn renew<T: PartialEq + Send + Sync + 'static>(signal: &ArcRwSignal<T>, value: T) {
    if signal.with_untracked(|now| *now != value) {
        signal.set(value);
    }
}

pub use preferences::{Config, NotificationSettings, PolicySettings, Theme};

/// Returns the settings that differ from the base; `None` if none do.
fn set_over(base: &Policy, policy: &Policy) -> Option<PolicySettings> {
    fn other<T: PartialEq>(value: T, base: &T) -> Option<T> {
        Some(value).filter(|value| value != base)
    }
    let mut settings = PolicySettings {
        only_set: true,
        budget: other(policy.budget, &base.budget).map(|budget| budget.to_string()),
        retry_limit: other(policy.retry_limit, &base.retry_limit),
        block: other(policy.over_budget, &base.over_budget).map(|over| over == OverBudget::Block),
        require_handoff: other(policy.require_handoff, &base.require_handoff),
        ..PolicySettings::default()
    };
    for gate in Gate::ALL {
        *settings.threshold_mut(gate) = other(policy.thresholds.of(gate), &base.thresholds.of(gate));
    }
    other(settings, &PolicySettings { only_set: true, ..PolicySettings::default() })
}

/// Returns a base with its overrides.
fn with_set(base: &Policy, settings: PolicySettings) -> Policy {
    // Earlier versions stored the framework's values too, which nobody had set.
    let settings = if settings.only_set {
        settings
    } else {
        set_over(&Policy::default(), &overlaid(&Policy::default(), settings)).unwrap_or_default()
    };
    overlaid(base, settings)
}

fn overlaid(base: &Policy, mut settings: PolicySettings) -> Policy {
    let mut policy = base.clone();
    for gate in Gate::ALL {
        if let Some(threshold) = *settings.threshold_mut(gate) {
            policy.thresholds.set(gate, threshold);
        }
    }
    policy.budget = settings.budget.and_then(|budget| Money::parse(&budget)).unwrap_or(policy.budget);
    policy.retry_limit = settings.retry_limit.unwrap_or(policy.retry_limit);
    policy.require_handoff = settings.require_handoff.unwrap_or(policy.require_handoff);
    if let Some(block) = settings.block {
        policy.over_budget = if block { OverBudget::Block } else { OverBudget::Warn };
    }
    policy
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(text: &str) -> Option<Config> {
        Some(Config { path: "season/callboard.json".into(), text: text.into() })
    }

    #[test]
    fn settings_override_the_file_and_the_framework() {
        let file = config(r#"{"policy": {"retry_limit": 5, "budget": 20, "wait_limit": 60}}"#);
        let from_file = Limits::of(file.clone(), None);
        assert_eq!((from_file.policy.retry_limit, from_file.policy.wait_limit), (5, 60));
        assert_eq!(from_file.policy.thresholds, Policy::default().thresholds);
        assert_eq!(set_over(&from_file.base, &from_file.policy), None);
        // Set to the framework's value, overriding the file.
        let set = Policy { retry_limit: 3, ..from_file.policy.clone() };
        let settings = set_over(&from_file.base, &set);
        assert_eq!(settings.as_ref().and_then(|settings| settings.retry_limit), Some(3));
        let again = Limits::of(file, settings.clone());
        assert_eq!((again.policy.retry_limit, again.policy.budget.to_string().as_str()), (3, "20.00"));
        assert_eq!(Limits::of(None, settings).policy, Policy::default());
        // Text that is no longer a valid configuration has no effect.
        assert_eq!(Limits::of(config("{"), None), Limits::of(None, None));
    }

    #[test]
    fn settings_of_earlier_versions_keep_only_differences() {
        let settings = PolicySettings {
            only_set: false,
            comprehension: Some(0.85),
            brand_consistency: Some(0.9),
            engagement: Some(0.8),
            technical: Some(0.85),
            overall: Some(0.95),
            budget: Some("9.00".into()),
            retry_limit: Some(3),
            block: Some(false),
            require_handoff: Some(false),
        };
        let policy = Limits::of(config(r#"{"policy": {"retry_limit": 5}}"#), Some(settings)).policy;
        assert_eq!((policy.retry_limit, policy.thresholds.of(Gate::Overall)), (5, 0.95));
    }

    #[test]
    fn equal_values_do_not_notify() {
        let signal = ArcRwSignal::new(1);
        let told = ArcRwSignal::new(0);
        let follower = ArcMemo::new({
            let (signal, told) = (signal.clone(), told.clone());
            move |_| {
                signal.track();
                told.update_untracked(|told| *told += 1);
            }
        });
        for (value, expected) in [(1, 1), (2, 2), (2, 2), (1, 3)] {
            renew(&signal, value);
            follower.get_untracked();
            assert_eq!((signal.get_untracked(), told.get_untracked()), (value, expected));
        }
    }
}
