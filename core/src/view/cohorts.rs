//! View: cohorts.
