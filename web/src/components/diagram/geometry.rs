//! Where the states of the diagram stand and how the ways between them run. Pure.
use callboard_core::State;

/// How large the drawing is.
pub const SIZE: (f64, f64) = (1_000.0, 270.0);
/// How wide and how high a state of the pipeline is.
pub const NODE: (f64, f64) = (136.0, 36.0);
/// How far the states of the pipeline are apart.
const STEP: f64 = 168.0;
const LEFT: f64 = 14.0;
const TOP: f64 = 74.0;
/// How far a count stands from a line that goes up or down: its middle, so that it touches none.
const BESIDE: f64 = 15.0;

/// A box: left, top, width, height.
pub type Place = (f64, f64, f64, f64);

/// Where a state stands.
pub fn place(state: State) -> Place {
    let row = [
        State::Initialized,
        State::Researching,
        State::Writing,
        State::Evaluating,
        State::Synthesizing,
        State::Complete,
    ];
    #[allow(clippy::cast_precision_loss)]
    let column = |at: usize| LEFT + STEP * at as f64;
    // FAILED and RETRY lie under all four stages: each can fail, and each is tried again.
    let wide = (column(1), STEP * 3.0 + NODE.0);
    match row.iter().position(|known| *known == state) {
        Some(at) => (column(at), TOP, NODE.0, NODE.1),
        None if state == State::Failed => (wide.0, TOP + 76.0, wide.1, 32.0),
        None => (wide.0, TOP + 152.0, wide.1, 32.0),
    }
}

/// The line from a state to a state as an SVG path, and where its words stand.
pub fn path(from: State, to: State) -> (String, (f64, f64)) {
    let (a, b) = (place(from), place(to));
    let (middle, bottom) = (|place: Place| place.0 + place.2 / 2.0, |place: Place| place.1 + place.3);
    match (from, to) {
        _ if from == to => {
            let x = middle(a) - 34.0;
            (format!("M{x} {y} c-4 -22 28 -22 24 -2", y = a.1), (x + 12.0, a.1 - 20.0))
        }
        (State::Failed, State::Retry) => {
            let x = middle(a);
            (format!("M{x} {} V{}", bottom(a), b.1 - 2.0), (x + BESIDE, f64::midpoint(bottom(a), b.1) + 4.0))
        }
        (_, State::Failed) => {
            let x = middle(a) - 26.0;
            (format!("M{x} {} V{}", bottom(a), b.1 - 2.0), (x - BESIDE, bottom(a) + 24.0))
        }
        (State::Retry, _) => {
            let x = middle(b) + 26.0;
            // Under FAILED, which is drawn over it.
            (format!("M{x} {} V{}", a.1, bottom(b) + 2.0), (x + BESIDE, bottom(b) + 24.0))
        }
        _ if b.0 < a.0 => {
            let (start, end) = (middle(a) + 22.0, middle(b) + 34.0);
            let high = if a.0 - b.0 > STEP * 1.5 { 16.0 } else { 36.0 };
            let path = format!(
                "M{start} {y} C{start} {high} {start} {high} {} {high} H{} C{end} {high} {end} {high} {end} {}",
                start - 30.0,
                end + 30.0,
                a.1 - 2.0,
                y = a.1,
            );
            (path, (f64::midpoint(start, end), high - 4.0))
        }
        _ => {
            let y = a.1 + a.3 / 2.0;
            (format!("M{} {y} H{}", a.0 + a.2, b.0 - 2.0), (f64::midpoint(a.0 + a.2, b.0), y - 6.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_on_the_drawing_and_none_on_another() {
        for (at, one) in State::MACHINE.into_iter().enumerate() {
            let (x, y, width, height) = place(one);
            assert!(x >= 0.0 && y >= 0.0 && x + width <= SIZE.0 && y + height <= SIZE.1, "{one}");
            for other in State::MACHINE.into_iter().skip(at + 1) {
                let (left, top, wide, high) = place(other);
                let apart = x + width < left || left + wide < x || y + height < top || top + high < y;
                assert!(apart, "{one} and {other}");
            }
        }
    }
}
