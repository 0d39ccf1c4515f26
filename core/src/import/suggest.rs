//! Suggestions for a shape that is being taught: likely meanings of values and words, a title and a name, and what the
//! draft still lacks.

use super::meaning::Meaning;
use super::shape::ForeignStatus;
use super::teach::ShapeDraft;

/// Words of keys, with the meaning of the value for a session and for a stage.
const KEY_WORDS: [(&[&str], Option<Meaning>, Option<Meaning>); 14] = [
    (&["id", "uuid", "run", "job", "session", "slug"], Some(Meaning::Id), Some(Meaning::StageName)),
    (&["episode", "ep", "issue", "number", "no", "nr", "folge", "ausgabe", "nummer"], Some(Meaning::Episode), None),
    (
        &["topic", "title", "subject", "theme", "show", "headline", "thema", "titel", "betreff"],
        Some(Meaning::Topic),
        None,
    ),
    (&["name", "stage", "step", "phase", "schritt", "label"], Some(Meaning::CurrentStage), Some(Meaning::StageName)),
    (&["status", "state", "stand", "zustand", "result", "done"], Some(Meaning::State), Some(Meaning::StageStatus)),
    (
        &["created", "began", "begin", "begun", "started", "start", "beginn", "erstellt"],
        Some(Meaning::Created),
        Some(Meaning::StageStarted),
    ),
    (&["updated", "modified", "changed", "saved"], Some(Meaning::Updated), None),
    (
        &["completed", "finished", "ended", "end", "published", "ende"],
        Some(Meaning::Completed),
        Some(Meaning::StageEnded),
    ),
    (&["cost", "costs", "spent", "price", "usd", "kosten", "preis"], Some(Meaning::Cost), Some(Meaning::StageCost)),
    (&["budget", "limit"], Some(Meaning::Budget), None),
    (&["percent", "percentage", "progress", "pct", "fortschritt"], Some(Meaning::Percent), None),
    (&["score", "quality", "rating"], Some(Meaning::Score), Some(Meaning::StageScore)),
    (&["error", "errors", "failure", "reason", "fehler"], Some(Meaning::Errors), Some(Meaning::StageError)),
    (
        &["output", "outputs", "file", "files", "path", "url", "artifact", "datei"],
        Some(Meaning::Outputs),
        Some(Meaning::StageOutputs),
    ),
];

/// Words of keys that name the one at work on a stage.
const AGENTS: [&str; 6] = ["agent", "worker", "owner", "assignee", "model", "by"];

/// Words before a status or cost that name the whole, no stage.
const WHOLES: [&str; 12] = [
    "session",
    "pipeline",
    "production",
    "overall",
    "total",
    "episode",
    "project",
    "job",
    "run",
    "current",
    "final",
    "sum",
];

const STATUS_WORDS: [(ForeignStatus, &[&str]); 5] = [
    (
        ForeignStatus::NotStarted,
        &[
            "not_started",
            "pending",
            "waiting",
            "wait",
            "todo",
            "to_do",
            "open",
            "queued",
            "planned",
            "none",
            "idle",
            "new",
            "initialized",
            "false",
            "offen",
            "geplant",
            "wartet",
            "ausstehend",
        ],
    ),
    (
        ForeignStatus::InProgress,
        &[
            "in_progress",
            "running",
            "active",
            "started",
            "working",
            "doing",
            "processing",
            "ongoing",
            "in_arbeit",
            "läuft",
            "laeuft",
            "aktiv",
            "begonnen",
        ],
    ),
    (
        ForeignStatus::Failed,
        &[
            "failed",
            "fail",
            "failure",
            "error",
            "broken",
            "broke",
            "aborted",
            "crashed",
            "fehler",
            "fehlgeschlagen",
            "gescheitert",
            "abgebrochen",
        ],
    ),
    (
        ForeignStatus::Complete,
        &[
            "complete",
            "completed",
            "done",
            "finished",
            "ok",
            "success",
            "succeeded",
            "published",
            "ready",
            "passed",
            "approved",
            "true",
            "fertig",
            "erledigt",
            "abgeschlossen",
        ],
    ),
    (ForeignStatus::Skipped, &["skipped", "skip", "omitted", "cancelled", "canceled", "übersprungen", "entfällt"]),
];

