//! Scenes as SVG elements. Looks come from CSS by role; text is measured, so that nothing is clipped.

use crate::context::Context;
use crate::dom::{Element, consume, div, follow, hidden, html, svg};
use crate::format::{Detail, Format};
use crate::leptos::*;
use crate::measure::Ruler;
use mops_charts::Within;
use mops_charts::{Anchor, Mark, Scene, Style, Target, Weight};
use mops_core::figure::Unit;
use mops_core::view::{KpiView, PeriodView, View};
use wasm_bindgen::JsCast;

fn write_value(format: &Format, value: f64, unit: Unit, style: Style) -> String {
    match (unit, style) {
        (Unit::Rate, Style::Compact) if value == 0.0 || value.abs() >= 0.0995 => format.whole_rate(value),
        (Unit::Rate, Style::Column) => format.column_rate(value),
        (_, Style::Compact) => format.value(value, unit, Detail::Short),
        (_, Style::Full | Style::Column) => format.value(value, unit, Detail::Full),
    }
}

fn write_period(format: &Format, period: &PeriodView, style: Style) -> String {
    const DAY: i64 = 86_400_000;
    match (style, period.start, period.end) {
        (Style::Compact, Some(start), Some(end)) if (27..=32).contains(&(end.saturating_sub(start) / DAY)) => {
            format.month(start.saturating_add(DAY))
        }
        _ => period.label.clone(),
    }
}

/// Draws with the surroundings of this widget.
pub fn draw(context: Context, view: &View, draw: &dyn Fn(&mops_charts::Context<'_>) -> Scene) -> Scene {
    let format = context.format(view);
    let ruler = Ruler::new(context);
    draw(&mops_charts::Context {
        format: &|value, unit, style| write_value(&format, value, unit, style),
        period: &|period, style| write_period(&format, period, style),
        measure: &|text, size, weight| ruler.width(text, size, weight),
        rtl: context.right_to_left(),
    })
}

/// Width to draw for: what was measured, or a card's until then.
pub fn width(context: Context) -> f64 {
    let measured = context.width.get();
    if measured > 0.0 { measured.within(120.0, 2400.0) } else { 320.0 }
}

fn number(value: f64) -> String {
    // Hundredths of a pixel are enough, and keep the document small. Written from an integer, because printing
    // floats costs the module 6 KB.
    let hundredths = (value * 100.0).round() as i64;
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, rest) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
    let tens = if rest < 10 { "0" } else { "" };
    [sign, &whole.to_string(), ".", tens, &rest.to_string()].concat()
}

fn points(points: &[(f64, f64)]) -> String {
    let mut text = String::new();
    for (x, y) in points {
        for part in [&number(*x), " ", &number(*y), " "] {
            text.push_str(part);
        }
    }
    text
}

/// A mark as an element; hits are left to the caller.
fn mark(mark: &Mark) -> Element {
    let class = mark.role().class();
    match mark {
        Mark::Rect { x, y, width, height, radius, .. } => svg("rect")
            .class(class)
            .attribute("x", number(*x))
            .attribute("y", number(*y))
            .attribute("width", number(width.max(0.0)))
            .attribute("height", number(height.max(0.0)))
            .attribute_if(*radius > 0.0, "rx", &number(*radius)),
        Mark::Line { points: at, width, dashed, .. } => svg("polyline")
            .class(class)
            .attribute("points", points(at))
            .attribute("stroke-width", number(*width))
            .attribute_if(*dashed, "stroke-dasharray", "3 3"),
        Mark::Area { points: at, .. } => svg("polygon").class(class).attribute("points", points(at)),
        Mark::Circle { x, y, radius, .. } => svg("circle")
            .class(class)
            .attribute("cx", number(*x))
            .attribute("cy", number(*y))
            .attribute("r", number(radius.max(0.0))),
        Mark::Text { x, y, text, full, size, weight, anchor, .. } => svg("text")
            .class(class)
            .attribute("x", number(*x))
            .attribute("y", number(*y))
            .attribute("font-size", number(*size))
            .attribute_if(*weight == Weight::Strong, "font-weight", "600")
            .attribute_if(*anchor == Anchor::Middle, "text-anchor", "middle")
            .attribute_if(*anchor == Anchor::Right, "text-anchor", "end")
            .text(text.as_str())
            .maybe(full.as_ref().map(|full| svg("title").text(full.as_str()))),
    }
}

