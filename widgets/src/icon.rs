//! Small drawings on a grid of 16, in the colour of the text around them.

use crate::dom::{Element, svg};

/// An icon's outline.
pub fn icon(path: &str) -> Element {
    svg("svg")
        .class("icon")
        .attribute("viewBox", "0 0 16 16")
        .attribute("aria-hidden", "true")
        .child(svg("path").attribute("d", path))
}

pub const INFO: &str = "M8 1.75a6.25 6.25 0 1 1 0 12.5a6.25 6.25 0 0 1 0-12.5M8 7.25v4M8 4.9v.1";
pub const TABLE: &str = "M2 3h12v10h-12zM2 6.5h12M2 9.75h12M6.5 6.5v6.5";
pub const EXPORT: &str = "M8 2v8M4.75 7l3.25 3.25l3.25-3.25M2.5 13.5h11";
pub const CLOSE: &str = "M4 4l8 8M12 4l-8 8";
pub const REFRESH: &str = "M13.5 8a5.5 5.5 0 1 1-1.8-4.1M13.5 1.75v3h-3";
pub const DOWN: &str = "M4 6.25l4 4l4-4";
pub const ARROW_UP: &str = "M8 13v-10M4 7l4-4l4 4";
pub const ARROW_DOWN: &str = "M8 3v10M4 9l4 4l4-4";
pub const LEVEL: &str = "M3 8h10";
pub const CHECK: &str = "M3 8.5l3.25 3.25l6.75-7.25";
pub const QUESTION: &str = "M5.5 5.75a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8M8 12.5v.1";
pub const NEAR: &str = "M2.5 9.5c2-3 3.5-3 5.5-1s3.5 2 5.5-1";
pub const CROSS: &str = "M4 4l8 8M12 4l-8 8";
pub const WARNING: &str = "M8 2.25l6.25 11.25h-12.5zM8 6.5v3.25M8 11.5v.1";
