//! A figure over time.

use crate::Within;
use crate::axis::{Axis, extent};
use crate::context::{Context, Style};
use crate::draft::{Draft, Font, MUTED, STRONG};
use crate::plane::{Frame, Plane, Stroke};
use crate::scene::{Anchor, Role, Scene};
use crate::sparkline::{describe, hits, series};
use mops_core::figure::Unit;
use mops_core::list::List;
use mops_core::view::KpiView;

/// A line with its interval over the buckets of time, broken where the figure is undefined, with lines at the target
/// and at the value compared with, each named at its end. The bucket that is not over yet is dashed and hollow.
pub fn trend(view: &KpiView, width: f64, height: f64, context: &Context<'_>) -> Scene {
    let draft = Draft::new(context, width);
    let height = if height.is_finite() { height.within(80.0, 1_200.0) } else { 220.0 };
    let unit = view.figure.unit;
    let points = &view.trend;
    let title = view.figure.label.clone();
    let target = view.figure.target.filter(|value| value.is_finite());
    let compared = view.comparison.as_ref().and_then(|comparison| comparison.value).filter(|value| value.is_finite());
    let Some((low, high)) = extent(points.iter().filter_map(|point| point.value)) else {
        draft.note(height, "No values in this time");
        return draft.finish(height, title, "No values.".into());
    };
    let intervals = points.iter().filter(|point| point.value.is_some()).filter_map(|point| point.interval);
    let reach = extent(intervals.flatten()).unwrap_or((low, high));
    let lines = extent([target, compared].into_iter().flatten()).unwrap_or((low, high));
    let (low, high) = (low.min(lines.0), high.max(lines.1));
    // Intervals are drawn as far as they don't take most of the room from the line.
    let span = (high - low).max(high.abs() * 0.2);
    let (low, high) = (low.min(reach.0.max(low - span)), high.max(reach.1.min(high + span)));
    // From zero where that costs little; otherwise with some air below the line.
    let low = if low >= 0.0 && low < high * 0.7 { 0.0 } else { low - (high - low) * 0.1 };
    let steps = if height < 140.0 { 2 } else { 4 };
    let y = Axis::clean(low, high, steps, if unit == Unit::Records { 1.0 } else { 0.0 });
    let labels = tick_labels(&y.ticks, unit, context);
    let y_room = draft.widest(labels.iter().map(String::as_str), MUTED).min(draft.width * 0.3);

    // The last value, the target and the compared value are written at the right end, not into a legend.
    let last = points.iter().rev().find_map(|point| point.value.filter(|value| value.is_finite()));
    let write = |value: f64| (context.format)(value, unit, Style::Compact);
    let mut ends: Vec<(f64, String, Font)> = Vec::new();
    if let Some(last) = last {
        ends.push((last, write(last), STRONG));
    }
    if let Some(target) = target {
        ends.push((target, "target ".to_owned() + &write(target), MUTED.role(Role::TargetLabel)));
    }
    if let Some(compared) = compared {
        ends.push((compared, "before ".to_owned() + &write(compared), MUTED));
    }
    let end_room = ends.iter().map(|(_, text, font)| draft.measure(text, *font)).fold(0.0, f64::max);
    let end_room = end_room.min(draft.width * 0.35);

    let frame =
        Frame { left: 2.0 + y_room + 8.0, top: 10.0, right: draft.width - end_room - 12.0, bottom: height - 24.0 };
    let x = Axis::exact(0.0, points.len().saturating_sub(1).max(1) as f64);
    let plane = Plane::new(&draft, frame, &x, &y);
    plane.grid(false);
    for (tick, label) in y.ticks.iter().zip(&labels) {
        let (_, at) = plane.place((0.0, *tick));
        draft.text(frame.left - 8.0, at + 4.0, y_room, label, MUTED, Anchor::Right);
    }
    hits(&draft, &plane, points.len(), 0.0, height);
    if let Some(compared) = compared {
        let stroke = Stroke { role: Role::LineCompared, width: 1.0, dashed: true };
        plane.line(&[(x.low, compared), (x.high, compared)], stroke);
    }
    if let Some(target) = target {
        let stroke = Stroke { role: Role::Target, width: 1.0, dashed: true };
        plane.line(&[(x.low, target), (x.high, target)], stroke);
    }
    series(&draft, &plane, points, 2.0, 3.5);
    let places = ends.into_iter().map(|(value, text, font)| (plane.place((0.0, value)).1, text, font)).list();
    end_labels(&draft, places, frame.right + 8.0, (10.0, height - 24.0), end_room);
    let names: Vec<String> = points.iter().map(|point| (context.period)(&point.period, Style::Compact)).list();
    along_axis(&draft, &plane, &names, frame, height - 6.0);
    let description = describe(points, unit, context);
    draft.finish(height, title, description)
}

