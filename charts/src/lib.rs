//! Views to scenes: plain marks with places and roles, and no colours. A widget turns a scene into SVG elements, the
//! terminal into SVG text ([`svg`]), a test into a snapshot.
//!
//! Charts with coordinates go through plotters with a drawing backend of our own that records marks; text is laid
//! out here, with the measure the surroundings give, so that nothing overlaps and nothing is clipped.

mod axis;
pub mod context;
mod draft;
mod funnel;
mod plane;
pub mod scene;
mod sparkline;
pub mod svg;

pub use context::{Context, Style, Weight};
pub use funnel::funnel;
pub use scene::{Anchor, Mark, Role, Scene, Target};
pub use sparkline::sparkline;
