//! Conversion by day since the start.

use crate::Within;
use crate::axis::Axis;
use crate::context::{Context, Style};
use crate::draft::{Draft, Font, MUTED, STRONG};
use crate::plane::{Frame, Plane, Stroke};
use crate::scene::{Anchor, Role, Scene, Target};
use crate::trend::{end_labels, tick_labels};
use mops_core::figure::Unit;
use mops_core::list::List;
use mops_core::view::{CohortsView, CurvePoint};

/// How many times as high as the conversions the competing share may be to be drawn beside them.
const COMPETING_TIMES: f64 = 3.0;

/// Steps of the share converted by day with their interval, the competing share as a second line, and the median
/// where half have converted. Each line is named at its end.
pub fn curve(view: &CohortsView, width: f64, height: f64, context: &Context<'_>) -> Scene {
    let draft = Draft::new(context, width);
    let height = if height.is_finite() { height.within(100.0, 1_200.0) } else { 240.0 };
    let title = view.from_label.clone() + " → " + &view.to_label;
    let finite = |point: &&CurvePoint| point.day.is_finite() && point.day >= 0.0 && point.rate.is_finite();
    let points: Vec<&CurvePoint> = view.curve.iter().filter(finite).list();
    let (Some(last), Some(end)) = (points.last(), points.iter().map(|point| point.day).max_by(f64::total_cmp)) else {
        draft.note(height, "No conversions to follow yet");
        return draft.finish(height, title, "No conversions to follow yet.".into());
    };
    let end = end.within(1.0, 1e9);
    let highest = |values: &dyn Fn(&CurvePoint) -> Option<f64>| {
        points.iter().filter_map(|point| values(point)).filter(|value| value.is_finite()).fold(0.0, f64::max)
    };
    let rate_top = highest(&|point| Some(point.rate));
    let competing_top = highest(&|point| point.competing);
    // A line far above would press the one that matters flat: then it is only named.
    let draws_competing = competing_top <= (rate_top * COMPETING_TIMES).max(0.1);
    let line_top = if draws_competing { rate_top.max(competing_top) } else { rate_top };
    // An interval as wide as the plane says little; it may reach out of the picture.
    let top = highest(&|point| point.high).min((line_top * 1.6).max(0.1)).max(line_top).within(0.01, 1.0);
    let y = Axis::clean(0.0, top, if height < 160.0 { 2 } else { 5 }, 0.0);
    let labels = tick_labels(&y.ticks, Unit::Rate, context);
    let y_room = draft.widest(labels.iter().map(String::as_str), MUTED);

    let rate = context.rate(last.rate);
    let competing = last.competing.filter(|share| share.is_finite());
    let mut ends: Vec<(f64, String, Font)> = vec![(last.rate, rate.clone(), STRONG)];
    if let Some(share) = competing.filter(|_| draws_competing) {
        let text = "lost ".to_owned() + &context.rate(share);
        ends.push((share, text, MUTED.role(Role::LabelSecond)));
    }
    let end_room = ends.iter().map(|(_, text, font)| draft.measure(text, *font)).fold(0.0, f64::max);
    let frame =
        Frame { left: 2.0 + y_room + 8.0, top: 20.0, right: draft.width - end_room - 12.0, bottom: height - 24.0 };
    let days = (((frame.right - frame.left) / 90.0) as usize).clamp(2, 8);
    let x = Axis::clean_within(0.0, end, days, 1.0);
    let plane = Plane::new(&draft, frame, &x, &y);
    plane.grid(false);
    for (tick, label) in y.ticks.iter().zip(&labels) {
        let (_, at) = plane.place((0.0, *tick));
        draft.text(frame.left - 8.0, at + 4.0, y_room, label, MUTED, Anchor::Right);
    }
    day_labels(&draft, &plane, &x, height - 6.0);
    hits(&draft, &plane, &points, frame, height);

    let band = steps(points.iter().map(|point| (point.day, [point.low, point.high])), end);
    let band: Vec<_> = band.iter().filter_map(|(day, [low, high])| Some((*day, (*low)?, (*high)?))).list();
    plane.band(&band, Role::Band);
    if competing.is_some() && draws_competing {
        let line = steps(points.iter().map(|point| (point.day, point.competing)), end);
        let line: Vec<_> = line.iter().filter_map(|(day, share)| Some((*day, (*share)?))).list();
        plane.line(&line, Stroke { role: Role::LineSecond, width: 1.5, dashed: true });
    }
    if let Some(share) = competing.filter(|_| !draws_competing) {
        let room = draft.width - frame.left - 2.0;
        let short = context.rate(share) + " lost";
        let full = short.clone() + " by then, not drawn";
        let text = if draft.measure(&full, MUTED) <= room { full } else { short };
        draft.text(frame.left, 11.0, room, &text, MUTED, Anchor::Left);
    } else if let Some(median) = view.median_days.filter(|days| (0.0..=end).contains(days)) {
        plane.line(&[(median, y.low), (median, y.high)], Stroke { role: Role::Median, width: 1.0, dashed: true });
        let text = "median ".to_owned() + &(context.format)(median, Unit::Days, Style::Full);
        let width = draft.measure(&text, MUTED);
        let (at, _) = plane.place((median, 0.0));
        let left = (at - width / 2.0).within(2.0, (draft.width - width - 2.0).max(2.0));
        draft.text(left, 11.0, draft.width - 4.0, &text, MUTED, Anchor::Left);
    }
    let line = steps(points.iter().map(|point| (point.day, point.rate)), end);
    plane.line(&line, Stroke { role: Role::Line, width: 2.0, dashed: false });
    plane.dot((end, last.rate), 3.5, Role::Dot);
    let places = ends.into_iter().map(|(value, text, font)| (plane.place((0.0, value)).1, text, font)).list();
    end_labels(&draft, places, frame.right + 8.0, (12.0, height - 26.0), end_room);

    let mut description = rate + " converted after " + &(context.format)(end, Unit::Days, Style::Full);
    if let Some(share) = competing {
        description.push_str(", ");
        description.push_str(&context.rate(share));
        description.push_str(" lost");
    }
    match view.median_days {
        Some(median) => {
            description.push_str("; half have converted after ");
            description.push_str(&(context.format)(median, Unit::Days, Style::Full));
        }
        None => description.push_str("; fewer than half have converted"),
    }
    description.push('.');
    draft.finish(height, title, description)
}

