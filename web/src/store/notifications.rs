//! Desktop notifications of news that need the user's attention.
use super::delayed::Delayed;
use super::preferences::{notifications, set_notifications};
use crate::format::{one_line, session_label};
use crate::platform::notify::{self, DesktopNotice, Permission};
use crate::platform::page;
use crate::platform::preferences::NotificationSettings;
use crate::route::Route;
use callboard_core::Notable;
use callboard_workspace::Summary;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// Largest number of notifications shown one by one; more become one.
const SEPARATE: usize = 3;

/// Time during which news are collected.
const COLLECTED_FOR: Duration = Duration::from_secs(1);

/// Tag of the notification that stands for many.
const TAG_OF_MANY: &str = "callboard";

/// News of one session that need the user's attention.
#[derive(Clone, Debug, PartialEq, Eq)]
struct NotableNews {
    id: String,
    /// Short name of the session.
    label: String,
    topic: Option<String>,
    notable: Notable,
    sentence: String,
}

/// Returns the label of a kind of news.
pub fn kind_label(notable: Notable) -> &'static str {
    match notable {
        Notable::Failed => "Fails",
        Notable::Escalated => "Escalates",
        Notable::Stalled => "Stalls",
        Notable::Decision => "Needs a decision",
        Notable::Completed => "Is complete",
    }
}

/// Returns the words that follow a session's name, or a number of sessions.
fn kind_words(notable: Notable, number: usize) -> &'static str {
    match notable {
        Notable::Failed => "failed",
        Notable::Escalated => "escalated",
        Notable::Stalled => "stalled",
        Notable::Decision if number == 1 => "needs a decision",
        Notable::Decision => "need a decision",
        Notable::Completed if number == 1 => "is complete",
        Notable::Completed => "are complete",
    }
}

/// Returns the notifications of news: one for each session, or one for all if they are many.
fn notices(news: &[NotableNews]) -> Vec<DesktopNotice> {
    if news.len() <= SEPARATE {
        return news.iter().map(notice).collect();
    }
    let number = news.len();
    let of = |kind| news.iter().filter(|news| news.notable == kind).count();
    let title = match of(Notable::Completed) {
        all if all == number => format!("{number} sessions {}", kind_words(Notable::Completed, number)),
        _ => format!("{number} sessions need attention"),
    };
    let counts = Notable::ALL.map(|kind| (kind, of(kind))).into_iter().filter(|(_, number)| *number > 0);
    let body: Vec<String> = counts.map(|(kind, number)| format!("{number} {}", kind_words(kind, number))).collect();
    let href = Route::Dashboard.href();
    vec![DesktopNotice { title, body: body.join(", "), tag: TAG_OF_MANY.to_owned(), href }]
}

fn notice(news: &NotableNews) -> DesktopNotice {
    let topic = news.topic.as_ref().map_or_else(String::new, |topic| format!(": {}", one_line(topic)));
    DesktopNotice {
        title: format!("{} {}{topic}", one_line(&news.label), kind_words(news.notable, 1)),
        body: one_line(&news.sentence),
        tag: news.id.clone(),
        href: Route::Session(news.id.clone()).href(),
    }
}

impl NotificationSettings {
    /// Returns true if news of a kind are shown while notifications are on.
    pub fn shows(&self, kind: Notable) -> bool {
        !self.muted.iter().any(|muted| muted == kind.name())
    }

    /// Shows or mutes news of a kind.
    fn set_kind(&mut self, kind: Notable, shown: bool) {
        self.muted.retain(|muted| muted != kind.name());
        if !shown {
            self.muted.push(kind.name().to_owned());
        }
    }
}

/// The desktop notifications, with the browser's permission.
#[derive(Clone, Copy, Debug)]
pub struct Notifications {
    permission: RwSignal<Permission>,
    queue: StoredValue<Vec<NotableNews>>,
    sending: Delayed,
}