fn canvas(scene: &Scene) -> Element {
    let (width, height) = (number(scene.width), number(scene.height));
    svg("svg")
        .class("scene")
        .part("picture")
        .attribute("viewBox", ["0 0 ", &width, " ", &height].concat())
        .attribute("width", width)
        .attribute("height", height)
        .attribute("direction", "ltr")
}

/// A scene that is only looked at.
pub fn still(scene: &Scene) -> Element {
    canvas(scene)
        .attribute("role", "img")
        .attribute("aria-label", [&scene.title, ". ", &scene.description].concat())
        .children(scene.marks.iter().filter(|mark| mark.role() != mops_charts::Role::Hit).map(mark))
}

/// What is said and done at an item of a scene.
pub struct Item {
    /// Its name for assistive technology, and the tooltip's text: a line each.
    pub lines: Vec<String>,
    /// What happens at Enter or a click.
    pub select: Option<crate::port::Action>,
}

/// How the arrow keys move between items: right, left, down, up.
pub type Moves = fn(usize, &str, &[Target]) -> Option<usize>;

/// The next item for up and left, down and right.
pub fn along(at: usize, key: &str, targets: &[Target]) -> Option<usize> {
    match key {
        "ArrowRight" | "ArrowDown" => Some(at + 1).filter(|next| *next < targets.len()),
        "ArrowLeft" | "ArrowUp" => at.checked_sub(1),
        "Home" => Some(0),
        "End" => targets.len().checked_sub(1),
        _ => None,
    }
}

/// A scene whose items can be pointed at, walked through with the arrow keys and selected.
pub fn lively(
    context: Context,
    scene: &Scene,
    name: &'static str,
    hint: &str,
    moves: Moves,
    item: &dyn Fn(Target) -> Option<Item>,
) -> Element {
    let mut targets = Vec::new();
    let mut hits = Vec::new();
    for (mark, target) in scene.marks.iter().filter_map(|mark| Some((mark, mark.target()?))) {
        if mark.role() != mops_charts::Role::Hit || targets.contains(&target) {
            continue;
        }
        if let (Mark::Rect { x, y, width, height, .. }, Some(item)) = (mark, item(target)) {
            targets.push(target);
            hits.push(([*x, *y, *width, *height], item));
        }
    }
    let tip = RwSignal::new(None::<usize>);
    // A late event of an element that is just being redrawn finds its signal gone.
    let show = move |item: Option<usize>| {
        tip.try_set(item);
    };
    let places = std::rc::Rc::new(targets);
    let cursor = context
        .cursors
        .with_untracked(|cursors| cursors.get(name).copied().unwrap_or(0))
        .min(places.len().saturating_sub(1));
    let areas = hits.iter().enumerate().map(|(index, ([x, y, width, height], item))| {
        svg("rect")
            .class("mops-hit")
            .attribute("x", number(x + 1.0))
            .attribute("y", number(*y))
            .attribute("width", number((width - 2.0).max(0.0)))
            .attribute("height", number(height.max(0.0)))
            .attribute("role", if item.select.is_some() { "button" } else { "img" })
            .attribute("tabindex", if index == cursor { "0" } else { "-1" })
            .attribute("data-item", index.to_string())
            .attribute("aria-label", item.lines.join(", "))
    });
    // The items' names say all that the marks do.
    let marks = scene.marks.iter().filter(|mark| mark.role() != mops_charts::Role::Hit).map(mark);
    let drawn = canvas(scene)
        .attribute("role", "group")
        .attribute("data-of", name)
        .attribute("aria-label", [&scene.title, ". ", hint].concat())
        .child(svg("g").attribute("aria-hidden", "true").children(marks))
        .children(areas);
    let (tips, actions): (Vec<_>, Vec<_>) =
        hits.into_iter().map(|(place, item)| ((place, item.lines), item.select)).unzip();
    // One listener for all items: a matrix has more than a hundred, and each would want six.
    let drawn = drawn.on("pointerover", move |event| show(item_of(&event))).on("focusin", move |event| {
        let item = item_of(&event);
        show(item);
        if let Some(item) = item {
            stop_at(context, name, &event, item);
        }
    });
    let drawn = ["pointerout", "focusout"].into_iter().fold(drawn, |drawn, event| drawn.on(event, move |_| show(None)));
    let actions = std::rc::Rc::new(actions);
    let chosen = actions.clone();
    let act = move |actions: &[Option<crate::port::Action>], item: usize| match actions.get(item) {
        Some(Some(action)) => {
            context.act(action);
            true
        }
        _ => false,
    };
    let drawn = drawn
        .on("click", move |event| {
            item_of(&event).map(|item| act(&chosen, item));
        })
        .on("keydown", move |event| {
            let Some(index) = item_of(&event) else { return };
            let Some(key) = event.dyn_ref::<web_sys::KeyboardEvent>().map(web_sys::KeyboardEvent::key) else { return };
            if key == "Escape" && tip.try_get_untracked().flatten().is_some() {
                consume(&event);
                show(None);
            } else if matches!(key.as_str(), "Enter" | " ") && act(&actions, index) {
                consume(&event);
            } else if let Some(next) = moves(index, &mirrored(context, &key), &places) {
                consume(&event);
                // HTML and SVG elements both have `focus`.
                item_at(&event, next).map(|item| item.unchecked_into::<web_sys::HtmlElement>().focus());
            }
        });
    let box_width = scene.width;
    let told = follow(Box::new(move || match tip.get().and_then(|index| tips.get(index)) {
        Some((place, lines)) => tooltip(*place, box_width, lines).into_any(),
        None => html("div").class("tip").attribute("hidden", "").into_any(),
    }));
    div("picture").child(hidden(scene.description.clone())).child(drawn).child(told)
}

