//! The lifecycle as horizontal bars: where do we lose them?

use crate::Within;
use crate::context::{Context, Style, Weight};
use crate::draft::{Draft, Font, LABEL, LINE, MUTED, STRONG};
use crate::scene::{Anchor, Role, Scene, Target};
use mops_core::figure::Unit;
use mops_core::list::List;
use mops_core::view::{FunnelStage, FunnelView};

/// Where things are in a row, by the room there is.
struct Layout {
    /// Label and numbers stand above the bar instead of beside it.
    stacked: bool,
    /// Height of a bar, without what is drawn below it for the period compared with.
    bar_height: f64,
    label_width: f64,
    bar_left: f64,
    bar_right: f64,
    /// Right ends and widths of the columns of numbers: count, share of the first, median days.
    columns: [(f64, f64); 3],
    header: f64,
    row: f64,
    step: f64,
}

const EDGE: f64 = 2.0;
const GAP: f64 = 14.0;
const HEADERS: [&str; 3] = ["Records", "Of first", "Median stay"];
/// Below this a bar beside its label would be too short to compare.
const SHORTEST_BAR: f64 = 150.0;

/// One row for each stage with its bar, its count and its share of the first stage; between the rows the rate of the
/// step with its interval. What a step loses is drawn behind the next bar, and stands out at the leak. Ticks mark
/// where the target would have the next bar end; a thin bar below is the period compared with. Height follows.
pub fn funnel(view: &FunnelView, width: f64, context: &Context<'_>) -> Scene {
    let draft = Draft::new(context, width);
    let title = view.figure.label.clone();
    if view.stages.is_empty() {
        draft.note(48.0, "No stages to show");
        return draft.finish(48.0, title, "No stages to show.".into());
    }
    let write = |style| view.stages.iter().map(|stage| numbers(stage, style, context)).list();
    let mut numbers = write(Style::Full);
    let compact = write(Style::Compact);
    if draft.width < 320.0 {
        for ([_, share, _], [_, short, _]) in numbers.iter_mut().zip(&compact) {
            share.clone_from(short);
        }
    }
    // A number is never cut.
    if draft.widest(numbers.iter().flat_map(|row| row.iter().take(2)).map(String::as_str), STRONG) > draft.width * 0.27
    {
        numbers = compact;
    }
    let layout = layout(&draft, view, &numbers);
    let counts = view.stages.iter().flat_map(|stage| [stage.count, stage.compared_count]);
    let most = counts.flatten().max().unwrap_or(0).max(1) as f64;
    let end_of = |count: f64| {
        let share = (count / most).within(0.0, 1.0);
        layout.bar_left + (layout.bar_right - layout.bar_left) * share
    };

    if !layout.stacked {
        for (header, (right, room)) in HEADERS.iter().zip(layout.columns) {
            draft.text(right, 11.0, room, header, MUTED, Anchor::Right);
        }
    }
    let mut top = layout.header;
    let mut before: Option<&FunnelStage> = None;
    for (index, (stage, numbers)) in view.stages.iter().zip(&numbers).enumerate() {
        let name = name(&draft, &layout, stage, numbers);
        let row = layout.row + if name.2.is_empty() { 0.0 } else { LINE };
        draft.begin(Target::Stage(index as u32), 0.0, top, draft.width, row);
        let bar_top = row_text(&draft, &layout, name, numbers, top);
        bars(&draft, &layout, stage, before, bar_top, &end_of);
        top += row;
        if index + 1 < view.stages.len() {
            let texts = step_texts(stage, context);
            let height = step(&draft, &layout, index, stage.is_leak, &texts, top);
            top += height;
        }
        before = Some(stage);
    }
    draft.finish(top, title, describe(view, context))
}

fn numbers(stage: &FunnelStage, style: Style, context: &Context<'_>) -> [String; 3] {
    let write = |value, unit| (context.format)(value, unit, style);
    let share = stage.cumulative.map_or_else(|| "–".into(), |share| write(share, Unit::Rate));
    let days = stage.median_days.map_or_else(String::new, |days| write(days, Unit::Days));
    [stage.count.map_or_else(|| "–".into(), |count| write(count as f64, Unit::Records)), share, days]
}

