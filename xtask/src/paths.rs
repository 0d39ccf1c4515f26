//! Where things are: the workspace, what is built, and the cache of tools.

use std::path::{Path, PathBuf};

use crate::{Failure, Outcome};

/// The workspace's root: the folder this crate's own folder is in.
pub(crate) fn root() -> Outcome<PathBuf> {
    let crate_dir = std::env::var_os("CARGO_MANIFEST_DIR")
        .ok_or_else(|| Failure::new("xtask does not know where the workspace is. Run it as `cargo xtask`."))?;
    Path::new(&crate_dir)
        .parent()
        .map(Path::to_path_buf)
        .ok_or_else(|| Failure::new("xtask's own folder has no parent, so there is no workspace."))
}

/// Where what these commands make goes (`target/`).
pub(crate) fn target() -> Outcome<PathBuf> {
    Ok(root()?.join("target"))
}

/// Where cargo puts what it builds, which the environment can move.
pub(crate) fn cargo_target() -> Outcome<PathBuf> {
    match std::env::var_os("CARGO_TARGET_DIR") {
        // A relative one is relative to where cargo is run, which is the root for every child.
        Some(dir) => Ok(root()?.join(dir)),
        None => target(),
    }
}

/// Where built tools are kept between runs and between clones.
pub(crate) fn cache() -> Outcome<PathBuf> {
    let dir = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|p| !p.as_os_str().is_empty());
    dir("CALLBOARD_CACHE")
        .or_else(|| dir("XDG_CACHE_HOME").map(|d| d.join("callboard")))
        .or_else(|| std::env::home_dir().map(|d| d.join(".cache").join("callboard")))
        .ok_or_else(|| Failure::new("There is no home folder to keep tools in. Set CALLBOARD_CACHE to one."))
}

/// Waits for other xtask processes that install something into the cache or this clone, and keeps them waiting until what
/// it returns is dropped: steps that run side by side must not install the same thing twice.
pub(crate) fn installing() -> Outcome<std::fs::File> {
    let path = cache()?.join("install.lock");
    make_dir(&cache()?)?;
    let doing = || format!("lock {}", path.display());
    let file = std::fs::File::create(&path).map_err(Failure::io(doing()))?;
    file.lock().map_err(Failure::io(doing()))?;
    Ok(file)
}

/// The first file of this name (with the platform's suffix for programs) in these folders.
pub(crate) fn find_in(dirs: impl IntoIterator<Item = PathBuf>, name: &str) -> Option<PathBuf> {
    // npm's programs on Windows are .cmd files.
    let suffixes: &[&str] = if cfg!(windows) { &[".exe", ".cmd"] } else { &[""] };
    dirs.into_iter()
        .flat_map(|dir| suffixes.iter().map(move |suffix| dir.join(format!("{name}{suffix}"))))
        .find(|path| path.is_file())
}

/// A program on PATH.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    find_in(std::env::split_paths(&path), name)
}

/// Every file below a folder, sorted, folders of this name left out.
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

/// Writes a file, making its folder when there is none.
pub(crate) fn write(path: &Path, contents: &str) -> Outcome<()> {
    if let Some(dir) = path.parent() {
        make_dir(dir)?;
    }
    std::fs::write(path, contents).map_err(Failure::io(format!("write {}", path.display())))
}

/// Makes a folder and those above it.
pub(crate) fn make_dir(dir: &Path) -> Outcome<()> {
    std::fs::create_dir_all(dir).map_err(Failure::io(format!("make the folder {}", dir.display())))
}

/// Removes a file, if it is there.
pub(crate) fn remove_file(file: &Path) -> Outcome<()> {
    if file.exists() {
        std::fs::remove_file(file).map_err(Failure::io(format!("remove {}", file.display())))?;
    }
    Ok(())
}

/// Removes a folder, if it is there.
pub(crate) fn remove_dir(dir: &Path) -> Outcome<()> {
    if dir.exists() {
        std::fs::remove_dir_all(dir).map_err(Failure::io(format!("remove the folder {}", dir.display())))?;
    }
    Ok(())
}
