//! `mops-kpi`: one figure as a card.

use crate::chart;
use crate::context::Context;
use crate::definition;
use crate::dom::{Element, div, hidden, html, span};
use crate::format::{Detail, Format};
use crate::frame;
use crate::icon;
use crate::leptos::{AnyView, IntoAny};
use crate::port::Action;
use crate::table::{Cell, Table};
use crate::text;
use crate::widget::Kind;
use crate::widget::board::shape;
use mops_charts::Within;
use mops_core::figure::{DefinitionInForce, Figure, SignOffState, Status, Unit};
use mops_core::view::{Body, ChangeVerdict, Comparison, KpiView, State, View};

/// The widget.
pub const KIND: Kind = Kind {
    tag: "mops-kpi",
    view: "kpi",
    name: text::KPI,
    heading: |view| Some(&of(view)?.figure.label),
    snapshot: false,
    body,
    places_panel: false,
    figures,
    tables: Some(|context, view| vec![table(context, view)]),
    whole: None,
};

fn of(view: &View) -> Option<&KpiView> {
    match &view.body {
        Body::Kpi(kpi) => Some(kpi),
        _ => None,
    }
}

fn figures(body: &Body) -> Vec<&Figure> {
    match body {
        Body::Kpi(kpi) => vec![&kpi.figure],
        _ => Vec::new(),
    }
}

fn body(context: Context, _: &Kind, view: &View) -> Option<AnyView> {
    let kpi = of(view)?;
    let format = context.format(view);
    let figure = &kpi.figure;
    let card = div("kpi")
        .child(
            div("kpi-main")
                .child(
                    div("kpi-figure")
                        .child(value(&format, figure))
                        .child(interval(&format, figure).maybe(kpi.maturing.then(|| span("thin", text::MATURING))))
                        .maybe(format.possible(figure).map(|words| div("interval").part("interval").text(words)))
                        .maybe(kpi.comparison.as_ref().map(|comparison| change(&format, view, figure, comparison)))
                        .child(status(&format, figure)),
                )
                .maybe(has_trend(kpi).then(|| chart::sparkline(context, view, kpi))),
        )
        .maybe(frame::note(figure))
        .maybe(frame::unfiltered(figure))
        .maybe((!kpi.segments.is_empty()).then(|| segments(context, &format, kpi)))
        .maybe(figure.definition.as_ref().map(footer));
    Some(card.into_any())
}

/// Whether a trend says more than the value, or than why there is none.
fn has_trend(kpi: &KpiView) -> bool {
    kpi.trend.len() > 1 && kpi.trend.iter().any(|point| point.value.is_some())
}

/// The value, large. Unknown is what missing evidence leaves open, or a dash, and says why.
fn value(format: &Format, figure: &Figure) -> Element {
    let shown = format.figure(figure, Detail::Short);
    let full = format.figure(figure, Detail::Full);
    // The signs that isolate it take no room.
    let size = if shown.trim_matches(['\u{2068}', '\u{2069}']).chars().count() > 9 { "value long" } else { "value" };
    div(size).part("value").attribute_if(full != shown, "title", &full).child(span("own-order", shown))
}

/// What may be doubted about the value, small: the interval, or why there is no value, and whether it is thin.
fn interval(format: &Format, figure: &Figure) -> Element {
    let line = div("interval").part("interval");
    let line = match (&figure.undefined, figure.interval) {
        (Some(undefined), _) => line.text(undefined.message.as_str()),
        (None, Some(interval)) => {
            let range = format.range(interval, figure.unit, Detail::Short);
            line.child(span("", [text::INTERVAL, " ", &range].concat()))
        }
        (None, None) => line.child(span("", base(format, figure))),
    };
    line.maybe(figure.thin.then(thin_mark))
}

/// What the value rests on, where it has no interval.
fn base(format: &Format, figure: &Figure) -> String {
    let numerator = figure.denominator.as_ref().or(figure.numerator.as_ref());
    match numerator.filter(|quantity| quantity.unit == Unit::Records) {
        Some(quantity) => [&format.count(quantity.value), " ", &quantity.label].concat(),
        None => {
            let rows = format.count(figure.used as f64);
            match figure.definition.as_ref().and_then(|definition| table_of(&definition.inputs)) {
                Some(table) => text::rows_of(&rows, table),
                None => text::rows_used(&rows),
            }
        }
    }
}

