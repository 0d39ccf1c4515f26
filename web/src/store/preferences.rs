//! What a production has set for itself, followed by whoever asks the core.
use crate::platform::{intl, preferences};
use callboard_core::{Digest, Gate, Money, OverBudget, Policy};
use leptos::prelude::*;
use std::sync::LazyLock;

static POLICY: LazyLock<ArcRwSignal<Limits>> = LazyLock::new(|| ArcRwSignal::new(Limits::read()));
/// The durations that the loaded sessions tell of; negative where too few do.
static TYPICAL: LazyLock<ArcRwSignal<[i64; 4]>> = LazyLock::new(|| ArcRwSignal::new([-1; 4]));
static THEME: LazyLock<ArcRwSignal<Theme>> = LazyLock::new(|| ArcRwSignal::new(preferences::theme()));
static ZONE: LazyLock<ArcRwSignal<String>> = LazyLock::new(|| ArcRwSignal::new(preferences::zone()));

/// The policy in force, and where it comes from.
#[derive(Clone, Debug, PartialEq)]
struct Limits {
    /// The policy of the configuration file, or the framework's.
    base: Policy,
    /// The base with what somebody has set here.
    policy: Policy,
    /// The configuration file, if one is in force.
    config: Option<Config>,
}

impl Limits {
    fn read() -> Self {
        Self::of(preferences::config(), preferences::policy())
    }

    /// An explicit setting wins over the configuration file, and the framework's figures come last.
    fn of(config: Option<Config>, kept: Option<Kept>) -> Self {
        let parsed = config.as_ref().and_then(|config| callboard_core::Config::parse(config.text.as_str()).ok());
        let config = config.filter(|_| parsed.is_some());
        let base = parsed.map(|config| config.policy).unwrap_or_default();
        let policy = kept.map_or_else(|| base.clone(), |kept| with_set(&base, kept));
        Self { base, policy, config }
    }
}

/// The policy in force: the limits that were set, and how long each stage typically takes by the sessions that are
/// loaded. Followed where it is asked for in a view. One for all pages: a session is not late on one and in time
/// on another.
pub fn policy() -> Policy {
    let mut policy = limits();
    let typical = TYPICAL.try_get().unwrap_or([-1; 4]);
    for (duration, typical) in policy.typical_durations.iter_mut().zip(typical).filter(|(_, typical)| *typical >= 0) {
        *duration = typical;
    }
    policy
}

/// The limits and thresholds in force, with typical durations as the configuration file or the framework has them;
/// followed where it is asked for in a view.
pub fn limits() -> Policy {
    POLICY.try_get().map(|limits| limits.policy).unwrap_or_default()
}

/// The limits and thresholds before anything is set here; followed where it is asked for in a view.
pub fn base() -> Policy {
    POLICY.try_get().map(|limits| limits.base).unwrap_or_default()
}

/// The path of the configuration file in force; followed where it is asked for in a view.
pub fn config_path() -> Option<String> {
    POLICY.try_get().and_then(|limits| limits.config).map(|config| config.path)
}

/// Learns from the loaded sessions how long each stage typically takes.
pub fn learn<'a>(digests: impl IntoIterator<Item = &'a Digest>) {
    let none = Policy { typical_durations: [-1; 4], ..Policy::default() };
    let typical = none.with_typical_durations(digests).typical_durations;
    if TYPICAL.try_get_untracked() != Some(typical) {
        TYPICAL.set(typical);
    }
}

/// The theme chosen; followed where it is asked for in a view.
pub fn theme() -> Theme {
    THEME.try_get().unwrap_or_default()
}

/// Wears a theme, and remembers it.
pub fn set_theme(theme: Theme) {
    preferences::set_theme(theme);
    THEME.set(theme);
}

/// The time zone chosen, empty for the viewer's own; followed where it is asked for in a view.
pub fn zone() -> String {
    ZONE.try_get().unwrap_or_default()
}

/// Chooses a time zone, and remembers it.
pub fn set_zone(zone: &str) {
    preferences::set_zone(zone);
    intl::use_zone(zone);
    ZONE.set(zone.to_owned());
}

/// Puts limits and thresholds in force, and remembers those that differ from the base.
pub fn set_policy(policy: &Policy) {
    let now = POLICY.get_untracked();
    let kept = set_over(&now.base, policy);
    preferences::set_policy(kept.as_ref());
    POLICY.set(Limits::of(now.config, kept));
}

