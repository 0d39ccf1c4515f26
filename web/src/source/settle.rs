//! Waiting for files that are being written.
