//! A browser's database as several tabs reach it: each call is a request that is served later, or not.

use crate::state::{State, Told};
use callboard_core::Timestamp;
use callboard_workspace::{
    Announcement, Draft, Durability, Entry, Host, Page, SessionStorage, Stored, StoredRecord, Write, Written,
};
use std::cell::{Cell, RefCell};
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

/// The number of rows on a page.
const PAGE: usize = 3;

/// A kind of stored item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Table {
    Sessions,
    Drafts,
}

/// An item as text.
pub(crate) trait Coded: Stored {
    const TABLE: Table;

    fn encode(&self) -> String;

    fn decode(json: &str) -> Option<Self>;
}

impl Coded for Entry {
    const TABLE: Table = Table::Sessions;

    fn encode(&self) -> String {
        serde_json::to_string(&StoredRecord::from(self.record())).unwrap()
    }

    fn decode(json: &str) -> Option<Self> {
        Entry::restore(serde_json::from_str::<StoredRecord>(json).ok()?.into_record()?)
    }
}

impl Coded for Draft {
    const TABLE: Table = Table::Drafts;

    fn encode(&self) -> String {
        serde_json::to_string(self).unwrap()
    }

    fn decode(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}

/// A stored item.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) stamp: u64,
    pub(crate) json: Rc<str>,
}

#[derive(Clone, Debug)]
pub(crate) enum RawWrite {
    Put { id: String, stamp: u64, json: Rc<str> },
    Remove { id: String, stamp: u64 },
}

impl RawWrite {
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Put { id, .. } | Self::Remove { id, .. } => id,
        }
    }
}

#[derive(Debug)]
pub(crate) enum Call {
    Read(Vec<String>),
    Page(Option<String>),
    Write(Vec<RawWrite>),
    Clear,
}

#[derive(Debug)]
pub(crate) enum Reply {
    Rows(Vec<Option<Row>>),
    Page { rows: Vec<Row>, next: Option<String> },
    Written(Vec<RawWritten>),
    Cleared,
}

#[derive(Debug)]
pub(crate) enum RawWritten {
    Stored(u64),
    Removed,
    Behind(Row),
}

pub(crate) type Answer = Result<Reply, &'static str>;

/// A call that waits to be served.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) tab: usize,
    pub(crate) table: Table,
    pub(crate) call: Call,
    pub(crate) answer: Rc<RefCell<Option<Answer>>>,
}

/// The outcome of serving a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Service {
    Done,
    Refused,
    /// Done, and nobody is told.
    Unknown,
}

impl Service {
    pub(crate) fn of(number: usize) -> Self {
        match number {
            0 => Self::Done,
            1..=10 => Self::Refused,
            _ => Self::Unknown,
        }
    }
}

impl State {
    /// Serves a request.
    pub(crate) fn serve(&mut self, request: Request, service: Service) {
        let Request { tab, table, call, answer } = request;
        if service == Service::Refused {
            if matches!(call, Call::Read(_) | Call::Page(_)) {
                self.excuse_all(table, tab);
            }
            *answer.borrow_mut() = Some(Err("refused"));
            return;
        }
        let is_write = matches!(call, Call::Write(_) | Call::Clear);
        let ids: Vec<String> = match &call {
            Call::Write(writes) => writes.iter().map(|write| write.id().to_owned()).collect(),
            _ => Vec::new(),
        };
        let reply = self.done(tab, table, call);
        if service == Service::Unknown {
            if is_write {
                let ids = if ids.is_empty() { self.ids(table) } else { ids };
                self.excuse_everybody(table, &ids);
            } else {
                self.excuse_all(table, tab);
            }
        }
        *answer.borrow_mut() = Some(if service == Service::Done { Ok(reply) } else { Err("connection lost") });
    }

    fn done(&mut self, tab: usize, table: Table, call: Call) -> Reply {
        match call {
            Call::Read(ids) => {
                let rows = ids.iter().map(|id| self.row(table, id).cloned()).collect();
                for id in ids {
                    self.know(table, tab, &id);
                }
                Reply::Rows(rows)
            }
            Call::Page(after) => {
                let is_later = |id: &String| after.as_ref().is_none_or(|after| id > after);
                let rest: Vec<_> = self.rows[&table].iter().filter(|(id, _)| is_later(id)).collect();
                let page: Vec<Row> = rest.iter().take(PAGE).map(|(_, row)| (*row).clone()).collect();
                let next = (rest.len() > PAGE).then(|| rest[PAGE - 1].0.clone());
                let ids = self.ids(table);
                for id in ids.iter().filter(|id| is_later(id) && next.as_ref().is_none_or(|next| *id <= next)) {
                    self.know(table, tab, id);
                }
                Reply::Page { rows: page, next }
            }
            Call::Write(writes) => {
                let written = writes.into_iter().map(|write| self.written(tab, table, write)).collect();
                Reply::Written(written)
            }
            Call::Clear => {
                for id in self.ids(table) {
                    self.remove(table, tab, &id);
                }
                Reply::Cleared
            }
        }
    }

