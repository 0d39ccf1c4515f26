//! The hook that Trunk calls after it has assembled the bundle (see Trunk.toml).
//!
//! Trunk starts the app from a module script written into the page, which the page's own
//! content security policy (`script-src 'self'`) forbids. The hook moves it into a file.

use std::path::Path;

use crate::{Failure, Outcome, paths, stamp};

/// Moves the inline script of the staged page into a file beside it.
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
    paths::write(&Path::new(&staging).join(&split.name), &split.script)?;
    paths::write(&page, &split.html)
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
}
