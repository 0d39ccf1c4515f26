//! The conformance vectors: what the machine answers, chosen from an exploration so that every event meets
//! every state with every outcome, and from a table of files and events out of the common run.

use super::explore::{Rules, Sent, beginning, explore, poor_beginning, relation, unimplemented_beginning};
use super::extras::{self, Extra};
use super::layout::{Layout, Node, named_layouts};
use super::reference;
use super::{completions, deliveries};
use callboard_core::{Initialize, Outcome, Policy, Refusal, Session, State, Timestamp};
use std::collections::BTreeMap;
use std::sync::Mutex;

/// The files of `tests/conformance`, by name.
pub fn files() -> BTreeMap<String, String> {
    let mut vectors: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (kind, vector) in explored().into_iter().chain(tabled()) {
        vectors.entry(format!("{kind}.json")).or_default().push(vector);
    }
    vectors.into_iter().map(|(name, list)| (name, format!("[\n{}\n]\n", list.join(",\n")))).collect()
}

/// Answer of the machine to an event, with the text it makes.
struct Vector<'a> {
    name: String,
    policy: Option<&'a str>,
    now: &'a str,
    event: &'a str,
    input: Option<&'a str>,
    answer: Result<(Option<&'a Outcome>, &'a str), &'a Refusal>,
}

const STRICT: &str = r#"{"retry_limit": 1, "require_handoff": true, "over_budget": "block"}"#;

/// Policy and class, kind of event, event, time, and the text it meets.
type Chosen = ((Option<&'static str>, String), &'static str, String, Timestamp, String);

fn explored() -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut known = std::collections::HashSet::new();
    let layouts = named_layouts();
    let runs = [
        (Rules::default_policy(), beginning(), None),
        (Rules::default_policy(), unimplemented_beginning(), None),
        (Rules::strict(), poor_beginning(), Some(STRICT)),
    ];
    for (rules, start, policy) in runs {
        let chosen: Mutex<Vec<Chosen>> = Mutex::default();
        // The straight way, with failures and returns; all other events are tried at each step.
        let follow = |step: &super::steps::Step| match (step.kind, step.name) {
            ("start" | "fail" | "retry", "plain") => true,
            ("quality_failure", "technical only") => true,
            ("complete", "plain") => policy.is_none(),
            ("complete", "with a handoff" | "with everything but a handoff") => policy.is_some(),
            ("progress", "with a cost") => policy.is_some(),
            ("skip", "plain") => step.agent == 3,
            _ => false,
        };
        explore(start, &rules, 1, follow, |_, sent| {
            for sent in sent {
                let class = (policy, class(sent));
                let mut chosen = chosen.lock().unwrap();
                if chosen.iter().any(|(known, ..)| *known == class) {
                    continue;
                }
                let event = Node::parse(&sent.step.json).render(&Layout::one_line(true));
                chosen.push((class, sent.step.kind, event, sent.now, sent.before.session.text().to_owned()));
            }
        });
        for ((_, class), kind, event, now, text) in chosen.into_inner().unwrap() {
            // The strict policy is for refusals that only it gives.
            if !known.insert(class.clone())
                || policy.is_some() && !class.contains("over_budget") && !class.contains("incomplete")
            {
                continue;
            }
            // Every other one is laid out in another way.
            let (layout, text) = match out.len() % (2 * layouts.len()) {
                at if at % 2 == 0 => ("as made", text),
                at => (layouts[at / 2].0, Node::parse(&text).render(&layouts[at / 2].1)),
            };
            let policy = policy.map(|spelt| (spelt, &rules.policy));
            let vector = answer(format!("{class}; {layout}"), &text, &event, &now.to_string(), policy);
            out.push((kind.to_owned(), vector));
        }
    }
    out
}

/// Class of a vector: one of each is enough.
fn class(sent: &Sent<'_>) -> String {
    let file = sent.before.file;
    let (step, state) = (&sent.step, sent.before.session.state().unwrap());
    let relation = relation(file, step.agent);
    let outcome = match &sent.result {
        Ok(outcome) => format!("{}, then {}", outcome.to, outcome.next.step),
        Err(refusal) if refusal.code.name() == "invalid_value" => return format!("{}: {}", step.kind, step.name),
        Err(refusal) => refusal.code.name().to_owned(),
    };
    let status = reference::status(file, step.agent);
    let subject = match (relation, state) {
        ("current", _) if step.name == "plain" => format!("{} in {state}, {status}", super::AGENTS[step.agent]),
        ("current", _) => format!("the current agent, {status}"),
        (_, State::Initialized | State::Complete) => format!("a {relation} agent in {state}"),
        _ => format!("a {relation} agent"),
    };
    // Of an agent whose turn it is not, one event of a kind is as good as another.
    let name = if relation == "current" { format!(" ({})", step.name) } else { String::new() };
    format!("{}{name} for {subject}: {outcome}", step.kind)
}

