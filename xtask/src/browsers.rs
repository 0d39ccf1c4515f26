//! The browsers that the tests drive: found on PATH or in the usual places, or installed from
//! Debian's packages.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Failure, Outcome, paths, process};

/// Paths of the browsers' programs.
pub(crate) struct Browsers {
    chromium: PathBuf,
    firefox: PathBuf,
}

/// A program that the tests need and cargo cannot install.
#[derive(Clone, Copy)]
struct Program {
    /// Name in messages.
    title: &'static str,
    /// Names to look for on PATH.
    names: &'static [&'static str],
    /// Usual paths outside of PATH.
    usual_paths: &'static [&'static str],
}

const CHROMIUM: Program = Program {
    title: "Chromium or Chrome",
    names: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"],
    usual_paths: &[
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ],
};

const FIREFOX: Program = Program {
    title: "Firefox",
    names: &["firefox-esr", "firefox"],
    usual_paths: &["/Applications/Firefox.app/Contents/MacOS/firefox", r"C:\Program Files\Mozilla Firefox\firefox.exe"],
};

const CHROMEDRIVER: Program = Program {
    title: "the chromedriver of Chromium's release",
    names: &["chromedriver"],
    usual_paths: &["/usr/lib/chromium/chromedriver"],
};

/// Debian's packages for the three programs.
const PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "firefox-esr"];

impl Browsers {
    /// Finds the browsers. As root on Debian, installs missing ones.
    pub(crate) fn ensure() -> Outcome<Self> {
        let [chromium, firefox] = ensure([CHROMIUM, FIREFOX])?;
        Ok(Self { chromium, firefox })
    }

    /// Passes the browsers' paths to a test run, in its environment.
    pub(crate) fn set_env(&self, command: &mut Command) {
        command.env("CALLBOARD_CHROMIUM", &self.chromium).env("CALLBOARD_FIREFOX", &self.firefox);
        if is_root() {
            command.env("CALLBOARD_NO_SANDBOX", "1");
        }
    }
}

/// Chromium and chromedriver, through which wasm-bindgen-test-runner drives it.
pub(crate) struct Driver {
    chromium: PathBuf,
    chromedriver: PathBuf,
}

impl Driver {
    /// Finds Chromium and its driver. As root on Debian, installs missing ones.
    pub(crate) fn ensure() -> Outcome<Self> {
        let [chromium, chromedriver] = ensure([CHROMIUM, CHROMEDRIVER])?;
        Ok(Self { chromium, chromedriver })
    }

    /// Configures wasm-bindgen-test-runner to run its tests in this Chromium.
    pub(crate) fn set_env(&self, command: &mut Command) -> Outcome<()> {
        command
            .env("CHROMEDRIVER", &self.chromedriver)
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", self.webdriver_json()?)
            // On a busy machine, the browser starts slower than the runner's default allows.
            .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "30")
            .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
            // The runner would prefer a geckodriver that is set for other work.
            .env_remove("GECKODRIVER")
            // A backtrace of the runner says nothing about the failed test.
            .env_remove("RUST_BACKTRACE");
        Ok(())
    }

    /// Writes the runner's configuration of the browser, and returns the file. The runner itself adds
    /// `headless` and `no-sandbox`, without which root cannot start Chromium.
    fn webdriver_json(&self) -> Outcome<PathBuf> {
        let quiet = [
            "disable-gpu",
            "disable-quic",
            "no-first-run",
            "disable-background-networking",
            "disable-component-update",
            "disable-sync",
        ];
        let args = quiet.map(|arg| format!("\"{arg}\"")).join(", ");
        // Only backslashes in a program's path need escaping in JSON.
        let binary = self.chromium.to_string_lossy().replace('\\', "\\\\");
        let json = format!(
            "{{\n  \"goog:chromeOptions\": {{\n    \"binary\": \"{binary}\",\n    \"args\": [{args}]\n  }}\n}}\n"
        );
        let file = paths::target()?.join("webdriver.json");
        paths::write(&file, &json)?;
        Ok(file)
    }
}

impl Program {
    fn find(&self) -> Option<PathBuf> {
        let on_path = self.names.iter().find_map(|name| paths::on_path(name));
        let mut usual_paths = self.usual_paths.iter().map(PathBuf::from);
        on_path.or_else(|| usual_paths.find(|path| path.is_file()))
    }
}

/// Finds these programs. As root on Debian, installs missing ones.
fn ensure(programs: [Program; 2]) -> Outcome<[PathBuf; 2]> {
    let _lock = paths::lock_installs()?;
    let find = || -> Option<[PathBuf; 2]> {
        let [first, second] = &programs;
        Some([first.find()?, second.find()?])
    };
    if let Some(found) = find() {
        return Ok(found);
    }
    if is_root() && is_debian() {
        install()?;
    }
    find().ok_or_else(|| Failure::new(missing(&programs)))
}

fn missing(programs: &[Program]) -> String {
    let missing = programs.iter().filter(|programs| programs.find().is_none());
    let titles: Vec<&str> = missing.map(|programs| programs.title).collect();
    let how = if is_debian() { format!(" (as root: apt-get install {})", PACKAGES.join(" ")) } else { String::new() };
    format!(
        "These tests need {}, which is neither on PATH nor in the usual places. Install it{how}.",
        titles.join(" and ")
    )
}

fn install() -> Outcome<()> {
    let root = Path::new("/");
    process::step("install Chromium and Firefox from Debian (once)", || {
        let apt = || {
            let mut command = process::command("apt-get", root);
            command.env("DEBIAN_FRONTEND", "noninteractive");
            command
        };
        process::run("apt-get update", apt().args(["--quiet", "update"]))?;
        process::run(
            "apt-get install",
            apt().args(["--quiet", "--yes", "install", "--no-install-recommends"]).args(PACKAGES),
        )
    })
}

fn is_debian() -> bool {
    std::fs::read_to_string("/etc/os-release").is_ok_and(|text| text.lines().any(|line| line == "ID=debian"))
}

/// True for root, which may install packages and cannot use Chromium's sandbox.
fn is_root() -> bool {
    cfg!(unix) && process::read(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}
