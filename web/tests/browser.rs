//! The tests that only a browser can run, one program: it is linked once, and a browser is launched once.
#![cfg(target_arch = "wasm32")]

use wasm_bindgen_test::wasm_bindgen_test_configure;

mod folder_source;
mod indexed_db;
mod outputs;
mod platform;
mod rows;

wasm_bindgen_test_configure!(run_in_browser);