/// The table that all inputs are fields of.
fn table_of(inputs: &[String]) -> Option<&str> {
    let table = |input: &String| input.split_once('.').map(|(table, _)| table.len());
    let length = table(inputs.first()?)?;
    let first = inputs.first()?.get(..=length)?;
    inputs.iter().all(|input| input.starts_with(first)).then(|| first.trim_end_matches('.'))
}

/// The mark of a figure that rests on too few records.
pub fn thin_mark() -> Element {
    span("thin", text::THIN).part("thin").attribute("title", text::THIN_LONG)
}

/// The change against the compared period: arrow, words, and colour only for a verdict.
fn change(format: &Format, view: &View, figure: &Figure, comparison: &Comparison) -> Element {
    let period = view.compared_with.as_ref().map_or("", |period| period.label.as_str());
    let Some(difference) = comparison.difference else {
        return div("change neutral").part("change").child(span("note", text::no_earlier(period)));
    };
    let words = if difference == 0.0 {
        text::unchanged(period)
    } else {
        text::versus(&change_amount(format, figure.unit, difference, comparison.relative), period)
    };
    let words = match comparison.data_from {
        Some(first) => text::data_begin(&words, &format.date(first)),
        None => words,
    };
    change_line(comparison, difference, &words)
}

fn change_line(comparison: &Comparison, difference: f64, words: &str) -> Element {
    let path = if difference > 0.0 {
        icon::ARROW_UP
    } else if difference < 0.0 {
        icon::ARROW_DOWN
    } else {
        icon::LEVEL
    };
    let chance = comparison.within_chance == Some(true);
    let verdict = match comparison.verdict {
        // Colour would claim more than the figures do.
        _ if chance => "change neutral",
        ChangeVerdict::Better => "change better",
        ChangeVerdict::Worse => "change worse",
        ChangeVerdict::Neutral => "change neutral",
    };
    div(verdict)
        .part("change")
        .child(icon::icon(path))
        .child(span("words", words).maybe(chance.then(|| span("note", text::MAY_BE_CHANCE))))
}

/// The same in a cell: what it is compared with stands in the title.
pub fn change_short(format: &Format, view: &View, figure: &Figure, comparison: &Comparison) -> Element {
    let period = view.compared_with.as_ref().map_or("", |period| period.label.as_str());
    let Some(difference) = comparison.difference else {
        return span("note", text::NO_VALUE).attribute("title", text::no_earlier(period));
    };
    let amount = change_amount(format, figure.unit, difference, comparison.relative);
    let mut title = text::versus(&amount, period);
    if let Some(first) = comparison.data_from {
        title = text::data_begin(&title, &format.date(first));
    }
    change_line(comparison, difference, &amount).attribute("title", title)
}

/// A change in words: points for shares, per cent for the rest.
fn change_amount(format: &Format, unit: Unit, difference: f64, relative: Option<f64>) -> String {
    match (unit, relative) {
        (Unit::Rate | Unit::Days, _) | (_, None) => format.change(difference, unit),
        (_, Some(relative)) => format.relative(relative),
    }
}

/// Where the figure stands against its target: shape, words and colour.
pub fn status(format: &Format, figure: &Figure) -> Element {
    let (state, words) = match figure.status {
        Status::OnTarget => (State::Good, text::ON_TARGET),
        Status::NearTarget => (State::Warning, text::NEAR_TARGET),
        Status::OffTarget => (State::Bad, text::OFF_TARGET),
        Status::Undefined if figure.target.is_some() => {
            let target = figure.target.map(|target| text::target(&format.value(target, figure.unit, Detail::Short)));
            return div("status none").part("status").text(target.unwrap_or_default());
        }
        Status::NoTarget | Status::Undefined => return div("status none").part("status").text(text::NO_TARGET),
    };
    let target = figure.target.map(|target| text::target(&format.value(target, figure.unit, Detail::Short)));
    div("status")
        .part("status")
        .maybe(shape(state))
        .child(span("words", words).maybe(target.map(|target| span("note", target))))
}

