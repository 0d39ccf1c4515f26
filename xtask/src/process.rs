//! Running other programs, with their output forwarded, captured or both, and progress lines for
//! long ones.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use crate::{Failure, Outcome};

/// Interval between the progress lines of a long step.
const PROGRESS_INTERVAL: Duration = Duration::from_secs(30);

/// The result of a program whose output was captured.
pub(crate) struct Captured {
    pub(crate) success: bool,
    /// Standard output and standard error, without colours.
    pub(crate) output: String,
}

/// A command in this folder. Its output is coloured if ours goes to a terminal.
pub(crate) fn command(program: impl AsRef<OsStr>, dir: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(dir);
    if colours() {
        command.env("CARGO_TERM_COLOR", "always");
        command.env("FORCE_COLOR", "1");
    }
    command
}

/// Environment variable of a step whose output another xtask process forwards to a terminal.
pub(crate) const TO_TERMINAL: &str = "CLICOLOR_FORCE";

/// True if output is coloured: on a terminal, unless NO_COLOR is set.
pub(crate) fn colours() -> bool {
    let seen = std::io::stdout().is_terminal() || std::env::var_os(TO_TERMINAL).is_some();
    seen && std::env::var_os("NO_COLOR").is_none()
}

/// Runs a command with its output forwarded. Failure of the command is an error.
pub(crate) fn run(what: &str, command: &mut Command) -> Outcome<()> {
    flush();
    let status = command.status().map_err(|e| cannot_start(command, &e))?;
    if status.success() {
        return Ok(());
    }
    Err(Failure::new(format!("{what} failed ({status}). See its output above.")))
}

/// Runs a command with its output forwarded; true if it succeeds.
pub(crate) fn succeeds(command: &mut Command) -> Outcome<bool> {
    flush();
    command.status().map(|status| status.success()).map_err(|e| cannot_start(command, &e))
}

/// Runs a command quietly and returns its standard output, or `None` if it fails.
pub(crate) fn read(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A program's output stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Out,
    Err,
}

/// Runs a command, printing and capturing its output.
pub(crate) fn tee(command: &mut Command) -> Outcome<Captured> {
    tee_to(command, print)
}

/// Runs a command, calling `on_line` with each line of its output and capturing it.
pub(crate) fn tee_to(command: &mut Command, on_line: impl Fn(Stream, &[u8]) + Sync) -> Outcome<Captured> {
    flush();
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(|e| cannot_start(command, &e))?;
    let stdout = child.stdout.take();
    let stderr = child.stderr.take();
    let (out, err) = std::thread::scope(|scope| {
        let out = scope.spawn(|| stdout.map(|pipe| copy(pipe, |line| on_line(Stream::Out, line))));
        let err = scope.spawn(|| stderr.map(|pipe| copy(pipe, |line| on_line(Stream::Err, line))));
        (out.join(), err.join())
    });
    let status = child.wait().map_err(Failure::io("wait for a program to end"))?;
    let mut output = String::new();
    for text in [out, err].into_iter().flatten().flatten() {
        output.push_str(&text);
        output.push('\n');
    }
    Ok(Captured { success: status.success(), output: without_colours(&output) })
}

/// Runs long work under a headline, with a progress line every half minute and the duration at the
/// end.
pub(crate) fn step<T>(headline: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    println!("{} {headline}", bold("==>"));
    flush();
    let started = Instant::now();
    let (done, wait) = channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            while let Err(RecvTimeoutError::Timeout) = wait.recv_timeout(PROGRESS_INTERVAL) {
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

/// Formats the time since an instant.
pub(crate) fn elapsed(since: Instant) -> String {
    format_duration(since.elapsed())
}

/// Formats a duration: `1.5 s`, `2 min 05 s`.
pub(crate) fn format_duration(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f32())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

/// Formats text as bold on a terminal.
pub(crate) fn bold(text: &str) -> String {
    if colours() { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
}

fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    let program = command.get_program().to_string_lossy().into_owned();
    Failure::new(format!("Could not start `{program}`: {error}. Is it installed and on PATH?"))
}

/// Flushes standard output, so that our lines keep their order among those of child programs.
fn flush() {
    // On a closed terminal, only a line of output is lost.
    let _ = std::io::stdout().flush();
}

/// Prints a line to this stream.
pub(crate) fn print(stream: Stream, line: &[u8]) {
    let mut to: Box<dyn Write> = match stream {
        Stream::Out => Box::new(std::io::stdout()),
        Stream::Err => Box::new(std::io::stderr()),
    };
    // A closed terminal must not stop the run: results are read from the captured output.
    let _ = to.write_all(line);
    let _ = to.flush();
}

fn copy(from: impl Read, on_line: impl Fn(&[u8])) -> String {
    let mut copy = String::new();
    let mut from = BufReader::new(from);
    let mut line = Vec::new();
    while from.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
        on_line(&line);
        copy.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
    copy
}

/// Removes the escape sequences for colours.
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
            // Selection of a character set, which begins a terminal's "reset".
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
    fn colours_are_removed() {
        assert_eq!(without_colours("test result: \u{1b}[32mok\u{1b}(B\u{1b}[m. 3 passed"), "test result: ok. 3 passed");
        assert_eq!(without_colours("\u{1b}[1;32mok\u{1b}[0m."), "ok.");
        assert_eq!(without_colours("plain"), "plain");
    }
}
