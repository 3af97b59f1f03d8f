//! What the widgets use of Leptos: its signals and its views, without the server functions of the crate `leptos`, whose
//! streams would stay in the module and among its exports.

pub use reactive_graph::graph::untrack;
pub use reactive_graph::owner::*;
pub use reactive_graph::prelude::*;
pub use reactive_graph::signal::*;
pub use tachys::dom::{document, window};
pub use tachys::prelude::*;
