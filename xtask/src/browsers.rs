//! The browsers that the tests drive: stock ones, found where they usually are, or installed
//! from Debian's packages.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Failure, Outcome, paths, process};

/// The programs of the browsers that are there.
pub(crate) struct Browsers {
    chromium: PathBuf,
    firefox: PathBuf,
}

/// A program that the tests need and that cargo cannot install.
#[derive(Clone, Copy)]
struct Wanted {
    /// What to call it to those who are to install it.
    title: &'static str,
    /// What it is called on PATH.
    names: &'static [&'static str],
    /// Where else it usually is.
    elsewhere: &'static [&'static str],
}

const CHROMIUM: Wanted = Wanted {
    title: "Chromium or Chrome",
    names: &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"],
    elsewhere: &[
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ],
};

const FIREFOX: Wanted = Wanted {
    title: "Firefox",
    names: &["firefox-esr", "firefox"],
    elsewhere: &["/Applications/Firefox.app/Contents/MacOS/firefox", r"C:\Program Files\Mozilla Firefox\firefox.exe"],
};

const CHROMEDRIVER: Wanted = Wanted {
    title: "chromedriver of Chromium's release",
    names: &["chromedriver"],
    elsewhere: &["/usr/lib/chromium/chromedriver"],
};

/// Debian's packages for the three.
const PACKAGES: [&str; 3] = ["chromium", "chromium-driver", "firefox-esr"];

impl Browsers {
    /// Finds the browsers, installing them where that is ours to do.
    pub(crate) fn ensure() -> Outcome<Self> {
        let [chromium, firefox] = ensure([CHROMIUM, FIREFOX])?;
        Ok(Self { chromium, firefox })
    }

    /// Tells a test run where the browsers are.
    pub(crate) fn tell(&self, command: &mut Command) {
        command.env("CALLBOARD_CHROMIUM", &self.chromium).env("CALLBOARD_FIREFOX", &self.firefox);
        if is_root() {
            command.env("CALLBOARD_NO_SANDBOX", "1");
        }
    }
}

/// What wasm-bindgen-test-runner drives Chromium through.
pub(crate) struct Driver {
    chromium: PathBuf,
    chromedriver: PathBuf,
}

impl Driver {
    /// Finds Chromium and its driver, installing them where that is ours to do.
    pub(crate) fn ensure() -> Outcome<Self> {
        let [chromium, chromedriver] = ensure([CHROMIUM, CHROMEDRIVER])?;
        Ok(Self { chromium, chromedriver })
    }

    /// Tells wasm-bindgen-test-runner what to run its tests in.
    pub(crate) fn tell(&self, command: &mut Command) -> Outcome<()> {
        command
            .env("CHROMEDRIVER", &self.chromedriver)
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", self.webdriver_json()?)
            // On a busy machine a start takes longer than the runner allows.
            .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "30")
            .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
            // One set for other work would be taken first.
            .env_remove("GECKODRIVER")
            // The runner's own insides say nothing of the test that failed.
            .env_remove("RUST_BACKTRACE");
        Ok(())
    }

    /// Writes what the runner asks of the browser, and returns the file. The runner itself adds
    /// `headless`, and `no-sandbox`, without which root cannot start it.
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
        // Backslashes are the one thing in a program's path that JSON escapes.
        let binary = self.chromium.to_string_lossy().replace('\\', "\\\\");
        let json = format!(
            "{{\n  \"goog:chromeOptions\": {{\n    \"binary\": \"{binary}\",\n    \"args\": [{args}]\n  }}\n}}\n"
        );
        let file = paths::target()?.join("webdriver.json");
        paths::write(&file, &json)?;
        Ok(file)
    }
}

impl Wanted {
    fn find(&self) -> Option<PathBuf> {
        let on_path = self.names.iter().find_map(|name| paths::on_path(name));
        let mut elsewhere = self.elsewhere.iter().map(PathBuf::from);
        on_path.or_else(|| elsewhere.find(|path| path.is_file()))
    }
}

/// Finds these programs, installing them where that is ours to do.
fn ensure(wanted: [Wanted; 2]) -> Outcome<[PathBuf; 2]> {
    let _alone = paths::installing()?;
    let find = || -> Option<[PathBuf; 2]> {
        let [first, second] = &wanted;
        Some([first.find()?, second.find()?])
    };
    if let Some(found) = find() {
        return Ok(found);
    }
    if is_root() && is_debian() {
        install()?;
    }
    find().ok_or_else(|| Failure::new(missing(&wanted)))
}

fn missing(wanted: &[Wanted]) -> String {
    let missing = wanted.iter().filter(|wanted| wanted.find().is_none());
    let titles: Vec<&str> = missing.map(|wanted| wanted.title).collect();
    let how = if is_debian() { format!(" (as root: apt-get install {})", PACKAGES.join(" ")) } else { String::new() };
    format!(
        "These tests need {}, found neither on PATH nor in the usual places: install it{how}.",
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

/// Whether we are root, who may install packages and whose Chromium cannot use its sandbox.
fn is_root() -> bool {
    cfg!(unix) && process::read(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0")
}
