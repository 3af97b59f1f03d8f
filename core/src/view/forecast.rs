//! View: whether forecasts hold, and what the open pipeline will bring.

use super::board::brief;
use super::operations::{figures, reason, section, sentence};
use super::words::amount;
use super::{BoardView, Cell, Column, Layout, Row, Section, State, Subject};
use crate::figure::{Figure, Unit};
use crate::query::Asker;

pub(super) fn build(asker: &Asker, subject: &Subject) -> BoardView {
    let all = figures(asker, subject, &["forecast_reliability", "pipeline_forecast"]);
    let [past, pipeline] =
        ["forecast_reliability", "pipeline_forecast"].map(|id| all.iter().find(|known| known.id == id));
    let (mut state, mut message) = sentence(past);
    if let Some((said, figure)) = past.and_then(|past| Some((over(past)?, past))) {
        (state, message) = (State::of(figure), said);
    }
    let mut sections = Vec::new();
    if let Some(figure) = past {
        let days =
            ["Forecasts as they stood ", parameter(figure, "horizon_days"), " days before each period’s end."].concat();
        let columns = [("forecast", "Forecast"), ("actual", "Actual")];
        sections.push(lines(figure, "periods", "periods", "Forecast and actual by period", &days, &columns));
    }
    sections.push(methods(past.map(AsRef::as_ref), pipeline.map(AsRef::as_ref)));
    if let Some(figure) = pipeline {
        let days = parameter(figure, "horizon_days");
        if let (Some(value), Some([low, high])) = (figure.value, figure.interval) {
            let money = |value: f64| amount(value, Unit::Money, figure.currency.as_deref());
            let words =
                [" Of the open pipeline ", &money(value), " should be won within ", days, " days (95% interval "];
            message.push_str(&words.concat());
            message.push_str(&[&money(low), " to ", &money(high), ")."].concat());
        }
        let note = ["What the deals open at the start of each month brought within ", days, " days."].concat();
        let columns = [("forecast", "By stage and age"), ("actual", "Won"), ("probabilities", "By probabilities")];
        sections.push(lines(
            figure,
            "months",
            "pipeline",
            "The pipeline’s forecast in earlier months",
            &note,
            &columns,
        ));
        sections.push(stages(figure));
    }
    let figures = brief(all.iter().map(|figure| figure.as_ref().clone()).collect());
    BoardView { name: "forecast".into(), message, state, figures, sections }
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
    Some(words.concat())
}

/// Amounts that belong together, by period.
fn lines(figure: &Figure, part: &str, id: &str, label: &str, note: &str, columns: &[(&str, &str)]) -> Section {
    let each = figure.part(part).map(|part| part.parts.as_slice()).unwrap_or_default();
    let rows = each.iter().map(|period| Row {
        id: period.part.clone(),
        label: period.label.clone(),
        cells: columns.iter().map(|(key, _)| period.part(key).map(Cell::figure).unwrap_or_default()).collect(),
        ..Row::default()
    });
    let rows: Vec<Row> = rows.collect();
    let note = match rows.as_slice() {
        [] if figure.value.is_none() => reason(figure),
        [] => figure.part("error").map_or("", reason),
        _ => note,
    };
    let columns = columns.iter().map(|(key, label)| Column::of(Unit::Money, key, label)).collect();
    section(id, label, note, Layout::Series, columns, rows)
}

/// The error of each method, the least of those held against the same marked.
fn methods(past: Option<&Figure>, pipeline: Option<&Figure>) -> Section {
    let of = |figure: Option<&Figure>, key: &str| {
        let figure = figure?;
        if key.is_empty() { Some(figure.clone()) } else { figure.part(key).cloned() }
    };
    let groups = [
        (
            "Revenue of a period",
            vec![
                ("forecast", "Forecast at the horizon", of(past, "")),
                ("year_before", "The year before’s actual", of(past, "seasonal_naive")),
            ],
        ),
        (
            "Won from open deals",
            vec![
                ("stage_and_age", "Stage and age", of(pipeline, "error")),
                ("probabilities", "Probabilities of stages", of(pipeline, "error_probabilities")),
                ("deals_year_before", "The year before’s deals", of(pipeline, "error_seasonal_naive")),
            ],
        ),
    ];
    let rows = groups.into_iter().flat_map(|(of, methods)| {
        let known = methods.iter().filter_map(|(.., figure)| figure.as_ref()?.value);
        let best = known.clone().fold(f64::INFINITY, f64::min);
        let several = known.count() > 1;
        methods.into_iter().filter_map(move |(id, label, figure)| {
            let figure = figure?;
            let is_best = several && figure.value == Some(best);
            let state = match figure.value {
                None => State::Unknown,
                Some(_) if is_best => State::Good,
                Some(_) => State::Neutral,
            };
            Some(Row {
                id: id.into(),
                label: label.into(),
                state,
                word: if is_best { "closest".into() } else { String::new() },
                note: String::new(),
                cells: vec![Cell::figure(&figure).means(state), Cell::text(of)],
            })
        })
    });
    let columns = vec![Column::of(Unit::Rate, "error", "Error (WAPE)"), Column::text("of", "Of what")];
    section("methods", "How far off each method was", "", Layout::Table, columns, rows.collect())
}

/// The open pipeline by stage and age, with the share of earlier deals that were won.
fn stages(figure: &Figure) -> Section {
    let stages = figure.part("stages").map(|part| part.parts.as_slice()).unwrap_or_default();
    let rows = stages.iter().flat_map(|stage| {
        stage.parts.iter().map(move |age| {
            let of = |key: &str| age.part(key).and_then(|part| part.value);
            let brings = of("open").zip(age.value).filter(|_| figure.value.is_some());
            let cases = age.denominator.as_ref().map(|cases| cases.value);
            Row {
                id: [&stage.part, "/", &age.part].concat(),
                label: [&stage.label, ", ", &age.label].concat(),
                cells: vec![
                    Cell::number(brings.map(|(open, share)| open * share)),
                    Cell::number(of("open")),
                    Cell::number(of("deals")),
                    Cell::number(age.value),
                    Cell::number(cases),
                ],
                ..Row::default()
            }
        })
    });
    let columns = vec![
        Column::of(Unit::Money, "expected", "Expected"),
        Column::of(Unit::Money, "open", "Open"),
        Column::of(Unit::Records, "deals", "Open deals"),
        Column::of(Unit::Rate, "share", "Share won of earlier ones"),
        Column::of(Unit::Records, "cases", "Cases"),
    ];
    section("stages", "Open pipeline by stage and age", reason(figure), Layout::Table, columns, rows.collect())
}
