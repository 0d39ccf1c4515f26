//! Running other programs: with their output passed on, read, or both, and with a sign of life
//! on the long ones.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crate::{Failure, Outcome};

/// How long a step is silent about itself before it says that it is still at it.
const SIGN_OF_LIFE: Duration = Duration::from_secs(30);

/// What a program did whose output was read while it was passed on.
pub(crate) struct Ran {
    pub(crate) success: bool,
    /// Standard output and standard error, without colours.
    pub(crate) output: String,
}

/// A command in this folder, colouring its output as if it wrote to our terminal itself.
pub(crate) fn command(program: impl AsRef<OsStr>, dir: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(dir);
    if colours() {
        command.env("CARGO_TERM_COLOR", "always");
        command.env("FORCE_COLOR", "1");
    }
    command
}

/// Set for a step whose output is passed on to a terminal by another xtask.
pub(crate) const TO_TERMINAL: &str = "CLICOLOR_FORCE";

/// Whether to write colours: on a terminal, unless NO_COLOR asks not to.
pub(crate) fn colours() -> bool {
    let seen = std::io::stdout().is_terminal() || std::env::var_os(TO_TERMINAL).is_some();
    seen && std::env::var_os("NO_COLOR").is_none()
}

/// Runs a command with its output passed on; a failing one is an error.
pub(crate) fn run(what: &str, command: &mut Command) -> Outcome<()> {
    flush();
    let status = command.status().map_err(|e| cannot_start(command, &e))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("{what} failed ({status}); what it said is above.")))
}

/// Runs a command with its output passed on; true if it succeeds.
pub(crate) fn succeeds(command: &mut Command) -> Outcome<bool> {
    flush();
    command.status().map(|status| status.success()).map_err(|e| cannot_start(command, &e))
}

/// Runs a command quietly and returns its standard output, or nothing when it fails.
pub(crate) fn read(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Which of a program's two outputs a line is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Out,
    Err,
}

/// Runs a command, passing its output on line by line while keeping a copy of it.
pub(crate) fn tee(command: &mut Command) -> Outcome<Ran> {
    tee_to(command, print)
}

/// Runs a command, giving each line of its output to `pass_on` while keeping a copy of it.
pub(crate) fn tee_to(command: &mut Command, pass_on: impl Fn(Stream, &[u8]) + Sync) -> Outcome<Ran> {
    flush();
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(|e| cannot_start(command, &e))?;
    let stdout = child.stdout.take();
    let stderr = child.stderr.take();
    let (out, err) = std::thread::scope(|scope| {
        let out = scope.spawn(|| stdout.map(|pipe| copy(pipe, |line| pass_on(Stream::Out, line))));
        let err = scope.spawn(|| stderr.map(|pipe| copy(pipe, |line| pass_on(Stream::Err, line))));
        (out.join(), err.join())
    });
    let status = child.wait().map_err(Failure::io("wait for a program to end"))?;
    let mut output = String::new();
    for text in [out, err].into_iter().flatten().flatten() {
        output.push_str(&text);
        output.push('\n');
    }
    Ok(Ran { success: status.success(), output: without_colours(&output) })
}

/// Runs something long under a headline, saying every half minute that it still runs, and at
/// the end how long it took.
pub(crate) fn step<T>(headline: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    println!("{} {headline}", bold("==>"));
    flush();
    let started = Instant::now();
    let (done, wait) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while let Err(RecvTimeoutError::Timeout) = wait.recv_timeout(SIGN_OF_LIFE) {
                println!("    … {headline}: {}", elapsed(started));
                flush();
            }
        });
        let outcome = work();
        drop(done);
        let end = if outcome.is_ok() { "done" } else { "failed" };
        println!("    {end}: {headline} ({})", elapsed(started));
        flush();
        outcome
    })
}

/// The time since, for people.
pub(crate) fn elapsed(since: Instant) -> String {
    for_people(since.elapsed())
}

/// A duration, for people.
pub(crate) fn for_people(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f32())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

/// Bold on a terminal, plain elsewhere.
pub(crate) fn bold(text: &str) -> String {
    if colours() { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
}

fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    let program = command.get_program().to_string_lossy().into_owned();
    Failure::new(format!("Could not start `{program}`: {error}. Is it installed and on PATH?"))
}

/// So that our own lines keep their place among those of the programs we run.
fn flush() {
    // Nothing can be done about a closed terminal, and nothing is lost but a line on it.
    let _ = std::io::stdout().flush();
}

/// Prints a line where it belongs.
pub(crate) fn print(stream: Stream, line: &[u8]) {
    let mut to: Box<dyn Write> = match stream {
        Stream::Out => Box::new(std::io::stdout()),
        Stream::Err => Box::new(std::io::stderr()),
    };
    // A closed terminal must not stop the run: the copy is what is counted.
    let _ = to.write_all(line);
    let _ = to.flush();
}

fn copy(from: impl Read, pass_on: impl Fn(&[u8])) -> String {
    let mut copy = String::new();
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
        pass_on(&line);
        copy.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
    copy
}

/// Text without the escape sequences that colour it.
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\u{1b}' {
            plain.push(c);
            continue;
        }
        match chars.next() {
            // Parameters, then one letter that ends the sequence.
            Some('[') => chars.by_ref().find(char::is_ascii_alphabetic),
            // The choice of a character set, which terminals' "reset" begins with.
            Some('(') => chars.next(),
            _ => None,
        };
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_taken_out() {
        assert_eq!(without_colours("test result: \u{1b}[32mok\u{1b}(B\u{1b}[m. 3 passed"), "test result: ok. 3 passed");
        assert_eq!(without_colours("\u{1b}[1;32mok\u{1b}[0m."), "ok.");
        assert_eq!(without_colours("plain"), "plain");
    }
}
