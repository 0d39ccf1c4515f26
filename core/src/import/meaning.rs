//! Meanings of the values that a person points at.

use crate::named_enum::named_enum;

named_enum! {
/// Meaning of a value that a person points at.
///
/// ```
/// use callboard_core::import::Meaning;
/// assert!(Meaning::StageStatus.is_of_stage() && !Meaning::Topic.is_of_stage());
/// assert_eq!((Meaning::StageStatus.name(), Meaning::StageStatus.label()), ("stage_status", "This stage's status"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each has the label of its name")]
pub enum Meaning {
    Id = "id",
    Episode = "episode",
    Topic = "topic",
    State = "state",
    CurrentStage = "current_stage",
    Created = "created",
    Updated = "updated",
    Completed = "completed",
    Cost = "cost",
    Budget = "budget",
    Percent = "percent",
    StagesCompleted = "stages_completed",
    StagesTotal = "stages_total",
    Errors = "errors",
    Outputs = "outputs",
    Score = "score",
    StageName = "stage_name",
    StageStatus = "stage_status",
    StageStarted = "stage_started",
    StageEnded = "stage_ended",
    StageCost = "stage_cost",
    StageAgent = "stage_agent",
    StageError = "stage_error",
    StageOutputs = "stage_outputs",
    StageScore = "stage_score",
}
}

impl Meaning {
    /// True for a value of a stage: pointed at in one stage, it is read in all of them. See the example at [`Meaning`].
    pub const fn is_of_stage(self) -> bool {
        self.stage_key().is_some()
    }

    /// Label for people. See the example at [`Meaning`].
    pub const fn label(self) -> &'static str {
        match self {
            Meaning::Id => "Session id",
            Meaning::Episode => "Episode number",
            Meaning::Topic => "Topic",
            Meaning::State => "Session's status",
            Meaning::CurrentStage => "Current stage",
            Meaning::Created => "Created at",
            Meaning::Updated => "Last change at",
            Meaning::Completed => "Completed at",
            Meaning::Cost => "Total cost",
            Meaning::Budget => "Budget",
            Meaning::Percent => "Progress in percent",
            Meaning::StagesCompleted => "Number of complete stages",
            Meaning::StagesTotal => "Number of stages",
            Meaning::Errors => "Error",
            Meaning::Outputs => "Output file",
            Meaning::Score => "Score",
            Meaning::StageName => "This stage's name",
            Meaning::StageStatus => "This stage's status",
            Meaning::StageStarted => "This stage's start",
            Meaning::StageEnded => "This stage's end",
            Meaning::StageCost => "This stage's cost",
            Meaning::StageAgent => "This stage's agent",
            Meaning::StageError => "This stage's error",
            Meaning::StageOutputs => "This stage's output file",
            Meaning::StageScore => "This stage's score",
        }
    }

    /// Key in a group of stages; none for a value of the session.
    pub(super) const fn stage_key(self) -> Option<&'static str> {
        match self {
            Meaning::StageName => Some("name"),
            Meaning::StageStatus => Some("status"),
            Meaning::StageStarted => Some("started"),
            Meaning::StageEnded => Some("ended"),
            Meaning::StageCost => Some("cost"),
            Meaning::StageAgent => Some("agent"),
            Meaning::StageError => Some("error"),
            Meaning::StageOutputs => Some("outputs"),
            Meaning::StageScore => Some("scores"),
            _ => None,
        }
    }

    /// True for a value that every file of a shape has, so that it recognises one.
    pub(super) const fn recognises(self) -> bool {
        matches!(
            self,
            Meaning::Id
                | Meaning::Episode
                | Meaning::Topic
                | Meaning::State
                | Meaning::CurrentStage
                | Meaning::StagesCompleted
                | Meaning::StagesTotal
        )
    }
}