fn footer(definition: &DefinitionInForce) -> Element {
    let state = match definition.sign_off.state {
        SignOffState::Signed => "sign-off signed",
        SignOffState::Lapsed => "sign-off lapsed",
        SignOffState::Unsigned => "sign-off unsigned",
    };
    let path = if definition.sign_off.state == SignOffState::Signed { icon::CHECK } else { icon::LEVEL };
    let words = match definition.sign_off.state {
        SignOffState::Signed => text::SIGNED,
        SignOffState::Lapsed => text::LAPSED,
        SignOffState::Unsigned => text::UNSIGNED,
    };
    div("footer").part("footer").child(span("owner", definition.owner.as_deref().unwrap_or(text::NO_OWNER))).child(
        html("span")
            .class(state)
            .attribute("title", definition::sign_off(&definition.sign_off))
            .child(icon::icon(path))
            .child(span("", words)),
    )
}

/// The figure by segment, as bars. Each can be selected.
fn segments(context: Context, format: &Format, kpi: &KpiView) -> Element {
    let most = kpi.segments.iter().filter_map(|segment| segment.value).fold(0.0, f64::max);
    let metric = kpi.figure.id.clone();
    let rows = kpi.segments.iter().map(|segment| {
        let share = segment.value.filter(|_| most > 0.0).map_or(0.0, |value| (value / most).within(0.0, 1.0));
        let label = segment_label(segment).to_owned();
        let action = Action::Select {
            view: "kpi",
            metric: metric.clone(),
            part: segment.part.clone(),
            label: label.clone(),
            value: segment.value,
        };
        html("li").child(
            crate::dom::button("segment")
                .part("segment")
                .attribute("title", format.figure(segment, Detail::Full))
                .on("click", move |_| context.act(&action))
                .child(span("segment-label", label))
                .child(
                    html("span")
                        .class(if segment.thin { "segment-track thin" } else { "segment-track" })
                        .child(html("span").class("segment-bar").style("inline-size", percent(share))),
                )
                .child(span("segment-value", format.figure(segment, Detail::Short)))
                .maybe(segment.thin.then(|| hidden(text::THIN_LONG))),
        )
    });
    html("ul").class("segments").part("segments").children(rows)
}

fn segment_label(segment: &Figure) -> &str {
    if segment.label.is_empty() { text::BLANK } else { &segment.label }
}

/// A share as a length of CSS.
pub fn percent(share: f64) -> String {
    [(share * 1000.0).round() as i64 / 10].map(|whole| whole.to_string()).concat() + "%"
}

fn table(context: Context, view: &View) -> Table {
    let Some(kpi) = of(view) else { return Table::default() };
    let format = context.format(view);
    let unit = kpi.figure.unit;
    let show = |value: f64| format.value(value, unit, Detail::Full);
    let mut rows = Vec::new();
    for point in &kpi.trend {
        let mut label = point.period.label.clone();
        if point.unfinished {
            let over = point.period.end.is_some_and(|end| end <= view.as_of);
            label = [label.as_str(), " (", if over { text::MATURING } else { text::UNFINISHED }, ")"].concat();
        }
        rows.push(row(label, point.value, point.interval, point.used, &format, &show));
    }
    rows.push(row(view.period.label.clone(), kpi.figure.value, kpi.figure.interval, kpi.figure.used, &format, &show));
    for segment in &kpi.segments {
        let label = segment_label(segment).to_owned();
        rows.push(row(label, segment.value, segment.interval, segment.used, &format, &show));
    }
    let mut table = Table {
        id: String::new(),
        caption: context.label(&kpi.figure.label),
        columns: [text::PERIOD, text::VALUE, text::LOW, text::HIGH, text::USED].map(str::to_owned).to_vec(),
        rows,
    };
    // Most money has no interval: two columns of dashes say nothing.
    if kpi.trend.iter().all(|point| point.interval.is_none()) && kpi.figure.interval.is_none() {
        table.columns.drain(2..4);
        for row in &mut table.rows {
            row.drain(2..4);
        }
    }
    table
}

fn row(
    label: String,
    value: Option<f64>,
    interval: Option<[f64; 2]>,
    used: u64,
    format: &Format,
    show: &dyn Fn(f64) -> String,
) -> Vec<Cell> {
    vec![
        Cell::Text(label),
        Cell::number(value, show),
        Cell::number(interval.map(|[low, _]| low), show),
        Cell::number(interval.map(|[_, high]| high), show),
        Cell::number(Some(used as f64), |value| format.count(value)),
    ]
}