/// Each value holds from its day to the next: a step. The first is 0 days old at the earliest, the last holds to the
/// end.
fn steps<T: Copy>(values: impl Iterator<Item = (f64, T)>, end: f64) -> Vec<(f64, T)> {
    let mut steps: Vec<(f64, T)> = Vec::new();
    for (day, value) in values {
        if let Some((_, before)) = steps.last() {
            let before = *before;
            steps.push((day, before));
        }
        steps.push((day, value));
    }
    if let Some((_, last)) = steps.last() {
        let last = *last;
        steps.push((end, last));
    }
    steps
}

fn day_labels(draft: &Draft<'_>, plane: &Plane<'_>, x: &Axis, baseline: f64) {
    let mut free_left = 0.0;
    for tick in &x.ticks {
        let text = (draft.context.format)(*tick, Unit::Days, Style::Compact);
        let width = draft.measure(&text, MUTED);
        let (middle, _) = plane.place((*tick, 0.0));
        let left = (middle - width / 2.0).max(2.0);
        if left >= free_left && left + width <= draft.width - 2.0 {
            draft.text(left, baseline, width + 1.0, &text, MUTED, Anchor::Left);
            free_left = left + width + 12.0;
        }
    }
}

/// Rectangles that catch the pointer, not narrower than a fingertip finds: each stands for the point that holds at
/// its left edge.
fn hits(draft: &Draft<'_>, plane: &Plane<'_>, points: &[&CurvePoint], frame: Frame, height: f64) {
    const NARROWEST: f64 = 8.0;
    let mut at: Option<(usize, f64)> = None;
    let close = |from: Option<(usize, f64)>, right: f64| {
        if let Some((index, left)) = from {
            draft.begin(Target::Point(index as u32), left, 0.0, right - left, height);
        }
    };
    for (index, point) in points.iter().enumerate() {
        let (x, _) = plane.place((point.day, 0.0));
        match at {
            Some((_, left)) if x - left < NARROWEST => {}
            _ => {
                close(at, x);
                at = Some((index, x));
            }
        }
    }
    close(at, frame.right);
    draft.target.set(None);
}
