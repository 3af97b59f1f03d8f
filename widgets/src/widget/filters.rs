//! `mops-filters`: period, comparison and values, for all widgets of a source.

use crate::context::Context;
use crate::dom::{Element, button, consume, div, hidden, html, span};
use crate::format::Format;
use crate::frame;
use crate::icon;
use crate::leptos::*;
use crate::port::Action;
use crate::state::{Filters, State};
use crate::table::{Cell, Table};
use crate::text;
use crate::widget::Kind;
use mops_core::list::List;
use mops_core::view::{Body, FilterField, FilterValue, FiltersView, View};
use wasm_bindgen::JsCast;

/// The widget.
pub const KIND: Kind = Kind {
    tag: "mops-filters",
    view: "filters",
    name: text::FILTERS,
    heading: |_| None,
    snapshot: false,
    body: |_, _, _| None,
    places_panel: false,
    figures: |_| Vec::new(),
    tables: Some(tables),
    whole: Some(whole),
};

/// From this width on a list lies over the page. Beneath, it stands in it, and what is clicked would move away.
const OVER: f64 = 356.0;
/// A list that is longer can be searched.
const SEARCHABLE: usize = 8;

fn whole(context: Context, state: &State) -> AnyView {
    let Some(view @ View { body: Body::Filters(filters), .. }) = &state.view else {
        return frame::vacant(context, state, &KIND);
    };
    let chosen = state.filters.clone().unwrap_or_default();
    let format = context.format(view);
    let fields = filters.fields.iter().filter(|field| !field.values.is_empty());
    div("filters")
        .part("filters")
        .attribute("role", "group")
        .attribute("aria-label", context.label(text::FILTERS))
        .maybe((state.phase == crate::state::Phase::Stale).then(|| frame::banner(context, state)))
        .child(
            div("filter-row")
                .child(period(context, filters, view, &chosen))
                .child(compare(context, &chosen))
                .children(fields.map(|field| choice(context, &format, field, &chosen))),
        )
        .maybe(chips(context, filters, &chosen))
        .into_any()
}

fn picked(event: &web_sys::Event) -> Option<String> {
    Some(event.target()?.dyn_into::<web_sys::HtmlSelectElement>().ok()?.value())
}

fn labelled(name: &str, control: Element) -> Element {
    html("label").class("filter").child(span("filter-name", name)).child(control)
}

fn options(list: impl Iterator<Item = (String, String)>, chosen: &str) -> Element {
    let options = list.map(|(value, label)| html("option").attribute("value", value).text(label));
    html("select").part("select").children(options).value(chosen)
}

fn period(context: Context, filters: &FiltersView, view: &View, chosen: &Filters) -> Element {
    let now = chosen.period.clone().unwrap_or_else(|| view.period.id.clone());
    let mut list: Vec<_> = filters.periods.iter().map(|period| (period.id.clone(), period.label.clone())).list();
    // What the page's author or an earlier choice set is offered too, or the control would show another.
    if !list.iter().any(|(id, _)| *id == now) {
        let label = if view.period.id == now { view.period.label.clone() } else { now.clone() };
        list.insert(0, (now.clone(), label));
    }
    let control = options(list.into_iter(), &now).on("change", move |event| {
        if let Some(period) = picked(&event) {
            context.act(&Action::Period { period });
        }
    });
    labelled(text::PERIOD, control)
}

fn compare(context: Context, chosen: &Filters) -> Element {
    let list = [("none", text::COMPARE_NONE), ("previous", text::COMPARE_PREVIOUS), ("year", text::COMPARE_YEAR)];
    let list = list.into_iter().map(|(value, label)| (value.to_owned(), label.to_owned()));
    let control = options(list, chosen.compare.as_deref().unwrap_or("none")).on("change", move |event| {
        if let Some(compare) = picked(&event) {
            context.act(&Action::Compare { compare });
        }
    });
    labelled(text::COMPARE, control)
}

fn name_of(value: &str) -> &str {
    if value.is_empty() { text::BLANK } else { value }
}

/// A field's button and, where it stands open, the list of its values.
fn choice(context: Context, format: &Format, field: &FilterField, chosen: &Filters) -> Element {
    let values = chosen.filter.get(&field.field).cloned().unwrap_or_default();
    let is_open = context.open.with(|open| *open == field.field);
    let name = field.field.clone();
    let summary = match values.as_slice() {
        [] => text::ANY.to_owned(),
        [one] => name_of(one).to_owned(),
        [first, rest @ ..] => text::and_others(name_of(first), &format.count(rest.len() as f64)),
    };
    let opener = button(if values.is_empty() { "opener" } else { "opener active" })
        .part("select")
        .attribute("aria-expanded", if is_open { "true" } else { "false" })
        .attribute("aria-label", text::about(&field.label, &summary))
        .attribute("data-field", field.field.as_str())
        .on("click", move |_| {
            let was = context.open.get_untracked();
            context.search.set(String::new());
            context.open.set(if was == name { String::new() } else { name.clone() });
        })
        .child(span("opener-text", summary))
        .child(icon::icon(icon::DOWN));
    let place = field.field.clone();
    div("filter")
        .on("keydown", move |event| {
            let escape = event.dyn_ref::<web_sys::KeyboardEvent>().is_some_and(|event| event.key() == "Escape");
            if escape && context.open.with_untracked(|open| *open == place) {
                consume(&event);
                context.open.set(String::new());
                context.focus(".opener[aria-expanded=true]");
            }
        })
        .on("focusout", move |event| {
            let Some(event) = event.dyn_ref::<web_sys::FocusEvent>() else { return };
            let within =
                |node: &web_sys::Node| node.contains(event.related_target().as_ref().and_then(JsCast::dyn_ref));
            let stays = event.current_target().as_ref().and_then(JsCast::dyn_ref).is_some_and(within);
            if is_open && !stays && context.width.get_untracked() >= OVER {
                context.open.try_set(String::new());
            }
        })
        .child(html("span").class("filter-name").attribute("aria-hidden", "true").text(field.label.as_str()))
        .child(opener)
        .maybe(is_open.then(|| list(context, format, field, values)))
}

