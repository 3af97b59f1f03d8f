//! Cohorts by age.

use crate::axis::Axis;
use crate::context::{Context, Style};
use crate::draft::{Draft, Font, LABEL, MUTED};
use crate::plane::{Frame, Plane};
use crate::scene::{Anchor, Role, STRONGEST, Scene, Target};
use mops_core::figure::Unit;
use mops_core::list::List;
use mops_core::view::{Cohort, CohortsView};

const ROW: f64 = 24.0;
const HEADER: f64 = 36.0;
const CELL: Font = Font { size: 11.0, ..LABEL };

/// One row for each cohort, one column for each age, the stronger the higher the share converted by then. A cohort
/// younger than a column leaves it blank, not 0. Where there is little room, every second or third age is shown: even steps,
/// since uneven ones would bend what grows with age. The first always is: recent cohorts have no other.
pub fn matrix(view: &CohortsView, width: f64, context: &Context<'_>) -> Scene {
    let draft = Draft::new(context, width);
    let title = view.from_label.clone() + " → " + &view.to_label;
    if view.cohorts.is_empty() || view.ages.is_empty() {
        draft.note(48.0, "No cohorts to show");
        return draft.finish(48.0, title, "No cohorts to show.".into());
    }
    let rate_of =
        |cohort: &Cohort, age: usize| cohort.cells.get(age).and_then(|cell| cell.as_ref()).map(|cell| cell.rate);
    let rates = || view.cohorts.iter().flat_map(|cohort| cohort.cells.iter().flatten()).map(|cell| cell.rate);
    let highest = rates().filter(|rate| rate.is_finite()).fold(0.0, f64::max);

    let names: Vec<String> = view.cohorts.iter().map(|cohort| (context.period)(&cohort.period, Style::Compact)).list();
    let sizes: Vec<String> = view.cohorts.iter().map(|cohort| context.count(cohort.size)).list();
    let name_room = draft.widest(names.iter().map(String::as_str), LABEL).min(draft.width * 0.3).max(24.0);
    let size_room = draft.widest(sizes.iter().map(String::as_str), MUTED).max(draft.measure("Size", MUTED));
    let size_room = size_room.min(draft.width * 0.22);
    let size_right = 2.0 + name_room + 10.0 + size_room;
    let cells_left = size_right + 8.0;
    let cells_right = draft.width - 2.0;

    let texts = rates().map(|rate| (context.format)(rate, Unit::Rate, Style::Column));
    let cell_room = texts.map(|text| draft.measure(&text, CELL)).fold(0.0, f64::max);
    let age_room = draft.widest(view.ages.iter().map(u32::to_string).list().iter().map(String::as_str), MUTED);
    let narrowest = cell_room.max(age_room) + 8.0;
    let room = ((cells_right - cells_left) / narrowest).max(1.0) as usize;
    let shown = spread(view.ages.len(), room);
    // Few ages keep their cells near the names instead of stretching them across the page.
    let cells_right = cells_right.min(cells_left + shown.len() as f64 * 96.0);

    let height = HEADER + ROW * view.cohorts.len() as f64 + 2.0;
    let frame = Frame { left: cells_left, top: HEADER, right: cells_right, bottom: height - 2.0 };
    let x = Axis::exact(0.0, shown.len() as f64);
    let y = Axis::exact(0.0, view.cohorts.len() as f64);
    let plane = Plane::new(&draft, frame, &x, &y);

    let mut heading = "Months since ".to_owned() + &view.from_label;
    let room = draft.width - 2.0 - cells_left;
    if draft.measure(&heading, MUTED) > room {
        heading.truncate("Months".len());
    }
    draft.text(cells_left, 12.0, room, &heading, MUTED, Anchor::Left);
    draft.text(size_right, HEADER - 7.0, size_room, "Size", MUTED, Anchor::Right);
    for (column, age) in shown.iter().enumerate() {
        let (middle, _) = plane.place((column as f64 + 0.5, 0.0));
        let text = view.ages.get(*age).map_or_else(String::new, u32::to_string);
        draft.text(middle, HEADER - 7.0, narrowest, &text, MUTED, Anchor::Middle);
    }
    let rows = view.cohorts.len() as f64;
    for (row, (cohort, (name, size))) in view.cohorts.iter().zip(names.iter().zip(&sizes)).enumerate() {
        let top = HEADER + ROW * row as f64;
        let baseline = top + ROW / 2.0 + 4.0;
        draft.begin(Target::Cohort(row as u32), 0.0, top, cells_left, ROW);
        let font = if cohort.thin { LABEL.role(Role::LabelMuted) } else { LABEL };
        draft.text(2.0, baseline, name_room, name, font, Anchor::Left);
        draft.text(size_right, baseline, size_room, size, MUTED, Anchor::Right);
        let from = rows - row as f64;
        for (column, age) in shown.iter().enumerate() {
            let left = column as f64;
            let (corner, opposite) = ((left, from), (left + 1.0, from - 1.0));
            let Some(rate) = rate_of(cohort, *age).filter(|rate| rate.is_finite()) else {
                draft.target.set(None);
                plane.rect(corner, opposite, 1.0, 2.0, Role::CellBlank);
                continue;
            };
            let ((x, y), (right, bottom)) = (plane.place(corner), plane.place(opposite));
            draft.begin(Target::Cell { cohort: row as u32, age: *age as u32 }, x, y, right - x, bottom - y);
            let level = intensity(rate, highest);
            plane.rect(corner, opposite, 1.0, 2.0, Role::Cell(level));
            let text = (context.format)(rate, Unit::Rate, Style::Column);
            let (middle, _) = plane.place((left + 0.5, 0.0));
            draft.text(middle, baseline, right - x - 4.0, &text, CELL.role(Role::CellLabel(level)), Anchor::Middle);
        }
    }
    draft.target.set(None);
    draft.finish(height, title, describe(view, context))
}

/// 0 only for none at all; the highest share of the picture is the strongest.
fn intensity(rate: f64, highest: f64) -> u8 {
    if rate <= 0.0 || highest <= 0.0 {
        return 0;
    }
    ((rate / highest * f64::from(STRONGEST)).ceil() as u8).clamp(1, STRONGEST)
}

/// Which of `count` columns to show where there is room for `room`: all, or every second, third, …
fn spread(count: usize, room: usize) -> Vec<usize> {
    (0..count).step_by(count.div_ceil(room.max(1)).max(1)).list()
}

fn describe(view: &CohortsView, context: &Context<'_>) -> String {
    let mut text = String::new();
    for cohort in &view.cohorts {
        text.push_str(&(context.period)(&cohort.period, Style::Full));
        text.push_str(": ");
        text.push_str(&context.count(cohort.size));
        let oldest =
            cohort.cells.iter().zip(&view.ages).filter_map(|(cell, age)| Some((cell.as_ref()?, age))).next_back();
        if let Some((cell, age)) = oldest {
            text.push_str(", ");
            text.push_str(&context.rate(cell.rate));
            text.push_str(" converted by month ");
            text.push_str(&age.to_string());
        }
        text.push_str(". ");
    }
    text.truncate(text.trim_end().len());
    text
}
