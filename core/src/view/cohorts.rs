//! View: conversion by cohort and age, and over time.

use super::{Cohort, CohortCell, CohortsView, CurvePoint, PeriodView, Subject, kpi::known};
use crate::error::Error;
use crate::kpi::velocity_by_cohort::MonthCohort;
use crate::kpi::{conversion_matured, velocity_by_cohort};
use crate::list::List;
use crate::period;
use crate::query::Asker;
use crate::stats::Curve;
use crate::sum::Sum;

/// Ages shown, in months; the figure still reads its own.
const MOST_AGES: usize = 25;
/// Cohorts shown: the latest.
const MOST_COHORTS: usize = 36;

#[inline(never)]
pub(super) fn build(asker: &Asker, subject: &Subject) -> Result<CohortsView, Error> {
    let question = subject.question(asker, known("velocity_by_cohort")?);
    let evidence = asker.evidence(&question);
    let velocity = evidence.figure();
    let mut months = velocity_by_cohort::cohorts(&evidence.measure, asker.zone, question.as_of);
    months.drain(..months.len().minus(MOST_COHORTS));
    let question = subject.question(asker, known("conversion_matured")?);
    let evidence = asker.evidence(&question);
    let (matured, curve) = (evidence.figure(), conversion_matured::curve(&evidence.measure));
    let ages = months.iter().map(|cohort| cohort.converted.len()).max().unwrap_or(0).min(MOST_AGES);
    let label = |parameter| {
        let id = question.parameters.text(parameter);
        let stage = asker.charter.lifecycle.stages.iter().find(|stage| stage.id == id);
        stage.map_or_else(|| id.to_owned(), |stage| stage.label.clone())
    };
    Ok(CohortsView {
        median_days: matured.part("median").and_then(|part| part.value),
        from_label: label("from"),
        to_label: label("to"),
        cohorts: months.iter().filter_map(|month| cohort(asker, subject, month, ages)).list(),
        ages: (0..u32::try_from(ages).unwrap_or(0)).list(),
        curve: if matured.undefined.as_ref().is_some_and(|why| why.code == "bad_parameter") {
            Vec::new()
        } else {
            points(&curve)
        },
        figure: velocity,
        matured,
    })
}

fn cohort(asker: &Asker, subject: &Subject, month: &MonthCohort, ages: usize) -> Option<Cohort> {
    let cells = (0..ages).map(|age| {
        let converted = *month.converted.get(age)?;
        Some(CohortCell { converted, rate: converted as f64 / month.size as f64 })
    });
    Some(Cohort {
        period: PeriodView::from(period::parse(&month.id, subject.as_of, asker.charter, asker.zone).ok()?),
        size: month.size,
        thin: month.size < asker.charter.minimum_n,
        cells: cells.list(),
    })
}

/// The curve from day 0, where nobody has converted yet, to the last day that anybody was watched.
fn points(curve: &Curve) -> Vec<CurvePoint> {
    let Some(last) = curve.last else { return Vec::new() };
    let rivals = curve.steps.last().is_some_and(|step| step.competing > 0.0);
    let start =
        CurvePoint { day: 0.0, rate: 0.0, low: None, high: None, competing: rivals.then_some(0.0), at_risk: curve.n };
    let at_start = curve.steps.first().is_some_and(|step| step.time == 0);
    let mut points: Vec<CurvePoint> = if at_start { Vec::new() } else { vec![start] };
    points.extend(curve.steps.iter().map(|step| CurvePoint {
        day: step.time as f64,
        rate: step.incidence,
        low: step.limits.map(|[_, high]| 1.0 - high),
        high: step.limits.map(|[low, _]| 1.0 - low),
        competing: rivals.then_some(step.competing),
        at_risk: step.at_risk,
    }));
    if let Some(end) = points.last().filter(|end| end.day < last as f64).cloned() {
        let at_risk = curve.at_risk_at_end;
        points.push(CurvePoint { day: last as f64, at_risk, ..end });
    }
    points
}
