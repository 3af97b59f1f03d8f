//! View: inventory.
