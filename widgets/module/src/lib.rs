//! The widgets as a module of their own. Everything it exports is in `mops_widgets`.

pub use mops_widgets::*;
