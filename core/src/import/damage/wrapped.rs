//! Documents inside of other text: lines, fences, prose.

use super::{Extract, Repair, RepairCode, lenient};
use crate::document::{Document, Kind, ROOT, position};
use crate::work;

/// Most places of a text that are tried as the start of a document.
const MOST_STARTS: usize = 16;

/// The documents of a text with one a line, and the line that is cut off, which only the last one may be; none where not
/// every other line is one.
pub(super) fn lines(text: &str) -> Option<(Vec<Extract>, Option<u32>)> {
    let mut extracts = Vec::new();
    let mut cut = None;
    for (line, content) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let trimmed = content.trim();
        if trimmed.is_empty() {
            continue;
        }
        // Only the last one may be no document.
        if cut.is_some() || !trimmed.starts_with('{') {
            return None;
        }
        match Document::parse(trimmed.to_owned()) {
            Ok(document) if document.kind(ROOT) == Kind::Object => {
                let column = content.chars().take_while(|letter| letter.is_whitespace()).count() as u32 + 1;
                extracts.push(Extract { document, index: Some(extracts.len() as u64), line, column });
            }
            _ => cut = Some(line),
        }
    }
    (extracts.len() > 1).then_some((extracts, cut))
}

/// The document in a text, or those of which one must be chosen; none where there is none.
pub(super) fn found(text: &str, repairs: &mut Vec<Repair>) -> Option<Result<Document, Vec<Extract>>> {
    let mut all: Vec<(Extract, usize, usize, Vec<Repair>)> = Vec::new();
    let mut at = 0;
    for _ in 0..MOST_STARTS {
        let Some(start) = text.get(at..).and_then(|rest| rest.find(['{', '['])).map(|start| at + start) else { break };
        let mut done = Vec::new();
        match lenient(text, start, &mut done) {
            Some((document, end)) => {
                let (line, column) = position(text, start);
                all.push((Extract { document, index: None, line, column }, start, end, done));
                at = end;
            }
            // An object inside of what cannot be read is not what the text is.
            None => at = start + closed(text.get(start..).unwrap_or_default())?,
        }
    }
    let is_whole = |found: &(Extract, usize, usize, Vec<Repair>)| {
        !found.3.iter().any(|repair| repair.code == RepairCode::Cut) && found.0.document.kind(ROOT) == Kind::Object
    };
    // What begins the text counts, and what is whole beside it; a list in prose is hardly ever one.
    let first = all.iter().position(is_whole).unwrap_or(0);
    let others = all.iter().skip(first + 1).any(is_whole);
    // What is left of an older text closes brackets that nothing opens: an object in it is no document.
    let closes = |end: usize| {
        let mut rest = end;
        let mut between = all.iter().skip(first + 1).map(|(_, start, end, _)| {
            let piece = text.get(rest..*start).unwrap_or_default();
            rest = *end;
            piece
        });
        let closing = ['}', ']'];
        let any = between.by_ref().any(|piece| piece.contains(closing));
        drop(between);
        any || text.get(rest..).unwrap_or_default().contains(closing)
    };
    if others && !all.get(first).is_some_and(|found| closes(found.2)) {
        let whole = all.into_iter().filter(is_whole).map(|(extract, ..)| extract);
        return Some(Err(whole.collect()));
    }
    if first >= all.len() {
        return None;
    }
    let (extract, start, end, done) = all.swap_remove(first);
    let before = text.get(..start).unwrap_or_default().trim_start_matches('\u{feff}');
    let after = text.get(end..).unwrap_or_default();
    let fenced = before.trim_end().lines().next_back().is_some_and(|line| line.trim_start().starts_with("```"));
    // A list alone, or what is cut off, in the midst of prose is not told from prose.
    let is_sure = before.trim().is_empty() || fenced || is_whole_object(&extract.document, &done);
    if !is_sure {
        return None;
    }
    let mut remark = |code: RepairCode, offset: usize, message: &str| {
        let (line, column) = position(text, offset);
        repairs.push(Repair { code, message: message.to_owned(), line, column });
    };
    let space = before.len() - before.trim_start().len() + (text.len() - text.trim_start_matches('\u{feff}').len());
    if fenced {
        let message = if after.contains("```") {
            "Read the JSON inside the Markdown fence."
        } else {
            "Read the JSON after the Markdown fence, which is not closed."
        };
        remark(RepairCode::Fence, space, message);
    } else if !before.trim().is_empty() {
        remark(RepairCode::Prose, space, "Read the JSON inside the text.");
    }
    repairs.extend(done);
    let rest = after.trim();
    let offset = text.len() - after.trim_start().len();
    if rest.is_empty() || fenced && rest.starts_with("```") {
        // Nothing, or the fence's own end and the prose after it.
    } else if before.trim().is_empty() && rest.contains(['"', '}', ']', '{']) {
        let message = "Ignored the rest of an older, longer text after the end of the document.";
        let (line, column) = position(text, offset);
        repairs.push(Repair { code: RepairCode::Tail, message: message.to_owned(), line, column });
    } else {
        let (line, column) = position(text, offset);
        let message = "Ignored text after the end of the document.".to_owned();
        repairs.push(Repair { code: RepairCode::Prose, message, line, column });
    }
    Some(Ok(extract.document))
}

/// The length of what a bracket opens; none where nothing closes it.
fn closed(text: &str) -> Option<usize> {
    let mut open = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        work::count(1);
        match byte {
            b'{' | b'[' => open += 1,
            b'}' | b']' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(at + 1);
        }
    }
    None
}

fn is_whole_object(document: &Document, repairs: &[Repair]) -> bool {
    document.kind(ROOT) == Kind::Object && !repairs.iter().any(|repair| repair.code == RepairCode::Cut)
}
