//! Commit of the changed session files: the choice of files, the message, and the result.
use super::button::{Button, Weight};
use super::diff_view::Tally;
use super::icon::{Glyph, Icon};
use super::show_more::ShowMore;
use crate::arc_eq::ArcEq;
use crate::export::file_change::FileChangeKind;
use crate::export::message::SUBJECT;
use crate::format::count;
use crate::platform::{dom, focus};
use crate::source::GitError;
use crate::store::commit::{
    CommitFile, CommitState, CommitStep, Commits, WorkTree, committed_sentence, pushed_sentence, unsaved_sentence,
};
use leptos::prelude::*;

/// Number of files shown at once, and added per click.
const FILES: usize = 100;

/// Commands that tell git the author of commits.
const AUTHOR_COMMANDS: &str = "git config user.name \"Your Name\"\ngit config user.email \"you@example.com\"";

/// The commit of the changed session files; absent if the source cannot commit.
#[component]
pub fn CommitPanel() -> impl IntoView {
    let commits = expect_context::<Commits>();
    let is_shown = Memo::new(move |_| commits.state.with(|state| *state != CommitState::Unavailable));
    Effect::new(move |_| {
        // The form may be gone with the last changed file, and the button of a push once nothing is left to push.
        if commits.step.with(|step| *step != CommitStep::Idle && !step.is_busy()) {
            focus::focus_if_lost(".commit-push, .commit-result");
        }
    });
    view! {
        <Show when=move || is_shown.get()>
            <section class="panel commit-panel" aria-labelledby="commit-title">
                <div class="panel-head">
                    <h2 id="commit-title">"Commit"</h2>
                    <BranchAndAuthor commits/>
                </div>
                {move || unsaved_sentence(commits.unsaved.get()).map(|text| view! {
                    <p class="commit-note" role="status"><Icon glyph=Glyph::Warning/><span>{text}</span></p>
                })}
                <Condition commits/>
                <MissingAuthor commits/>
                <Form commits/>
                <Outcome commits/>
            </section>
        </Show>
    }
}

/// Reads a part of the work tree; `None` until it is known.
fn part_of<T: Send + Sync + PartialEq + 'static>(
    commits: Commits,
    part: impl Fn(&WorkTree) -> Option<T> + Send + Sync + 'static,
) -> Memo<Option<T>> {
    Memo::new(move |_| {
        commits.state.with(|state| match state {
            CommitState::Ready(tree) => part(tree),
            _ => None,
        })
    })
}

/// The branch and the author.
#[component]
fn BranchAndAuthor(
    /// The commits.
    commits: Commits,
) -> impl IntoView {
    let branch = part_of(commits, |tree| Some(tree.branch.clone()));
    let author = part_of(commits, |tree| tree.author.clone());
    view! {
        {move || branch.get().map(|branch| match branch {
            Some(branch) => view! { <span class="commit-place">"On " <bdi class="mono" translate="no">{branch}</bdi></span> }.into_any(),
            None => view! { <span class="commit-place">"On no branch (detached HEAD)"</span> }.into_any(),
        })}
        {move || author.get().map(|author| view! {
            <span class="commit-place">"as " <bdi translate="no">{author}</bdi></span>
        })}
    }
}

/// The reason why there is nothing to choose from.
#[component]
fn Condition(
    /// The commits.
    commits: Commits,
) -> impl IntoView {
    move || {
        commits.state.with(|state| match state {
            CommitState::Loading => {
                Some(view! { <p class="commit-note" role="status">"Loading changes\u{2026}"</p> }.into_any())
            }
            CommitState::Unreadable(why) => Some(
                view! {
                    <div class="commit-note">
                        <p role="alert">{why.clone()}</p>
                        <Button label="Try again" on_press=move || commits.refresh()/>
                    </div>
                }
                .into_any(),
            ),
            CommitState::Ready(tree) if tree.files.is_empty() => Some(
                view! { <p class="commit-note">"Nothing to commit: the session files are as in the last commit."</p> }
                    .into_any(),
            ),
            CommitState::Ready(_) | CommitState::Unavailable => None,
        })
    }
}

/// The remedy if git does not know the author.
#[component]
fn MissingAuthor(
    /// The commits.
    commits: Commits,
) -> impl IntoView {
    let is_missing = part_of(commits, |tree| Some(tree.author.is_none() && !tree.files.is_empty()));
    view! {
        <Show when=move || is_missing.get() == Some(true)>
            <div class="commit-author">
                <p>"Git has no name and email for your commits. Set them in a terminal, in this repository:"</p>
                <pre class="mono" translate="no" tabindex="0" aria-label="Commands for the author">{AUTHOR_COMMANDS}</pre>
                <Button label="Try again" on_press=move || commits.refresh()/>
            </div>
        </Show>
    }
}

