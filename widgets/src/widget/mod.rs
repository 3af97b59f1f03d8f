//! One file for each widget, and the list of them.

mod cohorts;
mod filters;
mod funnel;
mod kpi;
mod scorecard;
mod source;

use crate::context::Context;
use crate::export::Picture;
use crate::leptos::AnyView;
use crate::state::State;
use crate::table::Table;
use mops_core::figure::Figure;
use mops_core::view::{Body, View};

/// A widget.
pub struct Kind {
    /// The element's name.
    pub tag: &'static str,
    /// Draws a view of the widget's own kind; nothing where it is of another.
    pub body: fn(Context, &View) -> Option<AnyView>,
    /// The heading.
    pub title: fn(&View) -> String,
    /// The figures that the definition panel defends, in the order of [`crate::context::Panel::Definition`].
    pub figures: fn(&Body) -> Vec<&Figure>,
    /// The data behind the picture, where there is a picture.
    pub table: Option<fn(Context, &View) -> Table>,
    /// The picture, where it can be taken away.
    pub picture: Option<fn(Context, &View) -> Option<Picture>>,
    /// Draws itself in every phase, without the common frame.
    pub whole: Option<fn(Context, &State) -> AnyView>,
}

/// All widgets.
pub static KINDS: &[&Kind] =
    &[&source::KIND, &filters::KIND, &kpi::KIND, &scorecard::KIND, &funnel::KIND, &cohorts::KIND];

/// The widget of a tag.
pub fn find(tag: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.tag == tag).copied()
}
