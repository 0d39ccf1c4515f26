//! The hook that Trunk calls after it has assembled the bundle (see Trunk.toml).
//!
//! Trunk starts the app from a module script written into the page, which the page's own
//! content security policy (`script-src 'self'`) forbids. The hook moves it into a file.
//!
//! Then it writes the service worker, which lists the bundle's files, and names the bundle's version in both.

use std::path::Path;

use crate::{Failure, Outcome, paths, stamp};

/// The service worker's file name, in `static` and in the bundle.
const WORKER: &str = "service-worker.js";

/// Moves the inline script of the staged page into a file beside it, and writes the service worker.
pub(crate) fn run() -> Outcome<()> {
    let staging = std::env::var_os("TRUNK_STAGING_DIR")
        .ok_or_else(|| Failure::new("TRUNK_STAGING_DIR is not set. Only Trunk calls `trunk-hook`."))?;
    let page = Path::new(&staging).join("index.html");
    let html = paths::read(&page)?;
    let split = externalise(&html).ok_or_else(|| {
        Failure::new(
            "The page that Trunk staged has no inline module script to move into a file. Has \
             Trunk changed how it starts the app? See xtask/src/hook.rs.",
        )
    })?;
    let staging = Path::new(&staging);
    paths::write(&staging.join(&split.name), &split.script)?;
    let bundle = Bundle::of(staging, &split.html)?;
    let html = with_version(&split.html, &bundle.version)
        .ok_or_else(|| Failure::new("The page that Trunk staged has no <head> to name its version in."))?;
    paths::write(&page, &html)?;
    let worker = paths::read(&paths::root()?.join("static").join(WORKER))?;
    let worker = bundle.fill_in(&worker).ok_or_else(|| {
        Failure::new(format!("static/{WORKER} has no line for its version or its files. See xtask/src/hook.rs."))
    })?;
    paths::write(&staging.join(WORKER), &worker)
}

/// The files of a bundle, and a hash of them all.
struct Bundle {
    version: String,
    /// Addresses relative to the page's; the page itself is `./`.
    files: Vec<String>,
}

impl Bundle {
    /// Reads the staged files, with this text as the page.
    fn of(staging: &Path, html: &str) -> Outcome<Self> {
        let mut contents = html.as_bytes().to_vec();
        let mut files = vec!["./".to_owned()];
        let mut found = paths::files_below(staging, &[])?;
        found.sort();
        for path in found {
            let name = path.strip_prefix(staging).unwrap_or(&path).to_string_lossy().replace('\\', "/");
            if name == "index.html" || name == WORKER {
                continue;
            }
            contents.extend(name.as_bytes());
            contents.extend(std::fs::read(&path).map_err(Failure::io(format!("read {}", path.display())))?);
            files.push(format!("./{name}"));
        }
        Ok(Self { version: stamp::content_hash(&contents), files })
    }

    /// Fills in the version and the files of the service worker. Returns `None` if it has no place for them.
    fn fill_in(&self, worker: &str) -> Option<String> {
        let (version, files) = ("const VERSION = \"\";", "const FILES = [];");
        if !worker.contains(version) || !worker.contains(files) {
            return None;
        }
        let list: Vec<String> = self.files.iter().map(|file| format!("  \"{file}\",\n")).collect();
        let filled = worker.replace(version, &format!("const VERSION = \"{}\";", self.version));
        Some(filled.replace(files, &format!("const FILES = [\n{}];", list.concat())))
    }
}

/// Names the version in the head of a page, for comparison with a service worker's. Returns `None` if it has no head.
fn with_version(html: &str, version: &str) -> Option<String> {
    let at = html.find("</head>")?;
    let (head, rest) = html.split_at(at);
    Some(format!("{head}<meta name=\"callboard-version\" content=\"{version}\">\n{rest}"))
}

/// A page without its inline script, and the script as a file.
struct SplitPage {
    html: String,
    name: String,
    script: String,
}

/// Takes the first inline module script out of the page. Returns `None` if there is none.
fn externalise(html: &str) -> Option<SplitPage> {
    let mut from = 0;
    loop {
        let start = from + html.get(from..)?.find("<script")?;
        let tag_end = start + html.get(start..)?.find('>')? + 1;
        let end = tag_end + html.get(tag_end..)?.find("</script>")?;
        let tag = html.get(start..tag_end)?;
        if tag.contains("type=\"module\"") && !tag.contains("src=") {
            let script = html.get(tag_end..end)?.trim().to_owned() + "\n";
            // The name contains a hash of the contents, so a cached script is never stale.
            let name = format!("boot-{}.js", stamp::content_hash(script.as_bytes()));
            let mut page = html.get(..start)?.to_owned();
            // Relative, like all addresses in the bundle, so that it works below any path.
            page += &format!("<script type=\"module\" src=\"./{name}\">");
            page += html.get(end..)?;
            return Some(SplitPage { html: page, name, script });
        }
        from = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inline_module_script_becomes_a_file() {
        let html = "<head><script src=\"a.js\"></script>\
                    <script type=\"module\" src=\"b.js\"></script>\
                    <script type=\"module\" nonce=\"x\">\nimport init from './app.js';\n</script></head>";
        let split = externalise(html).unwrap();
        assert_eq!(split.script, "import init from './app.js';\n");
        assert!(split.name.starts_with("boot-") && split.name.ends_with(".js"));
        assert_eq!(
            split.html,
            format!(
                "<head><script src=\"a.js\"></script>\
                 <script type=\"module\" src=\"b.js\"></script>\
                 <script type=\"module\" src=\"./{}\"></script></head>",
                split.name
            )
        );
    }

    #[test]
    fn a_page_without_one_is_refused() {
        assert!(externalise("<script type=\"module\" src=\"b.js\"></script>").is_none());
        assert!(externalise("").is_none());
    }

    #[test]
    fn the_worker_lists_the_bundle_and_every_change_is_a_new_version() {
        let dir = std::env::temp_dir().join(format!("callboard-hook-{}", std::process::id()));
        let write = |name: &str, text: &str| paths::write(&dir.join(name), text).unwrap();
        write("index.html", "old");
        write("app-1.js", "a");
        write("icons/icon.png", "b");
        write(WORKER, "left from before");
        let bundle = Bundle::of(&dir, "<head></head>").unwrap();
        assert_eq!(bundle.files, ["./", "./app-1.js", "./icons/icon.png"]);
        assert_eq!(Bundle::of(&dir, "<head></head>").unwrap().version, bundle.version);
        assert_ne!(Bundle::of(&dir, "<head> </head>").unwrap().version, bundle.version);
        write("icons/icon.png", "c");
        assert_ne!(Bundle::of(&dir, "<head></head>").unwrap().version, bundle.version);
        std::fs::remove_dir_all(&dir).unwrap();
        let source = paths::read(&paths::root().unwrap().join("static").join(WORKER)).unwrap();
        let filled = bundle.fill_in(&source).unwrap();
        assert!(filled.contains(&format!("const VERSION = \"{}\";", bundle.version)));
        assert!(filled.contains("const FILES = [\n  \"./\",\n  \"./app-1.js\",\n  \"./icons/icon.png\",\n];"));
        assert!(bundle.fill_in("const VERSION = \"1\";").is_none());
        assert_eq!(
            with_version("<head></head>", "7").unwrap(),
            "<head><meta name=\"callboard-version\" content=\"7\">\n</head>"
        );
        assert!(with_version("", "7").is_none());
    }
}
