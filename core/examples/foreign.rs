//! Prints the sessions that a folder's files make, or, without a folder, how fast foreign files are read.
//!
//! `cargo run --release -p callboard-core --example foreign [folder]`

#![allow(clippy::unwrap_used, reason = "a tool says what went wrong by panicking")]

use callboard_core::import::{Import, Shapes, assemble};
use callboard_core::{Policy, Session, Timestamp};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Number of files of each kind that are read.
const FILES: usize = 10_000;

const FRAMEWORK: &str = include_str!("../../tests/fixtures/sessions/ep001_session_20240811.json");
const FOREIGN: [(&str, &str); 4] = [
    ("state.json", include_str!("../../tests/fixtures/foreign/tree/ep_022_20251005_081500/state.json")),
    (
        "pipeline_status.json",
        include_str!("../../tests/fixtures/foreign/tree/ep_026_lean_20251009/pipeline_status.json"),
    ),
    (
        "production_status.json",
        include_str!("../../tests/fixtures/foreign/tree/ep_028_endtoend/production/production_status.json"),
    ),
    ("session.json", include_str!("../../tests/fixtures/foreign/tree/ep_021_20251004_0900/session.json")),
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

fn table(folder: &Path) {
    let mut paths = Vec::new();
    files(folder, &mut paths);
    paths.sort();
    let shapes = Shapes::built_in();
    let readings = paths.iter().filter(|path| path.extension().is_some_and(|end| end != "md")).map(|path| {
        let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
        shapes.read(&name, &std::fs::read(path).unwrap())
    });
    print(&assemble(readings.collect()));
}

fn print(import: &Import) {
    println!("| session | shape | episode, topic | state | progress | cost / budget | scores | resume |");
    println!("|---|---|---|---|---|---|---|---|");
    for session in &import.sessions {
        let place = |origin: &callboard_core::import::Origin| {
            let file = origin.file.rsplit('/').next().unwrap_or_default();
            if origin.line == 0 { format!("{file} (path)") } else { format!("{file}:{}", origin.line) }
        };
        let places = |from: &[callboard_core::import::Origin]| {
            let mut places: Vec<String> = from.iter().map(place).collect();
            places.dedup();
            let more = places.len().saturating_sub(3);
            places.truncate(3);
            if more > 0 { format!("{} and {more} more", places.join(", ")) } else { places.join(", ") }
        };
        let unknown = || "–".to_owned();
        let covers = session.covers.map(|stage| format!(" (of {stage})")).unwrap_or_default();
        let state = session
            .state
            .as_ref()
            .map_or_else(unknown, |state| format!("{}{covers}, {} [{}]", state.value, state.how, places(&state.from)));
        let progress = session.progress.as_ref().map_or_else(unknown, |progress| {
            let percent = progress.value.percent.map_or_else(unknown, |percent| format!("{percent} %"));
            format!("{percent} {} {} [{}]", progress.how, progress.note, places(&progress.from))
        });
        let cost = session
            .cost
            .as_ref()
            .map_or_else(unknown, |cost| format!("{} {} [{}]", cost.value.usd(), cost.how, places(&cost.from)));
        let budget = session
            .budget
            .as_ref()
            .map_or_else(unknown, |budget| format!("{} [{}]", budget.value.usd(), place(&budget.origin)));
        let of_stages = session
            .stages
            .iter()
            .flat_map(|stage| stage.scores.iter().map(|score| (format!("{}/{}", stage.name, score.name), score)));
        let scores: Vec<String> = session
            .scores
            .iter()
            .map(|score| (score.name.clone(), score))
            .chain(of_stages)
            .map(|(name, score)| {
                let scale = score.scale.map_or_else(|| "?".to_owned(), |scale| scale.to_string());
                format!("{name} {} of {scale} [{}]", score.raw.value, place(&score.raw.origin))
            })
            .collect();
        let resume = session.resume.as_ref().map_or_else(unknown, |resume| {
            let name = |name: &Option<String>| name.clone().unwrap_or_else(unknown);
            let again = resume.spent_again.map_or_else(unknown, |again| again.usd());
            format!("after {}, next {}; again {again}", name(&resume.last_trusted), name(&resume.next))
        });
        let text = |found: &Option<callboard_core::import::Found<String>>| {
            found.as_ref().map_or_else(unknown, |f| f.value.clone())
        };
        let episode = session
            .episode
            .as_ref()
            .map_or_else(unknown, |episode| format!("{} [{}]", episode.value, place(&episode.origin)));
        println!(
            "| {} | {} | {episode}, {} | {state} | {progress} | {cost} / {budget} | {} | {resume} |",
            session.key,
            session.shapes.join(", "),
            text(&session.topic),
            scores.join("; ")
        );
        for disagreement in &session.disagreements {
            println!("| | | | | disagreement: {} | | | |", disagreement.message);
        }
    }
    println!();
    for file in &import.files {
        println!("{}: {}: {}", file.path, file.group, file.why);
    }
}

/// Milliseconds that something takes, the shortest of five.
fn milliseconds(mut run: impl FnMut()) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..5 {
        let start = Instant::now();
        run();
        best = best.min(start.elapsed().as_secs_f64() * 1000.0);
    }
    best
}

fn main() {
    if let Some(folder) = std::env::args().nth(1) {
        table(Path::new(&folder));
        return;
    }
    let (now, policy) = (Timestamp::from_unix(1_760_000_000), Policy::default());
    let framework = milliseconds(|| {
        for _ in 0..FILES {
            let session = Session::from_bytes(FRAMEWORK.as_bytes()).unwrap();
            let digest = session.digest();
            black_box((digest.health(now, &policy), session.id(), session.episode(), session.diagnostics()));
        }
    });
    let shapes = Shapes::built_in();
    for (name, text) in FOREIGN {
        let texts: Vec<(String, String)> =
            (0..FILES).map(|at| (format!("ep_{at}/{name}"), text.replace("\"ep_0", &format!("\"ep_{at}_")))).collect();
        let foreign = milliseconds(|| {
            black_box(assemble(texts.iter().map(|(path, text)| shapes.read(path, text.as_bytes())).collect()));
        });
        let rate = |bytes: usize, time: f64| (bytes * FILES) as f64 / time / 1000.0;
        println!(
            "{name}: {foreign:.0} ms for {FILES} files of {} bytes ({:.0} MB/s), framework {framework:.0} ms of {} bytes ({:.0} MB/s): {:.2} of its speed a file",
            text.len(),
            rate(text.len(), foreign),
            FRAMEWORK.len(),
            rate(FRAMEWORK.len(), framework),
            framework / foreign
        );
    }
}
