//! `mops-source`: what was read, in a line, and all about it underneath.

use crate::context::{Context, Panel};
use crate::definition::{reason, reasons};
use crate::dom::{Element, button, div, html, span};
use crate::format::Format;
use crate::frame;
use crate::icon;
use crate::leptos::*;
use crate::port::Action;
use crate::state::{Phase, Progress, State};
use crate::table::{Cell, Table};
use crate::text;
use crate::widget::Kind;
use mops_charts::Within;
use mops_core::list::List;
use mops_core::table::FieldReport;
use mops_core::view::{Body, InventoryView, TableReport, View};

/// The widget.
pub const KIND: Kind = Kind {
    tag: "mops-source",
    view: "inventory",
    name: text::DATA,
    heading: |_| None,
    snapshot: false,
    body: |_, _, _| None,
    places_panel: false,
    figures: |_| Vec::new(),
    tables: Some(tables),
    whole: Some(whole),
};

fn whole(context: Context, state: &State) -> AnyView {
    if let (None, Phase::Error) = (&state.view, state.phase) {
        return frame::vacant(context, state, &KIND);
    }
    let content =
        div("source").part("source").attribute("role", "group").attribute("aria-label", context.label(text::DATA));
    let content = content.maybe((state.phase == Phase::Stale).then(|| frame::banner(context, state)));
    let content = match &state.progress {
        Some(progress) if state.phase == Phase::Loading => content.child(reading(context, progress)),
        _ if state.phase == Phase::Loading => content.child(line_of(context, text::LOADING, true)),
        _ if state.view.is_none() => content.child(div("source-line").child(div("summary").text(text::NOTHING_YET))),
        _ => content,
    };
    match &state.view {
        Some(view @ View { body: Body::Inventory(inventory), .. }) => {
            content.children(inventory_of(context, view, inventory, state.phase == Phase::Loading)).into_any()
        }
        _ => content.into_any(),
    }
}

fn line_of(context: Context, words: &str, is_reading: bool) -> Element {
    div("source-line").child(div("summary").text(words)).maybe(is_reading.then(|| cancel(context)))
}

fn cancel(context: Context) -> Element {
    button("action").part("action").on("click", move |_| context.act(&Action::Cancel)).text(text::CANCEL)
}

/// How far reading is: a bar where the whole is known, a moving one where not.
fn reading(context: Context, progress: &Progress) -> Element {
    let format = Format::new(context.locale(), "", "");
    let names: Vec<&str> = progress.sources.iter().filter_map(|of| of.source.as_deref().or(of.table.as_deref())).list();
    let mut words = vec![if names.is_empty() {
        text::READING.to_owned()
    } else {
        [text::READING, " ", &names.join(", ")].concat()
    }];
    words.push(text::rows_used(&format.count(progress.rows)));
    if progress.rejected > 0.0 {
        words.push(text::rows_left_out(&format.count(progress.rejected)));
    }
    let share =
        progress.total_bytes.filter(|total| *total > 0.0).map(|total| (progress.bytes / total).within(0.0, 1.0));
    words.push(match progress.total_bytes {
        Some(total) => text::of(&format.bytes(progress.bytes), &format.bytes(total)),
        None => format.bytes(progress.bytes),
    });
    let bar = div(if share.is_some() { "bar" } else { "bar unknown" })
        .part("progress")
        .attribute("role", "progressbar")
        .attribute("aria-label", text::READING)
        .attribute("aria-valuemin", "0")
        .attribute("aria-valuemax", "100");
    let bar = match share {
        Some(share) => bar
            .attribute("aria-valuenow", ((share * 100.0).round() as i64).to_string())
            .child(div("bar-fill").style("inline-size", super::kpi::percent(share))),
        None => bar.child(div("bar-fill")),
    };
    div("reading").child(line_of(context, &words.join(" · "), true)).child(bar)
}

fn rejected(table: &TableReport) -> u64 {
    table.rejected.iter().fold(0, |sum, entry| sum.saturating_add(entry.count))
}

