//! stub
#[derive(Debug)]
pub struct Held;
pub async fn try_hold(_n: &str) -> Option<Held> {
    None
}
pub async fn wait_until_free(_n: &str) {}
