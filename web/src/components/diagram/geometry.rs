//! Geometry of the state diagram. Pure.
use callboard_core::State;

/// Size of the drawing.
pub const SIZE: (f64, f64) = (1_000.0, 270.0);
/// Size of a pipeline state.
pub const NODE: (f64, f64) = (136.0, 36.0);
/// Distance between pipeline states.
const STEP: f64 = 168.0;
const LEFT: f64 = 14.0;
const TOP: f64 = 74.0;
/// Distance of a count's centre from a vertical line.
const BESIDE: f64 = 15.0;

/// A rectangle: left, top, width, height.
pub type Rect = (f64, f64, f64, f64);

/// Returns the rectangle of a state.
pub fn rect(state: State) -> Rect {
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
    // FAILED and RETRY span all four stages: each can fail and be retried.
    let wide = (column(1), STEP * 3.0 + NODE.0);
    match row.iter().position(|known| *known == state) {
        Some(at) => (column(at), TOP, NODE.0, NODE.1),
        None if state == State::Failed => (wide.0, TOP + 76.0, wide.1, 32.0),
        None => (wide.0, TOP + 152.0, wide.1, 32.0),
    }
}

/// Returns the SVG path between two states and the position of its label.
pub fn path(from: State, to: State) -> (String, (f64, f64)) {
    let (a, b) = (rect(from), rect(to));
    let (middle, bottom) = (|rect: Rect| rect.0 + rect.2 / 2.0, |rect: Rect| rect.1 + rect.3);
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
            // Passes below FAILED, which is drawn above it.
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
    fn states_are_inside_the_drawing_and_do_not_overlap() {
        for (at, one) in State::MACHINE.into_iter().enumerate() {
            let (x, y, width, height) = rect(one);
            assert!(x >= 0.0 && y >= 0.0 && x + width <= SIZE.0 && y + height <= SIZE.1, "{one}");
            for other in State::MACHINE.into_iter().skip(at + 1) {
                let (left, top, wide, high) = rect(other);
                let apart = x + width < left || left + wide < x || y + height < top || top + high < y;
                assert!(apart, "{one} and {other}");
            }
        }
    }
}