impl ForeignStatus {
    /// Label for people.
    ///
    /// ```
    /// assert_eq!(callboard_core::import::ForeignStatus::NotStarted.label(), "Not started");
    /// ```
    pub const fn label(self) -> &'static str {
        match self {
            ForeignStatus::NotStarted => "Not started",
            ForeignStatus::InProgress => "In progress",
            ForeignStatus::Failed => "Failed",
            ForeignStatus::Complete => "Complete",
            ForeignStatus::Skipped => "Skipped",
        }
    }

    /// The status that a word most likely means, for a person to confirm: no file is read by it.
    ///
    /// ```
    /// use callboard_core::import::ForeignStatus;
    /// assert_eq!(ForeignStatus::suggestion("In Progress"), Some(ForeignStatus::InProgress));
    /// assert_eq!(ForeignStatus::suggestion("fertig"), Some(ForeignStatus::Complete));
    /// assert_eq!(ForeignStatus::suggestion("amber"), None);
    /// ```
    pub fn suggestion(word: &str) -> Option<ForeignStatus> {
        let word = words(word).join("_");
        STATUS_WORDS.iter().find(|(_, known)| known.contains(&word.as_str())).map(|(status, _)| *status)
    }
}

impl Meaning {
    /// The meanings that a value most likely has by its pointer and text, the likeliest first; at most three.
    ///
    /// ```
    /// use callboard_core::import::Meaning;
    /// assert_eq!(Meaning::suggestions("/acts/pitch/state", "done"), [Meaning::StageStatus, Meaning::State]);
    /// assert_eq!(Meaning::suggestions("/scout_cost", "0.40"), [Meaning::StageCost, Meaning::Cost]);
    /// assert_eq!(Meaning::suggestions("/total_cost", "0.40"), [Meaning::Cost, Meaning::StageCost]);
    /// assert_eq!(Meaning::suggestions("", "ep_07"), [Meaning::Episode, Meaning::Id]);
    /// assert_eq!(Meaning::suggestions("/x", "y"), []);
    /// ```
    pub fn suggestions(pointer: &str, text: &str) -> Vec<Meaning> {
        let mut parts = pointer.rsplit('/');
        let key = words(parts.next().unwrap_or_default());
        if pointer.is_empty() {
            return vec![Meaning::Episode, Meaning::Id];
        }
        let depth = pointer.matches('/').count();
        let holder = words(parts.next().unwrap_or_default());
        let is_whole = |words: &[String]| words.iter().any(|word| WHOLES.contains(&word.as_str()));
        let is_flat = depth == 1 && key.len() > 1 && !is_whole(&key);
        let in_stage = depth > 2 && !is_whole(&holder) || is_flat;
        let mut found: Vec<Meaning> = Vec::new();
        let mut add = |meaning: Option<Meaning>| found.extend(meaning);
        let of_count = |words: &[&str]| key.iter().any(|word| words.contains(&word.as_str()));
        if of_count(&["stages", "steps", "phases"]) && text.parse::<u64>().is_ok() {
            let is_total = of_count(&["total", "all", "count"]);
            add(Some(if is_total { Meaning::StagesTotal } else { Meaning::StagesCompleted }));
            add(Some(if is_total { Meaning::StagesCompleted } else { Meaning::StagesTotal }));
        }
        if key.iter().any(|word| AGENTS.contains(&word.as_str())) {
            add(Some(Meaning::StageAgent));
        }
        // The last word says most: "stage_status" is a status, "scout_cost" a cost.
        for word in key.iter().rev() {
            for (_, session, stage) in KEY_WORDS.iter().filter(|(known, ..)| known.contains(&word.as_str())) {
                let (first, second) = if in_stage { (stage, session) } else { (session, stage) };
                add(*first);
                add(*second);
            }
        }
        if ForeignStatus::suggestion(text).is_some() {
            add(Some(if depth > 1 || is_flat { Meaning::StageStatus } else { Meaning::State }));
            add(Some(Meaning::State));
        }
        if text.starts_with('$') {
            add(Some(if in_stage { Meaning::StageCost } else { Meaning::Cost }));
        }
        let mut likely: Vec<Meaning> = Vec::new();
        for meaning in found {
            if !likely.contains(&meaning) && likely.len() < 3 {
                likely.push(meaning);
            }
        }
        likely
    }
}