/// The item that an event happened to.
fn item_of(event: &web_sys::Event) -> Option<usize> {
    event.target()?.dyn_ref::<web_sys::Element>()?.get_attribute("data-item")?.parse().ok()
}

/// An item of the picture that an event happened in.
fn item_at(event: &web_sys::Event, index: usize) -> Option<web_sys::Element> {
    find_in(event, &["[data-item=\"", &index.to_string(), "\"]"].concat())
}

fn find_in(event: &web_sys::Event, selector: &str) -> Option<web_sys::Element> {
    event.current_target()?.dyn_ref::<web_sys::Element>()?.query_selector(selector).ok()?
}

/// Of a picture's items only the one that the keyboard was at last is in the page's tab order.
fn stop_at(context: Context, name: &'static str, event: &web_sys::Event, item: usize) {
    context.cursors.update_untracked(|cursors| {
        cursors.insert(name, item);
    });
    for (element, tab) in [(find_in(event, "[tabindex=\"0\"]"), "-1"), (item_at(event, item), "0")] {
        element.map(|element| element.set_attribute("tabindex", tab));
    }
}

/// Right is where the text goes on.
fn mirrored(context: Context, key: &str) -> String {
    match (key, context.right_to_left()) {
        ("ArrowRight", true) => "ArrowLeft".to_owned(),
        ("ArrowLeft", true) => "ArrowRight".to_owned(),
        (key, _) => key.to_owned(),
    }
}

fn tooltip([x, y, width, height]: [f64; 4], box_width: f64, lines: &[String]) -> Element {
    const WIDEST: f64 = 240.0;
    let left = (x + width.min(WIDEST) / 2.0 - WIDEST / 2.0).within(0.0, (box_width - WIDEST).max(0.0));
    let mut rows = lines.iter();
    div("tip")
        .part("tooltip")
        .attribute("aria-hidden", "true")
        .style("left", number(left) + "px")
        .style("top", number(y + height + 6.0) + "px")
        .maybe(rows.next().map(|line| html("strong").text(line.as_str())))
        .children(rows.map(|line| html("div").text(line.as_str())))
}

/// The trend of a figure in the size of a word.
pub fn trend(context: Context, view: &View, kpi: &KpiView, width: f64, height: f64) -> Scene {
    draw(context, view, &|surroundings| {
        mops_charts::sparkline(&kpi.trend, kpi.figure.unit, kpi.figure.target, width, height, surroundings)
    })
}

/// The trend of a card: beside the value where there is room, beneath it where not.
pub fn sparkline(context: Context, view: &View, kpi: &KpiView) -> Element {
    let room = width(context);
    let beside = if room >= 380.0 { (room * 0.5).min(420.0) } else { room };
    let scene = trend(context, view, kpi, beside, 56.0);
    div("spark").part("trend").child(still(&scene))
}
