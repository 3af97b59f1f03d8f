//! A section of a board: as a table where there is room, as a list where there is not.

use super::Kind;
use super::picture;
use super::value::{cell, shape, word};
use crate::chart;
use crate::context::Context;
use crate::dom::{Element, div, html, span};
use crate::format::Format;
use crate::text;
use crate::widget::kpi::percent;
use mops_charts::Within;
use mops_core::figure::Unit;
use mops_core::list::List;
use mops_core::view::{BoardView, Cell, Column, Layout, Row, Section, State, View};

/// The name of a graph's links: the rows of the section `<id>_links`.
pub const LINKS: &str = "_links";

/// All sections. The links of a graph that is drawn are its arrows; drawn, it says more than any list, so it leads.
pub fn all(context: Context, kind: &'static Kind, view: &View, format: &Format, board: &BoardView) -> Vec<Element> {
    let width = chart::width(context);
    let is_drawn = |id: &str| board.sections.iter().any(|of| of.id == id && picture::fits(of, width));
    let shown = board.sections.iter().filter(|of| !of.id.strip_suffix(LINKS).is_some_and(is_drawn));
    let (leading, rest): (Vec<_>, Vec<_>) =
        shown.partition(|of| of.layout == Layout::Graph && picture::fits(of, width));
    leading.into_iter().chain(rest).map(|of| section(context, kind, view, format, board, of, width)).list()
}

fn section(
    context: Context,
    kind: &'static Kind,
    view: &View,
    format: &Format,
    board: &BoardView,
    section: &Section,
    width: f64,
) -> Element {
    let (section, why) = &without_repeats(section);
    let shown = section.rows.len() as u64;
    let rest = section.of.filter(|of| *of > shown && shown > 0);
    let rest = rest.map(|of| text::first_of(&format.count(shown as f64), &format.count(of as f64)));
    let content = if section.rows.is_empty() {
        // The note says why.
        section.note.is_empty().then(|| div("note").text(text::EMPTY))
    } else if picture::fits(section, width) {
        Some(picture::draw(context, kind, view, format, board, section, width))
    } else {
        Some(rows(format, section, width))
    };
    let (whole, head) = if section.folded {
        (html("details").class("section"), html("summary").class("section-head"))
    } else {
        (div("section").attribute("role", "group").attribute("aria-label", section.label.as_str()), div("section-head"))
    };
    whole
        .part("section")
        .attribute("data-section", section.id.as_str())
        .child(
            head.child(div("section-title").text(section.label.as_str()))
                .maybe(rest.map(|words| span("note", words)))
                .maybe((!section.note.is_empty()).then(|| div("note").text(section.note.as_str())))
                .maybe((!why.is_empty()).then(|| div("note").text(why.as_str()))),
        )
        .maybe(content)
}

/// A section whose cells don't say the same over and over: where all that is unknown in a column is unknown for one
/// reason, the reason is said once, beside the list; and a column of which nothing is known, or that says nothing, is
/// not drawn.
fn without_repeats(section: &Section) -> (Section, String) {
    let mut section = section.clone();
    // For each reason the columns it stands for.
    let mut whys: Vec<(String, String)> = Vec::new();
    let is_read = matches!(section.layout, Layout::Table | Layout::List);
    // From the last, so that a column that goes moves none that is still to come.
    for index in (0..section.columns.len()).rev() {
        let says = |row: &Row| row.cells.get(index).is_some_and(is_told);
        if (is_read || index > 0) && !section.rows.iter().any(says) {
            without(&mut section, index);
            continue;
        }
        if section.columns[index].unit.is_none() {
            continue;
        }
        let unknown = |row: &&mut Row| row.cells.get(index).is_some_and(|cell| cell.value.is_none());
        let mut reasons =
            section.rows.iter().filter_map(|row| row.cells.get(index)).filter(|cell| cell.value.is_none());
        let Some(first) = reasons.next().map(|cell| cell.text.clone()).filter(|text| text.len() > SHORT) else {
            continue;
        };
        let others: Vec<&str> = reasons.map(|cell| cell.text.as_str()).list();
        if others.is_empty() || others.iter().any(|other| *other != first) {
            continue;
        }
        let label = section.columns[index].label.clone();
        match whys.iter_mut().find(|(_, why)| *why == first) {
            Some((labels, _)) => *labels = [&label, ", ", labels].concat(),
            None => whys.insert(0, (label, first)),
        }
        if section.rows.len() > others.len() + 1 || index == 0 {
            for row in section.rows.iter_mut().filter(unknown) {
                row.cells[index] = Cell::text(text::UNKNOWN);
            }
        } else {
            without(&mut section, index);
        }
    }
    let whys: Vec<String> = whys.iter().map(|(labels, why)| text::about(labels, why)).list();
    (section, whys.join(" "))
}

