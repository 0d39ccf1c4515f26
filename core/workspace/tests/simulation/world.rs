//! The world of a simulation: one thread, no clock, and a script that says which task goes on, which request is
//! served how, and which message comes when.

use crate::commands::{Tab, ids};
use crate::database::{Call, Service, Table};
use crate::invariants::OF_A_SESSION;
use crate::op::{Op, Verb};
use crate::state::{State, Violation};
use callboard_workspace::{Entry, Stored};
use std::cell::RefCell;
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Waker};

/// The number of tabs that are open at most.
const TABS: usize = 3;

/// The number of rounds after which everything must have come to its end.
const ROUNDS: usize = 2_000;

struct Task {
    tab: usize,
    future: Pin<Box<dyn Future<Output = ()>>>,
}

pub(crate) struct World {
    state: Rc<RefCell<State>>,
    tabs: Vec<Tab>,
    tasks: Vec<Task>,
    next_tab: usize,
    checked: HashMap<(usize, String), u64>,
}

/// Carries a script out; the first violation, and the step at which it showed.
pub(crate) fn run(script: &[Op]) -> Option<(usize, Violation)> {
    let mut world = World::new();
    for (at, op) in script.iter().enumerate() {
        world.step(*op);
        if let Some(violation) = world.violation() {
            return Some((at, violation));
        }
    }
    world.end();
    Some((script.len(), world.violation()?))
}

impl World {
    fn new() -> Self {
        let state = Rc::new(RefCell::new(State::new()));
        Self { state, tabs: Vec::new(), tasks: Vec::new(), next_tab: 0, checked: HashMap::new() }
    }

    fn violation(&mut self) -> Option<Violation> {
        self.check_shown();
        self.state.borrow().violation.clone()
    }

