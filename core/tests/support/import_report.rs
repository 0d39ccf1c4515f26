//! An import as text: what a person is told of each session and file.

use callboard_core::Money;
use callboard_core::import::{Derived, ForeignSession, Found, Import, Origin};
use std::fmt::Write;

pub(crate) fn report(import: &Import) -> String {
    let mut out = String::new();
    for session in &import.sessions {
        push_session(&mut out, session);
    }
    out.push_str("# Files\n\n");
    for file in &import.files {
        let keys: Vec<&str> = file.sessions.iter().map(|at| import.sessions[*at].key.as_str()).collect();
        let of = if keys.is_empty() { String::new() } else { format!(" [{}]", keys.join(", ")) };
        writeln!(out, "{}: {}{of}. {}", file.path, file.group, file.why).unwrap();
    }
    out
}

fn place(origin: &Origin) -> String {
    let file = origin.file.rsplit('/').next().unwrap_or_default();
    if origin.line == 0 {
        format!("{file}, its path")
    } else {
        format!("{file}:{}:{} {}", origin.line, origin.column, origin.pointer)
    }
}

fn found<T>(out: &mut String, name: &str, value: &Option<Found<T>>, spell: impl Fn(&T) -> String) {
    let Some(value) = value else { return };
    let assumed = value.assumed.as_ref().map(|why| format!(" (assumed: {why})")).unwrap_or_default();
    writeln!(out, "  {name}: {} <{}>{assumed}", spell(&value.value), place(&value.origin)).unwrap();
}

fn derived<T>(out: &mut String, name: &str, value: &Option<Derived<T>>, spell: impl Fn(&T) -> String) {
    let Some(value) = value else {
        writeln!(out, "  {name}: unknown").unwrap();
        return;
    };
    let from: Vec<String> = value.from.iter().map(place).collect();
    let note = if value.note.is_empty() { String::new() } else { format!(" {}", value.note) };
    writeln!(out, "  {name}: {}, {}{note} <{}>", spell(&value.value), value.how, from.join("; ")).unwrap();
}

fn push_session(out: &mut String, session: &ForeignSession) {
    writeln!(out, "# {} ({})\n", session.key, session.shapes.join(", ")).unwrap();
    for file in &session.files {
        let index = file.index.as_ref().map(|index| format!("#{index}")).unwrap_or_default();
        writeln!(out, "  {}: {}{index}", file.role, file.path).unwrap();
    }
    found(out, "id", &session.id, String::clone);
    found(out, "episode", &session.episode, u64::to_string);
    found(out, "topic", &session.topic, String::clone);
    if let Some(stage) = session.covers {
        writeln!(out, "  covers: {stage}").unwrap();
    }
    derived(out, "state", &session.state, |state| state.to_string());
    derived(out, "progress", &session.progress, |progress| match progress.percent {
        Some(percent) => format!("{percent} %"),
        None => "no percentage".to_owned(),
    });
    derived(out, "cost", &session.cost, |cost| cost.usd());
    found(out, "budget", &session.budget, |budget| budget.usd());
    found(out, "remaining", &session.remaining, |left| left.usd());
    found(out, "current stage", &session.current_stage, String::clone);
    for (name, time) in
        [("created", &session.created), ("updated", &session.updated), ("completed", &session.completed)]
    {
        found(out, name, time, |time| time.to_string());
    }
    for stage in &session.stages {
        let status = stage.status.as_ref().map_or("–".to_owned(), |status| status.value.to_string());
        let mut line = format!("  stage {} \"{}\": {status}", stage.name, stage.label);
        if let Some(to) = stage.maps_to {
            write!(line, ", is {to}").unwrap();
        }
        for (name, money) in [("cost", &stage.cost), ("budget", &stage.budget)] {
            if let Some(money) = money {
                write!(line, ", {name} {} from {}", money.value.usd(), money.raw).unwrap();
            }
        }
        for (name, time) in [("from", &stage.started), ("to", &stage.ended)] {
            if let Some(time) = time {
                write!(line, ", {name} {}", time.value).unwrap();
            }
        }
        if let Some(seconds) = &stage.duration {
            write!(line, ", {} s", seconds.value).unwrap();
        }
        if let Some(attempts) = &stage.attempts {
            write!(line, ", {} attempts", attempts.value).unwrap();
        }
        for (name, text) in [("by", &stage.agent), ("error", &stage.error)] {
            if let Some(text) = text {
                write!(line, ", {name} {}", text.value).unwrap();
            }
        }
        for score in &stage.scores {
            write!(line, ", {} {}", score.name, spell_score(score)).unwrap();
        }
        for output in &stage.outputs {
            write!(line, ", made {}", output.value).unwrap();
        }
        writeln!(out, "{line}").unwrap();
    }
    for score in &session.scores {
        writeln!(out, "  score {} {} <{}>", score.name, spell_score(score), place(&score.raw.origin)).unwrap();
    }
    for (name, texts) in [
        ("error", &session.errors),
        ("output", &session.outputs),
        ("mark", &session.marks),
        ("unread", &session.unread),
    ] {
        for text in texts {
            writeln!(out, "  {name}: {} <{}>", text.value, place(&text.origin)).unwrap();
        }
    }
    for linked in &session.linked {
        writeln!(out, "  linked: {} is {}", linked.output.value, linked.file).unwrap();
    }
    for note in session.notes() {
        writeln!(out, "  note: {note}").unwrap();
    }
    for disagreement in &session.disagreements {
        writeln!(out, "  disagreement {}: {}", disagreement.code, disagreement.message).unwrap();
    }
    if let Some(resume) = &session.resume {
        let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "unknown".to_owned());
        let money = |money: Option<Money>| money.map_or("unknown".to_owned(), Money::usd);
        writeln!(
            out,
            "  resume: after {}, next {}, spent {}, again {}",
            name(&resume.last_trusted),
            name(&resume.next),
            money(resume.spent),
            money(resume.spent_again)
        )
        .unwrap();
    }
    out.push('\n');
}

fn spell_score(score: &callboard_core::import::Score) -> String {
    match (score.scale, score.normalised) {
        (Some(scale), Some(normalised)) => format!("{} of {scale} = {normalised}", score.raw.value),
        _ => format!("{} of an unknown scale", score.raw.value),
    }
}
