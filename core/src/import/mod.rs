//! Reading the files of other pipelines: what each says, by *shapes*, and the sessions that several of them make.
//!
//! A [`Shape`] is data: a JSON definition of what recognises a file and where its values are. [`Shapes`] reads a file by
//! the one that fits it best; [`assemble`] makes sessions of the files of one import, each value with the place that it
//! is from. What a file does not say stays unknown. [`mend`] reads text that is not quite JSON.
//!
//! ```
//! use callboard_core::import::{Shapes, assemble};
//! let shapes = Shapes::built_in();
//! let read = |path: &str, text: &str| shapes.read(path, text.as_bytes());
//! let import = assemble(vec![
//!     read("ep_7_test/01_research_complete.json", r#"{"checkpoint_type": "research", "session_id": "ep_7_test",
//!         "status": "completed", "cost_invested": 7.50}"#),
//!     read("ep_7_test/05_script_complete.json", r#"{"checkpoint_type": "script", "session_id": "ep_7_test",
//!         "status": "completed", "cost_invested": 1.50}"#),
//! ]);
//! let session = &import.sessions[0];
//! assert_eq!((session.key.as_str(), session.files.len(), session.stages.len()), ("ep_7_test", 2, 2));
//! assert_eq!(session.cost.as_ref().unwrap().value.to_string(), "9.00");
//! ```

mod assemble;
mod convert;
mod damage;
mod definition;
mod derive;
mod facts;
mod folders;
mod found;
mod importer;
mod meaning;
mod outline;
mod path;
mod pattern;
mod read;
mod sample;
mod session;
mod shape;
mod shapes;
mod stage_place;
mod suggest;
mod summary;
mod teach;
#[cfg(test)]
mod tests;
#[cfg(feature = "archives")]
mod unpack;
mod value;

pub use assemble::{FileGroup, FilePlace, Import, OwnSession, assemble};
pub use convert::{Conversion, NotConvertible};
pub use damage::{Broken, BrokenCode, ConflictSides, Encoding, Extract, Mended, Repair, RepairCode, mend};
pub use facts::{Facts, ForeignStage, Score};
pub use folders::is_tool_folder;
pub use found::{Derived, Found, How, Origin, places};
pub use importer::{Importer, import};
pub use meaning::Meaning;
pub use outline::{OutlineRow, outline};
pub use session::{Disagreement, FileRole, ForeignProgress, ForeignSession, LinkedOutput, ResumePoint, SessionFile};
pub use shape::{ForeignStatus, Shape, ShapeKind};
pub use shapes::{Content, FileDocument, Opened, Reading, Shapes};
pub use teach::ShapeDraft;
#[cfg(feature = "archives")]
pub use unpack::{UnpackError, UnpackLimits, Unpacked, UnpackedEntry, unpack};
