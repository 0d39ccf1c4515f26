//! Every episode as a cell coloured by its state: one path a state, from one cell to ten thousand.
use super::drawing::{Drawing, Key, Shapes, Table};
use super::pen::Pen;
use super::scale::Cells;
use crate::components::icon::Glyph;
use crate::figures::Rows;
use crate::figures::series::{STATES, by_episode};
use crate::format::{count as counted, money};
use crate::route::Route;
use callboard_core::State;
use std::sync::Arc;

/// How high the grid grows before its cells become smaller.
const HEIGHT: f64 = 300.0;

/// The grid of all episodes.
#[derive(Debug)]
pub struct EpisodeGrid {
    rows: Rows,
    counts: [usize; STATES.len()],
}

impl EpisodeGrid {
    /// The grid of all sessions.
    pub fn new(rows: &Rows) -> Self {
        let (rows, counts) = by_episode(rows);
        Self { rows: Rows(Arc::new(rows)), counts }
    }

    fn cells(&self, width: f64) -> Cells {
        Cells::fit(self.rows.len(), width, HEIGHT)
    }
}

impl Drawing for EpisodeGrid {
    fn empty(&self) -> Option<&'static str> {
        self.rows.is_empty().then_some("No session is loaded.")
    }

    fn count(&self) -> usize {
        self.rows.len()
    }

    fn columns(&self, width: f64) -> usize {
        self.cells(width).columns
    }

    fn height(&self, width: f64) -> f64 {
        self.cells(width).height()
    }

    fn draw(&self, width: f64) -> Shapes {
        let cells = self.cells(width);
        let gap = if cells.pitch >= 12 { 2.0 } else { 1.0 };
        let size = f64::from(cells.pitch) - gap;
        let mut pens: [Pen; STATES.len()] = std::array::from_fn(|_| Pen::default());
        for (at, row) in self.rows.iter().enumerate() {
            let (x, y) = cells.corner(at);
            pens[row.place].rect(f64::from(x), f64::from(y), size, size);
        }
        let mut shapes = Shapes::default();
        for (name, pen) in STATES.into_iter().zip(pens) {
            shapes.state("chart-cell", name, pen);
        }
        shapes
    }

    fn cursor(&self, at: usize, width: f64) -> Shapes {
        let cells = self.cells(width);
        let (x, y) = cells.corner(at);
        let size = f64::from(cells.pitch);
        let (mut pen, mut shapes) = (Pen::default(), Shapes::default());
        pen.rect(f64::from(x) - 1.0, f64::from(y) - 1.0, size, size);
        shapes.path("cursor-ring", pen);
        shapes
    }

    fn locate(&self, (x, y): (f64, f64), width: f64) -> Option<usize> {
        self.cells(width).locate(x, y, self.rows.len())
    }

    fn whole(&self) -> String {
        format!("{}, by episode.", counted(self.rows.len(), "session", "sessions"))
    }

    fn says(&self, at: usize) -> String {
        let Some(row) = self.rows.get(at) else { return String::new() };
        let costs = row.digest.costs();
        format!("{} \u{b7} {} \u{b7} {} of {}", row.title(), row.state(), money(costs.total), money(costs.budget))
    }

    fn session(&self, at: usize) -> Option<String> {
        Some(self.rows.get(at)?.id.clone())
    }

    fn table(&self) -> Table {
        Table::Sessions(self.rows.clone())
    }

    fn keys(&self) -> Vec<Key> {
        let there = STATES.into_iter().zip(self.counts).filter(|(_, count)| *count > 0);
        let key = |(name, count): (&'static str, usize)| {
            let state = State::ALL.into_iter().find(|state| state.name() == name);
            let glyph = state.map_or(Glyph::Warning, Glyph::of_state);
            let href = Route::sessions_where("state", &name.to_lowercase());
            Key { link: Some((href, glyph, count)), ..Key::new("", name, name) }
        };
        there.map(key).collect()
    }
}
