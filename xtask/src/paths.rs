//! Paths of the workspace, the build output and the tool cache, and file operations.

use std::path::{Path, PathBuf};

use crate::{Failure, Outcome};

/// The workspace's root: the parent of this crate's folder.
pub(crate) fn root() -> Outcome<PathBuf> {
    let crate_dir = std::env::var_os("CARGO_MANIFEST_DIR")
        .ok_or_else(|| Failure::new("xtask cannot find the workspace. Run it as `cargo xtask`."))?;
    Path::new(&crate_dir)
        .parent()
        .map(Path::to_path_buf)
        .ok_or_else(|| Failure::new("xtask's own folder has no parent, so there is no workspace."))
}

/// The folder for everything that these commands generate (`target/`).
pub(crate) fn target() -> Outcome<PathBuf> {
    Ok(root()?.join("target"))
}

/// Cargo's build folder: CARGO_TARGET_DIR, or `target/`.
pub(crate) fn cargo_target() -> Outcome<PathBuf> {
    match std::env::var_os("CARGO_TARGET_DIR") {
        // Cargo resolves a relative path against its working folder, which is the root for every child.
        Some(dir) => Ok(root()?.join(dir)),
        None => target(),
    }
}

/// The cache of built tools, shared by all runs and clones.
pub(crate) fn cache() -> Outcome<PathBuf> {
    let dir = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|p| !p.as_os_str().is_empty());
    dir("CALLBOARD_CACHE")
        .or_else(|| dir("XDG_CACHE_HOME").map(|d| d.join("callboard")))
        .or_else(|| std::env::home_dir().map(|d| d.join(".cache").join("callboard")))
        .ok_or_else(|| Failure::new("There is no home folder for the tool cache. Set CALLBOARD_CACHE to a folder."))
}

/// Locks installation into the cache and this clone until the returned file is dropped, so that parallel steps do
/// not install the same thing twice.
pub(crate) fn lock_installs() -> Outcome<std::fs::File> {
    lock(&cache()?.join("install.lock"))
}

/// Locks this file, which other processes lock too, until the returned file is dropped.
pub(crate) fn lock(path: &Path) -> Outcome<std::fs::File> {
    if let Some(dir) = path.parent() {
        make_dir(dir)?;
    }
    let doing = || format!("lock {}", path.display());
    let file = std::fs::File::create(path).map_err(Failure::io(doing()))?;
    file.lock().map_err(Failure::io(doing()))?;
    Ok(file)
}

/// Finds the first program of this name, with the platform's suffix, in these folders.
pub(crate) fn find_in(dirs: impl IntoIterator<Item = PathBuf>, name: &str) -> Option<PathBuf> {
    // npm's programs on Windows are .cmd files.
    let suffixes: &[&str] = if cfg!(windows) { &[".exe", ".cmd"] } else { &[""] };
    dirs.into_iter()
        .flat_map(|dir| suffixes.iter().map(move |suffix| dir.join(format!("{name}{suffix}"))))
        .find(|path| path.is_file())
}

/// Finds a program on PATH.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    find_in(std::env::split_paths(&path), name)
}

/// Lists every file below a folder, sorted, without folders of the names in `skip`.
pub(crate) fn files_below(dir: &Path, skip: &[&str]) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(dir) = open.pop() {
        let reading = || format!("read the folder {}", dir.display());
        for entry in std::fs::read_dir(&dir).map_err(Failure::io(reading()))? {
            let entry = entry.map_err(Failure::io(reading()))?;
            let path = entry.path();
            if !path.is_dir() {
                files.push(path);
            } else if !skip.iter().any(|name| entry.file_name() == *name) {
                open.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Reads a text file of the project.
pub(crate) fn read(path: &Path) -> Outcome<String> {
    std::fs::read_to_string(path).map_err(Failure::io(format!("read {}", path.display())))
}

/// Writes a file, and creates its folder if missing.
pub(crate) fn write(path: &Path, contents: &str) -> Outcome<()> {
    if let Some(dir) = path.parent() {
        make_dir(dir)?;
    }
    std::fs::write(path, contents).map_err(Failure::io(format!("write {}", path.display())))
}

/// Creates a folder and its parents.
pub(crate) fn make_dir(dir: &Path) -> Outcome<()> {
    std::fs::create_dir_all(dir).map_err(Failure::io(format!("create the folder {}", dir.display())))
}

/// Removes a file if it exists.
pub(crate) fn remove_file(file: &Path) -> Outcome<()> {
    if file.exists() {
        std::fs::remove_file(file).map_err(Failure::io(format!("remove {}", file.display())))?;
    }
    Ok(())
}

/// Removes a folder if it exists.
pub(crate) fn remove_dir(dir: &Path) -> Outcome<()> {
    if dir.exists() {
        std::fs::remove_dir_all(dir).map_err(Failure::io(format!("remove the folder {}", dir.display())))?;
    }
    Ok(())
}
