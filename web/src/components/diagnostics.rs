//! The problems that the core found in the file, with their fixes.
use super::button::Button;
use super::icon::{Glyph, Icon};
use super::session_signals::SessionSignals;
use super::show_more::ShowMore;
use crate::session_address::SessionAddress;
use crate::store::workspace::use_workspace;
use callboard_core::{Diagnostic, Session, Severity};
use leptos::prelude::*;
use std::collections::HashMap;

/// Number of problems shown at once: each of 400,000 lines may have one.
const ROWS: usize = 200;

/// The tab of problems.
#[component]
pub fn Diagnostics(
    /// The session.
    session: SessionSignals,
    /// The parameters of the page's address.
    at: Memo<SessionAddress>,
) -> impl IntoView {
    let diagnostics = session.part(Session::diagnostics);
    let keys = Memo::new(move |_| diagnostics.with(|diagnostics| keys(diagnostics)));
    let asked = RwSignal::new(ROWS);
    let shown = move || keys.with(|keys| keys[..keys.len().min(asked.get())].to_vec());
    view! {
        {move || keys.with(Vec::is_empty).then(|| view! {
            <p class="tab-empty muted">"No problems found."</p>
        })}
        <ul class="remarks" hidden=move || keys.with(Vec::is_empty)>
            <For each=shown key=Clone::clone children=move |key| row(session, diagnostics, key, at)/>
        </ul>
        <ShowMore asked step=ROWS total=Signal::derive(move || keys.with(Vec::len)) names=("problem", "problems")/>
    }
}

/// Identity of a problem that survives changes of line numbers: its path, its message, and its index among equal
/// ones.
type ProblemKey = (String, String, usize);

fn keys(diagnostics: &[Diagnostic]) -> Vec<ProblemKey> {
    let mut counts: HashMap<(&str, &str), usize> = HashMap::new();
    let keys = diagnostics.iter().map(|diagnostic| {
        let count = counts.entry((&diagnostic.path, &diagnostic.message)).or_default();
        *count += 1;
        (diagnostic.path.clone(), diagnostic.message.clone(), *count)
    });
    keys.collect()
}

fn row(
    session: SessionSignals,
    diagnostics: Memo<Vec<Diagnostic>>,
    key: ProblemKey,
    at: Memo<SessionAddress>,
) -> impl IntoView {
    let workspace = use_workspace();
    let (path, message, _) = key.clone();
    let diagnostic = Memo::new(move |_| {
        let (path, message, number) = &key;
        let is_it = |diagnostic: &&Diagnostic| diagnostic.path == *path && diagnostic.message == *message;
        diagnostics.with(|diagnostics| diagnostics.iter().filter(is_it).nth(number - 1).cloned())
    });
    let place = move || diagnostic.with(|it| it.as_ref().map_or((1, 1), |it| (it.line, it.column)));
    let severity = move || diagnostic.with(|it| it.as_ref().map_or(Severity::Info, |it| it.severity));
    let title = Memo::new(move |_| diagnostic.with(|it| Some(it.as_ref()?.fix.as_ref()?.title.clone())));
    let fix = move || {
        title.get().map(|label| {
            let press = move || {
                if let Some(fix) = diagnostic.with_untracked(|it| it.as_ref()?.fix.clone()) {
                    workspace.fix(&session.id(), &fix);
                }
            };
            view! { <Button label on_press=press/> }
        })
    };
    let state = move || {
        let (state, glyph) = match severity() {
            Severity::Error => ("failed", Glyph::Failed),
            Severity::Warning => ("retry", Glyph::Warning),
            Severity::Info => ("initialized", Glyph::Pending),
        };
        view! {
            <span class="state" data-state=state>
                <Icon glyph/>
                <span class="state-word">{severity().name()}</span>
            </span>
        }
    };
    view! {
        <li class="remark">
            {state}
            <div class="remark-words">
                <p><bdi>{message}</bdi></p>
                <p class="muted">
                    <a class="mono" translate="no" href=move || at.get().at_line(place().0).href(&session.id())>
                        {move || {
                            let (line, column) = place();
                            format!("line {line}:{column}")
                        }}
                    </a>
                    " "
                    <bdi class="mono break" translate="no">{path}</bdi>
                </p>
            </div>
            {fix}
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_its_own_key() {
        let text = r#"{"session_id": "a", "session_id": "a", "session_id": "a"}"#;
        let diagnostics = Session::parse(text).unwrap().diagnostics();
        let keys = keys(&diagnostics);
        assert_eq!(keys.len(), diagnostics.len());
        assert_eq!(keys.iter().collect::<std::collections::HashSet<_>>().len(), keys.len(), "{keys:?}");
    }
}
