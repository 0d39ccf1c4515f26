//! Production report: figures, sessions that need attention, costs by stage and one row per session, for people and for
//! other tools.
pub mod csv;
pub mod html;
pub mod markdown;
pub mod table;

use crate::format::{UNKNOWN, count, session_title, state_label};
use crate::order;
use callboard_core::{AttentionKind, Average, Digest, Figures, Money, Policy, Stage, Timestamp};
use callboard_workspace::{Entry, Listed};
use std::sync::Arc;
use table::{Cell, ReportColumn, ReportTable};

const FIGURES: &[ReportColumn] = &[
    ReportColumn::text("figure", "Figure"),
    ReportColumn::figure("value", "Value"),
    ReportColumn::data("unit"),
    ReportColumn::figure("n", "n"),
    ReportColumn::data("at_utc"),
];

const ATTENTION: &[ReportColumn] = &[
    ReportColumn::data("session_id"),
    ReportColumn::data("episode"),
    ReportColumn::data("topic"),
    ReportColumn::name("Episode"),
    ReportColumn::text("health", "Health"),
    ReportColumn::data("reason_codes"),
    ReportColumn::text("reasons", "Reason"),
    ReportColumn::data("file"),
];

const COSTS: &[ReportColumn] = &[
    ReportColumn::text("stage", "Stage"),
    ReportColumn::figure("total_usd", "Total"),
    ReportColumn::figure("share_percent", "Share"),
    ReportColumn::figure("sessions", "Sessions"),
    ReportColumn::figure("average_usd", "Average"),
];

const SESSIONS: &[ReportColumn] = &[
    ReportColumn::data("session_id"),
    ReportColumn::figure("episode", "Ep"),
    ReportColumn::data("topic"),
    ReportColumn::name("Topic"),
    ReportColumn::optional("owner", "Owner"),
    ReportColumn::data("labels"),
    ReportColumn::text("state", "State"),
    ReportColumn::data("progress_percent"),
    ReportColumn::text("health", "Health"),
    ReportColumn::data("reasons"),
    ReportColumn::optional("due_date", "Due"),
    ReportColumn::data("due_status"),
    ReportColumn::data("estimated_completion_utc"),
    ReportColumn::data("completed_utc"),
    ReportColumn::people("Complete"),
    ReportColumn::figure("cost_usd", "Cost"),
    ReportColumn::figure("budget_usd", "Budget"),
    ReportColumn::data("within_budget"),
    ReportColumn::figure("overall_quality_0_to_1", "Quality"),
    ReportColumn::data("created_utc"),
    ReportColumn::text("last_updated_utc", "Updated"),
    ReportColumn::data("file"),
];

const STAGES: &[ReportColumn] = &[
    ReportColumn::data("session_id"),
    ReportColumn::data("episode"),
    ReportColumn::data("stage"),
    ReportColumn::data("agent"),
    ReportColumn::data("status"),
    ReportColumn::data("attempts"),
    ReportColumn::data("last_started_utc"),
    ReportColumn::data("last_ended_utc"),
    ReportColumn::data("duration_seconds"),
    ReportColumn::data("cost_usd"),
    ReportColumn::data("quality_score_0_to_1"),
    ReportColumn::data("error"),
    ReportColumn::data("output_file"),
];

const SESSION_COSTS: &[ReportColumn] = &[
    ReportColumn::data("session_id"),
    ReportColumn::data("episode"),
    ReportColumn::data("research_usd"),
    ReportColumn::data("writing_usd"),
    ReportColumn::data("evaluation_usd"),
    ReportColumn::data("synthesis_usd"),
    ReportColumn::data("total_usd"),
    ReportColumn::data("budget_usd"),
    ReportColumn::data("within_budget"),
];

/// The state of production at a moment. Unknown values are never 0.
#[derive(Clone, Debug, PartialEq)]
pub struct ProductionReport {
    /// The time that it is of.
    pub at: Timestamp,
    /// The dashboard's figures.
    pub figures: ReportTable,
    /// Sessions that need attention, the first to look at first.
    pub attention: ReportTable,
    /// Costs by stage, and in total.
    pub costs: ReportTable,
    /// One row per session, in the order given.
    pub sessions: ReportTable,
}

