//! What the charter lists, as tables: so a KPI counts its functions and sign-offs as it counts deals, with the same
//! ledger, parts and tests.

use super::Charter;
use super::money::date;
use crate::figure::SignOffState;
use crate::kpi::{self, Parameters};
use crate::list::List;
use crate::map::Map;
use crate::sum::Sum;
use crate::table::schema::{self, Kind, TableSchema};
use crate::table::{BLANK, Column, Table, TextColumn};
use crate::time::Zone;

/// Where such a table comes from, in place of a file's name.
pub const SOURCE: &str = "charter";

/// What stands in a row of such a table.
pub(super) enum Cell {
    Text(String),
    Value(i64),
}

pub(super) fn flag(flag: Option<bool>) -> Cell {
    Cell::Value(flag.map_or(BLANK, i64::from))
}

pub(super) fn number(number: usize) -> Cell {
    Cell::Value(i64::try_from(number).map_or(BLANK, |number| number.times(1_000_000)))
}

/// The beginning of a day written as `2026-01-31`.
pub(super) fn day(text: Option<&str>, zone: &Zone) -> Cell {
    Cell::Value(text.and_then(date).map_or(BLANK, |day| zone.start_of_day(day)))
}

impl Charter {
    /// The tables of [`schema::CHARTER_TABLES`] in which there is anything.
    pub(crate) fn tables(&self, zone: &Zone) -> Vec<Table> {
        let of = |schema: &'static TableSchema| {
            let rows = match schema.name {
                "functions" => self.function_rows(),
                "definitions" => self.definition_rows(zone),
                "responsibilities" => self.responsibility_rows(),
                "suppression_rules" => self.suppression_rows(zone),
                _ => Vec::new(),
            };
            (!rows.is_empty()).then(|| table(schema, &rows))
        };
        schema::CHARTER_TABLES.iter().filter_map(of).list()
    }

    /// One row for each KPI that the charter names.
    fn definition_rows(&self, zone: &Zone) -> Vec<Vec<Cell>> {
        let known = self.kpis.iter().filter_map(|(id, settings)| Some((kpi::find(id)?, settings)));
        let row = |(kpi, settings): (&kpi::Kpi, &super::KpiSettings)| {
            let definition = kpi.definition.in_force(self, &Parameters::new(&kpi.definition, self));
            let state = match definition.sign_off.state {
                SignOffState::Signed => "signed",
                SignOffState::Lapsed => "lapsed",
                SignOffState::Unsigned => "unsigned",
            };
            let by = settings.sign_off.as_ref().map(|record| &record.by);
            vec![
                Cell::Text(definition.id),
                Cell::Text(definition.name),
                Cell::Text(definition.owner.unwrap_or_default()),
                Cell::Text(state.into()),
                Cell::Text(definition.sign_off.by.unwrap_or_default()),
                day(definition.sign_off.at.as_deref(), zone),
                flag(by.and_then(|by| self.may_sign(by))),
            ]
        };
        known.map(row).list()
    }

    /// Whether somebody has authority to sign definitions; unknown where the charter doesn't say. Where it lists
    /// people, nobody else has.
    pub fn may_sign(&self, reference: &str) -> Option<bool> {
        match self.person(reference) {
            Some(person) => person.authority,
            None => (!self.people.is_empty()).then_some(false),
        }
    }
}

/// A table of rows whose cells stand in the order of the schema's fields.
fn table(schema: &'static TableSchema, rows: &[Vec<Cell>]) -> Table {
    let mut columns = Map::default();
    for (index, field) in schema.fields.iter().enumerate() {
        let cells = rows.iter().map(|row| row.get(index));
        let column = if field.kind == Kind::Text {
            let mut column = TextColumn::default();
            cells.for_each(|cell| column.push(if let Some(Cell::Text(text)) = cell { text } else { "" }));
            Column::Text(column)
        } else {
            let values = cells.map(|cell| if let Some(Cell::Value(value)) = cell { *value } else { BLANK }).list();
            match field.kind {
                Kind::Time => Column::Time(values),
                Kind::Flag => Column::Flag(values),
                _ => Column::Money(values),
            }
        };
        columns.insert(field.name.to_owned(), column);
    }
    Table {
        name: schema.name.into(),
        source: SOURCE.into(),
        rows: rows.len(),
        lines: (1..).take(rows.len()).list(),
        columns,
        ..Table::default()
    }
}