/// Takes a column away.
fn without(section: &mut Section, index: usize) {
    section.columns.remove(index);
    for row in section.rows.iter_mut().filter(|row| index < row.cells.len()) {
        row.cells.remove(index);
    }
}

/// Bytes of a text that may stand in every row, or beside a name.
const SHORT: usize = 24;

/// Rows that are seen at once, at least and at most; a list of two more is not worth a fold.
const SEEN: [usize; 2] = [3, 6];
/// No row folded.
const ALL: usize = usize::MAX - 2;

/// How many rows are seen at once: those that need somebody, where they lead, or else the first few.
fn seen(rows: &[Row]) -> usize {
    let needs = |row: &&Row| matches!(row.state, State::Bad | State::Warning | State::Unknown);
    let [least, most] = SEEN;
    match rows.iter().take_while(needs).count() {
        0 => most,
        leading => leading.max(least).min(most),
    }
}

/// The first rows as a list or a table, and the rest where somebody opens it. Bars and shades are measured against each
/// other, so they stay together.
fn rows(format: &Format, section: &Section, width: f64) -> Element {
    let is_list = section.layout == Layout::List || room(section) > width;
    let notes = Notes::of(section);
    let draw = |section: &Section| if is_list { list(format, section) } else { table(format, section, notes) };
    let seen = match section.layout {
        Layout::Bars => ALL,
        Layout::Matrix if is_list => SEEN[0],
        Layout::Matrix => ALL,
        _ => seen(&section.rows),
    };
    if section.rows.len() <= seen + 2 {
        return draw(section);
    }
    let (first, rest) = section.rows.split_at(seen);
    let part = |rows: &[Row]| Section { rows: rows.to_vec(), ..section.clone() };
    let more = text::others(&format.count(rest.len() as f64));
    div("rows").child(draw(&part(first))).child(
        html("details")
            .class("more")
            .child(html("summary").class("note").child(span("own-order", more)))
            .child(draw(&part(rest))),
    )
}

/// Pixels below which a table's columns get too narrow to read.
fn room(section: &Section) -> f64 {
    // Why there is no number stands in its cell, and is longer than any number.
    let text = |index: usize| {
        let cells = section.rows.iter().filter_map(|row| row.cells.get(index)).filter(|cell| cell.value.is_none());
        cells.map(|cell| cell.text.len()).max().unwrap_or(0) as f64 * 7.0 + 24.0
    };
    let each = |(index, column): (usize, &Column)| if column.unit.is_some() { text(index).max(96.0) } else { 130.0 };
    let columns = || section.columns.iter().enumerate();
    let wanted: f64 = match section.layout {
        // Shares are short.
        Layout::Matrix => 94.0 * section.columns.len() as f64,
        Layout::Bars => columns().skip(1).map(each).sum::<f64>() + 220.0,
        _ => columns().map(each).sum(),
    };
    let note = if Notes::of(section) == Notes::Column { 240.0 } else { 0.0 };
    170.0 + wanted + note
}

