//! What all widgets have in common: heading, tools, panels, and the states in which there is nothing to draw.

use crate::context::{Context, Panel};
use crate::definition;
use crate::dom::{Element, button, consume, div, follow, hidden, html, span};
use crate::export;
use crate::icon;
use crate::leptos::*;
use crate::port::Action;
use crate::state::{Failure, Phase, State};
use crate::table::Table;
use crate::text;
use crate::widget::Kind;
use mops_core::figure::Figure;
use mops_core::view::View;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./dom.js")]
extern "C" {
    fn fence(root: &web_sys::Element);
}

/// A widget as a view that follows its signals.
pub fn root(context: Context, kind: &'static Kind) -> AnyView {
    let content = follow(Box::new(move || {
        context.state.with(|state| match kind.whole {
            Some(whole) => whole(context, state),
            None => framed(context, kind, state),
        })
    }));
    div("root")
        .part("root")
        .mounted(move |element| {
            fence(&element);
            watch_width(context, element);
        })
        .child(content)
        .child(live(context, kind))
        .into_any()
}

/// Follows the content's width, for pictures that are drawn for it.
fn watch_width(context: Context, element: web_sys::Element) {
    let measured = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        let Some(entry) = entries.pop().dyn_into::<web_sys::ResizeObserverEntry>().ok() else { return };
        let width = entry.content_rect().width().round();
        if width > 0.0 && context.width.try_get_untracked().is_some_and(|now| now != width) {
            context.width.try_set(width);
        }
    });
    let Ok(observer) = web_sys::ResizeObserver::new(measured.as_ref().unchecked_ref()) else { return };
    observer.observe(&element);
    // Both live until the widget's owner is cleaned up.
    let held = send_wrapper::SendWrapper::new((observer, measured));
    on_cleanup(move || {
        let (observer, measured) = held.take();
        observer.disconnect();
        drop(measured);
    });
}

/// Says what changed to those who can't see it: failures, and figures after the first.
fn live(context: Context, kind: &'static Kind) -> AnyView {
    let seen = StoredValue::new(false);
    follow(Box::new(move || {
        let words = context.state.with(|state| match (state.phase, &state.error, &state.view) {
            (Phase::Error | Phase::Stale, Some(error), _) => error.message.clone(),
            (Phase::Ready, _, Some(view)) if seen.get_value() => headline(context, kind, view),
            (Phase::Ready, _, Some(_)) => {
                seen.set_value(true);
                String::new()
            }
            _ => String::new(),
        });
        hidden(words).attribute("role", "status").into_any()
    }))
}

fn headline(context: Context, kind: &Kind, view: &View) -> String {
    let mut words = kind.title(context, view);
    if let Some(figure) = (kind.figures)(&view.body).first() {
        words.push_str(": ");
        words.push_str(&context.format(view).figure(figure, crate::format::Detail::Short));
    }
    words
}

fn framed(context: Context, kind: &'static Kind, state: &State) -> AnyView {
    let Some(view) = &state.view else { return vacant(context, state, kind) };
    let title = kind.title(context, view);
    // Read here rather than in closures of their own: a closure is built anew with its parent, and would lose the
    // keyboard's place at every change of state.
    let open = context.panel.get();
    context.mark(open);
    div("frame")
        .attribute("role", "group")
        .attribute("aria-label", title.as_str())
        .attribute_if(state.phase == Phase::Loading, "aria-busy", "true")
        .attribute("data-phase", phase_name(state.phase))
        .on("keydown", move |event| escape(context, &event))
        .maybe((state.phase == Phase::Stale).then(|| banner(context, state)))
        .child(head(context, kind, view, &title, state.phase, open))
        .maybe((kind.body)(context, kind, view))
        .maybe((!kind.places_panel).then(|| panel(context, kind, view)))
        .into_any()
}

fn escape(context: Context, event: &web_sys::Event) {
    let Some(event) = event.dyn_ref::<web_sys::KeyboardEvent>() else { return };
    if event.key() == "Escape" && context.panel.try_get_untracked() != Some(Panel::None) {
        consume(event);
        context.close();
    }
}

fn phase_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Idle => "idle",
        Phase::Loading => "loading",
        Phase::Ready => "ready",
        Phase::Stale => "stale",
        Phase::Error => "error",
    }
}

fn head(context: Context, kind: &'static Kind, view: &View, title: &str, phase: Phase, open: Panel) -> Element {
    // On a board, a figure's own name opens it.
    let has_definition = !kind.places_panel && (kind.figures)(&view.body).len() == 1;
    let tool = |path: &str, words: &str, panel: Panel| {
        button("tool")
            .part("tool")
            .attribute("aria-expanded", if open == panel { "true" } else { "false" })
            .attribute("aria-label", text::about(words, title))
            .attribute("title", words)
            .on("click", move |_| context.toggle(panel))
            .child(icon::icon(path))
    };
    let tools = div("tools")
        .part("tools")
        .maybe(has_definition.then(|| tool(icon::INFO, text::DEFINITION, Panel::Definition(0))))
        .maybe(kind.tables.is_some().then(|| tool(icon::TABLE, text::TABLE, Panel::Table)))
        .maybe(kind.tables.is_some().then(|| tool(icon::EXPORT, text::EXPORT, Panel::Export)));
    let when = if kind.snapshot { context.format(view).date(view.as_of) } else { view.period.label.clone() };
    let when = if kind.snapshot { text::as_of(&when) } else { when };
    div("head")
        .part("head")
        .child(
            div("titles").child(div("title").part("title").text(title)).child(
                div("period")
                    .part("period")
                    .text(when)
                    .maybe((phase == Phase::Loading).then(|| span("updating", text::UPDATING))),
            ),
        )
        .child(tools)
}

