//! Views to scenes: plain marks with places and roles, and no colours. A widget turns a scene into SVG elements, the
//! terminal into SVG text ([`svg`]), a test into a snapshot.
//!
//! Charts with coordinates go through plotters with a drawing backend of our own that records marks; text is laid
//! out here, with the measure the surroundings give, so that nothing overlaps and nothing is clipped.

mod axis;
pub mod context;
mod curve;
mod draft;
mod funnel;
mod graph;
mod matrix;
mod plane;
pub mod scene;
mod segments;
mod series;
mod sparkline;
pub mod svg;
mod trend;

pub use context::{Context, Style, Weight};
pub use curve::curve;
pub use funnel::funnel;
pub use graph::graph;
pub use matrix::matrix;
pub use scene::{Anchor, Mark, Role, Scene, Target};
pub use segments::segments;
pub use series::series;
pub use sparkline::sparkline;
pub use trend::trend;

/// Keeps a number between two others.
pub trait Within {
    /// The nearest number from `low` to `high`; `low` where it is none. `f64::clamp` panics where the ends are the wrong
    /// way round and prints them, and printing floats is 14 KB of a module.
    fn within(self, low: Self, high: Self) -> Self;
}

impl Within for f64 {
    #[inline(never)]
    fn within(self, low: Self, high: Self) -> Self {
        self.max(low).min(high)
    }
}
