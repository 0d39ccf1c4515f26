//! Running steps in parallel, each in its own process, with their output printed in order.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::suite::{Options, Step};
use crate::count::Count;
use crate::process::{self, Stream};
use crate::{Failure, Outcome, paths};

/// A finished step.
pub(crate) struct StepResult {
    pub(crate) step: &'static Step,
    pub(crate) report: Report,
}

/// The result of a step. The process that runs the step writes it to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) count: Count,
    pub(crate) time: Duration,
}

impl Report {
    /// The report of a step that stopped without a result.
    const STOPPED: Self = Self { count: Count::FAILED, time: Duration::ZERO };

    fn file(step: &Step) -> Outcome<PathBuf> {
        Ok(paths::target()?.join("steps").join(format!("{}.json", step.name)))
    }

    /// Writes the report to a file for the process that runs the steps.
    pub(crate) fn write(self, step: &Step) -> Outcome<()> {
        let text = serde_json::to_string(&self).map_err(|error| Failure::new(error.to_string()))?;
        paths::write(&Self::file(step)?, &text)
    }

    fn read(step: &Step) -> Option<Self> {
        serde_json::from_str(&paths::read(&Self::file(step).ok()?).ok()?).ok()
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.count, process::format_duration(self.time))
    }
}

/// Number of parallel steps. With three, each would have too little of two cores.
const LANES: usize = 2;

/// Runs these steps in parallel, and returns their results in order.
pub(crate) fn run(steps: &[&'static Step], options: &Options) -> Outcome<Vec<StepResult>> {
    let program = std::env::current_exe().map_err(Failure::io("find this program"))?;
    let output = Mutex::new(OrderedOutput::new(steps.len(), process::print as Print));
    let output = |change: &dyn Fn(&mut OrderedOutput<Print>)| {
        change(&mut output.lock().unwrap_or_else(PoisonError::into_inner));
    };
    let run_one = |i: usize, step: &'static Step| -> Outcome<StepResult> {
        paths::remove_file(&Report::file(step)?)?;
        let mut command = Command::new(&program);
        command.args(["test-step", step.name, &format!("[{}/{}]", i + 1, steps.len())]).args(options.flags());
        if process::colours() {
            command.env(process::TO_TERMINAL, "1");
        }
        let ran = process::tee_to(&mut command, |stream, line| output(&|output| output.line(i, stream, line)));
        output(&|output| output.end(i));
        let ran = ran?;
        // A step without a report is one failure, and so is one that exits with an error but reports none.
        let mut report = Report::read(step).unwrap_or(Report::STOPPED);
        if !ran.success && report.count.failed == 0 {
            report.count += Count::FAILED;
        }
        Ok(StepResult { step, report })
    };
    let queue = Mutex::new(Queue::new(steps.iter().map(|step| step.builds_debug).collect()));
    let queue = || queue.lock().unwrap_or_else(PoisonError::into_inner);
    let lane = || -> Outcome<Vec<(usize, StepResult)>> {
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
            done.extend(lane.join().map_err(|_| Failure::new("A thread that runs steps stopped."))??);
        }
        Ok(done)
    })?;
    done.sort_by_key(|(i, _)| *i);
    Ok(done.into_iter().map(|(_, done)| done).collect())
}

/// The queue of steps. Only one step at a time builds in the debug folder.
struct Queue {
    /// For each step, true if it builds in the debug folder.
    builds_debug: Vec<bool>,
    begun: Vec<bool>,
    debug_is_taken: bool,
}

impl Queue {
    fn new(builds_debug: Vec<bool>) -> Self {
        Self { begun: vec![false; builds_debug.len()], builds_debug, debug_is_taken: false }
    }

    /// Takes the first step that may start. Returns `None` if the remaining steps need the debug folder that another lane
    /// uses; that lane runs them.
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

    /// Releases the debug folder if the step used it.
    fn end(&mut self, step: usize) {
        if self.builds_debug.get(step) == Some(&true) {
            self.debug_is_taken = false;
        }
    }
}

/// Writes a line of output.
type Print = fn(Stream, &[u8]);

/// The output of parallel steps, in order: prints the first unfinished step's lines at once, and buffers those of the
/// steps after it.
struct OrderedOutput<P> {
    shown: usize,
    buffered: Vec<Buffered>,
    print: P,
}

#[derive(Default)]
struct Buffered {
    lines: Vec<(Stream, Vec<u8>)>,
    ended: bool,
}

impl<P: FnMut(Stream, &[u8])> OrderedOutput<P> {
    fn new(steps: usize, print: P) -> Self {
        Self { shown: 0, buffered: std::iter::repeat_with(Buffered::default).take(steps).collect(), print }
    }

    /// Prints or buffers a line from a step.
    fn line(&mut self, step: usize, stream: Stream, line: &[u8]) {
        if step == self.shown {
            (self.print)(stream, line);
        } else if let Some(buffered) = self.buffered.get_mut(step) {
            buffered.lines.push((stream, line.to_vec()));
        }
    }

    /// Marks a step as ended, and prints the buffered lines of the next one.
    fn end(&mut self, step: usize) {
        if let Some(buffered) = self.buffered.get_mut(step) {
            buffered.ended = true;
        }
        while self.buffered.get(self.shown).is_some_and(|buffered| buffered.ended) {
            self.shown += 1;
            let next = self.buffered.get_mut(self.shown).map(|buffered| std::mem::take(&mut buffered.lines));
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
    fn parallel_outputs_are_printed_in_order() {
        let mut shown = Vec::new();
        let mut output = OrderedOutput::new(3, |_, line: &[u8]| shown.push(String::from_utf8_lossy(line).into_owned()));
        output.line(1, Stream::Out, b"b1");
        output.line(0, Stream::Out, b"a1");
        output.line(2, Stream::Err, b"c1");
        output.end(2);
        output.line(0, Stream::Out, b"a2");
        output.end(0);
        output.line(1, Stream::Out, b"b2");
        output.end(1);
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
    fn a_report_survives_serialization() {
        let count = Count { passed: 3, failed: 1, skipped: 0 };
        let report = Report { count, time: Duration::from_millis(62_500) };
        assert_eq!(serde_json::from_str::<Report>(&serde_json::to_string(&report).unwrap()).unwrap(), report);
        assert_eq!(report.to_string(), "3 passed, 1 failed, 0 skipped (1 min 02 s)");
    }
}