/// Puts the policy of a configuration file in force below what is set here, and remembers it; none for no file's.
pub fn set_config(config: Option<Config>) {
    preferences::set_config(config.as_ref());
    let now = POLICY.get_untracked();
    let kept = set_over(&now.base, &now.policy);
    renew(&POLICY, Limits::of(config, kept));
}

/// Reads everything again: another tab has changed it.
pub fn reread() {
    renew(&POLICY, Limits::read());
    let zone = preferences::zone();
    intl::use_zone(&zone);
    renew(&ZONE, zone);
    let theme = preferences::theme();
    preferences::show_theme(theme);
    renew(&THEME, theme);
}

/// Sets a value where it is another one: who follows it is told of nothing else.
fn renew<T: PartialEq + Send + Sync + 'static>(signal: &ArcRwSignal<T>, value: T) {
    if signal.with_untracked(|now| *now != value) {
        signal.set(value);
    }
}

pub use preferences::{Config, KeptPolicy as Kept, Theme};

/// The figures of a policy that differ from its base; none if none do.
fn set_over(base: &Policy, policy: &Policy) -> Option<Kept> {
    fn other<T: PartialEq>(value: T, base: &T) -> Option<T> {
        Some(value).filter(|value| value != base)
    }
    let mut kept = Kept {
        only_set: true,
        budget: other(policy.budget, &base.budget).map(|budget| budget.to_string()),
        retry_limit: other(policy.retry_limit, &base.retry_limit),
        block: other(policy.over_budget, &base.over_budget).map(|over| over == OverBudget::Block),
        require_handoff: other(policy.require_handoff, &base.require_handoff),
        ..Kept::default()
    };
    for gate in Gate::ALL {
        *kept.threshold_mut(gate) = other(policy.thresholds.of(gate), &base.thresholds.of(gate));
    }
    other(kept, &Kept { only_set: true, ..Kept::default() })
}

/// A base with what was set.
fn with_set(base: &Policy, kept: Kept) -> Policy {
    // What an older app kept without anybody's asking is the framework's.
    let kept = if kept.only_set {
        kept
    } else {
        set_over(&Policy::default(), &overlaid(&Policy::default(), kept)).unwrap_or_default()
    };
    overlaid(base, kept)
}

fn overlaid(base: &Policy, mut kept: Kept) -> Policy {
    let mut policy = base.clone();
    for gate in Gate::ALL {
        if let Some(threshold) = *kept.threshold_mut(gate) {
            policy.thresholds.set(gate, threshold);
        }
    }
    policy.budget = kept.budget.and_then(|budget| Money::parse(&budget)).unwrap_or(policy.budget);
    policy.retry_limit = kept.retry_limit.unwrap_or(policy.retry_limit);
    policy.require_handoff = kept.require_handoff.unwrap_or(policy.require_handoff);
    if let Some(block) = kept.block {
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
    fn what_is_set_here_wins_over_the_file_and_the_framework_comes_last() {
        let file = config(r#"{"policy": {"retry_limit": 5, "budget": 20, "wait_limit": 60}}"#);
        let from_file = Limits::of(file.clone(), None);
        assert_eq!((from_file.policy.retry_limit, from_file.policy.wait_limit), (5, 60));
        assert_eq!(from_file.policy.thresholds, Policy::default().thresholds);
        assert_eq!(set_over(&from_file.base, &from_file.policy), None);
        // Back to what the framework has, against the file.
        let set = Policy { retry_limit: 3, ..from_file.policy.clone() };
        let kept = set_over(&from_file.base, &set);
        assert_eq!(kept.as_ref().and_then(|kept| kept.retry_limit), Some(3));
        let again = Limits::of(file, kept.clone());
        assert_eq!((again.policy.retry_limit, again.policy.budget.to_string().as_str()), (3, "20.00"));
        assert_eq!(Limits::of(None, kept).policy, Policy::default());
        // A text that is no configuration any more sets nothing.
        assert_eq!(Limits::of(config("{"), None), Limits::of(None, None));
    }

    #[test]
    fn what_an_older_app_kept_sets_only_what_differs_from_the_framework() {
        let kept = Kept {
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
        let policy = Limits::of(config(r#"{"policy": {"retry_limit": 5}}"#), Some(kept)).policy;
        assert_eq!((policy.retry_limit, policy.thresholds.of(Gate::Overall)), (5, 0.95));
    }

    #[test]
    fn only_another_value_is_told_of() {
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