impl Notifications {
    /// Creates an empty queue. The permission is read again whenever the page becomes visible.
    pub fn begin(visible: ReadSignal<bool>) -> Self {
        let permission = RwSignal::new(notify::permission());
        Effect::new(move |_| {
            // The user may have changed it in the browser's settings meanwhile.
            let now = notify::permission();
            if visible.get() && permission.with_untracked(|before| *before != now) {
                permission.set(now);
            }
        });
        Self { permission, queue: StoredValue::default(), sending: Delayed::by(COLLECTED_FOR) }
    }

    /// Returns the browser's permission; reactive.
    pub fn permission(self) -> Permission {
        self.permission.get()
    }

    /// Turns notifications on, asking for permission within the user's click, or off.
    pub fn turn(self, on: bool) {
        spawn_local(async move {
            let permission = if on { notify::ask().await } else { notify::permission() };
            self.permission.set(permission);
            let on = on && permission == Permission::Granted;
            set_notifications(NotificationSettings { on, ..untrack(notifications) });
        });
    }

    /// Shows or mutes news of a kind.
    pub fn set_kind(self, kind: Notable, shown: bool) {
        let mut settings = untrack(notifications);
        settings.set_kind(kind, shown);
        set_notifications(settings);
    }

    /// Queues news of a session. They are shown if the user wants them and does not see the page.
    pub fn send(self, session: &Summary, notable: Notable, sentence: String) {
        let settings = untrack(notifications);
        let is_wanted = settings.on && settings.shows(notable) && notify::permission() == Permission::Granted;
        if !is_wanted || page::is_attended() {
            return;
        }
        let (id, label, topic) = (session.id.clone(), session_label(session), session.topic.clone());
        self.queue.update_value(|queue| {
            queue.retain(|news| news.id != id);
            queue.push(NotableNews { id, label, topic, notable, sentence });
        });
        self.sending.run(move || {
            let news = self.queue.try_update_value(std::mem::take).unwrap_or_default();
            if !page::is_attended() {
                for notice in notices(&news) {
                    // Browsers that show none still have the marks and the count in the title.
                    let _ = notify::show(&notice);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn news(number: usize, notable: Notable) -> NotableNews {
        NotableNews {
            id: format!("ep_{number}"),
            label: format!("ep {number}"),
            topic: (number != 2).then(|| "Why Octopuses\nDream".to_owned()),
            notable,
            sentence: "script_writer failed: timeout".to_owned(),
        }
    }

    #[test]
    fn a_few_news_have_a_notification_each() {
        let shown = notices(&[news(12, Notable::Failed), news(2, Notable::Decision)]);
        let failed = &shown[0];
        assert_eq!(failed.title, "ep 12 failed: Why Octopuses Dream");
        assert_eq!(failed.body, "script_writer failed: timeout");
        assert_eq!((failed.tag.as_str(), failed.href.as_str()), ("ep_12", "#/sessions/ep_12"));
        assert_eq!(shown[1].title, "ep 2 needs a decision");
    }

    #[test]
    fn many_news_have_one_notification() {
        let kinds = [Notable::Failed, Notable::Failed, Notable::Decision, Notable::Completed, Notable::Completed];
        let many: Vec<_> = kinds.into_iter().enumerate().map(|(at, kind)| news(at, kind)).collect();
        let [notice] = &notices(&many)[..] else { unreachable!("one notification") };
        assert_eq!(notice.title, "5 sessions need attention");
        assert_eq!(notice.body, "2 failed, 1 needs a decision, 2 are complete");
        let complete: Vec<_> = (0..4).map(|at| news(at, Notable::Completed)).collect();
        assert_eq!(notices(&complete)[0].title, "4 sessions are complete");
        assert!(notices(&[]).is_empty());
    }

    #[test]
    fn kinds_can_be_muted() {
        let mut settings = NotificationSettings::default();
        assert!(Notable::ALL.into_iter().all(|kind| settings.shows(kind)));
        settings.set_kind(Notable::Completed, false);
        settings.set_kind(Notable::Completed, false);
        assert_eq!((settings.shows(Notable::Completed), settings.muted.len()), (false, 1));
        settings.set_kind(Notable::Completed, true);
        assert!(settings.shows(Notable::Completed));
    }
}
