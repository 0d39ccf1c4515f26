//! What a chart is: shapes worked out from figures, and a cursor over its marks. Pure: nothing here knows
//! the page, and one component shows them all.
use super::pen::Pen;
use crate::components::icon::Glyph;
use crate::figures::Rows;
use std::fmt::Debug;

/// Something drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A path: its class, the state whose colour it wears, its data.
    Path(&'static str, Option<String>, String),
    /// A text: its class, where it stands, what it says.
    Text(&'static str, Anchor, (f64, f64), String),
}

/// Which end of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its first letter.
    Start,
    /// Its middle.
    Middle,
    /// Its last letter.
    End,
}

impl Anchor {
    /// As SVG names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// The shapes of a drawing, in the order in which they lie on one another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shapes(pub Vec<Shape>);

impl Shapes {
    /// What a pen has drawn; nothing where it has drawn nothing.
    pub fn path(&mut self, class: &'static str, pen: Pen) {
        self.state(class, "", pen);
    }

    /// As [`Shapes::path`], in the colour of a state.
    pub fn state(&mut self, class: &'static str, state: &str, pen: Pen) {
        let data = pen.data();
        if !data.is_empty() {
            let state = (!state.is_empty()).then(|| state.to_lowercase());
            self.0.push(Shape::Path(class, state, data));
        }
    }

    /// A text.
    pub fn text(&mut self, class: &'static str, anchor: Anchor, place: (f64, f64), text: impl Into<String>) {
        self.0.push(Shape::Text(class, anchor, place, text.into()));
    }
}

/// A chart's table.
#[derive(Clone, Debug, PartialEq)]
pub enum Table {
    /// Figures in columns.
    Figures {
        /// The columns' names.
        head: Vec<&'static str>,
        /// The cells, row by row, the first cell naming the row.
        rows: Vec<Vec<String>>,
    },
    /// One session a row, of however many there are.
    Sessions(Rows),
}

/// What a colour or a mark means.
#[derive(Clone, Debug, PartialEq)]
pub struct Key {
    /// The class of its mark.
    pub mark: &'static str,
    /// The state whose colour it wears; empty for none.
    pub state: String,
    /// What it means.
    pub words: &'static str,
    /// Where the sessions are that it stands for, with their icon and how many they are.
    pub link: Option<(String, Glyph, usize)>,
}

impl Key {
    /// A mark with its meaning.
    pub fn new(mark: &'static str, state: &str, words: &'static str) -> Self {
        Self { mark, state: state.to_lowercase(), words, link: None }
    }
}

/// A chart of figures. Widths and places are in pixels.
pub trait Drawing: Debug + Send + Sync {
    /// Why there is nothing to draw, where it is so.
    fn empty(&self) -> Option<&'static str>;
    /// How many marks the cursor can be at.
    fn count(&self) -> usize;
    /// How many marks up and down go.
    fn columns(&self, _width: f64) -> usize {
        1
    }
    /// How high it is.
    fn height(&self, width: f64) -> f64;
    /// What is drawn.
    fn draw(&self, width: f64) -> Shapes;
    /// What shows where the cursor is.
    fn cursor(&self, at: usize, width: f64) -> Shapes;
    /// The mark at a place.
    fn locate(&self, place: (f64, f64), width: f64) -> Option<usize>;
    /// A sentence about the whole.
    fn whole(&self) -> String;
    /// What stands at a mark.
    fn says(&self, at: usize) -> String;
    /// The session that a mark stands for, if it is one.
    fn session(&self, _at: usize) -> Option<String> {
        None
    }
    /// The same as a table. Where a mark is a session, each has its row, in the same order.
    fn table(&self) -> Table;
    /// What the colours mean.
    fn keys(&self) -> Vec<Key>;
}