fn inventory_of(context: Context, view: &View, inventory: &InventoryView, is_reading: bool) -> Vec<AnyView> {
    let format = context.format(view);
    let mut words: Vec<String> =
        inventory.tables.iter().map(|table| text::rows_of(&format.count(table.accepted as f64), &table.table)).list();
    let left_out = inventory.tables.iter().map(rejected).fold(0, u64::saturating_add);
    if left_out > 0 {
        words.push(text::rows_left_out(&format.count(left_out as f64)));
    }
    words.push(text::as_of(&format.date(view.as_of)));
    if !inventory.has_charter {
        words.push(text::NO_CHARTER.to_owned());
    }
    let open = context.panel.get() == Panel::Table;
    let more = button("tool")
        .part("tool")
        .attribute("aria-expanded", if open { "true" } else { "false" })
        .attribute("aria-label", text::INVENTORY)
        .attribute("title", text::INVENTORY)
        .on("click", move |_| context.toggle(Panel::Table))
        .child(icon::icon(icon::DOWN));
    let refresh = button("tool")
        .part("tool")
        .attribute("aria-label", text::REFRESH)
        .attribute("title", text::REFRESH)
        .on("click", move |_| context.act(&Action::Refresh))
        .child(icon::icon(icon::REFRESH));
    let line = div("source-line")
        .child(div("summary").part("summary").child(span("own-order", words.join(" · "))))
        .child(div("tools").maybe((!is_reading).then_some(refresh)).child(more));
    let mut parts = vec![line.into_any()];
    if open {
        parts.push(
            div("inventory")
                .part("panel")
                .children(inventory.tables.iter().map(|table| report(&format, table)))
                .into_any(),
        );
    }
    parts
}

/// All about one table.
fn report(format: &Format, table: &TableReport) -> Element {
    let count = |value: u64| format.count(value as f64);
    let mut source = table.source.clone();
    for known in [&table.preset, &table.encoding].into_iter().flatten() {
        source = [&source, ", ", known].concat();
    }
    let fields = fields(format, table);
    let unmatched = table.unmatched.iter().map(|header| {
        html("li")
            .child(span("code", header.header.as_str()))
            .maybe(header.suggestion.as_deref().map(|field| span("note", [" ", &text::suggestion(field)].concat())))
    });
    let told = table.fields.iter().filter(|field| !field.examples.is_empty());
    let told = told.map(|field| reason(format, field.unreadable, &field.header, &field.examples)).list();
    div("report")
        .child(div("section-title").text(text::table_name(&table.table)).child(span("note", [" ", &source].concat())))
        .child(div("arithmetic").text(text::arithmetic(
            &count(table.accepted),
            &count(rejected(table)),
            &count(table.read),
        )))
        .maybe((!table.rejected.is_empty()).then(|| reasons(format, &table.rejected)))
        .maybe((!table.fields.is_empty()).then(|| fields.view()))
        .maybe((!told.is_empty()).then(|| {
            div("unmatched").child(div("note").text(text::TO_CHECK)).child(html("ul").class("reasons").children(told))
        }))
        .maybe((!table.unmatched.is_empty()).then(|| {
            div("unmatched")
                .child(div("note").text(text::UNMATCHED))
                .child(html("ul").class("plain").children(unmatched))
        }))
}

/// The fields of every table that was read.
fn tables(context: Context, view: &View) -> Vec<Table> {
    let Body::Inventory(inventory) = &view.body else { return Vec::new() };
    let format = context.format(view);
    inventory.tables.iter().map(|table| fields(&format, table)).list()
}

fn fields(format: &Format, table: &TableReport) -> Table {
    let count = |value: u64| Cell::number(Some(value as f64), |value| format.count(value));
    let row = |field: &FieldReport| {
        let names = [&field.field, &field.header].map(|name| Cell::Text(name.clone()));
        let counts = [field.filled, field.blank, field.unreadable].map(count);
        names.into_iter().chain(counts).list()
    };
    Table {
        id: table.table.clone(),
        caption: text::about(text::INVENTORY, &text::table_name(&table.table)),
        columns: [text::FIELD, text::HEADER, text::FILLED, text::BLANK_CELLS, text::UNREADABLE]
            .map(str::to_owned)
            .to_vec(),
        rows: table.fields.iter().map(row).list(),
    }
}