/// Where a table's notes stand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Notes {
    /// In a column of their own, the last one.
    Column,
    /// Under the names, since not every row has one.
    UnderNames,
}

impl Notes {
    fn of(section: &Section) -> Self {
        if section.rows.iter().any(|row| row.note.is_empty()) { Self::UnderNames } else { Self::Column }
    }
}

/// Rows under columns.
fn table(format: &Format, section: &Section, notes: Notes) -> Element {
    let has_notes = notes == Notes::Column;
    let scale = Scale::of(section);
    let matrix = section.layout == Layout::Matrix;
    let head = section.columns.iter().enumerate().map(|(index, column)| {
        let is_end = column.unit.is_some() && !(section.layout == Layout::Bars && index == 0);
        html("th").attribute("scope", "col").attribute_if(is_end, "class", "number").text(column.label.as_str())
    });
    let head = html("tr")
        .child(html("th").attribute("scope", "col").child(crate::dom::hidden(section.label.as_str())))
        .children(head)
        .maybe(has_notes.then(|| html("th").attribute("scope", "col").text(text::EVIDENCE)));
    let rows = section.rows.iter().map(|row| {
        let cells = pairs(section, row).enumerate().map(|(index, (column, of))| match scale.filter(|_| index == 0) {
            Some(scale) => html("td").child(bar(format, of, column.unit, scale, row.state)),
            None if matrix => shaded(format, of, column.unit),
            None => html("td").attribute_if(column.unit.is_some(), "class", "number").child(cell(
                format,
                of,
                column.unit,
                row.state,
            )),
        });
        let aside = (!has_notes && !row.note.is_empty()).then(|| div("note").text(row.note.as_str()));
        html("tr")
            .child(html("th").attribute("scope", "row").child(name(row)).maybe(aside))
            .children(cells)
            .maybe(has_notes.then(|| html("td").class("note").text(row.note.as_str())))
    });
    let rows = html("tbody").children(rows);
    // A lone number stands near its name, however wide the page is.
    let is_short = |row: &Row| row.cells.iter().all(|cell| cell.text.len() <= SHORT);
    let is_narrow = section.columns.len() == 1 && !has_notes && scale.is_none() && section.rows.iter().all(is_short);
    html("table")
        .class(match (matrix, is_narrow) {
            (true, _) => "board-table matrix",
            (_, true) => "board-table narrow",
            _ => "board-table",
        })
        .child(html("thead").child(head))
        .child(rows)
}

/// One row under the other, each with its cells as facts. Of a graph and its links, where there is no room to draw them,
/// only what needs somebody: the rest is named, and the data table has it.
fn list(format: &Format, section: &Section) -> Element {
    let scale = Scale::of(section);
    let is_link = section.id.ends_with(LINKS);
    let is_brief =
        |row: &Row| (is_link || section.layout == Layout::Graph) && matches!(row.state, State::Good | State::Neutral);
    html("ul").class("items").children(section.rows.iter().map(|row| {
        let bars = scale.and_then(|scale| {
            let (column, of) = pairs(section, row).next()?;
            Some(bar(format, of, column.unit, scale, row.state))
        });
        // A link's name says from where and to where.
        let skipped = if is_link { 2 } else { usize::from(bars.is_some()) };
        let facts = pairs(section, row).skip(skipped).filter(|(_, cell)| is_told(cell) && !is_brief(row));
        let facts: Vec<Element> = facts
            .map(|(column, of)| {
                let value = cell(format, of, column.unit, row.state);
                div("fact").child(html("dt").text(column.label.as_str())).child(html("dd").child(value))
            })
            .list();
        html("li")
            .class("item")
            .child(name(row))
            .maybe(bars)
            .maybe((!row.note.is_empty()).then(|| div("item-note").text(row.note.as_str())))
            .maybe((!facts.is_empty()).then(|| html("dl").class("facts").children(facts)))
    }))
}