fn list(context: Context, format: &Format, field: &FilterField, values: Vec<String>) -> Element {
    let wanted = lowercase(&context.search.get());
    let shown: Vec<_> = field.values.iter().filter(|value| lowercase(name_of(&value.value)).contains(&wanted)).list();
    let nothing = shown.is_empty().then(|| div("note").text(text::NO_MATCH));
    let items = shown.into_iter().map(|value| {
        let (name, own, before) = (field.field.clone(), value.value.clone(), values.clone());
        let is_chosen = values.contains(&value.value);
        let control = html("input").attribute("type", "checkbox").flag("checked", is_chosen).on("change", move |_| {
            let mut values = before.clone();
            if values.contains(&own) {
                values.retain(|value| *value != own);
            } else {
                values.push(own.clone());
            }
            context.act(&Action::Filter { field: name.clone(), values });
        });
        html("li").child(
            html("label")
                .child(control)
                .child(span("value-name", name_of(&value.value)))
                .child(span("note", format.count(value.count as f64))),
        )
    });
    let items: Vec<_> = items.list();
    let rest = field.distinct.saturating_sub(field.values.len() as u64);
    let search = (field.values.len() > SEARCHABLE).then(|| {
        html("input")
            .class("search")
            .attribute("type", "search")
            .attribute("placeholder", text::SEARCH)
            .attribute("aria-label", text::about(text::SEARCH, &field.label))
            .value(context.search.get())
            .on("input", move |event| {
                let input = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
                if let Some(input) = input {
                    context.search.set(input.value());
                }
            })
    });
    div("popover")
        .part("popover")
        .attribute("role", "group")
        .attribute("aria-label", field.label.as_str())
        // A click anywhere in it stays in it.
        .attribute("tabindex", "-1")
        .maybe(search)
        .child(html("ul").children(items))
        .maybe(nothing)
        .maybe((rest > 0).then(|| div("note").text(text::more(&format.count(rest as f64)))))
}

/// What is filtered now, each with a way to lift it.
fn chips(context: Context, filters: &FiltersView, chosen: &Filters) -> Option<Element> {
    let active: Vec<_> = chosen.filter.iter().filter(|(_, values)| !values.is_empty()).list();
    if active.is_empty() {
        return None;
    }
    let label_of = |field: &str| {
        let known = filters.fields.iter().find(|known| known.field == field);
        known.map_or_else(|| field.to_owned(), |known| known.label.clone())
    };
    let mut list = Vec::new();
    for (field, values) in &active {
        for value in values.iter() {
            let words = text::about(&label_of(field), name_of(value));
            let rest: Vec<String> = values.iter().filter(|other| *other != value).cloned().list();
            let field = (*field).clone();
            list.push(
                html("li").child(
                    button("chip")
                        .part("chip")
                        .on("click", move |_| {
                            context.act(&Action::Filter { field: field.clone(), values: rest.clone() })
                        })
                        .child(hidden(text::REMOVE_FILTER))
                        .child(span("chip-text", words))
                        .child(icon::icon(icon::CLOSE)),
                ),
            );
        }
    }
    let fields: Vec<String> = active.iter().map(|(field, _)| (*field).clone()).list();
    let all = button("chip clear").part("chip").text(text::CLEAR_ALL).on("click", move |_| {
        for field in &fields {
            context.act(&Action::Filter { field: field.clone(), values: Vec::new() });
        }
    });
    Some(html("ul").class("chips").part("chips").children(list).child(html("li").child(all)))
}

/// The values that can be chosen.
fn tables(context: Context, view: &View) -> Vec<Table> {
    let Body::Filters(filters) = &view.body else { return Vec::new() };
    let format = context.format(view);
    let rows = |field: &FilterField| -> Vec<Vec<Cell>> {
        let row = |value: &FilterValue| {
            let names = [field.label.as_str(), name_of(&value.value)].map(|name| Cell::Text(name.to_owned()));
            names.into_iter().chain([Cell::number(Some(value.count as f64), |count| format.count(count))]).list()
        };
        field.values.iter().map(row).list()
    };
    vec![Table {
        id: String::new(),
        caption: context.label(text::FILTERS),
        columns: [text::FIELD, text::VALUE, text::RECORDS].map(str::to_owned).to_vec(),
        rows: filters.fields.iter().flat_map(rows).list(),
    }]
}

/// The browser's own lower case: the tables of Unicode are in it already.
fn lowercase(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}
