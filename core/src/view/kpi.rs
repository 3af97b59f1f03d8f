//! View: one figure, its change, its trend and its segments.

use super::{ChangeVerdict, Comparison, KpiView, OTHER, PeriodView, Subject, TrendPoint, text_field};
use crate::error::{Code, Error};
use crate::figure::{Direction, Figure};
use crate::kpi::{Kpi, Parameters, Timing, find, of, registry};
use crate::list::{Joined, List};
use crate::period::{Grain, Period, buckets};
use crate::query::{Asker, Query, Question};
use crate::read::nearest;
use crate::sum::Sum;
use crate::time::DAY;
use std::rc::Rc;

/// Buckets of a trend that ends with a bounded period.
const BUCKETS: usize = 12;
/// Buckets of a trend over all data.
const BUCKETS_OF_ALL: usize = 24;
/// Segments shown by name.
const SEGMENTS: usize = 12;

#[inline(never)]
pub(super) fn build(asker: &Asker, subject: &Subject, query: &Query) -> Result<KpiView, Error> {
    let id = query.metric.as_deref().unwrap_or_default();
    card(asker, subject, known(id).map_err(|error| error.in_field("metric"))?, query)
}

/// A KPI by its id, or what there is instead.
pub(super) fn known(id: &str) -> Result<&'static Kpi, Error> {
    find(id).ok_or_else(|| {
        let ids: Vec<&str> = registry().iter().map(|kpi| kpi.definition.id).list();
        let error = match id {
            "" => Error::new(Code::BadQuery, "No KPI is named."),
            _ => Error::new(Code::BadQuery, format!("There is no KPI “{id}”.")),
        };
        match nearest(id, &ids) {
            Some(name) => error.mend(format!("Did you mean “{name}”?")),
            None => error.mend(format!("Choose one of {}.", ids.joined(", "))),
        }
    })
}

/// Everything about one KPI.
pub(super) fn card(asker: &Asker, subject: &Subject, kpi: &'static Kpi, query: &Query) -> Result<KpiView, Error> {
    let mut question = subject.question(asker, kpi);
    if let Some(semantics) = &query.semantics {
        super::funnel::check_semantics(semantics)?;
        question.parameters.set("semantics", semantics);
    }
    let figure = asker.figure(&question);
    let comparison = subject.compared(asker, &question).map(|earlier| {
        let then = asker.value(&earlier);
        compare(&figure, &then, kpi.definition.direction, lacks(asker, &earlier))
    });
    let maturing = is_maturing(asker, &question, &question.period);
    let trend = trend_periods(asker, &question).into_iter().map(|period| point(asker, &question, period)).list();
    let segments = match &query.segment {
        Some(field) => segments(asker, &question, field)?,
        None => Vec::new(),
    };
    Ok(KpiView { figure, comparison, trend, maturing, segments, segment_field: query.segment.clone() })
}

/// The first and last date that places a record in a period.
fn span(asker: &Asker, question: &Question) -> Option<(i64, i64)> {
    let field = question.kpi.needs.list(asker.charter, &question.parameters).into_iter().next()?;
    asker.spans.of(question.kpi.definition.table, &field)
}

/// When the data begin, if they don't cover the beginning of a period.
fn lacks(asker: &Asker, question: &Question) -> Option<i64> {
    let (start, end) = question.period.start.zip(question.period.end)?;
    let (first, _) = span(asker, question)?;
    // A quiet first day or two are no gap.
    let slack = end.minus(start).div_euclid(20);
    (first.minus(start) > slack).then_some(first)
}

/// Whether records of a period may still convert: too little time has passed since its end or, where it has none,
/// since the last record.
fn is_maturing(asker: &Asker, question: &Question, period: &Period) -> bool {
    if !(question.kpi.definition.timing == Timing::Cohort) {
        return false;
    }
    let Some(end) = period.end.or_else(|| span(asker, question).map(|(_, last)| last.min(question.as_of))) else {
        return false;
    };
    let horizon = Parameters::new(&of("conversion_matured").definition, asker.charter).whole("horizon_days");
    asker.zone.start_of_day(asker.zone.day_of(end).plus(horizon)) > question.as_of
}

fn compare(now: &Figure, then: &Figure, direction: Direction, data_from: Option<i64>) -> Comparison {
    let difference = now.value.zip(then.value).map(|(now, then)| now - then);
    let relative = difference.zip(then.value).and_then(|(by, then)| (then != 0.0).then(|| by / then.abs()));
    let verdict = match (difference, direction) {
        _ if data_from.is_some() => ChangeVerdict::Neutral,
        (Some(by), Direction::Higher) if by > 0.0 => ChangeVerdict::Better,
        (Some(by), Direction::Higher) if by < 0.0 => ChangeVerdict::Worse,
        (Some(by), Direction::Lower) if by < 0.0 => ChangeVerdict::Better,
        (Some(by), Direction::Lower) if by > 0.0 => ChangeVerdict::Worse,
        _ => ChangeVerdict::Neutral,
    };
    let within_chance = now
        .interval
        .zip(then.interval)
        .map(|([low, high], [then_low, then_high])| low <= then_high && then_low <= high);
    Comparison { value: then.value, interval: then.interval, difference, relative, verdict, within_chance, data_from }
}