fn tabled() -> Vec<(String, String)> {
    let tables = completions::COMPLETIONS.iter().chain(extras::EXTRAS).chain(deliveries::DELIVERIES);
    let vectors = tables.flat_map(|Extra { kind, base, cases }| {
        cases.iter().map(|(name, edits, event)| {
            let text = edits.iter().fold((*base).to_owned(), |text, (from, to)| {
                assert!(text.contains(from), "{name}: {from}");
                text.replace(from, to)
            });
            let event = Node::parse(event).render(&Layout::one_line(true));
            let vector = answer((*name).to_owned(), &text, &event, extras::NOW, None);
            ((*kind).to_owned(), vector)
        })
    });
    let new = extras::NEW.iter().map(|(name, event)| ("initialize".to_owned(), initialize(name, event)));
    vectors.chain(new).collect()
}

fn answer(name: String, text: &str, event: &str, now: &str, policy: Option<(&str, &Policy)>) -> String {
    let mut session = Session::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
    let at = Timestamp::parse(now).unwrap();
    let rules = policy.map_or_else(Policy::default, |(_, policy)| policy.clone());
    let answer = session.event(event, at, &rules).and_then(|event| session.apply(&event, at, &rules));
    let answer = answer.as_ref().map(|outcome| (Some(outcome), session.text()));
    Vector { name, policy: policy.map(|(spelt, _)| spelt), now, event, input: Some(text), answer }.json()
}

fn initialize(name: &str, event: &str) -> String {
    let plain: serde_json::Value = serde_json::from_str(event).unwrap();
    let made = Session::initialize(&new_session(&plain), Timestamp::parse(extras::NOW).unwrap(), &Policy::default());
    let answer = made.as_ref().map(|session| (None, session.text()));
    Vector { name: name.to_owned(), policy: None, now: extras::NOW, event, input: None, answer }.json()
}

/// The argument of a vector's `initialize`.
pub fn new_session(event: &serde_json::Value) -> Initialize {
    let mut new = Initialize::new(event["episode"].as_u64().unwrap(), event["topic"].as_str().unwrap());
    if let Some(complexity) = event.get("complexity") {
        new.complexity = u8::try_from(complexity.as_u64().unwrap()).unwrap();
    }
    new.key = event.get("key").map(|key| key.as_str().unwrap().to_owned());
    new
}

impl Vector<'_> {
    fn json(&self) -> String {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        let mut fields = vec![("name", text(&self.name)), ("now", text(self.now))];
        fields.extend(self.policy.map(|policy| ("policy", policy.to_owned())));
        fields.push(("event", self.event.to_owned()));
        fields.push(("input", self.input.map_or("null".to_owned(), text)));
        match &self.answer {
            Ok((outcome, output)) => {
                fields.extend(outcome.map(|outcome| ("outcome", outcome_json(outcome))));
                fields.push(("output", text(output)));
            }
            Err(refusal) => fields.push(("refusal", refusal_json(refusal))),
        }
        let fields: Vec<String> = fields.iter().map(|(key, value)| format!("    \"{key}\": {value}")).collect();
        format!("  {{\n{}\n  }}", fields.join(",\n"))
    }
}

/// An outcome as vectors hold it: warnings by their codes.
pub fn outcome_json(outcome: &Outcome) -> String {
    let agent = outcome.next.agent.map_or("null".to_owned(), |agent| format!("\"{agent}\""));
    let warnings: Vec<String> = outcome.warnings.iter().map(|warning| format!("\"{}\"", warning.code)).collect();
    let next = format!(r#"{{"step": "{}", "agent": {agent}}}"#, outcome.next.step);
    let Outcome { from, to, attempt, .. } = outcome;
    let warnings = warnings.join(", ");
    let duplicate = if outcome.duplicate.is_some() { r#", "duplicate": true"# } else { "" };
    format!(
        r#"{{"from": "{from}", "to": "{to}", "attempt": {attempt}, "next": {next}, "warnings": [{warnings}]{duplicate}}}"#
    )
}

/// A refusal as vectors hold it.
pub fn refusal_json(refusal: &Refusal) -> String {
    let text = |text: &str| serde_json::Value::from(text).to_string();
    let allowed: Vec<String> = refusal
        .allowed
        .iter()
        .map(|allowed| format!(r#"{{"type": "{}", "agent": "{}"}}"#, allowed.kind, allowed.agent))
        .collect();
    format!(
        r#"{{"code": "{}", "message": {}, "expected": {}, "actual": {}, "hint": {}, "allowed": [{}]}}"#,
        refusal.code,
        text(&refusal.message),
        text(&refusal.expected),
        text(&refusal.actual),
        refusal.hint.as_deref().map_or("null".to_owned(), text),
        allowed.join(", ")
    )
}
