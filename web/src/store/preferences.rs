//! What a production has set for itself, followed by whoever asks the core.
use crate::platform::{intl, preferences};
use callboard_core::{Digest, Money, OverBudget, Policy};
use leptos::prelude::*;
use std::sync::LazyLock;

static POLICY: LazyLock<ArcRwSignal<Policy>> = LazyLock::new(|| ArcRwSignal::new(read()));
static TYPICAL: LazyLock<ArcRwSignal<[i64; 4]>> =
    LazyLock::new(|| ArcRwSignal::new(Policy::default().typical_durations));
static THEME: LazyLock<ArcRwSignal<Theme>> = LazyLock::new(|| ArcRwSignal::new(preferences::theme()));
static ZONE: LazyLock<ArcRwSignal<String>> = LazyLock::new(|| ArcRwSignal::new(preferences::zone()));

/// The policy in force: the limits that were set, and how long each stage typically takes by the sessions that are
/// loaded. Followed where it is asked for in a view. One for all pages: a session is not late on one and in time
/// on another.
pub fn policy() -> Policy {
    let limits = limits();
    let typical_durations = TYPICAL.try_get().unwrap_or(limits.typical_durations);
    Policy { typical_durations, ..limits }
}

/// The limits and thresholds that were set, with the framework's typical durations; followed where it is asked for
/// in a view.
pub fn limits() -> Policy {
    POLICY.try_get().unwrap_or_default()
}

/// Learns from the loaded sessions how long each stage typically takes.
pub fn learn<'a>(digests: impl IntoIterator<Item = &'a Digest>) {
    let typical = Policy::default().with_typical_durations(digests).typical_durations;
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

/// Puts limits and thresholds in force, and remembers them.
pub fn set_policy(policy: &Policy) {
    let (thresholds, default) = (policy.thresholds, Policy::default());
    let kept = Kept {
        comprehension: thresholds.comprehension,
        brand_consistency: thresholds.brand_consistency,
        engagement: thresholds.engagement,
        technical: thresholds.technical,
        overall: thresholds.overall,
        budget: policy.budget.to_string(),
        retry_limit: policy.retry_limit,
        block: policy.over_budget == OverBudget::Block,
        require_handoff: policy.require_handoff,
    };
    preferences::set_policy((*policy != default).then_some(&kept));
    POLICY.set(policy.clone());
}

/// Reads everything again: another tab has changed it.
pub fn reread() {
    renew(&POLICY, read());
    // Every page is drawn anew in another zone, and loses what is typed there.
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

pub use preferences::{KeptPolicy as Kept, Theme};

fn read() -> Policy {
    let mut policy = Policy::default();
    let Some(kept) = preferences::policy() else { return policy };
    policy.thresholds.comprehension = kept.comprehension;
    policy.thresholds.brand_consistency = kept.brand_consistency;
    policy.thresholds.engagement = kept.engagement;
    policy.thresholds.technical = kept.technical;
    policy.thresholds.overall = kept.overall;
    policy.budget = Money::parse(&kept.budget).unwrap_or(policy.budget);
    policy.retry_limit = kept.retry_limit;
    policy.require_handoff = kept.require_handoff;
    if kept.block {
        policy.over_budget = OverBudget::Block;
    }
    policy
}

#[cfg(test)]
mod tests {
    use super::*;

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
