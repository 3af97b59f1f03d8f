//! `mops-cohorts`: conversion over time and by cohort.

use crate::chart::{self, Item};
use crate::context::Context;
use crate::dom::{Element, div};
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
use mops_core::view::{Body, CohortsView, View};

/// The widget.
pub const KIND: Kind = Kind {
    tag: "mops-cohorts",
    view: "cohorts",
    name: text::COHORTS,
    heading: |view| Some(&of(view)?.figure.label),
    snapshot: false,
    body,
    places_panel: false,
    figures,
    tables: Some(|context, view| vec![table(context, view)]),
    whole: None,
};

/// From this width on both pictures stand side by side.
const WIDE: f64 = 880.0;

fn of(view: &View) -> Option<&CohortsView> {
    match &view.body {
        Body::Cohorts(cohorts) => Some(cohorts),
        _ => None,
    }
}

fn figures(body: &Body) -> Vec<&Figure> {
    match body {
        Body::Cohorts(cohorts) => vec![&cohorts.figure],
        _ => Vec::new(),
    }
}

fn matrix(context: Context, view: &View, cohorts: &CohortsView, width: f64) -> Scene {
    chart::draw(context, view, &|surroundings| mops_charts::matrix(cohorts, width, surroundings))
}

fn body(context: Context, _: &Kind, view: &View) -> Option<AnyView> {
    let cohorts = of(view)?;
    if cohorts.cohorts.iter().all(|cohort| cohort.size == 0) {
        return Some(frame::empty_figure(&cohorts.figure).into_any());
    }
    let format = context.format(view);
    let width = chart::width(context);
    let wide = width >= WIDE;
    let (curve_width, matrix_width) = if wide { ((width - 32.0) * 0.4, (width - 32.0) * 0.6) } else { (width, width) };
    let height = if wide { 300.0 } else { 220.0 };
    let curve =
        chart::draw(context, view, &|surroundings| mops_charts::curve(cohorts, curve_width, height, surroundings));
    let curve =
        chart::lively(context, &curve, "curve", text::CURVE, chart::along, &|target| point(cohorts, &format, target));
    let matrix = matrix(context, view, cohorts, matrix_width);
    let matrix =
        chart::lively(context, &matrix, "matrix", text::MATRIX_HINT, across, &|target| cell(cohorts, &format, target));
    let headline = match (cohorts.matured.value, horizon(cohorts)) {
        (Some(rate), Some(days)) => text::converts_within(
            &format.rate(rate),
            &text::from_to(&cohorts.from_label, &cohorts.to_label),
            &format.days(f64::from(days)),
        ),
        _ => text::NOT_MATURED.to_owned(),
    };
    let content = div("cohorts").child(div("headline").part("headline").text(headline)).child(
        div(if wide { "cohort-pictures wide" } else { "cohort-pictures" })
            .child(section(&text::about(text::CURVE, &text::from_to(&cohorts.from_label, &cohorts.to_label)), curve))
            .child(section(text::MATRIX_HEADING, matrix)),
    );
    Some(content.into_any())
}

/// The days within which conversion counts, as the definition in force has them.
fn horizon(cohorts: &CohortsView) -> Option<u32> {
    let definition = cohorts.matured.definition.as_ref()?;
    definition.parameters.iter().find(|parameter| parameter.name == "horizon_days")?.value.parse().ok()
}

fn section(name: &str, picture: Element) -> Element {
    div("section").child(div("section-title").text(name)).child(picture)
}

/// Moves between cells: left and right by age, up and down by cohort.
fn across(at: usize, key: &str, targets: &[Target]) -> Option<usize> {
    let place = |target: &Target| match target {
        Target::Cell { cohort, age } => (i64::from(*cohort), i64::from(*age) + 1),
        Target::Cohort(cohort) => (i64::from(*cohort), 0),
        _ => (-1, -1),
    };
    let (cohort, age) = place(targets.get(at)?);
    // Narrow matrices leave ages out: the next one is the nearest there is.
    let all = || targets.iter().map(place);
    let wanted = match key {
        "ArrowRight" => all().filter(|next| next.0 == cohort && next.1 > age).min()?,
        "ArrowLeft" => all().filter(|next| next.0 == cohort && next.1 < age).max()?,
        "ArrowDown" => (cohort + 1, age),
        "ArrowUp" => (cohort - 1, age),
        "Home" => all().filter(|next| next.0 == cohort).min()?,
        "End" => all().filter(|next| next.0 == cohort).max()?,
        _ => return None,
    };
    all().position(|next| next == wanted)
}

fn pair(name: &str, value: &str) -> String {
    [name, ": ", value].concat()
}

fn point(cohorts: &CohortsView, format: &Format, target: Target) -> Option<Item> {
    let Target::Point(index) = target else { return None };
    let point = cohorts.curve.get(index as usize)?;
    let mut lines = vec![format.days(point.day), pair(text::CONVERTED, &format.rate(point.rate))];
    if let (Some(low), Some(high)) = (point.low, point.high) {
        lines.push(pair(text::INTERVAL, &format.range([low, high], Unit::Rate, Detail::Full)));
    }
    lines.extend(point.competing.map(|rate| pair(text::COMPETING, &format.rate(rate))));
    lines.push(pair(text::AT_RISK, &format.count(point.at_risk as f64)));
    Some(Item { lines, select: None })
}

fn cell(cohorts: &CohortsView, format: &Format, target: Target) -> Option<Item> {
    let (cohort, age) = match target {
        Target::Cell { cohort, age } => (cohort, Some(age as usize)),
        Target::Cohort(cohort) => (cohort, None),
        _ => return None,
    };
    let cohort = cohorts.cohorts.get(cohort as usize)?;
    let mut lines = vec![cohort.period.label.clone()];
    let mut value = None;
    if let Some(age) = age {
        let months = cohorts.ages.get(age).copied().unwrap_or_default();
        let name = text::month_of_age(&format.count(f64::from(months)));
        match cohort.cells.get(age).and_then(Option::as_ref) {
            Some(cell) => {
                value = Some(cell.rate);
                lines.push(pair(&name, &format.rate(cell.rate)));
                lines.push(pair(text::CONVERTED, &format.count(cell.converted as f64)));
            }
            None => lines.push(pair(&name, text::TOO_YOUNG)),
        }
    }
    lines.push(pair(text::SIZE, &format.count(cohort.size as f64)));
    lines.extend(cohort.thin.then(|| text::THIN_LONG.to_owned()));
    let select = Action::Select {
        view: "cohorts",
        metric: cohorts.figure.id.clone(),
        part: cohort.period.id.clone(),
        label: cohort.period.label.clone(),
        value,
    };
    Some(Item { lines, select: Some(select) })
}

fn table(context: Context, view: &View) -> Table {
    let Some(cohorts) = of(view) else { return Table::default() };
    let format = context.format(view);
    let ages = cohorts.ages.iter().map(|age| text::month_of_age(&format.count(f64::from(*age))));
    let columns = [text::COHORT, text::SIZE].map(str::to_owned).into_iter().chain(ages).list();
    let rows = cohorts.cohorts.iter().map(|cohort| {
        let head = [
            Cell::Text(cohort.period.label.clone()),
            Cell::number(Some(cohort.size as f64), |size| format.count(size)),
        ];
        let cells =
            cohort.cells.iter().map(|cell| Cell::number(cell.as_ref().map(|cell| cell.rate), |rate| format.rate(rate)));
        head.into_iter().chain(cells).list()
    });
    Table { id: String::new(), caption: context.label(&cohorts.figure.label), columns, rows: rows.list() }
}