fn point(asker: &Asker, question: &Question, period: Period) -> TrendPoint {
    let unfinished = period.end.is_none_or(|end| end > question.as_of) || is_maturing(asker, question, &period);
    let figure = asker.value(&Question { period: period.clone(), ..asker.aside(question) });
    TrendPoint {
        period: PeriodView::from(period),
        value: figure.value,
        interval: figure.interval,
        used: figure.used,
        thin: figure.thin,
        unfinished,
    }
}

/// The buckets of a trend: for a bounded period those that lead up to its end (or to the as-of instant, if that
/// comes first); for all data the months they span, or the quarters where there are too many months.
fn trend_periods(asker: &Asker, question: &Question) -> Vec<Period> {
    let Question { period, as_of, kpi, .. } = question;
    if kpi.definition.timing == Timing::Snapshot {
        return Vec::new();
    }
    let around = |first: i64, last: i64, grain: Grain| {
        // Wide enough that every bucket that touches the span is whole.
        let margin = days(grain).times(DAY);
        let wide = Period::between(first.minus(margin), last.plus(margin), asker.zone);
        let touches = |bucket: &Period| {
            bucket.start.is_none_or(|start| start <= last) && bucket.end.is_none_or(|end| end > first)
        };
        let mut whole = buckets(&wide, grain, asker.charter, asker.zone);
        whole.retain(touches);
        whole
    };
    let (mut periods, most) = if let Some(end) = period.end {
        let grain = period.grain();
        let back = days(grain).times(DAY).times(BUCKETS as i64);
        let from = end.min(*as_of).minus(back);
        let wide = Period::between(asker.zone.start_of_day(asker.zone.day_of(from)), end, asker.zone);
        let mut leading = buckets(&wide, grain, asker.charter, asker.zone);
        leading.retain(|bucket| bucket.start.is_none_or(|start| start < *as_of));
        (leading, BUCKETS)
    } else {
        let Some((first, last)) = span(asker, question) else { return Vec::new() };
        let (first, last) = (first.min(*as_of), last.min(*as_of));
        let months = around(first, last, Grain::Month);
        let periods = if months.len() <= BUCKETS_OF_ALL { months } else { around(first, last, Grain::Quarter) };
        (periods, BUCKETS_OF_ALL)
    };
    periods.drain(..periods.len().minus(most));
    periods
}

/// The longest a bucket can be.
fn days(grain: Grain) -> i64 {
    match grain {
        Grain::Week => 8,
        Grain::Month => 32,
        Grain::Quarter => 93,
        Grain::Year => 367,
    }
}

/// The figure for each of the most frequent values of a field, then for blank, then for all other values together.
fn segments(asker: &Asker, question: &Question, field: &str) -> Result<Vec<Figure>, Error> {
    text_field(field).map_err(|error| error.in_field("segment"))?;
    let Some(column) = asker.table(question).and_then(|table| table.text(field)) else { return Ok(Vec::new()) };
    let wanted = question.filter.get(field);
    let mut values: Vec<(u64, &str)> = super::filters::frequencies(column)
        .into_iter()
        .filter(|(_, value)| wanted.is_none_or(|wanted| wanted.iter().any(|known| known == value)))
        .list();
    let blank = values.iter().any(|(_, value)| value.is_empty());
    values.retain(|(_, value)| !value.is_empty());
    // A pool of one would only hide its name.
    let pooled = values.len().minus(SEGMENTS);
    if pooled > 1 {
        values.truncate(SEGMENTS);
    }
    if blank {
        values.push((0, ""));
    }
    let part = |question: &Question, key: &str, label: &str| {
        let figure = asker.figure(question);
        Figure { part: key.to_owned(), label: label.to_owned(), definition: None, ..figure }
    };
    let segment = |value: &str| {
        let label = if value.is_empty() { "(blank)" } else { value };
        part(&question.with(field, value), value, label)
    };
    let mut segments: Vec<Figure> = values.iter().map(|(_, value)| segment(value)).list();
    if pooled > 1 {
        // Blank has its own segment, or the filter doesn't want it.
        let mut named: Vec<String> = values.iter().map(|(_, value)| (*value).to_owned()).list();
        named.push(String::new());
        let others = Question { except: Some(Rc::new((field.to_owned(), named))), ..question.clone() };
        segments.push(part(&others, OTHER, &format!("other ({pooled} values)")));
    }
    Ok(segments)
}

#[cfg(test)]
mod tests {
    use super::known;

    #[test]
    fn a_mistyped_kpi_gets_the_one_it_is_most_like() {
        let told = |id: &str| known(id).map(|kpi| kpi.definition.id).unwrap_err().to_string();
        assert_eq!(told("winrate"), "There is no KPI “winrate”. Did you mean “win_rate”?");
        assert!(told("").starts_with("No KPI is named. Choose one of lifecycle_conversion, "));
    }
}
