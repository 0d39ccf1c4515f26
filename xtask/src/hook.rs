//! The hook that Trunk calls when it has put the bundle together (see Trunk.toml).
//!
//! Trunk starts the app from a module script written into the page, which the page's own
//! content security policy (`script-src 'self'`) forbids. The hook moves it into a file.

use std::path::Path;

use crate::{Failure, Outcome, paths, stamp};

/// Moves the inline script of the page that Trunk has staged into a file beside it.
pub(crate) fn run() -> Outcome<()> {
    let staging = std::env::var_os("TRUNK_STAGING_DIR")
        .ok_or_else(|| Failure::new("TRUNK_STAGING_DIR is not set: `trunk-hook` is for Trunk to call."))?;
    let page = Path::new(&staging).join("index.html");
    let html = paths::read(&page)?;
    let moved = externalise(&html).ok_or_else(|| {
        Failure::new(
            "The page that Trunk staged has no inline module script to move into a file. Has \
             Trunk changed how it starts the app? See xtask/src/hook.rs.",
        )
    })?;
    paths::write(&Path::new(&staging).join(&moved.name), &moved.script)?;
    paths::write(&page, &moved.html)
}

/// A page whose inline script has become a file.
struct Moved {
    html: String,
    name: String,
    script: String,
}

/// Takes the first inline module script out of the page; nothing when there is none.
fn externalise(html: &str) -> Option<Moved> {
    let mut from = 0;
    loop {
        let start = from + html.get(from..)?.find("<script")?;
        let tag_end = start + html.get(start..)?.find('>')? + 1;
        let end = tag_end + html.get(tag_end..)?.find("</script>")?;
        let tag = html.get(start..tag_end)?;
        if tag.contains("type=\"module\"") && !tag.contains("src=") {
            let script = html.get(tag_end..end)?.trim().to_owned() + "\n";
            // The name follows the contents, so a cached one is never a stale one.
            let name = format!("boot-{}.js", stamp::short(script.as_bytes()));
            let mut page = html.get(..start)?.to_owned();
            // Relative, as everything in the bundle is: it works below any path.
            page += &format!("<script type=\"module\" src=\"./{name}\">");
            page += html.get(end..)?;
            return Some(Moved { html: page, name, script });
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
        let moved = externalise(html).unwrap();
        assert_eq!(moved.script, "import init from './app.js';\n");
        assert!(moved.name.starts_with("boot-") && moved.name.ends_with(".js"));
        assert_eq!(
            moved.html,
            format!(
                "<head><script src=\"a.js\"></script>\
                 <script type=\"module\" src=\"b.js\"></script>\
                 <script type=\"module\" src=\"./{}\"></script></head>",
                moved.name
            )
        );
    }

    #[test]
    fn a_page_without_one_is_refused() {
        assert!(externalise("<script type=\"module\" src=\"b.js\"></script>").is_none());
        assert!(externalise("").is_none());
    }
}
