//! Folders of an import that no session is looked for in.

/// Names of folders that tools make: version control, installed packages, caches.
const IGNORED: [&str; 18] = [
    ".git",
    ".hg",
    ".svn",
    "node_modules",
    "bower_components",
    "__pycache__",
    "__MACOSX",
    ".venv",
    "venv",
    ".tox",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".cache",
    ".idea",
    ".vscode",
    ".next",
    ".turbo",
];

/// True for a folder of a tool, such as `.git` and `node_modules`, which an import skips and counts.
///
/// ```
/// use callboard_core::import::is_tool_folder;
/// assert!(is_tool_folder("node_modules") && !is_tool_folder("sessions"));
/// ```
pub fn is_tool_folder(name: &str) -> bool {
    IGNORED.contains(&name)
}

/// True for a path with a folder of a tool in it. See the example at [`is_tool_folder`].
pub(crate) fn is_in_tool_folder(path: &str) -> bool {
    let mut parts = path.rsplit(['/', '\\']).skip(1);
    parts.any(is_tool_folder)
}