/// The choice of files, the message and the button.
#[component]
fn Form(
    /// The commits.
    commits: Commits,
) -> impl IntoView {
    let total = Memo::new(move |_| commits.files.with(Vec::len));
    let number = Memo::new(move |_| commits.chosen.with(Vec::len));
    let text = Memo::new(move |_| commits.typed.get().unwrap_or_else(|| commits.suggestion.get()));
    let has_author = part_of(commits, |tree| Some(tree.author.is_some()));
    let is_busy = Memo::new(move |_| commits.step.with(CommitStep::is_busy));
    let missing = Memo::new(move |_| match () {
        () if has_author.get() != Some(true) => Some("Set the author first."),
        () if number.get() == 0 => Some("Select a file to commit."),
        () if text.with(|text| text.trim().is_empty()) => Some("Write a message."),
        () => None,
    });
    let commit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if missing.with_untracked(Option::is_none) && !is_busy.get_untracked() {
            let paths = commits.chosen.with_untracked(|files| files.iter().map(|file| file.path.clone()).collect());
            let typed = commits.typed.get_untracked().filter(|text| commits.suggestion.with_untracked(|it| it != text));
            commits.commit(paths, typed);
        }
    };
    let label = move || match commits.step.with(|step| *step == CommitStep::Committing) {
        true => "Committing\u{2026}".to_owned(),
        false => format!("Commit {}", count(number.get(), "file", "files")),
    };
    view! {
        <Show when=move || { total.get() > 0 }>
            <form class="commit-form" aria-label="Files and message" on:submit=commit>
                <Files commits total number/>
                <Message commits text/>
                <div class="form-buttons">
                    <button
                        type="submit"
                        class="button button-primary"
                        aria-disabled=move || (missing.get().is_some() || is_busy.get()).to_string()
                        aria-describedby="commit-missing"
                    >
                        {label}
                    </button>
                    <span id="commit-missing" class="muted">{move || missing.get()}</span>
                </div>
            </form>
        </Show>
    }
}

/// The changed files, each with a check box.
#[component]
fn Files(
    /// The commits.
    commits: Commits,
    /// Number of changed files.
    total: Memo<usize>,
    /// Number of chosen files.
    number: Memo<usize>,
) -> impl IntoView {
    let asked = RwSignal::new(FILES);
    view! {
        <fieldset class="commit-files">
            <legend>{move || format!("{} of {} selected", number.get(), count(total.get(), "changed file", "changed files"))}</legend>
            <Show when=move || { total.get() > 1 }>
                <span class="commit-choice">
                    <Button label="Select all" weight=Weight::Quiet on_press=move || commits.choose_all(true)/>
                    <Button label="Select none" weight=Weight::Quiet on_press=move || commits.choose_all(false)/>
                </span>
            </Show>
            <ul class="commit-list">
                <For
                    each=move || commits.files.with(|files| files[..files.len().min(asked.get())].to_vec())
                    key=|file| file.path.clone()
                    children=move |file| view! { <File commits file/> }
                />
            </ul>
            <ShowMore asked step=FILES total names=("changed file", "changed files")/>
        </fieldset>
    }
}

/// A changed file.
#[component]
fn File(
    /// The commits.
    commits: Commits,
    /// The file as it was when the row was made.
    file: ArcEq<CommitFile>,
) -> impl IntoView {
    let path = StoredValue::new(file.path.clone());
    let now = Memo::new(move |_| {
        let is_same = |now: &&ArcEq<CommitFile>| path.with_value(|path| now.path == *path);
        commits.files.with(|files| files.iter().find(is_same).cloned()).unwrap_or_else(|| file.clone())
    });
    let is_chosen = move || path.with_value(|path| commits.left_out.with(|left_out| !left_out.contains(path)));
    let mark = move || match now.with(|file| file.change.kind) {
        FileChangeKind::New => Some("new"),
        FileChangeKind::Removed => Some("deleted"),
        FileChangeKind::Updated => None,
    };
    view! {
        <li class="commit-file">
            <label class="commit-choose">
                <input
                    type="checkbox"
                    prop:checked=is_chosen
                    on:change:target=move |event| {
                        path.with_value(|path| commits.choose(path, event.target().checked()));
                    }
                />
                <bdi class="mono break" translate="no">{path.get_value()}</bdi>
            </label>
            {move || mark().map(|mark| view! { <span class="edited">{mark}</span> })}
            {move || match now.with(|file| file.lines) {
                Some(lines) => view! { <Tally added=lines.added removed=lines.removed/> }.into_any(),
                None => view! { <span class="muted">"binary file"</span> }.into_any(),
            }}
        </li>
    }
}

