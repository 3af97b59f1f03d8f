//! `mops-funnel`: the lifecycle, and where it loses most.

use super::kpi::thin_mark;
use crate::chart::{self, Item};
use crate::context::Context;
use crate::dom::div;
use crate::format::{Detail, Format};
use crate::frame;
use crate::leptos::{AnyView, IntoAny};
use crate::port::Action;
use crate::table::{Cell, Table};
use crate::text;
use crate::widget::Kind;
use mops_charts::{Scene, Target};
use mops_core::figure::{Figure, Unit};
use mops_core::list::List;
use mops_core::view::{Body, FunnelStage, FunnelView, View};

/// The widget.
pub const KIND: Kind = Kind {
    tag: "mops-funnel",
    view: "funnel",
    name: text::FUNNEL,
    heading: |view| Some(&of(view)?.figure.label),
    snapshot: false,
    body,
    places_panel: false,
    figures,
    tables: Some(|context, view| vec![table(context, view)]),
    whole: None,
};

fn of(view: &View) -> Option<&FunnelView> {
    match &view.body {
        Body::Funnel(funnel) => Some(funnel),
        _ => None,
    }
}

fn figures(body: &Body) -> Vec<&Figure> {
    match body {
        Body::Funnel(funnel) => vec![&funnel.figure],
        _ => Vec::new(),
    }
}

fn scene(context: Context, view: &View, funnel: &FunnelView, width: f64) -> Scene {
    chart::draw(context, view, &|surroundings| mops_charts::funnel(funnel, width, surroundings))
}

fn body(context: Context, _: &Kind, view: &View) -> Option<AnyView> {
    let funnel = of(view)?;
    if funnel.stages.iter().all(|stage| stage.count.is_none_or(|count| count == 0)) {
        return Some(frame::empty_figure(&funnel.figure).into_any());
    }
    let format = context.format(view);
    let scene = scene(context, view, funnel, chart::width(context));
    let picture = chart::lively(context, &scene, "funnel", text::FUNNEL_HINT, chart::along, &|target| {
        item(funnel, &format, target)
    });
    let semantics = if funnel.semantics == "any_stages" { text::ANY_STAGES } else { text::ALL_STAGES };
    let content = div("funnel")
        .maybe(headline(funnel, &format).map(|words| div("headline").part("headline").text(words)))
        .child(picture)
        .child(div("hint semantics").part("semantics").text(semantics).maybe(funnel.figure.thin.then(thin_mark)))
        .maybe(frame::note(&funnel.figure));
    Some(content.into_any())
}

/// The one sentence to take away.
fn headline(funnel: &FunnelView, format: &Format) -> Option<String> {
    let index = funnel.stages.iter().position(|stage| stage.is_leak)?;
    let (from, to) = (funnel.stages.get(index)?, funnel.stages.get(index + 1)?);
    let customers = from.customers_lost.map(|lost| format.count(lost));
    Some(text::leak(&from.label, &to.label, customers.as_deref()))
}

fn item(funnel: &FunnelView, format: &Format, target: Target) -> Option<Item> {
    let (index, is_step) = match target {
        Target::Stage(index) => (index as usize, false),
        Target::Step(index) => (index as usize, true),
        _ => return None,
    };
    let stage = funnel.stages.get(index)?;
    let lines =
        if is_step { step_lines(stage, funnel.stages.get(index + 1)?, format) } else { stage_lines(stage, format) };
    let select = (!is_step).then(|| Action::Select {
        view: "funnel",
        metric: funnel.figure.id.clone(),
        part: stage.id.clone(),
        label: stage.label.clone(),
        value: stage.count.map(|count| count as f64),
    });
    Some(Item { lines, select })
}

fn pair(name: &str, value: &str) -> String {
    [name, ": ", value].concat()
}

fn stage_lines(stage: &FunnelStage, format: &Format) -> Vec<String> {
    let count = stage.count.map_or_else(|| text::UNKNOWN.to_owned(), |count| format.count(count as f64));
    let mut lines = vec![stage.label.clone(), pair(text::RECORDS, &count)];
    lines.extend(stage.cumulative.map(|share| pair(text::OF_FIRST, &format.rate(share))));
    lines.extend(stage.compared_count.map(|count| pair(text::RECORDS_BEFORE, &format.count(count as f64))));
    lines.extend(stage.median_days.map(|days| pair(text::MEDIAN_DAYS, &format.days(days))));
    lines
}

fn step_lines(stage: &FunnelStage, next: &FunnelStage, format: &Format) -> Vec<String> {
    let rate = stage.next_rate.map_or_else(|| text::NO_VALUE.to_owned(), |rate| format.rate(rate));
    let mut lines = vec![text::from_to(&stage.label, &next.label), pair(text::CONVERTED, &rate)];
    lines.extend(stage.next_interval.map(|range| pair(text::INTERVAL, &format.range(range, Unit::Rate, Detail::Full))));
    lines.extend(stage.compared_next_rate.map(|rate| pair(text::NEXT_RATE_BEFORE, &format.rate(rate))));
    lines.extend(stage.next_target.map(|rate| pair(text::TARGET, &format.rate(rate))));
    let lost = stage.customers_lost.map(|lost| format.value(lost, Unit::Records, Detail::Full));
    lines.extend(lost.map(|lost| pair(text::CUSTOMERS_LOST, &lost)));
    lines.extend(stage.thin.then(|| text::THIN_LONG.to_owned()));
    lines
}

fn table(context: Context, view: &View) -> Table {
    let Some(funnel) = of(view) else { return Table::default() };
    let format = context.format(view);
    let columns = [
        text::STAGE,
        text::RECORDS,
        text::RECORDS_BEFORE,
        text::OF_FIRST,
        text::NEXT_RATE,
        text::LOW,
        text::HIGH,
        text::NEXT_TARGET,
        text::MEDIAN_DAYS,
        text::CUSTOMERS_LOST,
    ];
    let count = |value: f64| format.count(value);
    let rate = |value: f64| format.rate(value);
    let rows = funnel.stages.iter().map(|stage| {
        vec![
            Cell::Text(stage.label.clone()),
            Cell::number(stage.count.map(|value| value as f64), count),
            Cell::number(stage.compared_count.map(|value| value as f64), count),
            Cell::number(stage.cumulative, rate),
            Cell::number(stage.next_rate, rate),
            Cell::number(stage.next_interval.map(|[low, _]| low), rate),
            Cell::number(stage.next_interval.map(|[_, high]| high), rate),
            Cell::number(stage.next_target, rate),
            Cell::number(stage.median_days, |days| format.days(days)),
            Cell::number(stage.customers_lost, |lost| format.value(lost, Unit::Records, Detail::Full)),
        ]
    });
    Table {
        id: String::new(),
        caption: context.label(&funnel.figure.label),
        columns: columns.map(str::to_owned).to_vec(),
        rows: rows.list(),
    }
}
