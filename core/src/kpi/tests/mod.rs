//! The door through which KPIs are tested: tables written as text, questions as JSON.

mod attribution;
mod compliance;
mod composites;
mod deals;
mod forecast;
mod governance;
mod lifecycle;
mod meanings;
mod operations;
mod properties;
mod quality;
mod reconciliation;
mod revenue;
mod revenue_edges;
mod sessions;
mod sides;
mod stack;
mod unknown;
mod usual_stages;

use crate::charter::Charter;
use crate::error::Code;
use crate::figure::Figure;
use crate::period;
use crate::query::{Query, Session};
use crate::table::schema::{Kind, schema};
use crate::table::{BLANK, Column, Dataset, Table, TextColumn, UNREADABLE};
use crate::time::{OffsetChange, Zone};
use crate::view::{Body, View};
use serde_json::{Value, json};

/// A table from lines of cells divided by `|`, the first naming the fields. Dates are `2025-01-31` or instants,
/// amounts are decimal, flags `yes` and `no`; `?` can't be read.
pub(crate) fn table(name: &str, text: &str) -> Table {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let fields = cells(lines.next().unwrap());
    let rows: Vec<Vec<String>> = lines.map(cells).collect();
    let mut table = Table { name: name.into(), rows: rows.len(), ..Table::default() };
    table.lines = (0..rows.len()).map(|row| row as u32 + 2).collect();
    for (index, field) in fields.iter().enumerate() {
        let cells = rows.iter().map(|row| row[index].as_str());
        let known = schema(name).unwrap().field(field);
        let kind = match field.as_str() {
            "id" => Kind::Text,
            field if field.starts_with("stage:") => Kind::Time,
            field if field.starts_with("match:") => Kind::Text,
            field => known.unwrap_or_else(|| panic!("{name} has no field {field}")).kind,
        };
        table.columns.insert(field.clone(), column(kind, cells));
    }
    table
}

fn column<'a>(kind: Kind, cells: impl Iterator<Item = &'a str>) -> Column {
    let read = |read: fn(&str) -> i64| {
        move |cell: &str| match cell {
            "" => BLANK,
            "?" => UNREADABLE,
            cell => read(cell),
        }
    };
    match kind {
        Kind::Text => {
            let mut column = TextColumn::default();
            cells.for_each(|cell| column.push(cell));
            Column::Text(column)
        }
        Kind::Time => Column::Time(cells.map(read(|cell| period::as_of(cell, &Zone::utc()).unwrap())).collect()),
        Kind::Money | Kind::Number => {
            Column::Money(cells.map(read(|cell| (cell.parse::<f64>().unwrap() * 1e6).round() as i64)).collect())
        }
        Kind::Flag => Column::Flag(cells.map(read(|cell| i64::from(cell == "yes"))).collect()),
    }
}

/// A charter from JSON over the defaults. Faults of soundness are let pass: the KPIs must bear them.
pub(crate) fn charter(value: Value) -> Charter {
    crate::read::read(&value.to_string(), Code::BadCharter).unwrap()
}

pub(crate) fn session(charter: Charter, tables: Vec<Table>) -> Session {
    let tables = tables.into_iter().map(|table| (table.name.clone(), table)).collect();
    Session::new(charter, true, zones(), Dataset::new(tables))
}

/// UTC, and Los Angeles beside it: eight hours behind, seven from 9 March to 2 November 2025.
pub(crate) fn zones() -> Zone {
    const HOUR: i64 = 3_600_000;
    let change =
        |at: &str, hours: i64| OffsetChange { from: period::as_of(at, &Zone::utc()).unwrap(), offset: hours * HOUR };
    let changes =
        vec![change("2000-01-01", -8), change("2025-03-09T10:00:00Z", -7), change("2025-11-02T09:00:00Z", -8)];
    let pacific = Zone { name: "America/Los_Angeles".into(), changes, ..Zone::default() };
    Zone { others: vec![pacific], ..Zone::utc() }
}

pub(crate) fn query(value: Value) -> Query {
    Query::parse(&value.to_string()).unwrap()
}

/// The view of a query over some tables.
pub(crate) fn ask(charter: Charter, tables: Vec<Table>, value: Value) -> View {
    let view = session(charter, tables).answer(&query(value)).unwrap();
    // What is written by hand is what serde writes, of every view that a test asks for.
    assert_eq!(crate::write::text(&view), serde_json::to_string(&view).unwrap());
    view
}

/// The figure of a KPI.
pub(crate) fn figure(id: &str, charter: Charter, tables: Vec<Table>, period: &str, as_of: &str) -> Figure {
    let view = ask(charter, tables, json!({"view": "kpi", "metric": id, "period": period, "as_of": as_of}));
    let Body::Kpi(view) = view.body else { panic!("not a kpi view") };
    balanced(&view.figure);
    view.figure
}

/// Used + excluded = read, in the figure and all its parts.
pub(crate) fn balanced(figure: &Figure) {
    let excluded: u64 = figure.excluded.iter().map(|excluded| excluded.count).sum();
    assert_eq!(figure.used + excluded, figure.read, "{} {}", figure.id, figure.part);
    assert_eq!(figure.value.is_some(), figure.undefined.is_none(), "{} {}", figure.id, figure.part);
    figure.parts.iter().for_each(balanced);
}

/// The rows left out, as `reason: count`.
pub(crate) fn left_out(figure: &Figure) -> Vec<(Value, u64)> {
    figure.excluded.iter().map(|excluded| (json!(excluded.reason), excluded.count)).collect()
}

/// Whether a value is there and close.
#[track_caller]
pub(crate) fn near(found: Option<f64>, expected: f64) {
    let found = found.expect("a value");
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found}, expected {expected}");
}
