//! Sections of boards: graphs and series.

use super::LONG;
use mops_core::figure::Unit;
use mops_core::view::{Cell, Column, Layout, Row, Section, State};

const STATES: [State; 5] = [State::Good, State::Warning, State::Bad, State::Unknown, State::Neutral];

fn section(id: &str, layout: Layout, columns: Vec<Column>, rows: Vec<Row>) -> Section {
    Section { id: id.into(), label: "Tools and integrations".into(), layout, columns, rows, ..Section::default() }
}

fn row(id: &str, label: &str, state: State, cells: &[&str]) -> Row {
    let cells = cells.iter().map(|text| Cell::text(*text)).collect();
    Row { id: id.into(), label: label.into(), state, cells, ..Row::default() }
}

/// Nodes by name and links between them by index; beyond the last node, ids are unknown.
fn graph_of(names: &[String], links: &[(usize, usize)]) -> (Section, Section) {
    let id = |at: usize| format!("t{at}");
    let owner = |at: usize| if at % 7 == 3 { "" } else { "Ana" };
    let nodes = names.iter().enumerate().map(|(at, name)| row(&id(at), name, STATES[at % 5], &[owner(at)]));
    let nodes = section("tools", Layout::Graph, Column::list(&[("owner", "Owner", None)]), nodes.collect());
    let columns = Column::list(&[("from", "From", None), ("to", "To", None), ("owner", "Owner", None)]);
    let links = links
        .iter()
        .enumerate()
        .map(|(at, (from, to))| row(&format!("l{at}"), "", STATES[at % 4], &[&id(*from), &id(*to), owner(at)]));
    (nodes, section("tools_links", Layout::Table, columns, links.collect()))
}

fn names(count: usize, name: &str) -> Vec<String> {
    (0..count)
        .map(|at| if at % 3 == 2 { format!("{name} {at} for everyone") } else { format!("{name} {at}") })
        .collect()
}

/// A stack as large as they get: sources lead into two platforms, these into a warehouse, and that into reports; some
/// write back.
fn sixty() -> (Section, Section) {
    let mut links: Vec<(usize, usize)> = (5..32).map(|at| (at, at % 2)).collect();
    links.extend([(0, 1), (1, 0), (0, 2), (1, 2), (2, 3), (2, 4), (3, 1)]);
    links.extend((32..46).map(|at| (2 + at % 3, at)));
    links.extend((46..54).map(|at| (at, at % 5)));
    links.extend([(46, 47), (50, 33), (53, 12)]);
    graph_of(&names(60, "Tool"), &links)
}

pub fn graphs() -> Vec<(&'static str, (Section, Section))> {
    let ordinary =
        ["Website", "Typeform", "Google Ads", "Marketo", "Salesforce", "NetSuite", "Snowflake", "Looker", "Drift"];
    let ordinary: Vec<String> = ordinary.map(str::to_owned).to_vec();
    let ways = [(0, 3), (1, 3), (2, 3), (3, 4), (4, 3), (4, 5), (4, 6), (3, 6), (5, 6), (6, 7)];
    let ring: Vec<(usize, usize)> = (0..6).map(|at| (at, (at + 1) % 6)).collect();
    let chain: Vec<(usize, usize)> = (0..19).map(|at| (at, at + 1)).collect();
    let everyone: Vec<(usize, usize)> = (0..8).flat_map(|from| (0..8).map(move |to| (from, to))).collect();
    vec![
        ("ordinary", graph_of(&ordinary, &ways)),
        ("empty", graph_of(&[], &[])),
        ("one", graph_of(&names(1, "Tool"), &[])),
        ("only-itself", graph_of(&names(1, "Tool"), &[(0, 0)])),
        ("unconnected", graph_of(&names(13, "Tool"), &[])),
        ("cycle", graph_of(&names(6, "Tool"), &ring)),
        ("chain", graph_of(&names(20, "Tool"), &chain)),
        ("everyone-to-everyone", graph_of(&names(8, "Tool"), &everyone)),
        ("unknown-ids", graph_of(&names(3, "Tool"), &[(0, 1), (1, 9), (8, 2), (1, 2), (1, 2)])),
        ("long-names", graph_of(&names(5, LONG), &[(0, 1), (1, 2), (2, 3), (3, 1), (4, 4)])),
        ("sixty", sixty()),
    ]
}

fn lines_of(columns: &[(&str, Unit)], points: &[&[Option<f64>]]) -> Section {
    let columns = columns.iter().map(|(label, unit)| Column::new((label, label, Some(*unit)))).collect();
    let rows = points.iter().enumerate().map(|(at, values)| {
        let mut cells: Vec<Cell> = values.iter().map(|value| Cell::number(*value)).collect();
        if let Some(first) = cells.first_mut() {
            first.bounds = first.value.map(|value| [value * 0.8, value * 1.25]);
        }
        Row { id: format!("{at}"), label: format!("Q{} {}", at % 4 + 1, 2024 + at / 4), cells, ..Row::default() }
    });
    section("history", Layout::Series, columns, rows.collect())
}

pub fn lines() -> Vec<(&'static str, Section)> {
    let money = [("Forecast", Unit::Money), ("Actual", Unit::Money), ("CRM probabilities", Unit::Money)];
    let of = |value: f64| Some(value * 1000.0);
    let ordinary: Vec<Vec<Option<f64>>> = [820.0, 910.0, 870.0, 990.0, 1_120.0, 1_040.0, 1_180.0]
        .iter()
        .enumerate()
        .map(|(at, value)| vec![of(*value), of(value * 0.96).filter(|_| at < 6), of(value * 1.4)])
        .collect();
    let ordinary: Vec<&[Option<f64>]> = ordinary.iter().map(Vec::as_slice).collect();
    vec![
        ("ordinary", lines_of(&money, &ordinary)),
        ("empty", lines_of(&money, &[])),
        ("one-point", lines_of(&money[..1], &[&[Some(5.0)]])),
        (
            "gaps",
            lines_of(&money[..2], &[&[Some(1.0), None], &[None, Some(2.0)], &[Some(3.0), None], &[Some(2.0), None]]),
        ),
        ("unknown", lines_of(&money[..1], &[&[None], &[None]])),
        ("negative", lines_of(&[("Gap", Unit::Rate)], &[&[Some(-0.2)], &[Some(0.1)], &[Some(-0.4)]])),
        ("extreme", lines_of(&money[..2], &[&[Some(f64::NAN), Some(1e300)], &[Some(f64::INFINITY), Some(-1e300)]])),
        (
            "two-units",
            lines_of(&[("Spend", Unit::Money), (LONG, Unit::Rate)], &[&[Some(9.0), Some(0.1)], &[Some(7.0), None]]),
        ),
        ("no-columns", lines_of(&[], &[&[], &[]])),
    ]
}