/// The sum of the costs of a stage. A cost of zero does not count: it is that of a stage that nobody has begun.
#[derive(Clone, Copy, Debug, Default)]
struct CostSum {
    total: Option<Money>,
    sessions: u64,
}

impl CostSum {
    fn add(&mut self, cost: Option<Money>) {
        if let Some(cost) = cost.filter(|cost| *cost != Money::ZERO) {
            self.total = Some(self.total.unwrap_or(Money::ZERO).saturating_add(cost));
            self.sessions += 1;
        }
    }

    /// Returns the cells of its row, beside the total of all stages.
    fn cells(self, name: &str, all: Option<Money>) -> Vec<Cell> {
        let share = self.total.zip(all).filter(|(_, all)| all.micros() > 0);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let share = share.map(|(part, all)| (part.dollars() / all.dollars() * 100.0).round().clamp(0.0, 100.0) as u8);
        #[allow(clippy::cast_precision_loss)]
        let average = self.total.filter(|_| self.sessions > 0).map(|total| total.dollars() / self.sessions as f64);
        vec![
            Cell::Text(name.to_owned()),
            Cell::money(self.total),
            share.map_or(Cell::Unknown, Cell::Percent),
            Cell::Count(self.sessions),
            average.map_or(Cell::Unknown, Cell::Dollars),
        ]
    }
}

/// Builds a report session by session, so that thousands do not block the page.
#[derive(Debug)]
pub struct ReportBuilder {
    at: Timestamp,
    offset: i32,
    policy: Policy,
    sessions: ReportTable,
    attention: Vec<(AttentionKind, String, Vec<Cell>)>,
    stages: [CostSum; 4],
    total: CostSum,
}

impl ReportBuilder {
    /// Begins a report at a time, with days in a zone `offset` minutes ahead of UTC. The policy has the typical
    /// durations of the sessions.
    pub fn new(at: Timestamp, offset: i32, policy: Policy) -> Self {
        Self {
            at,
            offset,
            policy,
            sessions: ReportTable::new("sessions", "Sessions", SESSIONS),
            attention: Vec::new(),
            stages: Default::default(),
            total: CostSum::default(),
        }
    }

    /// Adds a session.
    pub fn push(&mut self, session: &Listed) {
        let summary = session.summary();
        let digest = session.digest();
        let path = session.entry().map_or_else(|| summary.file.clone(), |entry| entry.path().to_owned());
        let health = digest.map(|digest| digest.health(self.at, &self.policy));
        let reasons = health.as_ref().map(|health| &health.reasons[..]).unwrap_or_default();
        let sentences = reasons.iter().map(|reason| reason.message.as_str()).collect::<Vec<_>>().join(" ");
        let sentences = Some(sentences).filter(|sentences| !sentences.is_empty());
        let level = health.as_ref().map(|health| health.health.name().replace('_', " "));
        let [id, episode, topic, title] = names(session);
        let kind = digest.and_then(|digest| digest.health_summary(self.at, &self.policy).attention);
        if let Some(kind) = kind {
            let codes = reasons.iter().map(|reason| reason.code).collect::<Vec<_>>().join(" ");
            let cells = vec![
                id.clone(),
                episode.clone(),
                topic.clone(),
                Cell::Text(session_title(summary)),
                Cell::text(level.clone()),
                Cell::Text(codes),
                Cell::text(sentences.clone()),
                Cell::Text(path.clone()),
            ];
            self.attention.push((kind, session.key().to_owned(), cells));
        }
        let costs = session.stage_costs();
        for (sum, cost) in self.stages.iter_mut().zip(costs) {
            sum.add(cost);
        }
        self.total.add(summary.cost);
        let completed = match session.foreign() {
            Some(foreign) => foreign.completed.as_ref().map(|completed| completed.value),
            None => digest.and_then(|digest| digest.completed),
        };
        let planning = digest.map(|digest| &digest.planning);
        let outlook = digest.map(|digest| digest.outlook(self.at, &self.policy));
        let due_status = outlook.as_ref().and_then(|outlook| outlook.due_status(self.offset));
        let estimate = outlook.and_then(|outlook| outlook.estimate);
        self.sessions.push(
            Some(session.key()),
            vec![
                id,
                episode,
                topic,
                title,
                Cell::text(planning.and_then(|planning| planning.owner.clone())),
                Cell::text(planning.map(|it| it.labels.join("; ")).filter(|labels| !labels.is_empty())),
                Cell::Text(state_label(summary).into_owned()),
                summary.percent.map_or(Cell::Unknown, Cell::Percent),
                Cell::text(level),
                Cell::text(sentences),
                Cell::text(planning.and_then(|planning| planning.due).map(|due| due.to_string())),
                Cell::text(due_status.map(|status| status.name().replace('_', " "))),
                Cell::time(estimate),
                Cell::time(completed),
                completed.map(Cell::Time).or(estimate.map(Cell::Expected)).unwrap_or(Cell::Unknown),
                Cell::money(summary.cost),
                Cell::money(summary.budget),
                Cell::text(summary.within_budget.map(|within| within.to_string())),
                Cell::score(session.overall_quality()),
                Cell::time(summary.created),
                Cell::time(summary.updated),
                Cell::Text(path),
            ],
        );
    }

