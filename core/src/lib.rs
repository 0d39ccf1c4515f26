//! The session state machine of Callboard: what a podcast episode's session is, and what may happen to it.
//!
//! A *session* is one JSON file that the agents of a production coordinate through. This crate reads it
//! without losing a byte, says how it stands ([`Session`]), and applies what happens to it ([`Event`]) so
//! that only the lines that an event names change. It is pure: the time is an argument, and there is no
//! clock, no randomness and no I/O.
//!
//! ```
//! use callboard_core::{Event, Initialize, Policy, Session, State, Timestamp};
//! let now = Timestamp::parse("2024-08-11T14:30:00Z").unwrap();
//! let policy = Policy::default();
//! let mut session = Session::initialize(&Initialize::new(1, "consciousness"), now, &policy).unwrap();
//! let start = Event::from_json(r#"{"type": "start", "agent": "research_coordinator"}"#).unwrap();
//! session.apply(&start, now, &policy).unwrap();
//! assert_eq!(session.state(), Ok(State::Researching));
//! ```
#![forbid(unsafe_code)]

pub mod diff;
pub mod ids;
pub mod import;

mod candidate;
mod config;
mod dashboard;
mod diagnostic;
mod diagram;
mod digest;
mod document;
mod event;
mod gate;
mod handoff;
mod health;
mod history;
mod identification;
mod machine;
mod merge;
mod money;
mod names;
mod number;
mod order;
mod outcome;
mod policy;
mod progress;
mod refusal;
mod session;
mod spending;
mod stage;
mod suggest;
mod syntax;
mod text_edits;
mod time;
mod timeline;

pub use candidate::Candidate;
pub use config::Config;
pub use dashboard::{ActiveSession, Average, Dashboard, DashboardRow, Figures};
pub use diagnostic::{Diagnostic, Fix, Severity};
pub use diagram::{Transition, Verdict};
pub use digest::Digest;
pub use document::{ParseError, ParseErrorCode};
pub use event::{Action, Completion, Event, EventKind, GateReport, Json, Metric};
pub use gate::GateStanding;
pub use handoff::{HandoffField, HandoffFlag, HandoffKind, HandoffRecord};
pub use health::{Health, HealthLevel, Reason, Standing};
pub use history::HistoryEntry;
pub use identification::{Identification, SessionStatus};
pub use machine::Choice;
pub use merge::{Conflict, Merged, merge};
pub use money::Money;
pub use outcome::{Next, NextStep, Outcome, Warning};
pub use policy::{OverBudget, Policy, Thresholds};
pub use progress::Progress;
pub use refusal::{Allowed, Refusal, RefusalCode};
pub use session::{AgentOutput, CostTracking, Episode, Initialize, QualityMetrics, Session, Unreadable};
pub use spending::{Spending, StageSpending};
pub use stage::{Agent, AgentStatus, Stage, State};
pub use suggest::Suggestions;
pub use syntax::{Token, TokenKind};
pub use text_edits::{TextEdit, TextEdits};
pub use time::{FoundTime, Timestamp};
pub use timeline::{Bar, BarKind, Lane, RouteBack, Timeline, Wait};