impl ShapeDraft {
    /// A title for the shape of a file: the words of its name without numbers, else those of its folder's.
    ///
    /// ```
    /// use callboard_core::import::ShapeDraft;
    /// assert_eq!(ShapeDraft::title_for("films/film-07.json"), "Film");
    /// assert_eq!(ShapeDraft::title_for("radioPlays/2025-09-01.json"), "Radio plays");
    /// assert_eq!(ShapeDraft::title_for("7.json"), "Other pipeline");
    /// ```
    pub fn title_for(path: &str) -> String {
        let named = |part: &str| {
            let stem = part.split('.').next().unwrap_or_default();
            let is_name = |word: &String| !word.chars().any(|letter| letter.is_ascii_digit());
            let name = words(stem).into_iter().filter(is_name).collect::<Vec<_>>().join(" ");
            let mut letters = name.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>())
        };
        path.rsplit(['/', '\\']).take(2).find_map(named).unwrap_or_else(|| "Other pipeline".to_owned())
    }

    /// A name for a shape of this title that is not taken.
    ///
    /// ```
    /// use callboard_core::import::ShapeDraft;
    /// assert_eq!(ShapeDraft::name_for("Radio plays", |_| false), "radio-plays");
    /// assert_eq!(ShapeDraft::name_for("Film", |name| name == "film"), "film-2");
    /// assert_eq!(ShapeDraft::name_for("\u{1f4fa}", |_| false), "shape");
    /// ```
    pub fn name_for(title: &str, is_taken: impl Fn(&str) -> bool) -> String {
        let mut name = String::new();
        for letter in title.to_lowercase().chars() {
            match letter {
                'ä' => name.push_str("ae"),
                'ö' => name.push_str("oe"),
                'ü' => name.push_str("ue"),
                'ß' => name.push_str("ss"),
                'a'..='z' | '0'..='9' => name.push(letter),
                _ if name.ends_with('-') || name.is_empty() => {}
                _ => name.push('-'),
            }
        }
        let name = match name.trim_end_matches('-') {
            "" => "shape",
            name => name,
        };
        let numbered = (2_u32..).map(|number| format!("{name}-{number}"));
        // Unbounded: one of them is free.
        std::iter::once(name.to_owned()).chain(numbered).find(|name| !is_taken(name)).unwrap_or_default()
    }

    /// The values that the draft lacks before it can be kept, in one sentence for people; none if it lacks none.
    ///
    /// ```
    /// use callboard_core::import::{Meaning, ShapeDraft};
    /// let mut draft = ShapeDraft::new("plays", "Radio plays");
    /// draft.point(Meaning::StageStatus, "/acts/0/state");
    /// assert_eq!(draft.missing(), Some("Click the session's id, its episode number or its topic."));
    /// draft.point(Meaning::Episode, "");
    /// assert_eq!(draft.missing(), None);
    /// ```
    pub fn missing(&self) -> Option<&'static str> {
        let has = |wanted: fn(Meaning) -> bool| self.points().iter().any(|(meaning, _)| wanted(*meaning));
        if self.title.trim().is_empty() {
            Some("Give the shape a title.")
        } else if self.points().is_empty() {
            Some("Click the session's id, its episode number or its topic, then the status of a stage.")
        } else if !has(|meaning| matches!(meaning, Meaning::Id | Meaning::Episode | Meaning::Topic)) {
            Some("Click the session's id, its episode number or its topic.")
        } else if self.points().iter().all(|(_, pointer)| pointer.is_empty()) {
            Some("Click a value in the file too: a folder's name alone does not identify a shape.")
        } else {
            None
        }
    }
}

/// The words of a name in small letters: parted by anything but letters and digits, and before a capital.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    let mut was_small = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() {
            is_open = false;
            continue;
        }
        if letter.is_uppercase() && was_small {
            is_open = false;
        }
        was_small = letter.is_lowercase();
        match words.last_mut().filter(|_| is_open) {
            Some(word) => word.extend(letter.to_lowercase()),
            None => words.push(letter.to_lowercase().collect()),
        }
        is_open = true;
    }
    words
}
