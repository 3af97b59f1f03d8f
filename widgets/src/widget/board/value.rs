//! What a cell says, and what a state looks like.

use super::name_of;
use crate::dom::{Element, hidden, html, span};
use crate::format::{Detail, Format};
use crate::icon;
use crate::text;
use mops_core::figure::Unit;
use mops_core::view::{Cell, Row, State};

/// The class of a state.
pub fn class(state: State) -> &'static str {
    match state {
        State::Neutral => "neutral",
        State::Good => "good",
        State::Warning => "warning",
        State::Bad => "bad",
        State::Unknown => "unknown",
    }
}

/// A state as shape and colour, with its name for assistive technology; nothing where it only informs.
pub fn shape(state: State) -> Option<Element> {
    let path = match state {
        State::Neutral => return None,
        State::Good => icon::CHECK,
        State::Warning => icon::NEAR,
        State::Bad => icon::CROSS,
        State::Unknown => icon::QUESTION,
    };
    Some(html("span").class(["shape ", class(state)].concat().as_str()).child(icon::icon(path)))
}

/// A row's state in a word.
pub fn word(row: &Row) -> Option<Element> {
    match (row.word.as_str(), row.state) {
        ("", State::Neutral) => None,
        ("", state) => Some(hidden(name_of(state))),
        (word, state) => Some(span(["word ", class(state)].concat().as_str(), word)),
    }
}

/// A cell in words: the value, what it could be, or why there is none.
pub fn words(format: &Format, cell: &Cell, unit: Option<Unit>, detail: Detail) -> String {
    match (unit, cell.value, cell.bounds) {
        (Some(unit), Some(value), _) => format.value(value, unit, detail),
        (Some(unit), None, Some(bounds)) => format.range(bounds, unit, detail),
        _ if cell.text.is_empty() => text::NO_VALUE.to_owned(),
        _ => cell.text.clone(),
    }
}

/// What stands beside a value: what else it could be, and its text.
fn beside(format: &Format, cell: &Cell, unit: Option<Unit>) -> Option<String> {
    let (unit, _) = (unit?, cell.value?);
    let bounds = cell.bounds.filter(|[low, high]| low != high).map(|bounds| format.range(bounds, unit, Detail::Short));
    match (bounds, cell.text.as_str()) {
        (None, "") => None,
        (Some(bounds), "") => Some(bounds),
        (None, text) => Some(text.to_owned()),
        (Some(bounds), text) => Some([&bounds, ", ", text].concat()),
    }
}

/// A cell as it stands in a row. What it means for the reader is drawn where the row doesn't mean the same: its name
/// has the shape then, and the cell that gave it the colour.
pub fn cell(format: &Format, cell: &Cell, unit: Option<Unit>, row: State) -> Element {
    let is_known = cell.value.is_some() || unit.is_none() && !cell.text.is_empty();
    let shown = words(format, cell, unit, Detail::Short);
    let tone = if cell.state == State::Neutral { "" } else { class(cell.state) };
    html("span")
        .class([if is_known { "cell " } else { "cell note " }, tone].concat().as_str())
        .maybe(shape(cell.state).filter(|_| cell.state != row))
        .child(span("own-order", shown))
        .maybe(beside(format, cell, unit).map(|words| span("note own-order", words)))
}