    /// Ends the report with the figures of its sessions.
    pub fn finish(self, figures: &Figures) -> ProductionReport {
        let mut attention = ReportTable::new("needs_attention", "Needs attention", ATTENTION);
        let keys = self.attention.iter().map(|(kind, ..)| (*kind as i64, 0));
        for at in order::ascending(keys) {
            if let Some((_, session, cells)) = self.attention.get(at) {
                attention.push(Some(session), cells.clone());
            }
        }
        let mut costs = ReportTable::new("costs_by_stage", "Costs by stage", COSTS);
        for (stage, sum) in Stage::ALL.into_iter().zip(self.stages) {
            costs.push(None, sum.cells(stage.name(), self.total.total));
        }
        costs.push(None, self.total.cells("total", self.total.total));
        ProductionReport {
            at: self.at,
            figures: figure_table(figures, self.at),
            attention,
            costs,
            sessions: self.sessions,
        }
    }
}

/// Returns the id, the episode's number, the topic, and the title for people.
fn names(session: &Listed) -> [Cell; 4] {
    let summary = session.summary();
    let title = summary.topic.clone().unwrap_or_else(|| session.key().to_owned());
    [
        Cell::Text(session.key().to_owned()),
        Cell::count(summary.number),
        Cell::text(summary.topic.clone()),
        Cell::Text(title),
    ]
}

fn figure_table(figures: &Figures, at: Timestamp) -> ReportTable {
    let mut table = ReportTable::new("figures", "Figures", FIGURES);
    let mut push = |name: &str, value: Cell, unit: &str, n: Option<usize>| {
        let n = Cell::count(n.and_then(|n| u64::try_from(n).ok()));
        let cells = vec![Cell::Text(name.to_owned()), value, Cell::Text(unit.to_owned()), n, Cell::Time(at)];
        table.push(None, cells);
    };
    let total = |number: usize| Cell::count(u64::try_from(number).ok());
    let mean = |average: Average, cell: fn(f64) -> Cell| average.value.map_or(Cell::Unknown, cell);
    push("Active sessions", total(figures.active), "sessions", None);
    push("Completed today", total(figures.completed_today), "sessions", None);
    push("Failed today", total(figures.failed_today), "sessions", None);
    let (time, cost, quality) = (figures.average_time, figures.average_cost, figures.quality_average);
    push("Average time", mean(time, Cell::Minutes), "minutes", Some(time.n));
    push("Average cost", mean(cost, Cell::Dollars), "USD", Some(cost.n));
    push("Average quality", mean(quality, Cell::Score), "0 to 1", Some(quality.n));
    table
}

impl ProductionReport {
    /// Returns the tables below the figures.
    pub fn tables(&self) -> [&ReportTable; 3] {
        [&self.attention, &self.costs, &self.sessions]
    }