fn layout(draft: &Draft<'_>, view: &FunnelView, numbers: &[[String; 3]]) -> Layout {
    let mut columns = [(0.0, 0.0); 3];
    let mut right = draft.width - EDGE;
    let wide = draft.width >= 620.0;
    for index in (0..3).rev() {
        let texts = || numbers.iter().filter_map(|row| row.get(index)).map(String::as_str);
        let shown = index < 2 || (wide && texts().any(|text| !text.is_empty()));
        if let (true, Some(column), Some(header)) = (shown, columns.get_mut(index), HEADERS.get(index)) {
            let font = if index == 0 { STRONG } else { LABEL };
            // Without room for labels beside the bars there are no headers either.
            let header = if draft.width < 460.0 { 0.0 } else { draft.measure(header, MUTED) };
            let room = draft.widest(texts(), font).max(header).min(draft.width * 0.34);
            *column = (right, room);
            right -= room + GAP;
        }
    }
    let labels = draft.widest(view.stages.iter().map(|stage| stage.label.as_str()), LABEL);
    let label_width = labels.min(draft.width * 0.34).max(40.0);
    let bar_left = EDGE + label_width + GAP;
    let compared = if view.stages.iter().any(|stage| stage.compared_count.is_some()) { COMPARED } else { 0.0 };
    if right - bar_left >= SHORTEST_BAR && draft.width >= 460.0 {
        return Layout {
            stacked: false,
            label_width,
            bar_left,
            bar_right: right,
            bar_height: 20.0,
            columns,
            header: 20.0,
            row: 28.0 + compared,
            step: 24.0,
        };
    }
    let [(_, count), (_, share), _] = columns;
    let share_left = draft.width - EDGE - share;
    Layout {
        stacked: true,
        label_width: draft.width,
        bar_left: EDGE,
        bar_right: draft.width - EDGE,
        bar_height: 14.0,
        columns: [(share_left - 8.0, count), (share_left + share, share), (0.0, 0.0)],
        header: 2.0,
        row: 36.0 + compared,
        step: 24.0,
    }
}

/// What the thin bar of the period compared with adds to a row.
const COMPARED: f64 = 5.0;

/// A stage's name and the room for it: above the bars, what has no room beside the numbers goes on in a line of its own.
fn name<'s>(
    draft: &Draft<'_>,
    layout: &Layout,
    stage: &'s FunnelStage,
    numbers: &[String; 3],
) -> (f64, &'s str, &'s str) {
    let ([count, ..], [(right, _), ..]) = (numbers, layout.columns);
    if !layout.stacked {
        return (layout.label_width, &stage.label, "");
    }
    let room = right - draft.measure(count, STRONG) - 8.0 - EDGE;
    let (first, more) = draft.lines(&stage.label, room, LABEL);
    (room, first, more)
}

/// Label and numbers of a stage; returns where its bar begins.
fn row_text(
    draft: &Draft<'_>,
    layout: &Layout,
    (room, name, more): (f64, &str, &str),
    numbers: &[String; 3],
    top: f64,
) -> f64 {
    let (baseline, mut bar_top) =
        if layout.stacked { (top + 13.0, top + 19.0) } else { (top + 4.0 + layout.bar_height / 2.0 + 4.5, top + 4.0) };
    draft.text(EDGE, baseline, room, name, LABEL, Anchor::Left);
    if !more.is_empty() {
        draft.text(EDGE, baseline + LINE, layout.label_width, more, LABEL, Anchor::Left);
        bar_top += LINE;
    }
    let muted = LABEL.role(Role::LabelMuted);
    let fonts = [STRONG, if layout.stacked { muted } else { LABEL }, muted];
    for ((text, font), (right, room)) in numbers.iter().zip(fonts).zip(layout.columns) {
        draft.text(right, baseline, room, text, font, Anchor::Right);
    }
    bar_top
}

fn bars(
    draft: &Draft<'_>,
    layout: &Layout,
    stage: &FunnelStage,
    before: Option<&FunnelStage>,
    top: f64,
    end_of: &dyn Fn(f64) -> f64,
) {
    let (left, height) = (layout.bar_left, layout.bar_height);
    // Nobody knows how many: no bar, nobody lost.
    let Some(count) = stage.count else { return };
    // Somebody is never nobody: a bar of one record is still seen.
    let end = if count > 0 { end_of(count as f64).max(left + 2.0) } else { left };
    let before = before.and_then(|before| Some((before, before.count? as f64)));
    if let Some((before, count_before)) = before {
        let role = if before.is_leak { Role::Leak } else { Role::Loss };
        let from = if count > 0 { end + 1.0 } else { end };
        draft.rect(from, top, end_of(count_before) - from, height, 2.0, role);
    }
    let role = if stage.thin { Role::BarThin } else { Role::Bar };
    draft.rect(left, top, end - left, height, 2.0, role);
    if let Some(compared) = stage.compared_count {
        draft.rect(left, top + height + 2.0, end_of(compared as f64) - left, 3.0, 1.0, Role::BarCompared);
    }
    if let Some(target) = before.and_then(|(before, count)| Some(count * before.next_target?)) {
        let x = end_of(target).within(left + 1.0, layout.bar_right - 1.0);
        draft.line((x, top - 3.0), (x, top + height + 3.0), 2.0, Role::Target);
    }
}

