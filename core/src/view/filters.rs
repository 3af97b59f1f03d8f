//! View: filters.
