//! Starts the app in the page.
use callboard_web::app::App;
use callboard_web::platform::{preferences, start};

fn main() {
    start::report_panics();
    preferences::show_theme(preferences::theme());
    leptos::mount::mount_to_body(App);
}
