//! `cargo xtask serve`: builds the app and serves it on this machine.

use std::process::Command;

use crate::{Failure, Outcome, app, npm, toolchain};

/// The default port.
const PORT: u16 = 8080;

/// Builds the app if it is out of date, then serves it until stopped.
pub(crate) fn run(args: &[String]) -> Outcome<()> {
    let port = port("serve", args)?;
    toolchain::ensure()?;
    let dist = app::build()?;
    npm::ensure()?;
    let mut server = npm::node()?;
    server.arg("tests/e2e/support/serve.mjs").arg(dist).arg(port.to_string());
    exec_server(&mut server)
}

/// Replaces this process by the server, so that ending the command in any way ends the server.
/// On platforms other than Unix, runs the server as a child.
#[cfg(unix)]
pub(super) fn exec_server(server: &mut Command) -> Outcome<()> {
    use std::os::unix::process::CommandExt;
    let error = server.exec();
    Err(Failure::new(format!("Could not start `node`: {error}.")))
}

#[cfg(not(unix))]
pub(super) fn exec_server(server: &mut Command) -> Outcome<()> {
    crate::process::run("The server", server)
}

/// Reads the port from a command's arguments.
pub(super) fn port(command: &str, args: &[String]) -> Outcome<u16> {
    let text = match args {
        [] => return Ok(PORT),
        [flag, port] if flag == "--port" => port.as_str(),
        [arg] => arg.strip_prefix("--port=").unwrap_or_default(),
        _ => "",
    };
    text.parse().map_err(|_| {
        Failure::new(format!(
            "`{command}` takes one option, `--port N` with N from 0 (any free port) to 65535: \
             `cargo xtask {command} --port 9000`.",
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_in_both_forms() {
        let check = |args: &[&str], expected: Option<u16>| {
            let args: Vec<String> = args.iter().map(ToString::to_string).collect();
            assert_eq!(port("serve", &args).ok(), expected, "{args:?}");
        };
        check(&[], Some(8080));
        check(&["--port", "9000"], Some(9000));
        check(&["--port=0"], Some(0));
        check(&["--port", "65536"], None);
        check(&["--port"], None);
        check(&["9000"], None);
        check(&["--port", "1", "2"], None);
    }
}
