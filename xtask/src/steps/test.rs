//! `cargo xtask test`: runs and counts all tests.

use std::time::Instant;

use super::lanes::{self, Report, StepResult};
use super::suite::{Options, QUICK, STEPS, Step};
use crate::count::Count;
use crate::{Failure, Outcome, process, toolchain};

/// Runs the named steps, or all, and continues after a failure. The last line printed is the count.
pub(crate) fn run(args: &[String]) -> Outcome<()> {
    if args.iter().any(|arg| arg == "--list") {
        for step in &STEPS {
            println!("{:12} {}", step.name, step.title);
        }
        return Ok(());
    }
    let (options, names) = Options::read(args);
    let steps = if options.quick && names.is_empty() {
        STEPS.iter().filter(|step| QUICK.contains(&step.name)).collect()
    } else {
        choose(&names)?
    };
    if steps.len() != 1 && !options.args.is_empty() {
        return Err(Failure::new(
            "Arguments after `--` need exactly one named step: \
             `cargo xtask test e2e -- smoke`.",
        ));
    }
    toolchain::ensure()?;

    let done = match steps[..] {
        [step] => vec![run_in_process(step, "[1/1]", &options)],
        _ => lanes::run(&steps, &options)?,
    };

    let mut sum = Count::default();
    println!("\n{}", process::bold("Summary"));
    for StepResult { step, report } in &done {
        let verdict = if report.count.failed == 0 { "ok" } else { "FAILED" };
        println!("  {verdict:6} {:12} {report}", step.name);
        sum += report.count;
    }
    if sum.failed > 0 {
        println!("\nRun the failed steps again:");
        for failed in done.iter().filter(|done| done.report.count.failed > 0) {
            println!("  cargo xtask test {}", failed.step.name);
        }
    }
    println!("\n{sum}");
    if sum.failed == 0 { Ok(()) } else { Err(Failure::Reported) }
}

/// Runs one step, for the process that runs several in parallel. Arguments: its name and number.
pub(crate) fn run_one(args: &[String]) -> Outcome<()> {
    let (options, args) = Options::read(args);
    let step = args.first().and_then(|name| STEPS.iter().find(|step| step.name == name));
    let (Some(step), Some(number)) = (step, args.get(1)) else {
        return Err(Failure::new("`test-step` takes the name of a step and its number."));
    };
    let done = run_in_process(step, number, &options);
    done.report.write(step)?;
    if done.report.count.failed == 0 { Ok(()) } else { Err(Failure::Reported) }
}

/// Runs a step in this process.
fn run_in_process(step: &'static Step, number: &str, options: &Options) -> StepResult {
    println!("\n{}", process::bold(&format!("{number} {}: {}", step.name, step.title)));
    let started = Instant::now();
    let outcome = (step.run)(options);
    if let Err(failure) = &outcome {
        println!("    {failure}");
    }
    // A step that could not run or be counted is one failure.
    let count = outcome.unwrap_or(Count::FAILED);
    let report = Report { count, time: started.elapsed() };
    println!("    {}: {report}", step.name);
    StepResult { step, report }
}

/// Finds the steps of these names. `wasm` selects every step that begins with `wasm-`.
fn choose(names: &[String]) -> Outcome<Vec<&'static Step>> {
    let matches = |step: &Step, name: &str| step.name == name || step.name.starts_with(&format!("{name}-"));
    if let Some(unknown) = names.iter().find(|name| !STEPS.iter().any(|step| matches(step, name))) {
        let known: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        return Err(Failure::new(format!("Unknown step `{unknown}`. The steps are {}.", known.join(", "))));
    }
    Ok(STEPS.iter().filter(|step| names.is_empty() || names.iter().any(|name| matches(step, name))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_chosen_by_name() {
        let check = |names: &[&str], expected: Option<&[&str]>| {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            let chosen = choose(&names).ok();
            let chosen: Option<Vec<&str>> = chosen.map(|steps| steps.iter().map(|step| step.name).collect());
            assert_eq!(chosen.as_deref(), expected, "{names:?}");
        };
        check(&["e2e", "fmt"], Some(&["fmt", "e2e"]));
        check(&["wasm"], Some(&["wasm-web"]));
        check(&["clippy"], Some(&["clippy", "clippy-wasm"]));
        check(&["e2"], None);
    }

    #[test]
    fn arguments_after_two_dashes_are_for_the_runner() {
        let check = |args: &[&str], options: Options, names: &[&str]| {
            let args: Vec<String> = args.iter().map(ToString::to_string).collect();
            let names = names.iter().map(ToString::to_string).collect();
            assert_eq!(Options::read(&args), (options, names), "{args:?}");
        };
        let args = |args: &[&str]| args.iter().map(ToString::to_string).collect();
        check(&["e2e"], Options::default(), &["e2e"]);
        check(&["e2e", "--", "--", "drop"], Options { args: args(&["--", "drop"]), ..Options::default() }, &["e2e"]);
        check(&["quick"], Options { quick: true, ..Options::default() }, &[]);
        check(&["--all-browsers", "e2e"], Options { all_browsers: true, ..Options::default() }, &["e2e"]);
        let for_node = Options { args: args(&["--all-browsers"]), ..Options::default() };
        check(&["--", "--all-browsers"], for_node, &[]);
    }
}