    fn spawn(&mut self, tab: usize, future: impl Future<Output = ()> + 'static) {
        let mut task = Task { tab, future: Box::pin(future) };
        // It runs until it first waits, as in a browser.
        if task.future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
            self.tasks.push(task);
        }
    }

    fn poll(&mut self, at: usize) {
        if let Some(task) = self.tasks.get_mut(at)
            && task.future.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
        {
            drop(self.tasks.remove(at));
        }
    }

    fn serve(&mut self, at: usize, service: Service) {
        let mut state = self.state.borrow_mut();
        let request = state.requests.remove(at);
        let is_of_closed = !self.tabs.iter().any(|tab| tab.name == request.tab);
        let ids = match &request.call {
            Call::Write(writes) => State::ids_of(writes),
            _ => Vec::new(),
        };
        let table = request.table;
        state.serve(request, service);
        if is_of_closed {
            // Nobody is left who would tell the others.
            let ids = if ids.is_empty() { state.ids(table) } else { ids };
            state.excuse_everybody(table, &ids);
        }
    }

    fn deliver(&mut self, at: usize) {
        let told = self.state.borrow_mut().messages.remove(at);
        let Some(tab) = self.tabs.iter().find(|tab| tab.name == told.to).cloned() else { return };
        self.spawn(told.to, async move {
            match told.table {
                Table::Sessions => tab.sessions.follow(&told.announcement).await,
                Table::Drafts => tab.drafts.follow(&told.announcement).await,
            }
        });
    }

    fn step(&mut self, op: Op) {
        let count = |count: usize| (count > 0).then(|| op.a % count);
        match op.verb {
            Verb::Poll => {
                if let Some(at) = count(self.tasks.len()) {
                    self.poll(at);
                }
            }
            Verb::Serve => {
                let requests = self.state.borrow().requests.len();
                if let Some(at) = count(requests) {
                    self.serve(at, Service::of(op.b));
                }
            }
            Verb::Deliver => {
                let messages = self.state.borrow().messages.len();
                if let Some(at) = count(messages) {
                    self.deliver(at);
                }
            }
            Verb::Lose => self.lose(op.a),
            Verb::Settle => self.settle(),
            Verb::AgentApply | Verb::AgentEdit | Verb::AgentRevert | Verb::AgentCopy => {
                let mut state = self.state.borrow_mut();
                let now = state.tick();
                let Some(at) = count(state.disk.files.len()) else { return };
                match op.verb {
                    Verb::AgentApply => state.disk.apply(at, op.b, now),
                    Verb::AgentEdit => state.disk.edit(at, op.b),
                    Verb::AgentRevert => state.disk.revert(at, op.b),
                    _ => state.disk.copy(at),
                }
            }
            Verb::OpenTab => self.open(),
            Verb::CloseTab => self.close(op.tab, op.b.is_multiple_of(2)),
            _ => {
                let Some(tab) = self.tabs.get(op.tab % self.tabs.len().max(1)).cloned() else { return };
                if op.verb == Verb::Disconnect {
                    return tab.disconnect();
                }
                self.spawn(tab.name, tab.run(op));
            }
        }
    }

    fn lose(&mut self, at: usize) {
        let mut state = self.state.borrow_mut();
        if state.messages.is_empty() {
            return;
        }
        let at = at % state.messages.len();
        let told = state.messages.remove(at);
        match &told.announcement {
            callboard_workspace::Announcement::Changed(ids) => state.excuse(told.table, told.to, ids),
            callboard_workspace::Announcement::Cleared => state.excuse_all(told.table, told.to),
        }
    }

    fn open(&mut self) {
        if self.tabs.len() == TABS {
            return;
        }
        let tab = Tab::new(self.next_tab, &self.state);
        self.next_tab += 1;
        self.state.borrow_mut().open.push(tab.name);
        self.tabs.push(tab.clone());
        let op = Op { verb: Verb::Connect, tab: 0, a: 0, b: 0 };
        self.spawn(tab.name, tab.run(op));
    }

    /// Closes a tab between any two of its steps: what it has asked of the database may be done all the same.
    fn close(&mut self, number: usize, are_requests_done: bool) {
        if self.tabs.len() < 2 {
            return;
        }
        let tab = self.tabs.remove(number % self.tabs.len());
        let (running, left): (Vec<Task>, Vec<Task>) = self.tasks.drain(..).partition(|task| task.tab == tab.name);
        self.tasks = left;
        let mut state = self.state.borrow_mut();
        state.open.retain(|open| *open != tab.name);
        state.messages.retain(|told| told.to != tab.name);
        state.locks.retain(|_, owner| *owner != tab.name);
        state.forget_seen(|of, _| of == tab.name);
        if !are_requests_done {
            state.requests.retain(|request| request.tab != tab.name);
        }
        if !running.is_empty() {
            for table in [Table::Sessions, Table::Drafts] {
                let ids = state.ids(table);
                state.excuse_everybody(table, &ids);
            }
        }
        drop(state);
        drop(running);
    }

    /// Lets everything come to its end, without a fault.
    fn settle(&mut self) {
        for _ in 0..ROUNDS {
            while !self.state.borrow().requests.is_empty() {
                self.serve(0, Service::Done);
            }
            while !self.state.borrow().messages.is_empty() {
                self.deliver(0);
            }
            for at in (0..self.tasks.len()).rev() {
                self.poll(at);
            }
            let state = self.state.borrow();
            if self.tasks.is_empty() && state.requests.is_empty() && state.messages.is_empty() {
                drop(state);
                return self.check_agreement();
            }
        }
        self.state.borrow_mut().fail("everything comes to its end", format!("{} tasks are left", self.tasks.len()));
    }

    /// At the end every tab is connected, and everything is saved.
    fn end(&mut self) {
        self.settle();
        // A connected tab saves unsaved data with its next change.
        for tab in self.tabs.clone() {
            let was_connected = tab.is_connected.get();
            let op = Op { verb: Verb::Edit, tab: 0, a: 0, b: 0 };
            self.spawn(tab.name, tab.clone().run(op));
            self.settle();
            let unsaved = tab.sessions.unsaved();
            if was_connected && !tab.sessions.items().is_empty() && !unsaved.is_empty() {
                let invariant = "what could not be saved is saved with the next change";
                self.state.borrow_mut().fail(invariant, unsaved.join(", "));
            }
        }
        for _ in 0..2 {
            for tab in self.tabs.clone() {
                let op = Op { verb: Verb::Connect, tab: 0, a: 0, b: 1 };
                self.spawn(tab.name, tab.run(op));
                self.settle();
            }
        }
        for tab in &self.tabs {
            let unsaved = [tab.sessions.unsaved(), tab.drafts.unsaved()].concat();
            if !unsaved.is_empty() {
                self.state.borrow_mut().fail("what could not be saved is saved in the end", unsaved.join(", "));
            }
        }
    }

    /// Tabs that are told of everything show what is stored.
    fn check_agreement(&self) {
        const INVARIANT: &str = "tabs that are told of everything agree";
        self.tabs.iter().for_each(Tab::check_held);
        let mut state = self.state.borrow_mut();
        let mut wrong = None;
        for tab in self.tabs.iter().filter(|tab| tab.is_connected.get()) {
            let mut all: Vec<String> = state.ids(Table::Sessions);
            all.extend(ids(&tab.sessions.items()));
            for id in all.iter().filter(|id| !tab.sessions.is_unsaved(id)) {
                let (shown, stored) = (tab.sessions.get(id), state.records.get(id));
                let is_same = shown.as_ref().map(|shown| shown.record()) == stored.map(|stored| &**stored);
                if !is_same && state.is_told(Table::Sessions, tab.name, id) {
                    wrong = Some(format!(
                        "tab {} shows another {id}: {:?} for {stored:?}",
                        tab.name,
                        shown.map(|shown| shown.record().clone())
                    ));
                }
            }
            let mut all: Vec<String> = state.ids(Table::Drafts);
            all.extend(ids(&tab.drafts.items()));
            for id in all.iter().filter(|id| !tab.drafts.is_unsaved(id)) {
                let stamp = tab.drafts.get(id).map(|draft| draft.stamp());
                let is_same = stamp == state.row(Table::Drafts, id).map(|row| row.stamp);
                if !is_same && state.is_told(Table::Drafts, tab.name, id) {
                    wrong = Some(format!("tab {} shows another {id}", tab.name));
                }
            }
        }
        if let Some(detail) = wrong {
            state.fail(INVARIANT, detail);
        }
        let lost = state.acknowledged.iter().find(|id| {
            let row = state.row(Table::Drafts, id);
            let text = row.and_then(|row| serde_json::from_str::<callboard_workspace::Draft>(&row.json).ok());
            !text.is_some_and(|draft| state.typed.get(*id).is_some_and(|typed| typed.contains(&draft.text)))
        });
        if let Some(lost) = lost.cloned() {
            state.fail("no acknowledged draft is lost", lost);
        }
    }

    /// Checks the shown record whenever it has changed.
    fn check_shown(&mut self) {
        for tab in &self.tabs {
            for entry in tab.sessions.items().iter() {
                let key = (tab.name, entry.id().to_owned());
                if self.checked.insert(key, entry.revision()) != Some(entry.revision()) {
                    check(entry, &self.state);
                }
            }
        }
    }
}

fn check(entry: &Entry, state: &RefCell<State>) {
    for (name, holds) in OF_A_SESSION {
        if let Err(why) = holds(entry) {
            state.borrow_mut().fail(name, format!("{}: {why}", entry.id()));
        }
    }
}
