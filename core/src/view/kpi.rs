//! View: kpi.
