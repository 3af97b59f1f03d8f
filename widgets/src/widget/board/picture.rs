//! Sections that are drawn.

use super::Kind;
use super::section::{LINKS, pairs};
use super::value::words;
use crate::chart::{self, Item};
use crate::context::Context;
use crate::dom::Element;
use crate::format::{Detail, Format};
use crate::port::Action;
use crate::text;
use mops_charts::{Scene, Target};
use mops_core::list::List;
use mops_core::view::{BoardView, Layout, Row, Section, View};

/// From this width on a graph can be read.
const GRAPH: f64 = 560.0;

/// Whether a section is drawn at this width.
pub fn fits(section: &Section, width: f64) -> bool {
    match section.layout {
        _ if section.rows.is_empty() => false,
        Layout::Graph => width >= GRAPH,
        Layout::Series => true,
        _ => false,
    }
}

/// The links of a graph.
fn links<'a>(board: &'a BoardView, section: &Section) -> Option<&'a Section> {
    board.sections.iter().find(|of| of.id.strip_suffix(LINKS) == Some(&section.id))
}

fn scene(context: Context, view: &View, board: &BoardView, section: &Section, width: f64) -> Scene {
    chart::draw(context, view, &|surroundings| match section.layout {
        Layout::Series => mops_charts::series(section, width, 220.0, surroundings),
        _ => mops_charts::graph(section, links(board, section), width, surroundings),
    })
}

/// Draws a section: a graph or a series.
pub fn draw(
    context: Context,
    kind: &'static Kind,
    view: &View,
    format: &Format,
    board: &BoardView,
    section: &Section,
    width: f64,
) -> Element {
    let scene = scene(context, view, board, section, width);
    let (name, hint, moves): (_, _, chart::Moves) = match section.layout {
        Layout::Series => ("series", text::SERIES_HINT, chart::along),
        _ => ("graph", text::GRAPH_HINT, across),
    };
    chart::lively(context, &scene, name, hint, moves, &|target| {
        let index = match target {
            Target::Node { index, .. } | Target::Point(index) => index,
            _ => return None,
        };
        let row = section.rows.get(index as usize)?;
        let mut lines = said(format, section, row);
        lines.extend(links(board, section).into_iter().flat_map(|links| linked(section, links, row)));
        let select = Action::Select {
            view: kind.view,
            metric: section.id.clone(),
            part: row.id.clone(),
            label: row.label.clone(),
            value: row.cells.first().and_then(|cell| cell.value),
        };
        Some(Item { lines, select: Some(select) })
    })
}

/// All that a row says, a line each.
fn said(format: &Format, section: &Section, row: &Row) -> Vec<String> {
    let mut lines = vec![row.label.clone()];
    let state = if row.word.is_empty() { super::name_of(row.state) } else { &row.word };
    lines.extend([state, &row.note].into_iter().filter(|words| !words.is_empty()).map(str::to_owned));
    lines.extend(pairs(section, row).map(|(column, cell)| {
        let mut line = text::about(&column.label, &words(format, cell, column.unit, Detail::Full));
        if let (Some(unit), Some(_), Some(bounds)) = (column.unit, cell.value, cell.bounds) {
            line = [&line, " (", &format.range(bounds, unit, Detail::Full), ")"].concat();
        }
        line
    }));
    lines
}

/// A node's links: where from and where to, and how they are.
fn linked(section: &Section, links: &Section, node: &Row) -> Vec<String> {
    let name = |id: &str| section.rows.iter().find(|row| row.id == id).map_or(id, |row| &row.label).to_owned();
    let end = |link: &Row, at: usize| link.cells.get(at).map(|cell| cell.text.clone()).unwrap_or_default();
    let all = links.rows.iter().filter_map(|link| {
        let (from, to) = (end(link, 0), end(link, 1));
        let words = match (from == node.id, to == node.id) {
            (true, _) => ["→ ", &name(&to)].concat(),
            (_, true) => ["← ", &name(&from)].concat(),
            _ => return None,
        };
        let state = if link.word.is_empty() { super::name_of(link.state) } else { &link.word };
        Some(text::about(&words, state))
    });
    all.list()
}

/// Moves between nodes: up and down in a column, left and right to the nearest of the next.
fn across(at: usize, key: &str, targets: &[Target]) -> Option<usize> {
    let place = |target: &Target| match target {
        Target::Node { column, row, .. } => (i64::from(*column), i64::from(*row)),
        _ => (-1, -1),
    };
    let (column, row) = place(targets.get(at)?);
    let wanted = match key {
        "ArrowRight" => column + 1,
        "ArrowLeft" => column - 1,
        _ => return chart::along(at, key, targets),
    };
    let nearest = targets.iter().enumerate().filter(|(_, target)| place(target).0 == wanted);
    nearest.min_by_key(|(_, target)| (place(target).1 - row).abs()).map(|(index, _)| index)
}
