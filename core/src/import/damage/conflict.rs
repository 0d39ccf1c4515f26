//! The two sides of an unresolved git merge.

/// The texts of both sides of an unresolved merge, and of what they come from where the markers hold it.
///
/// ```
/// let text = b"{\n<<<<<<< ours\n\"a\": 1\n=======\n\"a\": 2\n>>>>>>> theirs\n}\n";
/// let sides = callboard_core::import::mend(text).unwrap_err().sides.unwrap();
/// assert_eq!((sides.ours.as_str(), sides.theirs.as_str()), ("{\n\"a\": 1\n}\n", "{\n\"a\": 2\n}\n"));
/// assert_eq!((sides.ours_label.as_str(), sides.line, sides.base), ("ours", 2, None));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ConflictSides {
    /// Our side's text.
    pub ours: String,
    /// Their side's text.
    pub theirs: String,
    /// The text that both come from; none where the markers do not hold it.
    pub base: Option<String>,
    /// The name of our side.
    pub ours_label: String,
    /// The name of their side.
    pub theirs_label: String,
    /// The line of the first marker, from 1.
    pub line: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Both,
    Ours,
    Base,
    Theirs,
}

/// The sides of a text with conflict markers; none where it has none, or not in their order.
pub(super) fn sides(text: &str) -> Option<ConflictSides> {
    let mut sides = ConflictSides {
        ours: String::with_capacity(text.len()),
        theirs: String::with_capacity(text.len()),
        base: None,
        ours_label: String::new(),
        theirs_label: String::new(),
        line: 0,
    };
    let mut base = String::new();
    let mut has_base = false;
    let mut side = Side::Both;
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let marker = |marker: &str| {
            let rest = line.strip_prefix(marker)?;
            (rest.is_empty() || rest.starts_with([' ', '\r', '\n'])).then(|| rest.trim().to_owned())
        };
        if let Some(label) = marker("<<<<<<<") {
            if side != Side::Both {
                return None;
            }
            side = Side::Ours;
            if sides.line == 0 {
                (sides.line, sides.ours_label) = (number, label);
            }
        } else if marker("|||||||").is_some() && side == Side::Ours {
            (side, has_base) = (Side::Base, true);
        } else if marker("=======").is_some() && matches!(side, Side::Ours | Side::Base) {
            side = Side::Theirs;
        } else if let Some(label) = marker(">>>>>>>").filter(|_| side == Side::Theirs) {
            side = Side::Both;
            if sides.theirs_label.is_empty() {
                sides.theirs_label = label;
            }
        } else {
            if matches!(side, Side::Both | Side::Ours) {
                sides.ours.push_str(line);
            }
            if matches!(side, Side::Both | Side::Theirs) {
                sides.theirs.push_str(line);
            }
            if matches!(side, Side::Both | Side::Base) {
                base.push_str(line);
            }
        }
    }
    for (label, word) in [(&mut sides.ours_label, "ours"), (&mut sides.theirs_label, "theirs")] {
        if label.is_empty() {
            word.clone_into(label);
        }
    }
    sides.base = has_base.then_some(base);
    (side == Side::Both && sides.line > 0).then_some(sides)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base_is_kept_where_the_markers_hold_it() {
        let text = "{\n<<<<<<< HEAD\n1\n||||||| 3f2a\n0\n=======\n2\n>>>>>>> topic\n}\n<<<<<<< HEAD\na\n||||||| 3f2a\nc\n=======\nb\n>>>>>>> topic\n";
        let sides = sides(text).unwrap();
        assert_eq!((sides.ours.as_str(), sides.theirs.as_str()), ("{\n1\n}\na\n", "{\n2\n}\nb\n"));
        assert_eq!(sides.base.as_deref(), Some("{\n0\n}\nc\n"));
        assert_eq!((sides.ours_label.as_str(), sides.theirs_label.as_str()), ("HEAD", "topic"));
    }

    #[test]
    fn markers_out_of_order_are_no_merge() {
        for text in
            ["{}", "=======\n", "<<<<<<< a\n", "<<<<<<< a\n=======\n", "<<<<<<< a\n<<<<<<< b\n=======\n>>>>>>> c\n"]
        {
            assert_eq!(sides(text), None, "{text}");
        }
    }
}
