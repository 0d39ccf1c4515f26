//! Random ids.

/// Returns a random id of 32 hexadecimal digits. It names things; it keeps no secrets.
pub fn random_id() -> String {
    let part = || (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
    format!("{:08x}{:08x}{:08x}{:08x}", part(), part(), part(), part())
}
