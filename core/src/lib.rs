//! Session state machine of Callboard, for the production of podcast episodes.
//!
//! A *session* is a JSON file through which the agents of a production coordinate. A [`Session`] keeps its text byte by
//! byte and reads its state; applying an [`Event`] changes only the lines that the event writes. The crate is pure: the
//! time is an argument, and there is no clock, no randomness and no I/O.
//!
//! # Overview
//!
//! - [`Session`]: reads a file, applies events, finds diagnostics; its documentation groups the methods.
//! - [`Event`], [`EventKind`]: the events of agents and people, the fields of each kind and the paths that it may write.
//! - [`Refusal`], [`Outcome`]: the answers of the machine.
//! - [`Policy`], [`Config`]: thresholds, durations, budgets and limits of a production.
//! - [`Dashboard`], [`Digest`]: figures of many sessions.
//! - [`merge()`]: three-way merge of a session; [`diff`]: line and word diffs, and git patches;
//!   [`Session::changes_since`]: what happened between two texts.
//!
//! # Example
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
//!
//! # Crate features
//!
//! - `archives`: [`import`] unpacks gzip files, tar and ZIP archives.
//! - `serde`: `Serialize` for all reports, for hosts that pass them on as data.
#![forbid(unsafe_code)]

pub mod diff;
pub mod ids;
pub mod import;

mod attention;
mod candidate;
mod changes;
mod config;
mod cost_forecast;
mod dashboard;
mod date;
mod decimal;
mod diagnostic;
mod diagram;
mod digest;
mod document;
mod event;
mod event_json;
mod event_kind;
mod event_time;
mod fields;
mod gate_result;
mod handoff;
mod health;
mod history;
mod identification;
mod machine;
mod merge;
mod money;
mod named_enum;
mod names;
mod news;
mod notable;
mod order;
mod outcome;
mod outlook;
mod output_file;
mod payments;
mod planning;
mod policy;
mod progress;
mod quality;
mod refusal;
mod sent_back;
mod session;
mod spending;
mod stage;
mod suggest;
mod syntax;
mod text_edits;
mod time;
mod timeline;
mod work;

pub use attention::{Attention, AttentionKind};
pub use candidate::Candidate;
pub use changes::{FailedGate, SessionChanges, UnrecordedEvent};
pub use config::Config;
pub use cost_forecast::{MonthCosts, TypicalCosts};
pub use dashboard::{ActiveSession, Average, Dashboard, DashboardRow, Figures, LeftOut};
pub use date::Date;
pub use diagnostic::{Diagnostic, Fix, Severity};
pub use diagram::{Availability, Transition};
pub use digest::Digest;
pub use document::{ParseError, ParseErrorCode};
pub use event::{Action, Completion, Event, GateReport, Json};
pub use event_kind::{EventField, EventKind};
pub use event_time::TimeDoubt;
pub use gate_result::GateResult;
pub use handoff::{HandoffField, HandoffFlag, HandoffKind, HandoffRecord};
pub use health::{Health, HealthLevel, HealthSummary, Reason, Remedy};
pub use history::HistoryEntry;
pub use identification::{Identification, SessionStatus};
pub use machine::Choice;
pub use merge::{Conflict, MergeSide, Merged, merge, merge_choosing};
pub use money::Money;
pub use news::NewsItem;
pub use notable::Notable;
pub use outcome::{Next, NextStep, Outcome, Warning};
pub use outlook::{DueStatus, Outlook, Phase};
pub use output_file::{OutputFile, OutputKind};
pub use payments::Payment;
pub use planning::Planning;
pub use policy::{OverBudget, Policy, Thresholds};
pub use progress::{Forecast, Progress};
pub use quality::{Gate, Metric};
pub use refusal::{Allowed, Refusal, RefusalCode};
pub use sent_back::SentBack;
pub use session::{AgentOutput, CostTracking, Episode, Initialize, QualityMetrics, Session, Unreadable};
pub use spending::{Spending, StageSpending};
pub use stage::{Agent, AgentStatus, Stage, State};
pub use suggest::Suggestions;
pub use syntax::{Token, TokenKind, tokens};
pub use text_edits::{TextEdit, TextEdits};
pub use time::{FoundTime, Timestamp};
pub use timeline::{Bar, BarKind, Lane, RouteBack, Timeline, Wait};
