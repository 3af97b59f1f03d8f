//! View: whether forecasts hold, and what the open pipeline will bring.

use super::board::Heading;
use super::operations::{brief, figures, one, reason, section, sentence};
use super::words::amount;
use super::{BoardView, Cell, Layout, Row, Section, State, Subject};
use crate::figure::{Figure, Unit};
use crate::list::Joined;
use crate::query::Asker;
use crate::sum::Sum;

pub(super) fn build(asker: &Asker, subject: &Subject) -> BoardView {
    let all = figures(asker, subject, &["forecast_reliability", "pipeline_forecast", "pipeline_coverage"]);
    let [past, pipeline] = ["forecast_reliability", "pipeline_forecast"].map(|id| one(&all, id));
    let (mut state, mut message) = sentence(past);
    if let Some((said, figure)) = past.and_then(|past| Some((over(past)?, past))) {
        (state, message) = (State::of(figure), said);
    }
    let mut sections = Vec::new();
    if let Some(figure) = past {
        let days = ["Forecasts as they stood ", parameter(figure, "horizon_days"), " days before each period’s end."]
            .joined("");
        let columns = &[("forecast", "Forecast", Some(Unit::Money)), ("actual", "Actual", Some(Unit::Money))];
        sections.push(lines(figure, "periods", "periods", "Forecast and actual by period", &days, columns));
    }
    sections.push(methods(past.map(AsRef::as_ref), pipeline.map(AsRef::as_ref)));
    if let Some(figure) = pipeline {
        let days = parameter(figure, "horizon_days");
        if let (Some(value), Some([low, high])) = (figure.value, figure.interval) {
            let money = |value: f64| amount(value, Unit::Money, figure.currency.as_deref());
            let words =
                [" Of the open pipeline ", &money(value), " should be won within ", days, " days (95% interval "];
            message.push_str(&words.joined(""));
            message.push_str(&[&money(low), " to ", &money(high), ")."].joined(""));
        }
        let note = ["What the deals open at the start of each month brought within ", days, " days."].joined("");
        let columns = &[
            ("forecast", "By stage and age", Some(Unit::Money)),
            ("actual", "Won", Some(Unit::Money)),
            ("probabilities", "By probabilities", Some(Unit::Money)),
        ];
        sections.push(lines(figure, "months", "pipeline", "The pipeline’s forecast in earlier months", &note, columns));
        sections.push(stages(figure));
    }
    brief("forecast", (state, message), &all, sections)
}

/// A parameter in force.
fn parameter<'a>(figure: &'a Figure, name: &str) -> &'a str {
    let parameters = figure.definition.as_ref().map(|definition| definition.parameters.as_slice());
    let known = parameters.unwrap_or_default().iter().find(|parameter| parameter.name == name);
    known.map_or("", |parameter| parameter.value.as_str())
}

/// How far forecasts ran over what came, and how many were close.
fn over(figure: &Figure) -> Option<String> {
    let bias = figure.part("bias")?.value?;
    let close = figure.part("within_tolerance")?;
    let [close, all] = [&close.numerator, &close.denominator].map(|side| side.as_ref().map(|side| side.value));
    let records = |value: f64| amount(value, Unit::Records, None);
    let side = if bias < 0.0 { " under" } else { " over" };
    let words = [
        "Forecasts ran ",
        &amount(bias.abs(), Unit::Rate, None),
        side,
        " what came in; ",
        &records(close?),
        " of ",
        &records(all?),
        " periods came within ",
        parameter(figure, "tolerance_percent"),
        "%.",
    ];
    Some(words.joined(""))
}

/// Amounts that belong together, by period.
fn lines(figure: &Figure, part: &str, id: &str, label: &str, note: &str, columns: &[Heading]) -> Section {
    let each = figure.part(part).map(|part| part.parts.as_slice()).unwrap_or_default();
    let mut rows = Vec::new();
    for period in each {
        let mut row = Row::new(&period.part, &period.label);
        for (key, ..) in columns {
            row.part(period, key);
        }
        rows.push(row);
    }
    let note = match rows.as_slice() {
        [] if figure.value.is_none() => reason(figure),
        [] => figure.part("error").map_or("", reason),
        _ => note,
    };
    section(id, label, note, Layout::Series, columns, rows)
}

/// The error of each method, the least of those held against the same marked.
fn methods(past: Option<&Figure>, pipeline: Option<&Figure>) -> Section {
    type Method<'a> = (&'a str, &'a str, Option<&'a Figure>);
    let of = |key: &str| pipeline.and_then(|figure| figure.part(key));
    let revenue: [Method; 2] = [
        ("forecast", "Forecast at the horizon", past),
        ("year_before", "The year before’s actual", past.and_then(|figure| figure.part("seasonal_naive"))),
    ];
    let deals: [Method; 3] = [
        ("stage_and_age", "Stage and age", of("error")),
        ("probabilities", "Probabilities of stages", of("error_probabilities")),
        ("deals_year_before", "The year before’s deals", of("error_seasonal_naive")),
    ];
    let groups: [(&str, &[Method]); 2] = [("Revenue of a period", &revenue), ("Won from open deals", &deals)];
    let mut rows = Vec::new();
    for (of, methods) in groups {
        let (mut best, mut known) = (f64::INFINITY, 0_usize);
        for value in methods.iter().filter_map(|(.., figure)| figure.as_ref()?.value) {
            best = best.min(value);
            known = known.plus(1);
        }
        for (id, label, figure) in methods {
            let Some(figure) = figure else { continue };
            let (state, word) = match figure.value {
                None => (State::Unknown, ""),
                Some(value) if known > 1 && value == best => (State::Good, "closest"),
                Some(_) => (State::Neutral, ""),
            };
            let mut row = Row::new(id, label);
            row.means(state, word);
            row.cells.push(Cell::figure(figure).means(state));
            row.text(of);
            rows.push(row);
        }
    }
    let columns = &[("error", "Error (WAPE)", Some(Unit::Rate)), ("of", "Measured on", None)];
    section("methods", "How far off each method was", "", Layout::Table, columns, rows)
}

/// The open pipeline by stage and age, with the share of earlier deals that were won.
fn stages(figure: &Figure) -> Section {
    let stages = figure.part("stages").map(|part| part.parts.as_slice()).unwrap_or_default();
    let mut rows = Vec::new();
    for stage in stages {
        for age in &stage.parts {
            let of = |key: &str| age.part(key).and_then(|part| part.value);
            let (open, cases) = (of("open"), age.denominator.as_ref().map(|cases| cases.value));
            let brings = open.zip(age.value).filter(|_| figure.value.is_some()).map(|(open, share)| open * share);
            let ids = [&stage.part, "/", &age.part].joined("");
            let mut row = Row::new(&ids, &[&stage.label, ", ", &age.label].joined(""));
            for number in [brings, open, of("deals"), age.value, cases] {
                row.number(number);
            }
            rows.push(row);
        }
    }
    let columns = &[
        ("expected", "Expected", Some(Unit::Money)),
        ("open", "Open", Some(Unit::Money)),
        ("deals", "Open deals", Some(Unit::Records)),
        ("share", "Share won of earlier ones", Some(Unit::Rate)),
        ("cases", "Cases", Some(Unit::Records)),
    ];
    section("stages", "Open pipeline by stage and age", reason(figure), Layout::Table, columns, rows)
}
