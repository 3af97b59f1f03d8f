//! `mops-scorecard`: figures as a table, and as stacked rows where it is narrow.

use super::kpi;
use crate::chart;
use crate::context::{Context, Panel};
use crate::dom::{Element, button, div, html};
use crate::format::{Detail, Format};
use crate::frame;
use crate::leptos::*;
use crate::table::{Cell, Table};
use crate::text;
use crate::widget::Kind;
use mops_core::figure::{Figure, Status};
use mops_core::list::List;
use mops_core::view::{Body, KpiView, View};

/// The widget.
pub const KIND: Kind = Kind {
    tag: "mops-scorecard",
    view: "scorecard",
    name: text::SCORECARD,
    heading: |_| None,
    snapshot: false,
    body,
    places_panel: false,
    figures,
    tables: Some(|context, view| vec![table(context, view)]),
    whole: None,
};

/// More rows than these are grouped by status.
const MANY: usize = 14;

fn of(view: &View) -> Option<&[KpiView]> {
    match &view.body {
        Body::Scorecard(card) => Some(&card.rows),
        _ => None,
    }
}

fn figures(body: &Body) -> Vec<&Figure> {
    match body {
        Body::Scorecard(card) => card.rows.iter().map(|row| &row.figure).list(),
        _ => Vec::new(),
    }
}

fn body(context: Context, _: &Kind, view: &View) -> Option<AnyView> {
    let rows = of(view)?;
    if rows.is_empty() {
        return Some(frame::empty(text::EMPTY, text::EMPTY_HINT).into_any());
    }
    let format = context.format(view);
    let open = context.panel.get();
    // Roles are spelled out: laid out as stacked rows, a table would lose its own.
    let compares = rows.iter().any(|row| row.comparison.is_some());
    let heads = [text::KPI, text::VALUE, text::CHANGE, text::TREND, text::STATUS];
    let heads = heads.into_iter().filter(|name| compares || *name != text::CHANGE);
    let head = heads.map(|name| html("div").attribute("role", "columnheader").text(name));
    let line = |index: usize| Some(line(context, view, &format, rows.get(index)?, index, open, compares));
    // Many are read by what they ask for; few in the order that somebody gave them.
    let mut lines: Vec<Element> = Vec::new();
    let mut unknown = None;
    if rows.len() > MANY {
        let all = |status: Status| (0..rows.len()).filter(move |index| rows[*index].figure.status == status);
        let title = |name: &str, status: Status| text::about(name, &format.count(all(status).count() as f64));
        for status in [Status::OffTarget, Status::NearTarget, Status::OnTarget, Status::NoTarget] {
            if all(status).next().is_some() {
                let name = title(self::status(status), status);
                let cell = div("section-title")
                    .attribute("role", "cell")
                    .attribute("aria-colspan", if compares { "5" } else { "4" })
                    .text(name);
                lines.push(div("score-group").attribute("role", "row").child(cell));
                lines.extend(all(status).filter_map(line));
            }
        }
        unknown = all(Status::Undefined).next().map(|_| {
            let items = all(Status::Undefined).map(|index| {
                html("li")
                    .class("item")
                    .child(name(context, &rows[index].figure, index, open))
                    .maybe(reason(&rows[index]))
            });
            // It would close over the figure whose definition was just asked for.
            let asked = |index: usize| open == Panel::Definition(index);
            html("details")
                .class("more")
                .attribute_if(all(Status::Undefined).any(asked), "open", "")
                .child(html("summary").class("section-title").text(title(text::UNDEFINED, Status::Undefined)))
                .child(html("ul").class("items").children(items))
        });
    } else {
        lines.extend((0..rows.len()).filter_map(line));
    }
    let card = div(if compares { "scorecard" } else { "scorecard unchanged" })
        .part("scorecard")
        .attribute("role", "table")
        .attribute("aria-label", context.label(text::SCORECARD))
        .child(div("score-head").attribute("role", "row").children(head))
        .children(lines);
    Some(div("scores").child(card).maybe(unknown).into_any())
}

fn line(
    context: Context,
    view: &View,
    format: &Format,
    row: &KpiView,
    index: usize,
    open: Panel,
    compares: bool,
) -> Element {
    let figure = &row.figure;
    let cell = |class: &str| div(class).attribute("role", "cell");
    let change = row.comparison.as_ref().map(|comparison| kpi::change_short(format, view, figure, comparison));
    let spark_width = match chart::width(context) {
        ..320.0 => 72.0,
        ..1000.0 => 112.0,
        _ => 224.0,
    };
    let spark = (row.trend.len() > 1).then(|| chart::still(&chart::trend(context, view, row, spark_width, 28.0)));
    div("score")
        .attribute("role", "row")
        .child(
            div("score-name")
                .attribute("role", "rowheader")
                .child(name(context, figure, index, open))
                .maybe(frame::unfiltered(figure)),
        )
        .child(
            cell("score-value")
                .child(html("strong").class("own-order").text(format.figure(figure, Detail::Short)))
                .maybe(figure.thin.then(kpi::thin_mark)),
        )
        .maybe(compares.then(|| cell("score-change").maybe(change)))
        .child(cell("score-trend").maybe(spark))
        .child(cell("score-status").child(kpi::status(format, figure)).maybe(reason(row)))
}

/// A figure's name, which opens its definition.
fn name(context: Context, figure: &Figure, index: usize, open: Panel) -> Element {
    let panel = Panel::Definition(index);
    button("name")
        .part("name")
        .attribute("aria-expanded", if open == panel { "true" } else { "false" })
        .attribute("title", text::DEFINITION)
        .on("click", move |_| context.toggle(panel))
        .text(figure.label.as_str())
}

/// Why a figure has no value.
fn reason(row: &KpiView) -> Option<Element> {
    row.figure.undefined.as_ref().map(|undefined| div("note reason").text(undefined.message.as_str()))
}

fn table(context: Context, view: &View) -> Table {
    let format = context.format(view);
    let columns = [text::KPI, text::VALUE, text::LOW, text::HIGH, text::CHANGE, text::TARGET, text::STATUS, text::USED];
    let rows = of(view).unwrap_or_default().iter().map(|row| {
        let figure = &row.figure;
        let show = |value: f64| format.value(value, figure.unit, Detail::Full);
        let difference = row.comparison.as_ref().and_then(|comparison| comparison.difference);
        vec![
            Cell::Text(figure.label.clone()),
            Cell::number(figure.value, show),
            Cell::number(figure.interval.map(|[low, _]| low), show),
            Cell::number(figure.interval.map(|[_, high]| high), show),
            Cell::number(difference, |value| format.change(value, figure.unit)),
            Cell::number(figure.target, show),
            Cell::Text(status(figure.status).to_owned()),
            Cell::number(Some(figure.used as f64), |value| format.count(value)),
        ]
    });
    Table {
        id: String::new(),
        caption: context.label(text::SCORECARD),
        columns: columns.map(str::to_owned).to_vec(),
        rows: rows.list(),
    }
}

/// A status in words.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::OnTarget => text::ON_TARGET,
        Status::NearTarget => text::NEAR_TARGET,
        Status::OffTarget => text::OFF_TARGET,
        Status::NoTarget => text::NO_TARGET,
        Status::Undefined => text::NO_VALUE,
    }
}
