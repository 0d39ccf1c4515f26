//! Ten thousand generated sessions for benchmarks of the app: the same on every machine, with realistic shapes and
//! sizes, some of them long or old and a few broken.

use std::fmt::Write as _;
use std::path::Path;

use crate::{Outcome, paths};

/// Number of files.
pub(crate) const FILES: u64 = 10_000;

/// Number of files for each broken one.
const BROKEN_EVERY: u64 = 1_000;

/// File that marks the generated files as complete. It holds the generator's version and the size of all files.
const MARK: &str = "made.txt";
const VERSION: &str = "1";

const STAGES: [&str; 4] = ["research", "writing", "evaluation", "synthesis"];
const AGENTS: [&str; 4] = ["research_coordinator", "script_writer", "quality_evaluator", "audio_synthesizer"];
const TOPICS: [&str; 8] = [
    "Why octopuses dream",
    "The map that was wrong on purpose",
    "What the tide tables leave out",
    "A short history of waiting rooms",
    "Salt, and what came of it",
    "The sound of an empty stadium",
    "Who owns the night sky?",
    "L\u{2019}invention de l\u{2019}ennui",
];
const ERRORS: [&str; 5] = [
    "The model did not answer within 15 minutes",
    "429: rate limit reached, the request was given up after 5 attempts",
    "Connection reset while the source list was read",
    "The script's third part has no source notes",
    "quality gates failed: brand_consistency, technical",
];

/// A pseudorandom number generator (SplitMix64): the same seed gives the same files.
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Returns a number from 0 to `below` - 1.
    fn below(&mut self, below: u64) -> u64 {
        self.next() % below
    }

    fn choose<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len() as u64) as usize]
    }
}

/// Writes the files below `dir` unless they exist, and returns their total size in bytes.
pub(crate) fn sessions(dir: &Path) -> Outcome<u64> {
    let mark = dir.join(MARK);
    if let Some(bytes) = paths::read(&mark).ok().and_then(|text| text.strip_prefix(VERSION)?.trim().parse().ok()) {
        return Ok(bytes);
    }
    paths::remove_dir(dir)?;
    let mut rng = Rng(20_240_811);
    let mut bytes = 0;
    for at in 0..FILES {
        let (name, text) = if at % BROKEN_EVERY == BROKEN_EVERY - 1 { broken(at) } else { session(at, &mut rng) };
        bytes += text.len() as u64;
        // Realistic folders, with a thousand files each.
        paths::write(&dir.join("files").join(format!("season-{:02}", at / 1_000)).join(name), &text)?;
    }
    paths::write(&mark, &format!("{VERSION} {bytes}"))?;
    Ok(bytes)
}

/// Files of other pipelines, each the only one of its session: its path among the fixtures, its name, and the text that
/// tells sessions apart.
const FOREIGN: [(&str, &str, &str); 4] = [
    ("ep_022_20251005_081500", "state.json", "022_20251005"),
    ("ep_026_lean_20251009", "pipeline_status.json", "026_lean"),
    ("ep_028_endtoend/production", "production_status.json", "028_endtoend"),
    ("ep_021_20251004_0900", "session.json", "021_20251004"),
];

/// Writes as many files of other pipelines below `dir` unless they exist: copies of the fixtures with ids of their own.
pub(crate) fn foreign(dir: &Path) -> Outcome<()> {
    let mark = dir.join(MARK);
    if paths::read(&mark).is_ok_and(|text| text == VERSION) {
        return Ok(());
    }
    paths::remove_dir(dir)?;
    let fixtures = paths::root()?.join("tests/fixtures/foreign/tree");
    let mut kinds = Vec::new();
    for (folder, name, id) in FOREIGN {
        kinds.push((paths::read(&fixtures.join(folder).join(name))?, name, id));
    }
    for at in 0..FILES {
        let (text, name, id) = &kinds[(at % 4) as usize];
        let own = format!("{at:05}_{}", id.rsplit('_').next().unwrap_or_default());
        // The same folders as those of the sessions: opening a folder takes a browser longer than reading a file.
        let folder = dir.join("files").join(format!("season-{:02}", at / 1_000));
        paths::write(&folder.join(format!("{own}_{name}")), &text.replace(id, &own))?;
    }
    paths::write(&mark, VERSION)
}

