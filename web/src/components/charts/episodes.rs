//! Grid of all episodes, coloured by state: one path per state, for up to ten thousand cells.
use super::chart_source::{Anchor, ChartSource, LegendEntry, Shapes, Table};
use super::pen::Pen;
use super::scale::Cells;
use crate::components::icon::Glyph;
use crate::figures::series::{STATES, by_episode, state_index};
use crate::format::{OTHER, count as counted, money, session_title, state_label};
use crate::route::Route;
use crate::store::session_rows::SessionRows;
use callboard_core::State;
use std::sync::Arc;

/// Maximum height, from which on the cells shrink.
const HEIGHT: f64 = 300.0;

/// Width of the episode numbers beside the cells.
const LEFT: u32 = 44;

/// Height of the axis's name above the cells.
const TOP: u32 = 18;

/// Least distance between two episode numbers.
const LABELS_APART: u32 = 16;

/// The grid of all episodes.
#[derive(Debug)]
pub struct EpisodeGrid {
    rows: SessionRows,
    counts: [usize; STATES.len()],
}

impl EpisodeGrid {
    /// Creates the grid of all sessions.
    pub fn new(rows: &SessionRows) -> Self {
        let (rows, counts) = by_episode(rows);
        Self { rows: SessionRows(Arc::new(rows)), counts }
    }

    fn cells(&self, width: f64) -> Cells {
        Cells::fit(self.rows.len(), width - f64::from(LEFT), HEIGHT)
    }

    /// Adds the episode of the first cell of each row, without those that would overlap, and the axis's name.
    #[allow(clippy::cast_possible_truncation)]
    fn axis(&self, shapes: &mut Shapes, cells: &Cells) {
        shapes.text("chart-tick", Anchor::Start, (0.0, 11.0), "Episode");
        let every = LABELS_APART.div_ceil(cells.pitch);
        for (row, at) in (0..self.rows.len()).step_by(cells.columns).enumerate().step_by(every as usize) {
            let number = self.rows.get(at).and_then(|row| row.summary().number);
            let middle = TOP + row as u32 * cells.pitch + cells.pitch / 2;
            let label = number.map(|number| number.to_string()).unwrap_or_default();
            shapes.text("chart-tick", Anchor::End, (f64::from(LEFT) - 8.0, f64::from(middle) + 3.0), label);
        }
    }
}

impl ChartSource for EpisodeGrid {
    fn empty(&self) -> Option<&'static str> {
        self.rows.is_empty().then_some("No sessions loaded.")
    }

    fn count(&self) -> usize {
        self.rows.len()
    }

    fn columns(&self, width: f64) -> usize {
        self.cells(width).columns
    }

    fn height(&self, width: f64) -> f64 {
        self.cells(width).height() + f64::from(TOP)
    }

    fn draw(&self, width: f64) -> Shapes {
        let cells = self.cells(width);
        let gap = if cells.pitch >= 12 { 2.0 } else { 1.0 };
        let size = f64::from(cells.pitch) - gap;
        let mut pens: [Pen; STATES.len()] = std::array::from_fn(|_| Pen::default());
        for (at, row) in self.rows.iter().enumerate() {
            let (x, y) = cells.corner(at);
            pens[state_index(row)].rect(f64::from(LEFT + x), f64::from(TOP + y), size, size);
        }
        let mut shapes = Shapes::default();
        for (name, pen) in STATES.into_iter().zip(pens) {
            shapes.state("chart-fill", name, pen);
        }
        self.axis(&mut shapes, &cells);
        shapes
    }

    fn cursor(&self, at: usize, width: f64) -> Shapes {
        let cells = self.cells(width);
        let (x, y) = cells.corner(at);
        let size = f64::from(cells.pitch);
        let (mut pen, mut shapes) = (Pen::default(), Shapes::default());
        pen.rect(f64::from(LEFT + x) - 1.0, f64::from(TOP + y) - 1.0, size, size);
        shapes.path("cursor-ring", pen);
        shapes
    }

    fn locate(&self, (x, y): (f64, f64), width: f64) -> Option<usize> {
        self.cells(width).locate(x - f64::from(LEFT), y - f64::from(TOP), self.rows.len())
    }

    fn summary(&self) -> String {
        format!("{}, by episode.", counted(self.rows.len(), "session", "sessions"))
    }

    fn describe(&self, at: usize) -> String {
        let Some(row) = self.rows.get(at) else { return String::new() };
        format!(
            "{} \u{b7} {} \u{b7} {} of {}",
            session_title(row.summary()),
            state_label(row.summary()),
            money(row.summary().cost),
            money(row.summary().budget)
        )
    }

    fn href(&self, at: usize) -> Option<String> {
        Some(Route::of(self.rows.get(at)?).href())
    }

    fn table(&self) -> Table {
        Table::Sessions(self.rows.clone())
    }

    fn legend(&self) -> Vec<LegendEntry> {
        let there = STATES.into_iter().zip(self.counts).filter(|(_, count)| *count > 0);
        let key = |(name, count): (&'static str, usize)| {
            let state = State::ALL.into_iter().find(|state| state.name() == name);
            let other = if name == OTHER { Glyph::Running } else { Glyph::Warning };
            let glyph = state.map_or(other, Glyph::of_state);
            let href = Route::sessions_where("state", &name.to_lowercase());
            let words = if name == OTHER { "IN PROGRESS" } else { name };
            LegendEntry { link: Some((href, glyph, count)), ..LegendEntry::new("", name, words) }
        };
        there.map(key).collect()
    }
}