/// What stands open.
pub fn panel(context: Context, kind: &'static Kind, view: &View) -> Element {
    let title = &kind.title(context, view);
    let content = match context.panel.get() {
        Panel::None => None,
        Panel::Definition(index) => (kind.figures)(&view.body)
            .get(index)
            .map(|figure| (text::about(text::DEFINITION, &figure.label), definition::panel(context, view, figure))),
        Panel::Table => kind.tables.map(|tables| (text::about(text::TABLE, title), tables_of(&tables(context, view)))),
        Panel::Export => Some((text::about(text::EXPORT, title), export::menu(context, kind, view))),
    };
    let Some((label, content)) = content else { return div("panel").attribute("hidden", "") };
    div("panel").part("panel").attribute("role", "group").attribute("aria-label", label).child(content).child(
        button("tool close")
            .attribute("aria-label", text::CLOSE)
            .on("click", move |_| context.close())
            .child(icon::icon(icon::CLOSE)),
    )
}

/// A view's tables, one beneath the other.
fn tables_of(tables: &[Table]) -> Element {
    let is_alone = tables.len() == 1;
    div("tables").children(tables.iter().map(|table| {
        let name = (!is_alone).then(|| div("section-title").text(table.caption.as_str()));
        div("section").maybe(name).child(table.view())
    }))
}

/// Says that the picture is the last good one, and why.
pub fn banner(context: Context, state: &State) -> Element {
    let reason = state.error.as_ref().map(|error| span("reason", describe(error)));
    div("banner")
        .part("banner")
        .child(icon::icon(icon::WARNING))
        .child(div("words").child(html("strong").text(text::STALE)).maybe(reason))
        .child(retry(context))
}

/// A failure in one paragraph: what, where, what to do.
fn describe(error: &Failure) -> String {
    let mut words = error.message.clone();
    if let Some(place) = where_text(error) {
        words = [&words, " (", &place, ")"].concat();
    }
    if let Some(mend) = error.mend.as_deref().filter(|mend| !mend.is_empty()) {
        words = [&words, " ", mend].concat();
    }
    words
}

fn where_text(error: &Failure) -> Option<String> {
    let place = error.place.as_ref()?;
    let line = place.line.map(|line| line.to_string());
    let words = text::place(place.source.as_deref(), line.as_deref(), place.field.as_deref(), place.pointer.as_deref());
    Some(words).filter(|words| !words.is_empty())
}

fn retry(context: Context) -> Element {
    button("action").part("action").on("click", move |_| context.act(&Action::Refresh)).text(text::TRY_AGAIN)
}

/// A failure where there is no picture to keep.
pub fn failure(context: Context, error: &Failure, name: &str) -> Element {
    div("message failure").part("error").child(icon::icon(icon::WARNING)).child(
        div("words")
            .child(div("message-title").text(text::failed(name)))
            .child(div("reason").text(error.message.as_str()))
            .maybe(where_text(error).map(|place| div("place").text(place)))
            .maybe(error.mend.as_deref().filter(|mend| !mend.is_empty()).map(|mend| div("mend").text(mend)))
            .child(retry(context)),
    )
}

/// A figure with nothing to draw: what its data lack, or else that nothing matches.
pub fn empty_figure(figure: &Figure) -> Element {
    let missing = figure.undefined.as_ref().filter(|undefined| undefined.code.starts_with("missing_"));
    empty(text::EMPTY, missing.map_or(text::EMPTY_HINT, |undefined| undefined.message.as_str()))
}

/// What a reader has to know of how a figure was counted.
pub fn note(figure: &Figure) -> Option<Element> {
    figure.note.as_ref().map(|note| div("hint").part("note").text(note.as_str()))
}

/// What of the reader's filter chooses none of a figure's records.
pub fn unfiltered(figure: &Figure) -> Option<Element> {
    (!figure.unfiltered.is_empty()).then(|| div("note unfiltered").text(text::unfiltered(&figure.unfiltered)))
}

/// A picture with nothing in it.
pub fn empty(title: &str, hint: &str) -> Element {
    div("message empty")
        .part("empty")
        .child(div("words").child(div("message-title").text(title)).child(div("reason").text(hint)))
}

/// What stands where there is no view.
pub fn vacant(context: Context, state: &State, kind: &Kind) -> AnyView {
    // Among many on a page it says which one it is.
    let name = &context.label(kind.name);
    match (state.phase, &state.error) {
        (_, Some(error)) => failure(context, error, name).into_any(),
        (Phase::Loading, None) => skeleton(kind.view).into_any(),
        _ => empty(name, text::NOTHING_YET_HINT).into_any(),
    }
}

/// Where the picture will be, at about its height, so that nothing jumps.
fn skeleton(view: &str) -> Element {
    let is_low = matches!(view, "kpi" | "filters" | "inventory");
    div(if is_low { "skeleton" } else { "skeleton tall" })
        .part("skeleton")
        .attribute("aria-busy", "true")
        .child(hidden(text::LOADING))
        .child(div("bone short"))
        .child(div("bone value"))
        .child(div("bone"))
        .child(div("bone picture"))
        .children(
            (!is_low)
                .then(|| [div("bone short"), div("bone picture"), div("bone"), div("bone picture")])
                .into_iter()
                .flatten(),
        )
}
