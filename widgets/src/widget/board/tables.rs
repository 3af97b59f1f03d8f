//! The data behind a board: a table of its figures, and one for each section.

use super::of;
use super::section::pairs;
use super::value::words;
use crate::context::Context;
use crate::format::{Detail, Format};
use crate::table::{Cell, Table};
use crate::text;
use crate::widget::scorecard;
use mops_core::figure::Figure;
use mops_core::list::List;
use mops_core::view::{Section, View};

/// All tables.
pub fn all(context: Context, view: &View) -> Vec<Table> {
    let Some(board) = of(view) else { return Vec::new() };
    let format = context.format(view);
    let figures = (!board.figures.is_empty()).then(|| figures(&format, &board.figures));
    figures.into_iter().chain(board.sections.iter().map(|of| section(&format, of))).list()
}

fn figures(format: &Format, all: &[Figure]) -> Table {
    let columns = [
        text::KPI,
        text::VALUE,
        text::LEAST,
        text::MOST,
        text::LOW,
        text::HIGH,
        text::TARGET,
        text::STATUS,
        text::USED,
    ];
    // A figure, and what it consists of.
    let with_parts = all.iter().flat_map(|figure| {
        let parts = figure.parts.iter().map(|part| row(format, part, text::about(&figure.label, &part.label)));
        std::iter::once(row(format, figure, figure.label.clone())).chain(parts)
    });
    Table {
        id: "figures".to_owned(),
        caption: text::FIGURES.to_owned(),
        columns: columns.map(str::to_owned).to_vec(),
        rows: with_parts.list(),
    }
}

fn row(format: &Format, figure: &Figure, label: String) -> Vec<Cell> {
    let number = |value: Option<f64>| Cell::number(value, |value| format.value(value, figure.unit, Detail::Full));
    let pair = |pair: Option<[f64; 2]>| [number(pair.map(|[low, _]| low)), number(pair.map(|[_, high]| high))];
    let mut cells = vec![Cell::Text(label), number(figure.value)];
    cells.extend(pair(figure.bounds));
    cells.extend(pair(figure.interval));
    cells.push(number(figure.target));
    cells.push(Cell::Text(scorecard::status(figure.status).to_owned()));
    cells.push(Cell::number(Some(figure.used as f64), |value| format.count(value)));
    cells
}

fn section(format: &Format, section: &Section) -> Table {
    let has_bounds =
        |index: usize| section.rows.iter().filter_map(|row| row.cells.get(index)).any(|cell| cell.bounds.is_some());
    let mut columns = vec![text::ID.to_owned(), text::NAME.to_owned()];
    for (index, column) in section.columns.iter().enumerate() {
        columns.push(column.label.clone());
        if has_bounds(index) {
            columns.extend([text::LEAST, text::MOST].map(|end| text::about(&column.label, end)));
        }
    }
    columns.extend([text::STATUS, text::EVIDENCE].map(str::to_owned));
    let rows = section.rows.iter().map(|row| {
        let mut cells = vec![Cell::Text(row.id.clone()), Cell::Text(row.label.clone())];
        for (index, (column, of)) in pairs(section, row).enumerate() {
            let shown = words(format, of, column.unit, Detail::Full);
            let number =
                |value: Option<f64>, shown: String| value.map_or(Cell::Blank, |value| Cell::Number(shown, value));
            cells.push(match (column.unit, of.value) {
                (Some(_), Some(value)) => Cell::Number(shown, value),
                _ if of.text.is_empty() => Cell::Blank,
                _ => Cell::Text(of.text.clone()),
            });
            if has_bounds(index) {
                let end = |end: usize| {
                    let value = of.bounds.map(|bounds| bounds[end]);
                    let shown = value.zip(column.unit).map(|(value, unit)| format.value(value, unit, Detail::Full));
                    number(value, shown.unwrap_or_default())
                };
                cells.extend([end(0), end(1)]);
            }
        }
        let state = if row.word.is_empty() { super::name_of(row.state) } else { &row.word };
        cells.extend([Cell::Text(state.to_owned()), Cell::Text(row.note.clone())]);
        cells
    });
    Table { id: section.id.clone(), caption: section.label.clone(), columns, rows: rows.list() }
}
