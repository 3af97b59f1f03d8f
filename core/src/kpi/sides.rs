//! Figures whose sides come from different tables: a filter has to reach all of them, or none.

use super::Kpi;
use crate::figure::Undefined;
use crate::list::List;
use crate::query::Question;
use crate::table::{Dataset, schema};

/// What stands for the charter's targets, which no filter reaches.
pub(crate) const TARGETS: &str = "the charter’s targets";

/// What a question’s filter does to the sides of a figure.
#[derive(Debug, Default)]
pub struct Reach {
    /// Whether it chooses among the KPI's own records.
    pub some: bool,
    /// Why it leaves the figure without a value: it reaches one side and not another.
    pub apart: Option<Undefined>,
    /// A table that was not given and without which nothing is known, whatever is filtered.
    pub absent: Option<&'static str>,
    /// Fields of it that choose none of the KPI's records.
    pub unfiltered: Vec<String>,
    /// Whether its measure knows only rows of the period asked for, while others are known to count in other periods.
    pub narrow: bool,
}

impl Reach {
    /// Of a question to some data.
    pub(crate) fn new(question: &Question, dataset: &Dataset) -> Self {
        let Kpi { definition, particulars, .. } = question.kpi;
        let has = |table: &str, field: &str| dataset.table(table).is_some_and(|table| table.text(field).is_some());
        let fields = question.filter.keys().chain(question.except.iter().map(|except| &except.0));
        let absent = particulars.tables.iter().copied().find(|table| dataset.table(table).is_none());
        let mut reach = Self { absent, ..Self::default() };
        for field in fields {
            let own = has(definition.table, field);
            reach.some |= own;
            // A table that was not given is told as such.
            let given = particulars.against.iter().filter(|side| **side == TARGETS || dataset.table(side).is_some());
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
        if reach.apart.is_none() && particulars.compose.is_none() {
            let taken = |field: &&String| question.filter.contains_key(*field) && has(definition.table, field);
            reach.unfiltered = question.asked.keys().filter(|field| !taken(field)).cloned().list();
        }
        reach
    }
}
