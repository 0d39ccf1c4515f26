//! All sessions on one time axis: who works when.

pub mod details;
pub mod layout;
pub mod legend;
pub mod overview;
pub mod period;
pub mod row;
pub mod search;
pub mod table;
pub mod work_view;
