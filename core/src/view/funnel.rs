//! View: the lifecycle as a funnel.

use crate::error::{Code, Error};

/// Refuses words that are no semantics.
pub(super) fn check_semantics(semantics: &str) -> Result<(), Error> {
    if matches!(semantics, "all_stages" | "any_stages") {
        return Ok(());
    }
    Err(Error::new(Code::BadQuery, format!("“{semantics}” is no way to count stages."))
        .in_field("semantics")
        .mend("Say all_stages or any_stages."))
}