/// Whether a cell has anything to say.
fn is_told(cell: &Cell) -> bool {
    cell.value.is_some() || cell.bounds.is_some() || !cell.text.is_empty()
}

/// A row's cells under their columns.
pub fn pairs<'a>(section: &'a Section, row: &'a Row) -> impl Iterator<Item = (&'a Column, &'a Cell)> {
    section.columns.iter().zip(&row.cells)
}

/// A row's name with its state.
fn name(row: &Row) -> Element {
    let label = if row.label.is_empty() { &row.id } else { &row.label };
    div("item-name")
        .maybe(shape(row.state))
        .child(html("span").child(span("item-label", label.as_str())).maybe(word(row)))
}

/// From where to where bars go.
#[derive(Clone, Copy)]
struct Scale {
    low: f64,
    high: f64,
    /// Whether bounds stand beside values.
    has_bounds: bool,
}

impl Scale {
    /// The scale of a section of bars.
    fn of(section: &Section) -> Option<Self> {
        if section.layout != Layout::Bars {
            return None;
        }
        let whole: f64 = match section.columns.first()?.unit {
            Some(Unit::Rate) => 1.0,
            Some(Unit::Score) => 100.0,
            _ => 0.0,
        };
        let first = section.rows.iter().filter_map(|row| row.cells.first());
        let ends = first.flat_map(|cell| cell.value.into_iter().chain(cell.bounds.into_iter().flatten()));
        let (low, high) = ends
            .filter(|value| value.is_finite())
            .fold((0.0_f64, whole), |(low, high), value| (low.min(value), high.max(value)));
        let has_bounds = section.rows.iter().filter_map(|row| row.cells.first()).any(|cell| cell.bounds.is_some());
        (high > low).then_some(Self { low, high, has_bounds })
    }

    /// Where a span begins and how long it is, as lengths of CSS.
    fn span(self, from: f64, to: f64) -> [String; 2] {
        let share = |value: f64| ((value - self.low) / (self.high - self.low)).within(0.0, 1.0);
        let (from, to) = (share(from.min(to)), share(from.max(to)));
        [percent(from), percent(to - from)]
    }
}

/// A bar to the value, and what it could be besides as a lighter span.
fn bar(format: &Format, of: &Cell, unit: Option<Unit>, scale: Scale, row: State) -> Element {
    let part = |class: &str, from: f64, to: f64| {
        let [start, length] = scale.span(from, to);
        html("span").class(class).style("inset-inline-start", start).style("inline-size", length)
    };
    let finite = |value: &f64| value.is_finite();
    let open = of.bounds.filter(|bounds| bounds.iter().all(finite));
    let value = of.value.filter(finite);
    let certain = open.map(|[low, _]| low.max(0.0)).or(value);
    div(if scale.has_bounds { "bar-cell open" } else { "bar-cell" })
        .child(
            html("span")
                .class("bar-track")
                .attribute("aria-hidden", "true")
                .maybe(open.map(|[low, high]| part("bar-open", low, high)))
                .maybe(certain.map(|value| part("bar-value", 0.0, value)))
                .maybe(value.filter(|_| open.is_some()).map(|value| part("bar-tick", value, value))),
        )
        .child(cell(format, of, unit, row))
}

/// A share, the stronger the more.
fn shaded(format: &Format, of: &Cell, unit: Option<Unit>) -> Element {
    let level = of.value.filter(|value| value.is_finite()).map(|value| (value.within(0.0, 1.0) * 8.0).round() as u8);
    let role = level.map_or(mops_charts::Role::CellBlank, mops_charts::Role::Cell);
    let ink = level.map_or("", |level| mops_charts::Role::CellLabel(level).class());
    html("td").class(["number ", role.class(), " ", ink].concat().as_str()).child(cell(
        format,
        of,
        unit,
        State::Neutral,
    ))
}
