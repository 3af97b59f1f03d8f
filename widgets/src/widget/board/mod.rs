//! Boards: a message, figures, and the lists they lead to. Every widget about stack, governance and operations is one.

mod picture;
mod section;
mod tables;
mod value;

use super::Kind;
use super::kpi::{status, thin_mark};
use crate::chart;
use crate::context::{Context, Panel};
use crate::definition;
use crate::dom::{Element, button, div, html, span};
use crate::format::{Detail, Format};
use crate::frame;
use crate::icon;
use crate::leptos::{AnyView, Get, IntoAny};
use crate::text;
use mops_core::figure::{Figure, SignOffState, Status};
use mops_core::ledger::{Reason, RowReference};
use mops_core::list::List;
use mops_core::view::{BoardView, Body, State, View};
pub use value::shape;

/// A board about what happened in a period.
pub const fn over_time(tag: &'static str, view: &'static str, name: &'static str) -> Kind {
    Kind {
        tag,
        view,
        name,
        heading: |_| None,
        snapshot: false,
        body,
        places_panel: true,
        figures,
        tables: Some(tables::all),
        whole: None,
    }
}

/// A board about how things stand at the as-of instant.
pub const fn standing(tag: &'static str, view: &'static str, name: &'static str) -> Kind {
    Kind { snapshot: true, ..over_time(tag, view, name) }
}

fn of(view: &View) -> Option<&BoardView> {
    match &view.body {
        Body::Board(board) => Some(board),
        _ => None,
    }
}

fn figures(body: &Body) -> Vec<&Figure> {
    match body {
        Body::Board(board) => board.figures.iter().list(),
        _ => Vec::new(),
    }
}

fn body(context: Context, kind: &'static Kind, view: &View) -> Option<AnyView> {
    let board = of(view).filter(|board| board.name == kind.view)?;
    if board.figures.is_empty() && board.sections.is_empty() {
        let title = if board.message.is_empty() { text::EMPTY } else { &board.message };
        return Some(frame::empty(title, text::EMPTY_HINT).into_any());
    }
    let format = context.format(view);
    let message = (!board.message.is_empty()).then(|| {
        div("headline message-line")
            .part("headline")
            .maybe(shape(board.state))
            .child(span("words", board.message.as_str()))
    });
    let open = context.panel.get();
    // What the filter leaves as it is in all figures is said once.
    let first = board.figures.first();
    let alike = board.figures.iter().all(|figure| Some(&figure.unfiltered) == first.map(|first| &first.unfiltered));
    let cards = board.figures.iter().enumerate().map(|(index, figure)| {
        card(context, &format, figure, index, open).maybe((!alike).then(|| frame::unfiltered(figure)).flatten())
    });
    let cards = (!board.figures.is_empty()).then(|| {
        html("ul")
            .class("cards")
            .part("figures")
            .attribute("data-section", "figures")
            .style("--_cards", side_by_side(board.figures.len(), chart::width(context)).to_string())
            .children(cards)
    });
    let content = div("board")
        .part("board")
        .maybe(message)
        .maybe(first.filter(|_| alike).and_then(frame::unfiltered))
        .maybe(cards)
        .child(frame::panel(context, kind, view))
        .children(section::all(context, kind, view, &format, board));
    Some(content.into_any())
}

/// The narrowest that a figure is read well at, with what is left free beside it, in pixels.
const CARD: f64 = 232.0;

/// How many figures stand side by side: as many as fit, in rows as equal as can be.
fn side_by_side(figures: usize, width: f64) -> usize {
    let fit = ((width + 24.0) / CARD).max(1.0) as usize;
    if figures > fit { figures.div_ceil(figures.div_ceil(fit)) } else { fit }
}

/// A figure: its name opens its definition.
fn card(context: Context, format: &Format, figure: &Figure, index: usize, open: Panel) -> Element {
    let panel = Panel::Definition(index);
    let name = button("name")
        .part("name")
        .attribute("aria-expanded", if open == panel { "true" } else { "false" })
        .attribute("title", text::DEFINITION)
        .on("click", move |_| context.toggle(panel))
        .text(figure.label.as_str());
    let shown = format.figure(figure, Detail::Short);
    let lapsed = figure.definition.as_ref().is_some_and(|of| of.sign_off.state == SignOffState::Lapsed);
    let judged = !matches!(figure.status, Status::NoTarget) && (figure.value.is_some() || figure.target.is_some());
    html("li")
        .class("card")
        .part("figure")
        .child(name)
        .child(div("card-value").part("value").child(span("own-order", shown)).maybe(figure.thin.then(thin_mark)))
        .maybe(doubt(format, figure).map(|words| div("note doubt").text(words)))
        .maybe(judged.then(|| status(format, figure)))
        .maybe(lapsed.then(|| {
            let signed = figure.definition.as_ref().map(|of| definition::sign_off(&of.sign_off)).unwrap_or_default();
            div("status lapsed").child(icon::icon(icon::WARNING)).child(span("words", signed))
        }))
}

/// What may be doubted about a figure: what missing evidence leaves open, chance, or why there is no value.
fn doubt(format: &Format, figure: &Figure) -> Option<String> {
    let mut words = Vec::new();
    if let Some(all) = figure.out_of() {
        words.push(text::out_of(&format.count(all.value), &all.label));
    }
    words.extend(format.possible(figure));
    match (&figure.undefined, figure.interval) {
        (Some(undefined), _) => words.push(undefined.message.clone()),
        (None, Some(interval)) => {
            let range = format.range(interval, figure.unit, Detail::Short);
            words.push([text::INTERVAL, " ", &range].concat());
        }
        _ => {}
    }
    if let Some(entry) = figure.excluded.iter().find(|entry| entry.reason == Reason::NoEvidence) {
        let name = |row: &RowReference| if row.name.is_empty() { row.id.replace('_', " ") } else { row.name.clone() };
        let mut names: Vec<String> = entry.examples.iter().map(name).filter(|name| !name.is_empty()).list();
        let all = std::mem::take(&mut names);
        for name in all {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names.truncate(3);
        let rest = entry.count.saturating_sub(names.len() as u64);
        words.push(text::not_measured(&names, &format.count(rest as f64), rest > 0));
    }
    let words: Vec<&str> = words.iter().map(|words| words.trim_end_matches('.')).list();
    (!words.is_empty()).then(|| words.join("; "))
}

/// What a state is called, for those who can't see its shape.
fn name_of(state: State) -> &'static str {
    match state {
        State::Neutral => "",
        State::Good => text::GOOD,
        State::Warning => text::WARNING,
        State::Bad => text::BAD,
        State::Unknown => text::UNKNOWN,
    }
}
