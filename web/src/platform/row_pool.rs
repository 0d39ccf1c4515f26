//! Rendered rows of a long list: a pool of template instances that are reused for other items as the list scrolls.
use super::focus::{self, Path};
use super::row_template::{AnyRow, Instance, Row};
use leptos::html::ElementType;
use leptos::prelude::*;
use std::any::TypeId;
use std::collections::VecDeque;
use std::ops::Range;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// A row of a list, of one or several kinds. Equal rows look the same.
pub trait ListRow: PartialEq + 'static {
    /// Returns the row.
    fn row(&self) -> &dyn AnyRow;
}

impl<R: Row + PartialEq> ListRow for R {
    fn row(&self) -> &dyn AnyRow {
        self
    }
}

/// Renders rows in an element, and again whenever a signal changes that `rows` reads. `rows` returns the index of
/// the first row to render, and the rows.
pub fn show_rows<E, R>(body: NodeRef<E>, rows: impl Fn() -> (usize, Vec<R>) + 'static)
where
    E: ElementType,
    E::Output: JsCast + Clone + 'static,
    R: ListRow,
{
    let pool = StoredValue::new_local(RowPool::new(Owner::current().unwrap_or_default()));
    Effect::new(move |_| {
        let Some(body) = body.get() else { return };
        let (first, rows) = rows();
        pool.update_value(|pool| pool.show(body.unchecked_ref(), first, rows));
    });
}

/// A rendered row.
struct Shown<R> {
    row: R,
    instance: Instance,
}

/// A focused element, identified by its row's item.
struct Focused {
    key: String,
    path: Path,
}

/// The rendered rows, a contiguous range of the list, and spare instances.
pub struct RowPool<R> {
    owner: Owner,
    body: Option<Element>,
    shown: VecDeque<Shown<R>>,
    /// Index of the first rendered row.
    first: usize,
    spare: Vec<Instance>,
    models: Vec<(TypeId, Element)>,
    /// The element that had the focus when its row was removed.
    lost: Option<Focused>,
}

impl<R: ListRow> RowPool<R> {
    /// Creates an empty pool whose content lives as long as `owner`.
    pub fn new(owner: Owner) -> Self {
        let (shown, spare, models) = Default::default();
        Self { owner, body: None, shown, first: 0, spare, models, lost: None }
    }

    /// Renders exactly these rows, from index `first`, in `body`.
    ///
    /// The focus follows its item and leaves the rows with it, so that a key never acts on another item.
    pub fn show(&mut self, body: &Element, first: usize, rows: Vec<R>) {
        let held = self.focused(body).or_else(|| self.lost.take().filter(|_| focus::is_nowhere()));
        self.write(body, first..first + rows.len(), rows);
        self.lost = held.filter(|focused| !self.give_focus(body, focused));
    }

    fn write(&mut self, body: &Element, range: Range<usize>, rows: Vec<R>) {
        if self.body.as_ref() != Some(body) {
            // A re-rendered view may keep its element with the rows of its former pool.
            body.set_text_content(None);
            self.shown.clear();
            self.body = Some(body.clone());
        }
        let overlaps = range.start < self.first + self.shown.len() && self.first < range.end;
        if !overlaps {
            // After a jump the rows stay in place and get other items.
            self.first = range.start;
        }
        // Rows that leave at one end are reused at the other.
        let mut left = Vec::new();
        while self.first < range.start {
            left.extend(self.shown.pop_front());
            self.first += 1;
        }
        while self.shown.len() > range.end.saturating_sub(self.first) {
            left.extend(self.shown.pop_back());
        }
        let mut left: Vec<Instance> = left.into_iter().map(|shown| shown.instance).collect();
        let mut leading = rows;
        let following = leading.split_off((self.first - range.start).min(leading.len()));
        let before = leading.len();
        for row in leading.into_iter().rev() {
            let Some(shown) = self.take(row, &mut left) else { continue };
            let next = self.shown.front().map(|next| next.instance.root());
            // Fails only if `next` is not in the body.
            let _ = body.insert_before(shown.instance.root(), next.map(AsRef::as_ref));
            self.shown.push_front(shown);
        }
        self.first = range.start;
        for (at, row) in following.into_iter().enumerate() {
            match self.shown.get_mut(before + at) {
                Some(shown) if shown.row == row => {}
                Some(shown) if shown.instance.kind() == row.row().kind() => {
                    row.row().write(&mut shown.instance);
                    shown.row = row;
                }
                Some(_) => {
                    let Some(mut other) = self.take(row, &mut left) else { continue };
                    let Some(shown) = self.shown.get_mut(before + at) else { continue };
                    let _ = body.replace_child(other.instance.root(), shown.instance.root());
                    std::mem::swap(shown, &mut other);
                    left.push(other.instance);
                }
                None => {
                    let Some(shown) = self.take(row, &mut left) else { continue };
                    let _ = body.append_child(shown.instance.root());
                    self.shown.push_back(shown);
                }
            }
        }
        for instance in left {
            instance.root().remove();
            self.spare.push(instance);
        }
    }

    /// Returns a row in a free or a new instance, not yet in the body.
    fn take(&mut self, row: R, left: &mut Vec<Instance>) -> Option<Shown<R>> {
        let kind = row.row().kind();
        let free = |instances: &mut Vec<Instance>| {
            let at = instances.iter().rposition(|instance| instance.kind() == kind)?;
            Some(instances.swap_remove(at))
        };
        let mut instance = match free(left).or_else(|| free(&mut self.spare)) {
            Some(instance) => instance,
            None => row.row().instance(self.clone_model(row.row())?, self.owner.child()),
        };
        row.row().write(&mut instance);
        Some(Shown { row, instance })
    }

    fn clone_model(&mut self, row: &dyn AnyRow) -> Option<Element> {
        let kind = row.kind();
        if !self.models.iter().any(|(of, _)| *of == kind) {
            self.models.push((kind, row.model()?));
        }
        let (_, model) = self.models.iter().find(|(of, _)| *of == kind)?;
        model.clone_node_with_deep(true).ok()?.dyn_into().ok()
    }

    fn focused(&self, body: &Element) -> Option<Focused> {
        let (element, path) = focus::path_in(body)?;
        let shown = self.shown.iter().find(|shown| *shown.instance.root() == element)?;
        Some(Focused { key: shown.row.row().key().into_owned(), path })
    }

    /// Restores the focus to an element; if its item is no longer rendered, removes the focus and returns false.
    fn give_focus(&self, body: &Element, Focused { key, path }: &Focused) -> bool {
        let shown = self.shown.iter().find(|shown| shown.row.row().key() == *key);
        focus::give_within(body, shown.map(|shown| shown.instance.root().clone()), path)
    }
}