/// Labels for ticks: compact, or full where compact ones would say the same twice.
pub(crate) fn tick_labels(ticks: &[f64], unit: Unit, context: &Context<'_>) -> Vec<String> {
    let write = |style| ticks.iter().map(|tick| (context.format)(*tick, unit, style)).list();
    let mut labels = write(Style::Compact);
    if labels.windows(2).any(|pair| pair[0] == pair[1]) {
        labels = write(Style::Full);
    }
    // What can't be told apart even then is said once.
    for index in (1..labels.len()).rev() {
        if labels[index] == labels[index - 1] {
            labels[index].clear();
        }
    }
    labels
}

/// Writes labels at the right end of lines, moved apart where they would overlap; the first has the first choice.
pub(crate) fn end_labels(
    draft: &Draft<'_>,
    labels: Vec<(f64, String, Font)>,
    x: f64,
    (top, bottom): (f64, f64),
    room: f64,
) {
    const LINE: f64 = 15.0;
    let mut taken: Vec<f64> = Vec::new();
    for (at, text, font) in labels {
        let at = at.within(top, bottom);
        let free =
            |place: f64| place >= top && place <= bottom && taken.iter().all(|other| (other - place).abs() >= LINE);
        // The nearest free place: where it belongs, or just above or below one that is taken.
        let beside = taken.iter().flat_map(|other| [other - LINE, other + LINE]);
        let place = std::iter::once(at)
            .chain(beside)
            .filter(|place| free(*place))
            .min_by(|a, b| (a - at).abs().total_cmp(&(b - at).abs()));
        if let Some(place) = place {
            draft.text(x, place + 4.0, room, &text, font, Anchor::Left);
            taken.push(place);
        }
    }
}

/// Names as many buckets below the axis as fit, the last one always.
pub(crate) fn along_axis(draft: &Draft<'_>, plane: &Plane<'_>, names: &[String], frame: Frame, baseline: f64) {
    let count = names.len();
    let widest = draft.widest(names.iter().map(String::as_str), MUTED).min(160.0);
    let apart = (frame.right - frame.left) / count.saturating_sub(1).max(1) as f64;
    // Every bucket, every third of a year, … : steps that divide years.
    let every = [1, 2, 3, 4, 6, 12, 24, 48].into_iter().find(|every| *every as f64 * apart >= widest + 16.0);
    let every = every.unwrap_or(count.max(1));
    let mut free_right = draft.width - 2.0;
    for index in (0..count).rev() {
        if (count - 1 - index).is_multiple_of(every)
            && let Some(name) = names.get(index)
        {
            let (middle, _) = plane.place((index as f64, 0.0));
            let whole = draft.measure(name, MUTED);
            let width = whole.min(free_right - 2.0);
            let left = (middle - width / 2.0).within(2.0, (free_right - width).max(2.0));
            // One that had to move far from its bucket would mislead; one that is cut says less than none.
            let moved = (left + width / 2.0 - middle).abs();
            let is_whole = whole <= width || index + 1 == count;
            if is_whole && moved <= width / 2.0 + 2.0 && left + width <= free_right {
                draft.text(left, baseline, width, name, MUTED, Anchor::Left);
                free_right = left - 10.0;
            }
        }
    }
    // Where only the last fits beside its neighbours, the first says how far back the line goes.
    if let (true, Some(name)) = (count > 1 && (count - 1) < every.saturating_mul(2), names.first()) {
        let width = draft.measure(name, MUTED);
        let left = (plane.place((0.0, 0.0)).0 - width / 2.0).max(2.0);
        if left + width <= free_right && free_right > frame.left + width {
            draft.text(left, baseline, width, name, MUTED, Anchor::Left);
        }
    }
}
