//! Points in order, of up to three lines.

use crate::Within;
use crate::axis::{Axis, extent};
use crate::context::{Context, Style};
use crate::draft::{Draft, Font, MUTED, STRONG};
use crate::plane::{Frame, Plane, Stroke};
use crate::scene::{Anchor, Role, Scene};
use crate::sparkline::hits;
use crate::trend::{along_axis, end_labels, tick_labels};
use mops_core::figure::Unit;
use mops_core::list::List;
use mops_core::view::{Cell, Section};

/// The looks of a line and of its name.
const LINES: [(Role, Role); 3] =
    [(Role::Line, Role::LabelStrong), (Role::LineSecond, Role::LabelSecond), (Role::LineThird, Role::LabelThird)];

/// A line for each of the first columns that have the unit of the first, broken where a value is unknown, with the
/// bounds of each point around it. Each line is named at its end.
pub fn series(section: &Section, width: f64, height: f64, context: &Context<'_>) -> Scene {
    let draft = Draft::new(context, width);
    let height = if height.is_finite() { height.within(80.0, 1_200.0) } else { 220.0 };
    let unit = section.columns.first().and_then(|column| column.unit).unwrap_or(Unit::Records);
    let columns = section.columns.iter().enumerate().filter(|(_, column)| column.unit == Some(unit));
    let columns: Vec<(usize, &str)> = columns.map(|(at, column)| (at, column.label.as_str())).take(LINES.len()).list();
    let cell = |row: usize, column: usize| section.rows.get(row).and_then(|row| row.cells.get(column));
    let value = |of: &Cell| of.value.filter(|value| value.is_finite());
    let bounds = |of: &Cell| of.bounds.filter(|bounds| bounds.iter().all(|end| end.is_finite()));
    let cells = || {
        let rows = 0..section.rows.len();
        rows.flat_map(|row| columns.iter().map(move |(column, _)| (row, *column)))
            .filter_map(|(row, column)| cell(row, column))
    };
    let title = section.label.clone();
    let ends = cells().flat_map(|of| value(of).into_iter().chain(bounds(of).into_iter().flatten()));
    let Some((low, high)) = extent(ends) else {
        draft.note(height, "No values in this time");
        return draft.finish(height, title, "No values.".into());
    };
    // From zero where that costs little.
    let low = if low >= 0.0 && low < high * 0.7 { 0.0 } else { low };
    let least = if unit == Unit::Records { 1.0 } else { 0.0 };
    let y = Axis::clean(low, high, if height < 140.0 { 2 } else { 4 }, least);
    let labels = tick_labels(&y.ticks, unit, context);
    let y_room = draft.widest(labels.iter().map(String::as_str), MUTED).min(draft.width * 0.3);

    let last = |column: usize| (0..section.rows.len()).rev().find_map(|row| cell(row, column).and_then(value));
    let named = |with_name: bool| -> Vec<(f64, String, Font)> {
        let named = columns.iter().zip(LINES).filter_map(|((column, label), (_, role))| {
            let last = last(*column)?;
            let value = (context.format)(last, unit, Style::Compact);
            Some((last, if with_name { [label, " ", &value].concat() } else { value }, STRONG.role(role)))
        });
        named.list()
    };
    let widest = |named: &[(f64, String, Font)]| {
        named.iter().map(|(_, text, font)| draft.measure(text, *font)).fold(0.0, f64::max)
    };
    let mut named_at_end = named(true);
    // Names that would take most of the room stand above the lines instead.
    let mut top = 10.0;
    if widest(&named_at_end) > draft.width * 0.35 {
        for ((_, label), (_, role)) in columns.iter().zip(LINES) {
            draft.text(2.0, top + 2.0, draft.width - 4.0, label, MUTED.role(role), Anchor::Left);
            top += 16.0;
        }
        top += 4.0;
        named_at_end = named(false);
    }
    let named = named_at_end;
    let height = height + top - 10.0;
    // A number is never cut.
    let room = widest(&named).min(draft.width * 0.5);
    let frame = Frame { left: 2.0 + y_room + 8.0, top, right: draft.width - room - 12.0, bottom: height - 24.0 };
    let x = Axis::exact(0.0, section.rows.len().saturating_sub(1).max(1) as f64);
    let plane = Plane::new(&draft, frame, &x, &y);
    plane.grid(false);
    for (tick, label) in y.ticks.iter().zip(&labels) {
        let (_, at) = plane.place((0.0, *tick));
        draft.text(frame.left - 8.0, at + 4.0, y_room, label, MUTED, Anchor::Right);
    }
    hits(&draft, &plane, section.rows.len(), 0.0, height);
    for (index, (column, _)) in columns.iter().enumerate().rev() {
        let (mut line, mut band) = (Vec::new(), Vec::new());
        // One more than there are, so that the last run ends too.
        for row in 0..=section.rows.len() {
            let of = cell(row, *column);
            if let Some(value) = of.and_then(value) {
                line.push((row as f64, value));
                band.extend(of.and_then(bounds).map(|[low, high]| (row as f64, low, high)));
                continue;
            }
            if index == 0 {
                plane.band(&band, Role::Band);
            }
            let role = LINES[index].0;
            plane.line(&line, Stroke { role, width: 2.0, dashed: index > 1 });
            if let ([only], _) | ([.., only], 0) = (line.as_slice(), index) {
                plane.dot(*only, 3.0, if index == 0 { Role::Dot } else { role });
            }
            line.clear();
            band.clear();
        }
    }
    let places = named.into_iter().map(|(value, text, font)| (plane.place((0.0, value)).1, text, font)).list();
    end_labels(&draft, places, frame.right + 8.0, (top, height - 24.0), room);
    let names: Vec<String> = section.rows.iter().map(|row| row.label.clone()).list();
    along_axis(&draft, &plane, &names, frame, height - 6.0);
    let mut description = String::new();
    for (column, label) in &columns {
        let write = |value: Option<f64>| {
            value.map_or_else(|| "unknown".to_owned(), |value| (context.format)(value, unit, Style::Full))
        };
        let first = cell(0, *column).and_then(value);
        for part in [label, " from ", &write(first), " to ", &write(last(*column)), ". "] {
            description.push_str(part);
        }
    }
    description.truncate(description.trim_end().len());
    draft.finish(height, title, description)
}
