//! Running steps side by side, each in a process of its own, with the output of one after that of another.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::suite::{Options, Step};
use crate::count::Count;
use crate::process::{self, Stream};
use crate::{Failure, Outcome, paths};

/// A step that has run.
pub(crate) struct Done {
    pub(crate) step: &'static Step,
    pub(crate) report: Report,
}

/// The result of a step, which the process that ran it leaves in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) count: Count,
    pub(crate) time: Duration,
}

impl Report {
    /// A step that stopped before it had a result.
    const STOPPED: Self = Self { count: Count::FAILED, time: Duration::ZERO };

    fn file(step: &Step) -> Outcome<PathBuf> {
        Ok(paths::target()?.join("steps").join(format!("{}.json", step.name)))
    }

    /// Leaves the report for the process that runs the steps.
    pub(crate) fn keep(self, step: &Step) -> Outcome<()> {
        let text = serde_json::to_string(&self).map_err(|error| Failure::new(error.to_string()))?;
        paths::write(&Self::file(step)?, &text)
    }

    fn read(step: &Step) -> Option<Self> {
        serde_json::from_str(&paths::read(&Self::file(step).ok()?).ok()?).ok()
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.count, process::for_people(self.time))
    }
}

/// Steps that run at the same time. Three would leave too little of two cores to each.
const LANES: usize = 2;

/// Runs these steps side by side, and returns them in order.
pub(crate) fn run(steps: &[&'static Step], options: &Options) -> Outcome<Vec<Done>> {
    let program = std::env::current_exe().map_err(Failure::io("find this program"))?;
    let board = Mutex::new(Board::new(steps.len(), process::print as Print));
    let board = |change: &dyn Fn(&mut Board<Print>)| {
        change(&mut board.lock().unwrap_or_else(PoisonError::into_inner));
    };
    let run_one = |i: usize, step: &'static Step| -> Outcome<Done> {
        paths::remove_file(&Report::file(step)?)?;
        let mut command = Command::new(&program);
        command.args(["test-step", step.name, &format!("[{}/{}]", i + 1, steps.len())]).args(options.flags());
        if process::colours() {
            command.env(process::TO_TERMINAL, "1");
        }
        let ran = process::tee_to(&mut command, |stream, line| board(&|board| board.line(i, stream, line)));
        board(&|board| board.end(i));
        let ran = ran?;
        // A step that stopped before it reported is one failure, and so is one that ended badly without one.
        let mut report = Report::read(step).unwrap_or(Report::STOPPED);
        if !ran.success && report.count.failed == 0 {
            report.count += Count::FAILED;
        }
        Ok(Done { step, report })
    };
    let queue = Mutex::new(Queue::new(steps.iter().map(|step| step.builds_debug).collect()));
    let queue = || queue.lock().unwrap_or_else(PoisonError::into_inner);
    let lane = || -> Outcome<Vec<(usize, Done)>> {
        let mut done = Vec::new();
        loop {
            let next = queue().next();
            let Some((i, step)) = next.and_then(|i| Some((i, *steps.get(i)?))) else { return Ok(done) };
            let ran = run_one(i, step);
            queue().end(i);
            done.push((i, ran?));
        }
    };
    let mut done = std::thread::scope(|scope| {
        let lanes = [(); LANES].map(|()| scope.spawn(lane));
        let mut done = Vec::new();
        for lane in lanes {
            done.extend(lane.join().map_err(|_| Failure::new("A lane of steps stopped."))??);
        }
        Ok(done)
    })?;
    done.sort_by_key(|(i, _)| *i);
    Ok(done.into_iter().map(|(_, done)| done).collect())
}

/// The steps that have not begun. A step that builds in the debug folder waits while another does.
struct Queue {
    /// For each step, whether it builds in the debug folder.
    builds_debug: Vec<bool>,
    begun: Vec<bool>,
    debug_is_taken: bool,
}

impl Queue {
    fn new(builds_debug: Vec<bool>) -> Self {
        Self { begun: vec![false; builds_debug.len()], builds_debug, debug_is_taken: false }
    }

    /// Takes the first step that may begin. Where there is none, those left are for the lane that has the debug folder.
    fn next(&mut self) -> Option<usize> {
        let mut all = self.begun.iter().zip(&self.builds_debug);
        let next = all.position(|(begun, builds_debug)| {
            let waits = *builds_debug && self.debug_is_taken;
            !*begun && !waits
        })?;
        *self.begun.get_mut(next)? = true;
        self.debug_is_taken |= *self.builds_debug.get(next)?;
        Some(next)
    }

    /// Takes notice that a step has ended.
    fn end(&mut self, step: usize) {
        if self.builds_debug.get(step) == Some(&true) {
            self.debug_is_taken = false;
        }
    }
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
    fn one_step_at_a_time_builds_in_the_debug_folder() {
        let mut queue = Queue::new(vec![true, true, false, true, false]);
        assert_eq!([queue.next(), queue.next()], [Some(0), Some(2)]);
        queue.end(0);
        assert_eq!(queue.next(), Some(1));
        queue.end(2);
        assert_eq!(queue.next(), Some(4));
        queue.end(4);
        // The lane of step 1 takes step 3 after it.
        assert_eq!(queue.next(), None);
        queue.end(1);
        assert_eq!([queue.next(), queue.next()], [Some(3), None]);
    }

    #[test]
    fn a_report_survives_its_file() {
        let count = Count { passed: 3, failed: 1, skipped: 0 };
        let report = Report { count, time: Duration::from_millis(62_500) };
        assert_eq!(serde_json::from_str::<Report>(&serde_json::to_string(&report).unwrap()).unwrap(), report);
        assert_eq!(report.to_string(), "3 passed, 1 failed, 0 skipped (1 min 02 s)");
    }
}