/// What is said of a step, each with the order in which it may claim room.
struct StepTexts {
    rate: Vec<(String, Font)>,
    leak: [String; 2],
}

/// Customers lost, an estimate: without decimals that nobody could check.
fn lost(stage: &FunnelStage, context: &Context<'_>) -> Option<String> {
    let lost = stage.customers_lost?;
    let lost = if lost.abs() >= 10.0 { lost.round() } else { (lost * 10.0).round() / 10.0 };
    Some((context.format)(lost, Unit::Records, Style::Full))
}

const LEAK: Font = Font { role: Role::LeakLabel, size: 12.0, weight: Weight::Strong };

fn step_texts(stage: &FunnelStage, context: &Context<'_>) -> StepTexts {
    let medium = Font { size: 12.0, ..LABEL };
    let mut rate = Vec::new();
    match stage.next_rate {
        Some(value) => {
            let font = if stage.thin { medium.role(Role::LabelMuted) } else { medium };
            rate.push(("↓ ".to_owned() + &context.rate(value), font));
            if let Some(interval) = stage.next_interval {
                rate.push((context.interval(interval, Unit::Rate), MUTED));
            }
        }
        None => rate.push(("↓ undefined".to_owned(), medium.role(Role::LabelMuted))),
    }
    if stage.thin {
        rate.push(("few records".to_owned(), MUTED));
    }
    if let Some(target) = stage.next_target {
        rate.push(("target ".to_owned() + &(context.format)(target, Unit::Rate, Style::Compact), MUTED));
    }
    if let Some(compared) = stage.compared_next_rate {
        rate.push(("was ".to_owned() + &context.rate(compared), MUTED));
    }
    let mut leak = [String::new(), String::new()];
    if stage.is_leak {
        leak = ["Largest leak".to_owned(), "Leak".to_owned()];
        if let Some(lost) = lost(stage, context) {
            leak =
                ["Largest leak: ".to_owned() + &lost + " customers lost", "Leak: ".to_owned() + &lost + " customers"];
        }
    }
    StepTexts { rate, leak }
}

/// Draws a step and returns its height.
fn step(draft: &Draft<'_>, layout: &Layout, index: usize, is_leak: bool, texts: &StepTexts, top: f64) -> f64 {
    let (left, right) = (layout.bar_left + if layout.stacked { 0.0 } else { 6.0 }, draft.width - EDGE);
    let rate_width = texts.rate.first().map_or(0.0, |(text, font)| draft.measure(text, *font));
    let [long, short] = &texts.leak;
    // The leak stands at the right end of the same line, and in a line of its own where there is no room.
    let room = right - left - rate_width - GAP;
    let leak = [long, short].into_iter().find(|text| is_leak && draft.measure(text, LEAK) <= room);
    let own_line = is_leak && leak.is_none();
    let height = layout.step + if own_line { 17.0 } else { 0.0 };
    draft.begin(Target::Step(index as u32), 0.0, top, draft.width, height);
    let baseline = top + 15.0;
    let room = leak.map_or(right, |text| right - draft.measure(text, LEAK) - GAP);
    let end = draft.run(left, baseline, room, 8.0, &texts.rate);
    if let (true, Some(text)) = (is_leak, leak) {
        // Beside what is said of the step; in a narrow picture at the right edge, where numbers are.
        let (at, anchor) = if layout.stacked { (right, Anchor::Right) } else { (end + GAP, Anchor::Left) };
        draft.text(at, baseline, draft.width, text, LEAK, anchor);
    } else if own_line {
        draft.text(left, baseline + 17.0, right - left, short, LEAK, Anchor::Left);
    }
    height
}

fn describe(view: &FunnelView, context: &Context<'_>) -> String {
    let mut text = String::new();
    for (index, stage) in view.stages.iter().enumerate() {
        text.push_str(&stage.label);
        text.push_str(": ");
        text.push_str(&stage.count.map_or_else(|| "unknown".into(), |count| context.count(count)));
        if let (Some(share), true) = (stage.cumulative, index > 0) {
            text.push_str(", ");
            text.push_str(&context.rate(share));
            text.push_str(" of the first stage");
        }
        if let Some(next) = view.stages.get(index + 1) {
            text.push_str(". Step to ");
            text.push_str(&next.label);
            text.push_str(": ");
            text.push_str(&stage.next_rate.map_or_else(|| "undefined".into(), |rate| context.rate(rate)));
            if stage.is_leak {
                text.push_str(", the largest leak");
                if let Some(lost) = lost(stage, context) {
                    text.push_str(", ");
                    text.push_str(&lost);
                    text.push_str(" customers lost");
                }
            }
        }
        text.push_str(". ");
    }
    text.truncate(text.trim_end().len());
    text
}
