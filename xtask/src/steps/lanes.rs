//! Running steps side by side, each in a process of its own, with the output of one after that of another.

use std::process::Command;
use std::sync::{Mutex, PoisonError};

use super::suite::{Lane, Options, Step};
use crate::count::{self, Count};
use crate::process::{self, Stream};
use crate::{Failure, Outcome};

/// A step that has run.
pub(crate) struct Done {
    pub(crate) step: &'static Step,
    pub(crate) count: Count,
    /// Its duration, for people.
    pub(crate) time: String,
}

impl Done {
    /// The line that ends the output of a step.
    pub(crate) fn line(&self) -> String {
        format!("    {}: {} ({})", self.step.name, self.count, self.time)
    }

    /// Reads that line from the output of the process that ran the step.
    fn read(step: &'static Step, output: &str) -> Option<Self> {
        let prefix = format!("    {}: ", step.name);
        let mut lines = output.lines().rev().filter_map(|line| line.strip_prefix(&prefix));
        lines.find_map(|line| {
            let (count, time) = line.strip_suffix(')')?.rsplit_once(" (")?;
            Some(Self { step, count: count::displayed(count)?, time: time.to_owned() })
        })
    }
}

/// Runs these steps, those of one lane one after another and the lanes side by side, and returns them in order.
pub(crate) fn run(steps: &[&'static Step], options: &Options) -> Outcome<Vec<Done>> {
    let program = std::env::current_exe().map_err(Failure::io("find this program"))?;
    let board = Mutex::new(Board::new(steps.len(), process::print as Print));
    let board = |change: &dyn Fn(&mut Board<Print>)| {
        change(&mut board.lock().unwrap_or_else(PoisonError::into_inner));
    };
    let run_one = |i: usize, step: &'static Step| -> Outcome<Done> {
        let mut command = Command::new(&program);
        command.args(["test-step", step.name, &format!("[{}/{}]", i + 1, steps.len())]).args(options.flags());
        if process::colours() {
            command.env(process::TO_TERMINAL, "1");
        }
        let ran = process::tee_to(&mut command, |stream, line| board(&|board| board.line(i, stream, line)));
        board(&|board| board.end(i));
        let ran = ran?;
        // A step that stopped before it said its count is one failure, and so is one that ended badly without one.
        let mut done =
            Done::read(step, &ran.output).unwrap_or(Done { step, count: Count::FAILED, time: "stopped".to_owned() });
        if !ran.success && done.count.failed == 0 {
            done.count += Count::FAILED;
        }
        Ok(done)
    };
    let numbered = || steps.iter().copied().enumerate();
    let mut done = std::thread::scope(|scope| {
        let lanes = Lane::ALL.map(|lane| {
            let of_lane = numbered().filter(move |(_, step)| step.lane == lane);
            scope.spawn(|| of_lane.map(|(i, step)| Ok((i, run_one(i, step)?))).collect::<Outcome<Vec<_>>>())
        });
        let mut done = Vec::new();
        for lane in lanes {
            done.extend(lane.join().map_err(|_| Failure::new("A lane of steps stopped."))??);
        }
        Ok(done)
    })?;
    done.sort_by_key(|(i, _)| *i);
    Ok(done.into_iter().map(|(_, done)| done).collect())
}

/// Writes a line of output.
type Print = fn(Stream, &[u8]);

/// The output of several steps that run at once: that of the first which has not ended is shown as it comes, that of
/// those after it is held until it is their turn.
struct Board<P> {
    shown: usize,
    held: Vec<Held>,
    print: P,
}

#[derive(Default)]
struct Held {
    lines: Vec<(Stream, Vec<u8>)>,
    ended: bool,
}

impl<P: FnMut(Stream, &[u8])> Board<P> {
    fn new(steps: usize, print: P) -> Self {
        Self { shown: 0, held: std::iter::repeat_with(Held::default).take(steps).collect(), print }
    }

    /// Takes a line that a step has written.
    fn line(&mut self, step: usize, stream: Stream, line: &[u8]) {
        if step == self.shown {
            (self.print)(stream, line);
        } else if let Some(held) = self.held.get_mut(step) {
            held.lines.push((stream, line.to_vec()));
        }
    }

    /// Takes notice that a step has ended.
    fn end(&mut self, step: usize) {
        if let Some(held) = self.held.get_mut(step) {
            held.ended = true;
        }
        while self.held.get(self.shown).is_some_and(|held| held.ended) {
            self.shown += 1;
            let next = self.held.get_mut(self.shown).map(|held| std::mem::take(&mut held.lines));
            for (stream, line) in next.into_iter().flatten() {
                (self.print)(stream, &line);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::suite::STEPS;
    use super::*;

    #[test]
    fn outputs_that_come_at_once_are_shown_one_after_another() {
        let mut shown = Vec::new();
        let mut board = Board::new(3, |_, line: &[u8]| shown.push(String::from_utf8_lossy(line).into_owned()));
        board.line(1, Stream::Out, b"b1");
        board.line(0, Stream::Out, b"a1");
        board.line(2, Stream::Err, b"c1");
        board.end(2);
        board.line(0, Stream::Out, b"a2");
        board.end(0);
        board.line(1, Stream::Out, b"b2");
        board.end(1);
        assert_eq!(shown, ["a1", "a2", "b1", "b2", "c1"]);
    }

    #[test]
    fn a_step_is_read_from_the_line_that_ends_it() {
        let step = &STEPS[0];
        let done = Done { step, count: Count { passed: 3, failed: 1, skipped: 0 }, time: "1 min 02 s".to_owned() };
        let output = format!("    {}: not this\n{}\nand an error\n", step.name, done.line());
        let read = Done::read(step, &output);
        assert_eq!(read.map(|d| (d.count, d.time)), Some((done.count, done.time)));
        assert!(Done::read(step, "    other: 1 passed, 0 failed, 0 skipped (1 s)").is_none());
    }
}
