//! View: funnel.