    /// Describes the sessions that it is of: `27 sessions`.
    pub fn scope(&self) -> String {
        count(self.sessions.rows.len(), "session", "sessions")
    }

    /// Returns the name, the value and a note of each figure, for people.
    pub fn tiles(&self, time: impl Fn(Timestamp) -> String) -> Vec<(String, String, String)> {
        let cell = |cells: &[Cell], at: usize| cells.get(at).map_or_else(String::new, |cell| cell.shown(&time));
        let tile = |cells: &[Cell]| {
            let n = cell(cells, 3);
            let note = if n == UNKNOWN { String::new() } else { format!("n {n}") };
            (cell(cells, 0), cell(cells, 1), note)
        };
        self.figures.rows.iter().map(|row| tile(&row.cells)).collect()
    }

    /// Returns the number of sessions in a table; `None` if its rows are not sessions.
    pub fn sessions_in(&self, table: &ReportTable) -> Option<usize> {
        (table.name != self.costs.name).then_some(table.rows.len())
    }

    /// Returns the sentence for a table without rows.
    pub fn nothing_in(&self, table: &ReportTable) -> &'static str {
        if table.name == self.attention.name { "Nothing needs attention." } else { "No sessions." }
    }
}

/// The tables of each session's stages and costs, for programs.
#[derive(Debug)]
pub struct DetailTables {
    /// One row per session and stage.
    pub stages: ReportTable,
    /// One row per session.
    pub costs: ReportTable,
}

impl Default for DetailTables {
    fn default() -> Self {
        Self {
            stages: ReportTable::new("stages", "Stages", STAGES),
            costs: ReportTable::new("costs", "Costs", SESSION_COSTS),
        }
    }
}

impl DetailTables {
    /// Adds a session. Its text is read again, which takes a while for thousands.
    pub fn push(&mut self, session: &Listed) {
        let [id, episode, ..] = names(session);
        let summary = session.summary();
        let mut cells = vec![id.clone(), episode.clone()];
        cells.extend(session.stage_costs().map(Cell::money));
        cells.extend([Cell::money(summary.cost), Cell::money(summary.budget)]);
        cells.push(Cell::text(summary.within_budget.map(|within| within.to_string())));
        self.costs.push(Some(session.key()), cells);
        if let (Some(entry), Some(digest)) = (session.entry(), session.digest()) {
            self.push_stages(entry, digest, &id, &episode);
        }
    }

