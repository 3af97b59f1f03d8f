//! Sections that are drawn.

use super::Kind;
use crate::context::Context;
use crate::dom::{Element, div};
use crate::export::Picture;
use crate::format::Format;
use mops_core::view::{BoardView, Section, View};

/// Whether a section is drawn at this width.
pub fn fits(_: &Section, _: f64) -> bool {
    false
}

/// Draws a section.
pub fn draw(_: Context, _: &'static Kind, _: &View, _: &Format, _: &BoardView, _: &Section, _: f64) -> Element {
    div("picture")
}

/// A section's picture to take away.
pub fn take_away(_: Context, _: &View, _: &str) -> Option<Picture> {
    None
}
