//! Figures whose sides come from different tables: a filter has to reach all of them, or none.

use super::Kpi;
use crate::figure::Undefined;
use crate::query::Question;
use crate::table::{Dataset, schema};

/// What stands for the charter's targets, which no filter reaches.
const TARGETS: &str = "the charter’s targets";

/// KPIs that hold records of their own table against others, and against which. A test finds those missing here.
pub(crate) const SIDES: &[(&str, &[&str])] = &[
    ("cac", &["spend"]),
    ("cac_payback", &["contacts", "spend"]),
    ("channel_roi", &["spend"]),
    ("cost_per_stage", &["spend"]),
    ("marketing_roi", &["spend"]),
    ("pipeline_coverage", &[TARGETS]),
];

/// KPIs that grow with the records counted: what is aimed at with all of them is no target for some.
pub(crate) const TOTALS: &[&str] = &[
    "attribution_credit",
    "campaign_velocity",
    "pipeline_created",
    "pipeline_forecast",
    "pipeline_influenced",
    "pipeline_sourced",
    "pipeline_velocity",
];

/// What a question’s filter does to the sides of a figure.
#[derive(Debug, Default)]
pub struct Reach {
    /// Whether it chooses among the KPI's own records.
    pub some: bool,
    /// Why it leaves the figure without a value: it reaches one side and not another.
    pub apart: Option<Undefined>,
}

impl Reach {
    /// Of a question to some data.
    pub(crate) fn new(question: &Question, dataset: &Dataset) -> Self {
        let Kpi { definition, .. } = question.kpi;
        let has = |table: &str, field: &str| dataset.table(table).is_some_and(|table| table.text(field).is_some());
        let fields = question.filter.keys().chain(question.except.iter().map(|except| &except.0));
        let sides = SIDES.iter().find(|(id, _)| *id == definition.id).map_or(&[][..], |(_, sides)| sides);
        let mut reach = Self::default();
        for field in fields {
            let own = has(definition.table, field);
            reach.some |= own;
            // A table that was not given is told as such.
            let given = sides.iter().filter(|side| **side == TARGETS || dataset.table(side).is_some());
            let mut others = given.map(|side| (*side, has(side, field)));
            // What is spent in a currency is not spent on what is sold in it.
            let apart = others.find(|(_, other)| *other != own || (own && field == "currency"));
            if let (Some((side, other)), None) = (apart, &reach.apart) {
                let (yes, no) = if other { (side, definition.table) } else { (definition.table, side) };
                let missing = schema::input(no).is_some_and(|table| table.field(field).is_some());
                let map = if missing { " or map a column to it" } else { "" };
                let message = if own && other {
                    format!("“{field}” says something else of {side} than of {no}: ask without that filter.")
                } else {
                    format!(
                        "The filter by “{field}” reaches {yes}, but {no} has no such field, so the two can’t be held against each other: ask without that filter{map}."
                    )
                };
                reach.apart = Some(Undefined::new("filter_reaches_one_side", message));
            }
        }
        reach
    }
}