    fn push_stages(&mut self, entry: &Arc<Entry>, digest: &Digest, id: &Cell, episode: &Cell) {
        let session = entry.reread();
        for lane in session.timeline().lanes {
            let output = session.agent(lane.agent);
            let last = lane.bars.last();
            let at = lane.stage.index();
            let cells = vec![
                id.clone(),
                episode.clone(),
                Cell::Text(lane.stage.name().to_owned()),
                Cell::Text(lane.agent.name().to_owned()),
                Cell::text(lane.status.map(|status| status.name())),
                Cell::Count(last.map_or(0, |bar| bar.attempt)),
                Cell::time(last.and_then(|bar| bar.start)),
                Cell::time(last.and_then(|bar| bar.end)),
                digest.durations[at].map_or(Cell::Unknown, Cell::Seconds),
                Cell::money(digest.costs().stages[at]),
                Cell::score(output.quality_score),
                Cell::text(output.error),
                Cell::text(output.output_file),
            ];
            self.stages.push(Some(entry.id()), cells);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use callboard_core::Session;

    const NOW: Timestamp = Timestamp::from_unix(1_723_386_600);

    fn listed(text: &str) -> Listed {
        let session = Session::parse(text.to_owned()).unwrap();
        let id = session.id().unwrap_or_default();
        let path = format!("show/{id}.json");
        Listed::Own(Arc::new(Entry::of_file(id, path, &session, NOW)))
    }

    /// Returns the report of sessions with these texts.
    pub(crate) fn report(texts: &[&str]) -> ProductionReport {
        let sessions: Vec<Listed> = texts.iter().map(|text| listed(text)).collect();
        let mut builder = ReportBuilder::new(NOW, 0, Policy::default());
        for session in &sessions {
            builder.push(session);
        }
        builder.finish(&Figures::of(sessions.iter().filter_map(Listed::digest), NOW, 0))
    }

    const FAILED: &str = r#"{"session_id": "ep_2", "episode": {"number": 2, "topic": "Tides"},
        "planning": {"owner": "Mira", "due": "2024-08-10", "labels": ["season 2", "pilot"]},
        "pipeline_state": {"current_stage": "writing", "completed_stages": ["research"], "failed_attempts": 1},
        "agent_outputs": {"research_coordinator": {"status": "complete"}, "script_writer": {"status": "failed", "error": "no answer"}},
        "cost_tracking": {"research": 3.00, "writing": 1.00, "total": 4.00, "budget": 9.00}}"#;

    #[test]
    fn every_table_is_plain_with_a_header_of_units() {
        let report = report(&[r#"{"session_id": "a_b", "episode": {"topic": "=cmd"}}"#, FAILED]);
        let csv = |table: &ReportTable| csv::csv(table).unwrap();
        let sessions = csv(&report.sessions);
        let lines: Vec<&str> = sessions.split_terminator("\r\n").collect();
        assert_eq!(
            lines[0],
            "session_id,episode,topic,owner,labels,state,progress_percent,health,reasons,due_date,due_status,\
             estimated_completion_utc,completed_utc,cost_usd,budget_usd,within_budget,overall_quality_0_to_1,created_utc,\
             last_updated_utc,file"
        );
        assert!(lines[1].starts_with("a_b,,'=cmd,,,UNKNOWN,,unknown,The file does not say its state: "), "{sessions}");
        assert!(lines[2].starts_with("ep_2,2,Tides,Mira,season 2; pilot,FAILED,25,at risk,"), "{sessions}");
        assert!(lines[2].ends_with(",2024-08-10,late,,,4.00,9.00,true,,,,show/ep_2.json"), "{sessions}");
        assert_eq!(
            csv(&report.costs),
            "stage,total_usd,share_percent,sessions,average_usd\r\nresearch,3.00,75,1,3.00\r\nwriting,1.00,25,1,1.00\r\n\
             evaluation,,,0,\r\nsynthesis,,,0,\r\ntotal,4.00,100,1,4.00\r\n"
        );
        let figures = csv(&report.figures);
        assert!(figures.starts_with("figure,value,unit,n,at_utc\r\nActive sessions,1,sessions,,2024-"), "{figures}");
        assert!(figures.contains("\r\nAverage time,,minutes,0,2024-"), "{figures}");
        let attention = csv(&report.attention);
        assert!(attention.contains("\r\nep_2,2,Tides,at risk,failed,"), "{attention}");
        assert_eq!(attention.matches("\r\n").count(), 2, "the session of an unknown state needs nothing");
    }

    #[test]
    fn a_plan_is_shown_where_there_is_one() {
        let labels = |texts: &[&str]| {
            let columns = report(texts).sessions.for_people();
            columns.into_iter().map(|(_, column)| column.label).collect::<Vec<_>>()
        };
        let bare = ["Ep", "Topic", "State", "Health", "Complete", "Cost", "Budget", "Quality", "Updated"];
        assert_eq!(labels(&[r#"{"session_id": "a_b"}"#]), bare);
        let planned = labels(&[FAILED]);
        assert_eq!((planned[2], planned[5]), ("Owner", "Due"));
    }

    #[test]
    fn details_have_a_row_per_stage() {
        let mut details = DetailTables::default();
        details.push(&listed(FAILED));
        let stages = csv::csv(&details.stages).unwrap();
        assert!(stages.contains("\r\nep_2,2,writing,script_writer,failed,1,"), "{stages}");
        assert!(stages.contains(",1.00,,no answer,\r\n"), "{stages}");
        assert_eq!(details.stages.rows.len(), 4);
        let costs = csv::csv(&details.costs).unwrap();
        assert!(costs.ends_with("\r\nep_2,2,3.00,1.00,,,4.00,9.00,true\r\n"), "{costs}");
    }
}
