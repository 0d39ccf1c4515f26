//! Edits, the only way to change a document's text.

use crate::TextEdits;
use crate::order::by_number;

/// Pieces of a text to replace. One string holds all new text, so that many pieces take two allocations.
#[derive(Debug, Clone, Default)]
pub(crate) struct Edits {
    new: String,
    pieces: Vec<Piece>,
}

/// The bytes `start..end` of a text, and the part of the new string that replaces them.
#[derive(Debug, Clone, Copy)]
struct Piece {
    start: u32,
    end: u32,
    new_start: u32,
    new_end: u32,
}

impl Edits {
    /// No edits, with capacity for one event.
    pub(crate) fn for_event() -> Edits {
        Edits { new: String::with_capacity(1024), pieces: Vec::with_capacity(24) }
    }

    /// A single edit.
    pub(crate) fn one(start: u32, end: u32, new: &str) -> Edits {
        let mut edits = Edits::default();
        edits.replace(start, end, new);
        edits
    }

    /// Replaces `start..end` by `new`. Edits do not overlap; edits of one offset stay in the order they are made.
    pub(super) fn replace(&mut self, start: u32, end: u32, new: &str) {
        self.write(start, end, |out| out.push_str(new));
    }

    /// Replaces `start..end` by the text that `write` appends.
    pub(super) fn write(&mut self, start: u32, end: u32, write: impl FnOnce(&mut String)) {
        self.write_unless(start, end, write, |_| false);
    }

    /// Replaces `start..end` by the text that `write` appends, unless the text is `needless`.
    pub(super) fn write_unless(
        &mut self,
        start: u32,
        end: u32,
        write: impl FnOnce(&mut String),
        needless: impl FnOnce(&str) -> bool,
    ) {
        let from = self.new.len();
        write(&mut self.new);
        if needless(&self.new[from..]) {
            self.new.truncate(from);
        } else {
            self.pieces.push(Piece { start, end, new_start: from as u32, new_end: self.new.len() as u32 });
        }
    }

    /// Applies the edits. Returns the new text and the inverse edits.
    pub(crate) fn apply(mut self, text: &str) -> (String, Edits) {
        by_number(&mut self.pieces, |piece| piece.start.into());
        let mut out = String::with_capacity(text.len() + self.new.len());
        let removed = self.pieces.iter().map(|piece| (piece.end - piece.start) as usize).sum();
        let mut old = String::with_capacity(removed);
        let mut from = 0;
        for piece in &mut self.pieces {
            let (start, end) = (piece.start as usize, piece.end as usize);
            debug_assert!(start >= from && end >= start, "edits overlap");
            out.push_str(&text[from..start]);
            let (at, old_start) = (out.len() as u32, old.len() as u32);
            out.push_str(&self.new[piece.new_start as usize..piece.new_end as usize]);
            old.push_str(&text[start..end]);
            *piece = Piece { start: at, end: out.len() as u32, new_start: old_start, new_end: old.len() as u32 };
            from = end;
        }
        out.push_str(&text[from..]);
        (out, Edits { new: old, pieces: self.pieces })
    }

    /// Converts to public edits of the text before.
    pub(crate) fn of_text(mut self, text: &str) -> TextEdits {
        by_number(&mut self.pieces, |piece| piece.start.into());
        let mut edits = TextEdits::default();
        for piece in &self.pieces {
            let removed = &text[piece.start as usize..piece.end as usize];
            edits.push(piece.start as usize, removed, &self.new[piece.new_start as usize..piece.new_end as usize]);
        }
        edits
    }

    /// The edits that these inverse edits of a text undo.
    pub(crate) fn taken_back(&self, text: &str) -> TextEdits {
        let mut edits = TextEdits::default();
        // The number of bytes added and removed before the piece.
        let (mut added_before, mut removed_before) = (0, 0);
        for piece in &self.pieces {
            let added = &text[piece.start as usize..piece.end as usize];
            let removed = &self.new[piece.new_start as usize..piece.new_end as usize];
            edits.push(piece.start as usize + removed_before - added_before, removed, added);
            added_before += added.len();
            removed_before += removed.len();
        }
        edits
    }
}
