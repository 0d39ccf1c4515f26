//! Versions of the files of a folder, and their changes.
