//! Text that was dropped or pasted instead of files: a session's JSON, a path, a link or something else.

/// The origin of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transfer {
    /// Dropped on the window.
    Dropped,
    /// Pasted.
    Pasted,
}

/// The kind of a dropped or pasted text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// The beginning of a JSON object or array.
    Json,
    /// File paths from an editor or terminal; browsers do not let a page open them.
    Paths(usize),
    /// Addresses of pages or images.
    Links,
    /// Anything else.
    Other,
}

impl TextKind {
    /// Detects the kind from a list of addresses (`text/uri-list`) and plain text; either may be empty.
    pub fn of(uris: &str, text: &str) -> Self {
        if text.trim_start_matches('\u{feff}').trim_start().starts_with(['{', '[']) {
            return Self::Json;
        }
        let list = if uris.trim().is_empty() { text } else { uris };
        // Lines that begin with `#` are comments.
        let lines = || list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let count = lines().count();
        if count > 0 && lines().all(is_link) {
            return Self::Links;
        }
        if count > 0 && lines().all(is_path) { Self::Paths(count) } else { Self::Other }
    }

    /// Returns the message for text that cannot be loaded: the reason and the remedy.
    pub fn refusal(self, transfer: Transfer) -> &'static str {
        match (self, transfer) {
            (Self::Paths(1), _) => {
                "That is only a file's path, which a browser cannot open. \
                 Drag the file from your file manager, or use Add files."
            }
            (Self::Paths(_), _) => {
                "Those are only paths, which a browser cannot open. \
                 Drag the files from your file manager, or use Add files."
            }
            (Self::Links, _) => "That is a link, not a file. Download it first, then drop the file here.",
            (_, Transfer::Dropped) => {
                "Nothing was loaded: this is neither a file nor session JSON. \
                 Drop session files (.json), or their folder."
            }
            (_, Transfer::Pasted) => "Nothing was loaded: the clipboard has no session JSON.",
        }
    }
}

fn has_scheme(line: &str, schemes: &[&str]) -> bool {
    schemes.iter().any(|scheme| line.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
}

fn is_link(line: &str) -> bool {
    has_scheme(line, &["http:", "https:", "ftp:", "blob:", "data:", "about:"])
}

fn is_path(line: &str) -> bool {
    // Terminals quote paths with spaces.
    let line = line.trim_matches(['"', '\'']);
    let drive = matches!(line.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    let name = !line.contains(char::is_whitespace) && has_ending(line);
    drive
        || name
        || ["/", "~/", "./", "../", "\\\\"].iter().any(|start| line.starts_with(start))
        || has_scheme(line, &["file:", "vscode-file:", "vscode-remote:"])
}

fn has_ending(line: &str) -> bool {
    line.rsplit_once('.').is_some_and(|(name, ending)| !name.is_empty() && ending.eq_ignore_ascii_case("json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_recognised_by_its_content() {
        let check =
            |uris: &str, text: &str, expected| assert_eq!(TextKind::of(uris, text), expected, "{uris:?} {text:?}");
        check("", "\u{feff}\n {\"session_id\": 1}", TextKind::Json);
        check("", "[1]", TextKind::Json);
        check("file:///home/a/ep001.json", "/home/a/ep001.json", TextKind::Paths(1));
        check("# two\r\nfile:///a.json\r\nfile:///b.json\r\n", "", TextKind::Paths(2));
        check("", "/home/a/my sessions/ep001.json\n/home/a/b", TextKind::Paths(2));
        check("", "C:\\sessions\\ep001.json", TextKind::Paths(1));
        check("", "\\\\server\\share\\ep001.json", TextKind::Paths(1));
        check("", "'/home/a/my sessions/ep001.json' ", TextKind::Paths(1));
        check("", "sessions/ep001.JSON", TextKind::Paths(1));
        check("vscode-remote://wsl/home/a/ep001.json", "", TextKind::Paths(1));
        check("https://example.org/ep001.json", "https://example.org/ep001.json", TextKind::Links);
        check("HTTPS://example.org/", "Example", TextKind::Links);
        check("", "See ep001.json", TextKind::Other);
        check("", "Two words", TextKind::Other);
        check("", "", TextKind::Other);
        check("", ".json", TextKind::Other);
    }

    #[test]
    fn every_refusal_has_a_remedy() {
        for kind in [TextKind::Paths(1), TextKind::Paths(2), TextKind::Links, TextKind::Other] {
            let words = kind.refusal(Transfer::Dropped);
            assert!(
                words.contains("Drag the file") || words.contains("rop the file") || words.contains("Drop"),
                "{words}"
            );
        }
    }
}
