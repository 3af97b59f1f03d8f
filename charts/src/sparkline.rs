//! A trend in the size of a word.

use crate::Within;
use crate::axis::{Axis, extent};
use crate::context::{Context, Style};
use crate::draft::Draft;
use crate::plane::{Frame, Plane, Stroke};
use crate::scene::{Role, Scene, Target};
use mops_core::figure::Unit;
use mops_core::list::List;
use mops_core::view::TrendPoint;

/// A thin line with a dot at its end, broken where the figure is undefined. The line to a bucket that is not over
/// yet is dashed and its dot hollow.
pub fn sparkline(
    trend: &[TrendPoint],
    unit: Unit,
    target: Option<f64>,
    width: f64,
    height: f64,
    context: &Context<'_>,
) -> Scene {
    let draft = Draft::new(context, width);
    let height = if height.is_finite() { height.within(16.0, 400.0) } else { 32.0 };
    let values = || trend.iter().filter_map(|point| point.value);
    if let Some((low, high)) = extent(values()) {
        // The interval may reach out of the picture: the line counts most. A target far off would flatten it.
        let reach = (high - low).max(high.abs().max(low.abs()) * 0.2);
        let target = target.filter(|target| (low - reach..=high + reach).contains(target));
        let (low, high) = target.map_or((low, high), |target| (low.min(target), high.max(target)));
        let y = Axis::exact(low, high);
        let x = Axis::exact(0.0, trend.len().saturating_sub(1).max(1) as f64);
        let frame = Frame { left: 4.0, top: 4.0, right: draft.width - 4.0, bottom: height - 4.0 };
        let plane = Plane::new(&draft, frame, &x, &y);
        hits(&draft, &plane, trend.len(), 0.0, height);
        if let Some(target) = target {
            let stroke = Stroke { role: Role::Target, width: 1.0, dashed: true };
            plane.line(&[(x.low, target), (x.high, target)], stroke);
        }
        series(&draft, &plane, trend, 1.5, 2.5);
    } else {
        draft.note(height, "no values");
    }
    let description = describe(trend, unit, context);
    draft.finish(height, "Trend".into(), description)
}

/// One rectangle that catches the pointer for each point, between the middles to its neighbours.
pub(crate) fn hits(draft: &Draft<'_>, plane: &Plane<'_>, count: usize, top: f64, bottom: f64) {
    for index in 0..count {
        let at = |place: f64| plane.place((place, 0.0)).0;
        let middle = index as f64;
        let left = if index == 0 { 0.0 } else { at(middle - 0.5) };
        let right = if index + 1 == count { draft.width } else { at(middle + 0.5) };
        draft.begin(Target::Point(index as u32), left, top, right - left, bottom - top);
    }
    draft.target.set(None);
}

/// The band, line and dots of a trend over the indices of its points.
pub(crate) fn series(draft: &Draft<'_>, plane: &Plane<'_>, trend: &[TrendPoint], width: f64, radius: f64) {
    draft.target.set(None);
    let runs: Vec<Vec<usize>> = runs(trend);
    for run in &runs {
        let band: Vec<_> = run
            .iter()
            .filter_map(|index| {
                let [low, high] = trend.get(*index)?.interval?;
                (low.is_finite() && high.is_finite()).then_some((*index as f64, low, high))
            })
            .list();
        plane.band(&band, Role::Band);
    }
    for run in &runs {
        let points: Vec<_> = run.iter().filter_map(|index| Some((*index as f64, trend.get(*index)?.value?))).list();
        let open = |index: &usize| trend.get(*index).is_some_and(|point| point.unfinished);
        // What isn't over is always at the end.
        let solid = run.iter().position(open).unwrap_or(run.len());
        let unfinished = solid < run.len();
        plane.line(&points[..solid], Stroke { role: Role::Line, width, dashed: false });
        if unfinished {
            plane.line(&points[solid.saturating_sub(1)..], Stroke { role: Role::Line, width, dashed: true });
        }
        // A point without neighbours has no line: it needs a dot to be seen.
        let last_of_all = run.last().copied() == runs.last().and_then(|run| run.last().copied());
        if let (true, Some(index), Some(at)) = (last_of_all || run.len() == 1, run.last(), points.last()) {
            draft.target.set(Some(Target::Point(*index as u32)));
            plane.dot(*at, if last_of_all { radius } else { width }, Role::Dot);
            if unfinished {
                plane.dot(*at, radius - 1.2, Role::DotHollow);
            }
            draft.target.set(None);
        }
    }
}

/// Indices of neighbouring points that have a value.
fn runs(trend: &[TrendPoint]) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    let mut open = false;
    for (index, point) in trend.iter().enumerate() {
        let defined = point.value.is_some_and(f64::is_finite);
        if defined {
            match runs.last_mut() {
                Some(run) if open => run.push(index),
                _ => runs.push(vec![index]),
            }
        }
        open = defined;
    }
    runs
}

/// First, last, lowest and highest value in a sentence.
pub(crate) fn describe(trend: &[TrendPoint], unit: Unit, context: &Context<'_>) -> String {
    let write = |point: &TrendPoint| {
        let value = point.value.map_or_else(|| "undefined".into(), |value| (context.format)(value, unit, Style::Full));
        (context.period)(&point.period, Style::Full) + ": " + &value + if point.unfinished { " so far" } else { "" }
    };
    let defined = || trend.iter().filter(|point| point.value.is_some_and(f64::is_finite));
    let Some(first) = defined().next() else { return "No values.".into() };
    let mut text = write(first);
    if let Some(last) = defined().next_back().filter(|last| *last != first) {
        text.push_str("; ");
        text.push_str(&write(last));
    }
    let by_value =
        |a: &&TrendPoint, b: &&TrendPoint| a.value.partial_cmp(&b.value).unwrap_or(std::cmp::Ordering::Equal);
    if let (Some(lowest), Some(highest)) = (defined().min_by(by_value), defined().max_by(by_value))
        && lowest.value != highest.value
    {
        text.push_str("; lowest in ");
        text.push_str(&write(lowest));
        text.push_str("; highest in ");
        text.push_str(&write(highest));
    }
    let undefined = trend.len() - defined().count();
    if undefined > 0 {
        text.push_str("; undefined in ");
        text.push_str(&undefined.to_string());
    }
    text.push('.');
    text
}
