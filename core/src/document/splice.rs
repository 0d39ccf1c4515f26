//! Edits as splices: the only way a document's text changes.

/// Replaces the bytes `start..end` of a text by `text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Splice {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) text: String,
}

impl Splice {
    pub(crate) fn new(start: u32, end: u32, text: impl Into<String>) -> Splice {
        Splice { start, end, text: text.into() }
    }
}

/// Applies splices that do not overlap; returns the new text and the splices that take it back.
///
/// Those at the same place apply in the order they are given.
pub(crate) fn apply(text: &str, mut splices: Vec<Splice>) -> (String, Vec<Splice>) {
    splices.sort_by_key(|splice| splice.start);
    let grown: usize = splices.iter().map(|splice| splice.text.len()).sum();
    let mut out = String::with_capacity(text.len() + grown);
    let mut inverse = Vec::with_capacity(splices.len());
    let mut from = 0;
    for splice in splices {
        let (start, end) = (splice.start as usize, splice.end as usize);
        debug_assert!(start >= from && end >= start, "splices overlap");
        out.push_str(&text[from..start]);
        let at = out.len() as u32;
        out.push_str(&splice.text);
        inverse.push(Splice::new(at, out.len() as u32, &text[start..end]));
        from = end;
    }
    out.push_str(&text[from..]);
    (out, inverse)
}