    fn written(&mut self, tab: usize, table: Table, write: RawWrite) -> RawWritten {
        let there = self.row(table, write.id()).cloned();
        match write {
            RawWrite::Put { id, stamp, json } => match there.filter(|there| there.stamp != stamp) {
                Some(there) => RawWritten::Behind(there),
                None => RawWritten::Stored(self.put(table, tab, &id, json)),
            },
            RawWrite::Remove { id, stamp } => match there.filter(|there| there.stamp != stamp) {
                Some(there) => RawWritten::Behind(there),
                None => {
                    self.remove(table, tab, &id);
                    RawWritten::Removed
                }
            },
        }
    }
}

/// A call in flight: asked when it is first waited for.
struct InFlight {
    state: Rc<RefCell<State>>,
    request: Option<Request>,
    answer: Rc<RefCell<Option<Answer>>>,
}

impl Future for InFlight {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Answer> {
        if let Some(request) = self.request.take() {
            self.state.borrow_mut().requests.push(request);
        }
        let answer = self.answer.borrow_mut().take();
        answer.map_or(Poll::Pending, Poll::Ready)
    }
}

/// A tab's connection to one table.
pub(crate) struct Connection<T> {
    state: Rc<RefCell<State>>,
    tab: usize,
    kind: PhantomData<T>,
}

impl<T: Coded> Connection<T> {
    pub(crate) fn new(state: Rc<RefCell<State>>, tab: usize) -> Self {
        Self { state, tab, kind: PhantomData }
    }

    fn call(&self, call: Call) -> InFlight {
        let answer = Rc::new(RefCell::new(None));
        let request = Request { tab: self.tab, table: T::TABLE, call, answer: answer.clone() };
        InFlight { state: self.state.clone(), request: Some(request), answer }
    }
}

fn item<T: Coded>(row: &Row) -> Option<T> {
    Some(T::decode(&row.json)?.stamped(row.stamp))
}

impl<T: Coded> SessionStorage<T> for Connection<T> {
    type Error = &'static str;

    async fn read(&self, ids: &[String]) -> Result<Vec<Option<T>>, &'static str> {
        let Reply::Rows(rows) = self.call(Call::Read(ids.to_vec())).await? else { return Err("another answer") };
        Ok(rows.iter().map(|row| row.as_ref().and_then(item)).collect())
    }

    async fn page(&self, after: Option<&str>) -> Result<Page<T>, &'static str> {
        let answer = self.call(Call::Page(after.map(str::to_owned))).await?;
        let Reply::Page { rows, next } = answer else { return Err("another answer") };
        Ok(Page { items: rows.iter().filter_map(item).collect(), found: rows.len(), next })
    }

    async fn write(&self, writes: &[Write<T>], _: Durability) -> Result<Vec<Written<T>>, &'static str> {
        let raw = |write: &Write<T>| match write {
            Write::Put(item) => {
                let json = item.encode();
                let same = T::decode(&json).is_some_and(|read| read.is_stored_as(item));
                if !same {
                    self.state.borrow_mut().fail("a stored record is read as it was written", json.clone());
                }
                RawWrite::Put { id: item.id().to_owned(), stamp: item.stamp(), json: json.into() }
            }
            Write::Remove { id, stamp } => RawWrite::Remove { id: id.clone(), stamp: *stamp },
        };
        let answer = self.call(Call::Write(writes.iter().map(raw).collect())).await?;
        let Reply::Written(written) = answer else { return Err("another answer") };
        written
            .into_iter()
            .map(|written| {
                Ok(match written {
                    RawWritten::Stored(stamp) => Written::Stored(stamp),
                    RawWritten::Removed => Written::Removed,
                    RawWritten::Behind(row) => Written::Behind(Box::new(item(&row).ok_or("unreadable")?)),
                })
            })
            .collect()
    }

    async fn clear(&self) -> Result<(), &'static str> {
        self.call(Call::Clear).await.map(drop)
    }
}

/// A tab, as a store sees it.
pub(crate) struct TabHost {
    pub(crate) state: Rc<RefCell<State>>,
    pub(crate) tab: usize,
    pub(crate) table: Table,
    pub(crate) calls: Cell<u32>,
}

/// Lets other tasks go first, once.
#[derive(Default)]
struct Once(bool);

impl Future for Once {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if std::mem::replace(&mut self.0, true) { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Host<&'static str> for TabHost {
    fn now(&self) -> Timestamp {
        self.state.borrow().now()
    }

    fn show(&self, _: &[String]) {}

    fn announce(&self, announcement: &Announcement) {
        let mut state = self.state.borrow_mut();
        let others: Vec<usize> = state.open.iter().copied().filter(|tab| *tab != self.tab).collect();
        let told = others.into_iter().map(|to| Told { to, table: self.table, announcement: announcement.clone() });
        state.messages.extend(told);
    }

    fn report(&self, _: Option<&&'static str>) {}

    async fn yield_if_due(&self) {
        self.calls.set(self.calls.get() + 1);
        if self.calls.get().is_multiple_of(3) {
            Once::default().await;
        }
    }
}
