//! The report for programs.

use super::Report;
use crate::ask::rfc3339;
use crate::failure::{Failure, misuse};
use mops_core::figure::Figure;
use mops_core::map::Map;
use mops_core::view::{Comparison, PeriodView, TableReport};
use serde::Serialize;

#[derive(Serialize)]
struct Document<'a> {
    as_of: String,
    time_zone: &'a str,
    currency: &'a str,
    organisation: &'a str,
    has_charter: bool,
    period: &'a PeriodView,
    compared_with: &'a Option<PeriodView>,
    filter: &'a Map<String, Vec<String>>,
    /// Tables that a filter leaves as they are, by its field.
    #[serde(skip_serializing_if = "Map::is_empty")]
    unfiltered: Map<String, Vec<&'static str>>,
    figures: Vec<Line<'a>>,
    tables: &'a [TableReport],
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    figure: &'a Figure,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<&'a Comparison>,
}

/// As JSON. Figures without their tables are there too, undefined.
pub fn print(report: &Report) -> Result<String, Failure> {
    let frame = &report.frame;
    let document = Document {
        as_of: rfc3339(frame.as_of, &report.zone),
        time_zone: &frame.time_zone,
        currency: &frame.currency,
        organisation: &frame.organisation,
        has_charter: report.inventory.has_charter,
        period: &frame.period,
        compared_with: &frame.compared_with,
        filter: &frame.filter,
        unfiltered: report.unfiltered.iter().cloned().collect(),
        figures: report
            .figures
            .iter()
            .chain(&report.missing)
            .map(|row| Line { figure: &row.figure, comparison: row.comparison.as_ref() })
            .collect(),
        tables: &report.inventory.tables,
    };
    let text = serde_json::to_string_pretty(&document);
    text.map(|text| text + "\n").map_err(|error| misuse(format!("The report can’t be written as JSON: {error}."), ""))
}
