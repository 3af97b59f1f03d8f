//! A figure by segment.

use crate::Within;
use crate::axis::{Axis, extent};
use crate::context::{Context, Style};
use crate::draft::{Draft, LABEL, MUTED, STRONG};
use crate::plane::{Frame, Plane, Stroke};
use crate::scene::{Anchor, Role, Scene, Target};
use mops_core::figure::Figure;
use mops_core::list::List;
use mops_core::view::KpiView;

/// One bar for each segment with its value, its interval as a whisker and a line at the target. Bars start at zero.
pub fn segments(view: &KpiView, width: f64, context: &Context<'_>) -> Scene {
    let draft = Draft::new(context, width);
    let title = view.figure.label.clone();
    if view.segments.is_empty() {
        draft.note(48.0, "No segments to show");
        return draft.finish(48.0, title, "No segments to show.".into());
    }
    let write = |style| view.segments.iter().map(|segment| value(segment, style, context)).list();
    let mut values = write(Style::Full);
    // A number is never cut.
    if draft.widest(values.iter().map(String::as_str), STRONG) > draft.width * 0.3 {
        values = write(Style::Compact);
    }
    let used: Vec<String> = view.segments.iter().map(|segment| "n ".to_owned() + &context.count(segment.used)).list();
    let target = view.figure.target.filter(|target| target.is_finite());
    let (low, high) = extent(view.segments.iter().filter_map(|segment| segment.value)).unwrap_or((0.0, 1.0));
    let (low, high) = target.map_or((low, high), |target| (low.min(target), high.max(target)));
    let reach = extent(view.segments.iter().filter_map(|segment| segment.interval).flatten()).unwrap_or((low, high));
    // A whisker may reach out as far as the bars themselves, not further: the bars are to be compared.
    let most = high.abs().max(low.abs());
    let high = high.max(reach.1.min(high + most)).max(0.0);
    let low = low.min(reach.0.max(low - most)).min(0.0);

    let value_room = draft.widest(values.iter().map(String::as_str), STRONG).min(draft.width * 0.4);
    let used_room = draft.widest(used.iter().map(String::as_str), MUTED);
    let with_used = draft.width >= 520.0;
    let label_room = draft.widest(view.segments.iter().map(name), LABEL);
    let stacked = draft.width < 400.0;
    let label_room =
        if stacked { draft.width - 4.0 - value_room - 12.0 } else { label_room.min(draft.width * 0.3).max(40.0) };
    let used_right = draft.width - 2.0;
    let value_right = if with_used { used_right - used_room - 12.0 } else { used_right };
    let (row, text_height) = if stacked { (38.0, 18.0) } else { (28.0, 0.0) };
    let header = if target.is_some() { 18.0 } else { 2.0 };
    let height = header + row * view.segments.len() as f64 + 2.0;
    let frame = Frame {
        left: if stacked { 3.0 } else { 2.0 + label_room + 12.0 },
        top: header,
        right: if stacked { draft.width - 3.0 } else { value_right - value_room - 12.0 },
        bottom: height - 2.0,
    };
    let plane = Plane::new(
        &draft,
        frame,
        &Axis::exact(low, if high > low { high } else { low + 1.0 }),
        &Axis::exact(0.0, height - 2.0 - header),
    );
    let up = |pixels: f64| height - 2.0 - pixels;

    for (index, (segment, (value, used))) in view.segments.iter().zip(values.iter().zip(&used)).enumerate() {
        let top = header + row * index as f64;
        draft.begin(Target::Segment(index as u32), 0.0, top, draft.width, row);
        let baseline = if stacked { top + 13.0 } else { top + row / 2.0 + 4.5 };
        let font = if name(segment) == BLANK { LABEL.role(Role::LabelMuted) } else { LABEL };
        draft.text(2.0, baseline, label_room, name(segment), font, Anchor::Left);
        let font = if segment.value.is_none() || segment.thin { LABEL.role(Role::LabelMuted) } else { STRONG };
        draft.text(value_right, baseline, value_room, value, font, Anchor::Right);
        if with_used {
            draft.text(used_right, baseline, used_room, used, MUTED, Anchor::Right);
        }
        let (bar_top, bar_bottom) =
            if stacked { (top + text_height, top + row - 6.0) } else { (top + 5.0, top + row - 5.0) };
        if let Some(value) = segment.value.filter(|value| value.is_finite()) {
            let role = if segment.thin { Role::BarThin } else { Role::Bar };
            plane.rect((0.0, up(bar_top)), (value, up(bar_bottom)), 0.0, 2.0, role);
            if let Some([low, high]) = segment.interval.filter(|[low, high]| low.is_finite() && high.is_finite()) {
                let middle = up((bar_top + bar_bottom) / 2.0);
                plane.line(&[(low, middle), (high, middle)], Stroke { role: Role::Whisker, width: 1.5, dashed: false });
            }
        }
    }
    draft.target.set(None);
    if let Some(target) = target {
        let stroke = Stroke { role: Role::Target, width: if stacked { 2.0 } else { 1.0 }, dashed: !stacked };
        // Where labels stand above the bars, the line keeps to the bars.
        if stacked {
            for index in 0..view.segments.len() {
                let top = header + row * index as f64 + text_height - 2.0;
                plane.line(&[(target, up(top)), (target, up(top + row - text_height - 2.0))], stroke);
            }
        } else {
            plane.line(&[(target, up(header)), (target, up(height - 2.0))], stroke);
        }
        let text = "target ".to_owned() + &(context.format)(target, view.figure.unit, Style::Compact);
        let width = draft.measure(&text, MUTED);
        let (at, _) = plane.place((target, 0.0));
        let left = (at - width / 2.0).within(2.0, (draft.width - width - 2.0).max(2.0));
        draft.text(left, 11.0, draft.width - 4.0, &text, MUTED.role(Role::TargetLabel), Anchor::Left);
    }
    let mut description = String::new();
    for (segment, value) in view.segments.iter().zip(&values) {
        description.push_str(name(segment));
        description.push_str(": ");
        description.push_str(value);
        description.push_str(". ");
    }
    description.truncate(description.trim_end().len());
    draft.finish(height, title, description)
}

const BLANK: &str = "(blank)";

/// The segment's name; records whose field is blank are a segment too.
fn name(segment: &Figure) -> &str {
    if segment.label.trim().is_empty() { BLANK } else { &segment.label }
}

fn value(segment: &Figure, style: Style, context: &Context<'_>) -> String {
    segment.value.map_or_else(|| "undefined".into(), |value| (context.format)(value, segment.unit, style))
}
