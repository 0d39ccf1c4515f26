//! The interface of a chart: its shapes, its cursor, its table. Pure; one component renders all charts.
use super::pen::Pen;
use crate::components::icon::Glyph;
use crate::store::session_rows::SessionRows;
use std::fmt::Debug;
use std::sync::Arc;

/// A shape of a chart.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A path: class, state for the colour, path data.
    Path(&'static str, Option<String>, String),
    /// A text: class, anchor, position, text.
    Text(&'static str, Anchor, (f64, f64), String),
}

/// The part of a text that is placed at its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The beginning.
    Start,
    /// The middle.
    Middle,
    /// The end.
    End,
}

impl Anchor {
    /// Returns its name in SVG.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// The shapes of a chart, from back to front.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shapes(pub Vec<Shape>);

impl Shapes {
    /// Adds a path, unless it is empty.
    pub fn path(&mut self, class: &'static str, pen: Pen) {
        self.state(class, "", pen);
    }

    /// Adds a path in the colour of a state, unless it is empty.
    pub fn state(&mut self, class: &'static str, state: &str, pen: Pen) {
        let data = pen.data();
        if !data.is_empty() {
            let state = (!state.is_empty()).then(|| state.to_lowercase());
            self.0.push(Shape::Path(class, state, data));
        }
    }

    /// Adds a text.
    pub fn text(&mut self, class: &'static str, anchor: Anchor, place: (f64, f64), text: impl Into<String>) {
        self.0.push(Shape::Text(class, anchor, place, text.into()));
    }
}

/// The data of a chart as a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Table {
    /// Numbers in columns.
    Figures {
        /// The headings.
        head: Vec<&'static str>,
        /// The rows of cells; the first cell names the row.
        rows: Vec<Vec<String>>,
    },
    /// One session per row.
    Sessions(SessionRows),
}

/// An entry of a chart's legend.
#[derive(Clone, Debug, PartialEq)]
pub struct LegendEntry {
    /// The class of the mark.
    pub mark: &'static str,
    /// The states for the colours, one mark each; a neutral mark if empty.
    pub states: Vec<String>,
    /// The label.
    pub words: &'static str,
    /// A link to the sessions of this entry, with their icon and number.
    pub link: Option<(String, Glyph, usize)>,
}

impl LegendEntry {
    /// Creates an entry without a link.
    pub fn new(mark: &'static str, state: &str, words: &'static str) -> Self {
        let states = Some(state.to_lowercase()).filter(|state| !state.is_empty());
        Self { mark, states: states.into_iter().collect(), words, link: None }
    }
}

/// A chart. Widths and positions are in pixels.
pub trait ChartSource: Debug + Send + Sync {
    /// Returns the message for a chart without data.
    fn empty(&self) -> Option<&'static str>;
    /// Returns the number of marks that the cursor can select.
    fn count(&self) -> usize;
    /// Returns the number of marks by which the cursor moves up and down.
    fn columns(&self, _width: f64) -> usize {
        1
    }
    /// Returns the height.
    fn height(&self, width: f64) -> f64;
    /// Returns the shapes.
    fn draw(&self, width: f64) -> Shapes;
    /// Returns the shapes that highlight a mark.
    fn cursor(&self, at: usize, width: f64) -> Shapes;
    /// Returns the mark at a position.
    fn locate(&self, place: (f64, f64), width: f64) -> Option<usize>;
    /// Returns a sentence about the whole chart.
    fn summary(&self) -> String;
    /// Returns a sentence about a mark.
    fn describe(&self, at: usize) -> String;
    /// Returns the address of a mark's session, if it represents a single one.
    fn href(&self, _at: usize) -> Option<String> {
        None
    }
    /// Returns the data as a table. If marks are sessions, the rows have the same order.
    fn table(&self) -> Table;
    /// Returns the legend.
    fn legend(&self) -> Vec<LegendEntry>;
}

/// A shared chart, compared by identity.
#[derive(Clone, Debug)]
pub struct SharedChart(pub Arc<dyn ChartSource>);

impl SharedChart {
    /// Shares a chart.
    pub fn new(chart: impl ChartSource + 'static) -> Self {
        Self(Arc::new(chart))
    }
}

impl PartialEq for SharedChart {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