fn broken(at: u64) -> (String, String) {
    let name = format!("ep{at:05}_broken.json");
    let text = match at / BROKEN_EVERY % 4 {
        0 => "{\n  \"session_id\": \"ep_cut\",\n  \"episode\": {\"number\": 1,",
        1 => "[]\n",
        2 => "{\n  \"session_id\": \"ep_comma\",\n  \"episode\": {,}\n}\n",
        _ => "{\"pipeline_state\": {\"current_stage\": \"writing\"}}\n",
    };
    (name, text.to_owned())
}

/// Formats Unix seconds as RFC 3339.
fn stamp(unix: u64) -> String {
    let (days, seconds) = (unix / 86_400, unix % 86_400);
    // Days since 0000-03-01, by eras of 400 years.
    let z = days + 719_468;
    let (era, day) = (z / 146_097, z % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let (date, month) = (of_year - (153 * shifted + 2) / 5 + 1, if shifted < 10 { shifted + 3 } else { shifted - 9 });
    let year = year + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The first of January 2024.
const BEGIN: u64 = 1_704_067_200;

fn session(at: u64, rng: &mut Rng) -> (String, String) {
    // One episode in six has a second session.
    let episode = at - u64::from(at % 6 == 5) + 1;
    let created = BEGIN + at * 5_400 + rng.below(3_600);
    let date: String = stamp(created).chars().filter(char::is_ascii_digit).collect();
    let (day, time) = (&date[..8], &date[8..12]);
    let id = format!("ep_{episode:03}_{day}_{time}_{at}");
    let done = (rng.below(100) / 14).min(4) as usize;
    let status = match rng.below(20) {
        0..=1 => "failed",
        2 => "retry",
        3..=5 => "pending",
        _ => "in_progress",
    };
    let failed = matches!(status, "failed" | "retry") && done < 4;
    let mut moment = created;
    let mut outputs = String::new();
    let mut stamps = format!("    \"created\": \"{}\"", stamp(created));
    let mut costs = [0_u64; 4];
    for stage in 0..4 {
        if stage > 0 {
            outputs.push_str(",\n");
        }
        let _ = writeln!(outputs, "    \"{}\": {{", AGENTS[stage]);
        let start = moment + 60 + rng.below(600);
        if stage < done {
            let took = 400 + rng.below(1_800);
            costs[stage] = 20 + rng.below(320);
            let _ = write!(stamps, ",\n    \"{}_started\": \"{}\"", STAGES[stage], stamp(start));
            moment = start + took;
            let _ = write!(stamps, ",\n    \"{}_completed\": \"{}\"", STAGES[stage], stamp(moment));
            let _ = write!(
                outputs,
                "      \"status\": \"complete\",\n      \"start_time\": \"{}\",\n      \"output_file\": \
                 \"projects/nobody-knows/output/{}/ep{episode:03}_{}.md\",\n      \"execution_time\": {took},\n      \
                 \"cost\": {}.{:02},\n      \"quality_score\": 0.{}\n    }}",
                stamp(start),
                STAGES[stage],
                STAGES[stage],
                costs[stage] / 100,
                costs[stage] % 100,
                70 + rng.below(29),
            );
        } else if stage == done && status != "pending" {
            moment = start;
            let _ = write!(stamps, ",\n    \"{}_started\": \"{}\"", STAGES[stage], stamp(start));
            let _ = write!(
                outputs,
                "      \"status\": \"{status}\",\n      \"start_time\": \"{}\",\n      \"estimated_completion\": \"{}\"",
                stamp(start),
                stamp(start + 1_500),
            );
            if failed {
                moment += 900;
                let _ = write!(stamps, ",\n    \"{}_failed\": \"{}\"", STAGES[stage], stamp(moment));
                let _ = write!(outputs, ",\n      \"error\": \"{}\"", rng.choose(&ERRORS));
            }
            outputs.push_str("\n    }");
        } else {
            let word = if stage == 3 && rng.below(3) == 0 { "not_implemented" } else { "pending" };
            let _ = write!(outputs, "      \"status\": \"{word}\"\n    }}");
        }
    }
    let list = |range: std::ops::Range<usize>| {
        let names: Vec<String> = STAGES[range].iter().map(|name| format!("\"{name}\"")).collect();
        names.join(", ")
    };
    let total: u64 = costs.iter().sum();
    let money = |cents: u64| format!("{}.{:02}", cents / 100, cents % 100);
    let quality = |known: bool, rng: &mut Rng| {
        if known { format!("0.{}", 70 + rng.below(29)) } else { "null".to_owned() }
    };
    let current = STAGES.get(done).copied().unwrap_or("complete");
    let attempts = u64::from(failed);
    let retries = u64::from(failed && status == "retry");
    let mut text = format!(
        "{{\n  \"session_id\": \"{id}\",\n  \"episode\": {{\n    \"number\": {episode},\n    \"topic\": \"{} ({at})\",\n    \
         \"complexity_target\": {},\n    \"duration_target\": 27\n  }},\n\n  \"pipeline_state\": {{\n    \
         \"current_stage\": \"{current}\",\n    \"completed_stages\": [{}],\n    \"pending_stages\": [{}],\n    \
         \"failed_attempts\": {attempts},\n    \"retry_count\": {retries}\n  }},\n\n  \"agent_outputs\": {{\n{outputs}\n  }},\n\n  \
         \"quality_metrics\": {{\n",
        rng.choose(&TOPICS),
        1 + rng.below(5),
        list(0..done),
        list((done + 1).min(4)..4),
    );
    let metrics = [("research_quality", 1), ("script_quality", 2), ("overall_quality", 3), ("brand_consistency", 3)];
    let metrics = metrics.map(|(name, after)| format!("    \"{name}\": {}", quality(done >= after, rng)));
    let _ = write!(
        text,
        "{}\n  }},\n\n  \"cost_tracking\": {{\n    \"research\": {},\n    \"writing\": {},\n    \"evaluation\": {},\n    \
         \"synthesis\": {},\n    \"total\": {},\n    \"budget\": 9.00,\n    \"within_budget\": {}\n  }},\n\n  \
         \"timestamps\": {{\n{stamps},\n    \"last_updated\": \"{}\"\n  }}",
        metrics.join(",\n"),
        money(costs[0]),
        money(costs[1]),
        money(costs[2]),
        money(costs[3]),
        money(total),
        total <= 900,
        stamp(moment),
    );
    if rng.below(8) == 0 {
        history(&mut text, moment, rng);
    }
    text.push_str("\n}\n");
    let name = format!("ep{episode:03}_session_{day}_{time}_{at}.json");
    (name, text)
}

/// Adds a long history, like that of a session that ran for days.
fn history(text: &mut String, until: u64, rng: &mut Rng) {
    text.push_str(",\n\n  \"history\": [");
    let entries = 4 + rng.below(24);
    for entry in 0..entries {
        let at = stamp(until - (entries - entry) * 240);
        let _ = write!(
            text,
            "{}\n    {{\"at\": \"{at}\", \"event\": \"progress\", \"agent\": \"script_writer\", \"stage\": \"writing\", \
             \"from\": \"WRITING\", \"to\": \"WRITING\", \"attempt\": 1, \"cost\": 0.0{}}}",
            if entry == 0 { "" } else { "," },
            1 + rng.below(9),
        );
    }
    text.push_str("\n  ]");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_files() {
        let make = || session(7, &mut Rng(1));
        assert_eq!(make(), make());
        assert!(make().1.starts_with("{\n  \"session_id\": \"ep_008_20240101_"));
    }

    #[test]
    fn stamps_have_the_right_date() {
        assert_eq!(stamp(BEGIN), "2024-01-01T00:00:00Z");
        assert_eq!(stamp(1_709_210_096), "2024-02-29T12:34:56Z");
    }
}
