//! The steps of a simulation, as data: a script can be generated, replayed, shrunk and kept.

use std::fmt;
use std::str::FromStr;

macro_rules! verbs {
    ($($(#[doc = $doc:literal])* $verb:ident = $name:literal * $weight:literal,)*) => {
        /// The kind of a step.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(crate) enum Verb {
            $($(#[doc = $doc])* $verb,)*
        }

        impl Verb {
            pub(crate) const ALL: &'static [(Self, &'static str, u32)] = &[$((Self::$verb, $name, $weight),)*];
        }
    };
}

verbs! {
    /// Goes on with the `a`-th task.
    Poll = "poll" * 200,
    /// Serves the `a`-th request to the database, with the outcome `b`.
    Serve = "serve" * 140,
    /// Delivers the `a`-th message.
    Deliver = "deliver" * 40,
    /// Loses the `a`-th message.
    Lose = "lose" * 4,
    /// Lets everything come to its end, without a fault.
    Settle = "settle" * 12,
    /// An agent applies the `b`-th event to the `a`-th file.
    AgentApply = "agent-apply" * 16,
    /// An agent writes another topic into the `a`-th file.
    AgentEdit = "agent-edit" * 8,
    /// An older text of the `a`-th file is checked out.
    AgentRevert = "agent-revert" * 6,
    /// The `a`-th file is copied to the session's other path.
    AgentCopy = "agent-copy" * 4,
    /// Opens a tab.
    OpenTab = "open" * 4,
    /// Closes a tab.
    CloseTab = "close" * 2,
    /// Loses a tab's connection to the database.
    Disconnect = "disconnect" * 3,
    /// Connects a tab to the database; `b` asks for what is no longer stored to be stored again.
    Connect = "connect" * 4,
    /// Imports the files of the mask `a`, dropped in the manner `b`.
    Import = "import" * 30,
    /// Applies the `b`-th event to the `a`-th session.
    Apply = "apply" * 24,
    /// Applies an event to every session.
    ApplyToAll = "apply-to-all" * 6,
    /// Writes the `b`-th text over the `a`-th session's.
    Edit = "edit" * 24,
    /// Makes a correction in the `a`-th session.
    Fix = "fix" * 4,
    /// Undoes the last step of the `a`-th session.
    Undo = "undo" * 20,
    /// Redoes a step of the `a`-th session.
    Redo = "redo" * 10,
    /// Goes to the `b`-th version of the `a`-th session.
    GoTo = "go-to" * 6,
    /// Keeps the current text in the `b`-th conflict of the `a`-th session.
    Keep = "keep" * 8,
    /// Takes the other text in the `b`-th conflict of the `a`-th session.
    Take = "take" * 8,
    /// Merges the `b`-th conflict of the `a`-th session.
    Merge = "merge" * 8,
    /// Exports the `a`-th session; `b` says whether a warning is heeded, and whether the file is put in its place.
    Export = "export" * 16,
    /// Takes the mark of the tab's last export back.
    Unmark = "unmark" * 4,
    /// Creates a session.
    Create = "create" * 4,
    /// Discards the `a`-th session, where it was created here.
    Discard = "discard" * 4,
    /// Backs every session up.
    BackUp = "back-up" * 5,
    /// Restores the `a`-th backup.
    Restore = "restore" * 5,
    /// Removes every session.
    Clear = "clear" * 1,
    /// Writes in a draft over the `a`-th session's text.
    Draft = "draft" * 6,
    /// Discards the tab's draft.
    EndDraft = "end-draft" * 3,
    /// Goes on with a draft of a closed tab.
    ContinueDraft = "continue-draft" * 3,
}

/// One step: what happens, in which tab, and two numbers, of which each kind takes what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Op {
    pub(crate) verb: Verb,
    pub(crate) tab: usize,
    pub(crate) a: usize,
    pub(crate) b: usize,
}

impl fmt::Display for Op {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Verb::ALL.iter().find(|(verb, ..)| *verb == self.verb).map_or("", |(_, name, _)| name);
        write!(out, "{name} {} {} {}", self.tab, self.a, self.b)
    }
}

impl FromStr for Op {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let mut words = line.split_whitespace();
        let name = words.next().unwrap_or_default();
        let verb = Verb::ALL.iter().find(|(_, known, _)| *known == name).ok_or(format!("no step is called {name}"))?.0;
        let mut number = || words.next().unwrap_or("0").parse().map_err(|_| format!("no number: {line}"));
        Ok(Self { verb, tab: number()?, a: number()?, b: number()? })
    }
}

/// Reads a script, a step a line; `#` begins a remark.
pub(crate) fn read(script: &str) -> Vec<Op> {
    let lines = script.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    lines.filter(|line| !line.is_empty()).map(|line| line.parse().unwrap()).collect()
}

/// Writes a script.
pub(crate) fn written(script: &[Op]) -> String {
    script.iter().map(|op| format!("{op}\n")).collect()
}

/// The script of a seed. Each has its own share of every kind of step, and its own number of faults.
pub(crate) fn generated(seed: u64, length: usize) -> Vec<Op> {
    let mut random = fastrand::Rng::with_seed(seed);
    let weights: Vec<u32> = Verb::ALL
        .iter()
        .map(|(verb, _, weight)| match verb {
            Verb::Poll | Verb::Serve => *weight,
            _ => weight * [0, 1, 1, 2, 4][random.usize(..5)],
        })
        .collect();
    let total: u32 = weights.iter().sum();
    let faults = [0, 0, 2, 6, 20][random.usize(..5)];
    let op = |_| {
        let mut at = random.u32(..total);
        let place = weights.iter().position(|weight| {
            let is_here = at < *weight;
            at = at.saturating_sub(*weight);
            is_here
        });
        let verb = Verb::ALL[place.unwrap_or_default()].0;
        let b = match verb {
            // Most are served as asked.
            Verb::Serve if random.usize(..100) >= faults => 0,
            _ => random.usize(..16),
        };
        Op { verb, tab: random.usize(..8), a: random.usize(..32), b }
    };
    let mut script: Vec<Op> = (0..length).map(op).collect();
    // At the beginning nothing is there.
    let first = [(Verb::OpenTab, 0), (Verb::Settle, 0), (Verb::Import, 31), (Verb::Settle, 0)];
    script.splice(0..0, first.map(|(verb, a)| Op { verb, tab: 0, a, b: 0 }));
    script
}
