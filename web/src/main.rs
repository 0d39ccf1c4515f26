//! Starts the app in the page.
use callboard_web::app::App;
use callboard_web::platform::preferences;

fn main() {
    console_error_panic_hook::set_once();
    preferences::show_theme(preferences::theme());
    leptos::mount::mount_to_body(App);
}
