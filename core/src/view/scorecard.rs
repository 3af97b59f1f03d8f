//! View: scorecard.
