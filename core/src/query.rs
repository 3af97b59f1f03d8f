//! The one door: a question in, a view out.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A question. In JSON, as the browser and the terminal ask it:
/// `{"view": "kpi", "metric": "win_rate", "period": "last-12-months", "compare": "previous", "as_of": "2026-01-01",
/// "filter": {"owner": ["Ana"]}}`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Query {
    /// `kpi`, `scorecard`, `funnel`, `cohorts`, `filters` or `inventory`.
    pub view: String,
    /// The KPI's id, for `kpi`.
    pub metric: Option<String>,
    /// KPI ids in order, for `scorecard`; all where empty.
    pub metrics: Vec<String>,
    /// `2026-01-31` (that day's midnight in the charter's time zone) or an instant with offset. Needed.
    pub as_of: String,
    /// A period: see [`crate::period`]. `all` where absent.
    pub period: Option<String>,
    /// `previous` (the period of the same length before), `year` (the same a year ago) or `none`.
    pub compare: Option<String>,
    /// Field → values; a row passes if every field has one of its values. "" is blank. A field that a table doesn't
    /// have doesn't filter that table.
    pub filter: BTreeMap<String, Vec<String>>,
    /// Field to break down by.
    pub segment: Option<String>,
    /// `all_stages` or `any_stages`, for `funnel`; the charter's parameter where absent.
    pub semantics: Option<String>,
}