/// The message: the suggested one, until it is edited.
#[component]
fn Message(
    /// The commits.
    commits: Commits,
    /// The message to commit with.
    text: Memo<String>,
) -> impl IntoView {
    let first = Memo::new(move |_| text.with(|text| text.lines().next().map_or(0, |line| line.chars().count())));
    let is_long = Memo::new(move |_| first.get() > SUBJECT);
    let is_edited = Memo::new(move |_| {
        commits.typed.with(|typed| typed.as_ref().is_some_and(|typed| commits.suggestion.with(|text| text != typed)))
    });
    // While the field has the focus, a new suggestion would move the caret.
    let held = StoredValue::new(false);
    let hold = move |_| {
        if commits.typed.with_untracked(Option::is_none) {
            commits.typed.set(Some(text.get_untracked()));
            held.set_value(true);
        }
    };
    let release = move |_| {
        if held.get_value() {
            held.set_value(false);
            commits.typed.set(None);
        }
    };
    on_cleanup(move || {
        if held.try_get_value() == Some(true) {
            commits.typed.set(None);
        }
    });
    let use_suggestion = move || {
        commits.typed.set(None);
        dom::focus("#commit-message");
    };
    view! {
        <div class="field commit-message">
            <div class="commit-message-head">
                <label for="commit-message">"Message"</label>
                <span id="commit-length" class="field-unit" class:commit-long=move || is_long.get()>
                    {move || format!("First line: {} of {SUBJECT} characters", first.get())}
                </span>
                <Show when=move || is_edited.get()>
                    <Button label="Use suggestion" weight=Weight::Quiet on_press=use_suggestion/>
                </Show>
            </div>
            <textarea
                id="commit-message"
                class="field-area mono"
                rows="8"
                cols="72"
                aria-describedby="commit-length"
                autocomplete="off"
                prop:value=move || text.get()
                on:focus=hold
                on:blur=release
                on:input:target=move |event| {
                    held.set_value(false);
                    commits.typed.set(Some(event.target().value()));
                }
            ></textarea>
        </div>
    }
}

/// The results of the last commit and the last push.
#[component]
fn Outcome(
    /// The commits.
    commits: Commits,
) -> impl IntoView {
    let last = Memo::new(move |_| commits.last.with(|last| last.as_ref().map(committed_sentence)));
    let upstream = part_of(commits, |tree| tree.branch.is_some().then(|| tree.upstream.clone()).flatten());
    let ahead = part_of(commits, |tree| tree.ahead);
    // Git counts the new commit only at the next read.
    let is_new = Memo::new(move |_| {
        commits.last.with(Option::is_some) && commits.step.with(|step| !matches!(step, CommitStep::Pushed(_)))
    });
    let target =
        Memo::new(move |_| upstream.get().filter(|_| is_new.get() || ahead.get().is_some_and(|ahead| ahead > 0)));
    let is_pushing = move || commits.step.with(|step| *step == CommitStep::Pushing);
    let label = move || match is_pushing() {
        true => "Pushing\u{2026}".to_owned(),
        false => format!("Push to {}", target.get().unwrap_or_default()),
    };
    let waiting = move || {
        let ahead = ahead.get().filter(|ahead| *ahead > 0)? as usize;
        Some(format!("{} not pushed.", if ahead == 1 { "1 commit is".into() } else { format!("{ahead} commits are") }))
    };
    view! {
        <div class="commit-outcome">
            <div aria-live="polite">
                {move || last.get().map(|text| view! { <p class="commit-result" tabindex="-1"><bdi>{text}</bdi></p> })}
                {move || commits.step.with(|step| match step {
                    CommitStep::Pushed(push) => Some(
                        view! { <p class="commit-result" tabindex="-1">{pushed_sentence(push)}</p> }.into_any(),
                    ),
                    CommitStep::CommitFailed(error) => Some(failure("Nothing was committed. ", error).into_any()),
                    CommitStep::PushFailed(error) => Some(failure("Nothing was pushed. ", error).into_any()),
                    _ => None,
                })}
            </div>
            <Show when=move || target.with(Option::is_some)>
                <div class="form-buttons">
                    <button
                        type="button"
                        class="button commit-push"
                        aria-disabled=move || commits.step.with(CommitStep::is_busy).to_string()
                        on:click=move |_| commits.push()
                    >
                        {label}
                    </button>
                    <span class="muted">{waiting}</span>
                </div>
            </Show>
        </div>
    }
}

/// A refusal, with the output of git or of the hook.
fn failure(lead: &'static str, error: &GitError) -> impl IntoView + use<> {
    let output = error.output.trim_end().to_owned();
    view! {
        <p class="commit-result refusal-loud" role="alert" tabindex="-1">{lead} {error.message.clone()}</p>
        {(!output.is_empty()).then(|| view! {
            <pre class="commit-output mono" translate="no" tabindex="0" aria-label="Output of git">{output}</pre>
        })}
    }
}
