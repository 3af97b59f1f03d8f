//! How close forecasts came to what really came.

use super::amounts::Amounts;
use super::deals::Fault;
use super::revenue::noted;
use super::scan::Tally;
use super::{
    Answer, Dates, Definition, Frame, Judgement, Kpi, Listed, Parameter, Part, Particulars, Range, Scan, Timing,
};
use crate::figure::{Direction, Quantity, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::money::to_units;
use crate::period::{Grain, Period, buckets, parse};
use crate::stats::forecast_error::Errors;
use crate::sum::Sum;
use crate::table::Table;

/// `forecast_reliability`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "forecast_reliability",
        version: 2,
        name: "Forecast error",
        unit: Unit::Rate,
        direction: Direction::Lower,
        formula: "WAPE: Σ |forecast − actual| ÷ Σ actual, over the forecasts that stood at the horizon before their period’s end",
        source: "Hyndman & Athanasopoulos, Forecasting: Principles and Practice, 3rd ed., §5.8; Hyndman & Koehler 2006 (International Journal of Forecasting 22)",
        table: "forecasts",
        inputs: &[
            "forecasts.start_at",
            "forecasts.end_at",
            "forecasts.made_at",
            "forecasts.amount",
            "forecasts.currency",
            "actuals.start_at",
            "actuals.end_at",
            "actuals.amount",
            "actuals.currency",
        ],
        edge_cases: &[
            "Forecasts of periods that begin in the one asked for and are over by the as-of instant.",
            "The forecast that stood is the last one made by the start of the day the horizon before the period’s end. Later revisions are outside the window, earlier ones don’t count. Lines for the same period made at the same instant (of teams, regions, products) are one forecast and add up; where one of them can’t be read, none counts.",
            "The actual is the sum of the lines for exactly the same period; without one, or where one of its lines can’t be read, the forecast is unmatched.",
            "Other currencies convert at the rate of the period’s first day, on both sides.",
            "`bias` is Σ (forecast − actual) ÷ Σ actual: above 0, too much was forecast.",
            "`mape` only where every actual is other than 0.",
            "`mase`: mean absolute error ÷ that of the seasonal naive forecast (the actual of the same period a year before) over the actuals that ended before the first period judged.",
            "`seasonal_naive` is the WAPE that the year before’s actuals would have had over the same periods.",
        ],
        parameters: &[
            Parameter {
                name: "horizon_days",
                range: Range::Whole { default: 30, low: 0, high: 366 },
                text: "days before a period’s end at which the forecast must stand",
            },
            Parameter {
                name: "tolerance_percent",
                range: Range::Whole { default: 10, low: 0, high: 100 },
                text: "how far off, as a percentage of the actual, still counts as within tolerance",
            },
        ],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["start_at", "end_at", "made_at", "amount"]),
    measure,
    judge,
    particulars: Particulars { dates: Dates::Any, ..Particulars::NONE },
};

/// The period that a row is about.
fn span(scan: &Scan, table: &Table, row: usize) -> Result<Period, Fault> {
    let date = |field: &'static str| scan.date(table.time(field), row).map_err(|reason| (reason, field));
    let (start, end) = (date("start_at")?, date("end_at")?);
    if end <= start {
        Err((Reason::NegativeDuration, "end_at"))
    } else {
        Ok(Period::between(start, end, scan.clock.zone()))
    }
}

fn measure(scan: &Scan) -> Measure {
    // Forecasts and actuals are looked up in the whole tables: by when each forecast of a period was made, and how much
    // each period brought.
    let mut known = Measure::default();
    let each = |table: &str, look: &mut dyn FnMut(&Table, usize, Period)| {
        let Some(table) = scan.dataset.table(table) else { return };
        for row in 0..table.rows {
            if let Ok(period) = span(scan, table, row) {
                look(table, row, period);
            }
        }
    };
    let day = |period: &Period| scan.clock.day_of(period.start.unwrap_or(0));
    each("forecasts", &mut |table, row, period| {
        if let Ok(made) = scan.seen(table.time("made_at"), row) {
            let unread = Amounts::new(table, scan.converter).of("amount", row, day(&period)).is_err();
            known.count(Key::part("made", period.id), made, unread.into());
        }
    });
    let mut periods: Vec<Period> = Vec::new();
    each("actuals", &mut |table, row, period| {
        if period.end.is_some_and(|end| end > scan.as_of) {
            return;
        }
        match Amounts::new(table, scan.converter).of("amount", row, day(&period)) {
            Ok(amount) => known.add(Key::part("actual", period.id.as_str()), amount.into()),
            Err(_) => known.add(Key::part("unread", period.id.as_str()), 1),
        }
        periods.push(period);
    });
    let actual = |id: &str| {
        let sum = known.sums.get(&Key::part("actual", id)).filter(|_| known.sum("unread", id) == 0);
        sum.and_then(|sum| i64::try_from(*sum).ok())
    };
    let mut measure = Measure::default();
    if scan.dataset.table("actuals").is_some() {
        measure.note(Key::whole("known"), 1);
    }
    for period in &periods {
        if let Some(amount) = actual(&period.id) {
            measure.note(Key::part("actual", period.id.as_str()), amount);
            let before = period.year_before(scan.charter, scan.clock.zone());
            if let Some(naive) = before.and_then(|before| actual(&before.id)) {
                measure.note(Key::part("naive", period.id.as_str()), naive);
            }
        }
    }
    let horizon = scan.parameters.whole("horizon_days");
    let (amounts, made) = (Amounts::new(scan.table, scan.converter), scan.table.time("made_at"));
    let mut tally = Tally::new(scan.table);
    for row in scan.rows() {
        let outcome: Result<_, Fault> = span(scan, scan.table, row).and_then(|period| {
            let (start, end) = (period.start.unwrap_or(0), period.end.unwrap_or(0));
            scan.in_period(start).map_err(|reason| (reason, "start_at"))?;
            if end > scan.as_of {
                return Err((Reason::InFlight, "end_at"));
            }
            let at = scan.seen(made, row).map_err(|reason| (reason, "made_at"))?;
            let until = scan.clock.start_of_day(scan.clock.day_of(end).minus(horizon));
            if at > until {
                return Err((Reason::OutsideWindow, "made_at"));
            }
            let all = known.histogram("made", &period.id);
            let standing = all.and_then(|all| all.iter().rfind(|(at, _)| **at <= until));
            if standing.is_some_and(|(last, _)| *last > at) {
                return Err((Reason::NotCounted, "made_at"));
            }
            let amount = amounts.of("amount", row, scan.clock.day_of(start))?;
            // The sum of only some of its lines is no forecast.
            if standing.is_some_and(|(_, unread)| *unread > 0) {
                return Err((Reason::NoEvidence, "amount"));
            }
            actual(&period.id).ok_or((Reason::Unmatched, "start_at"))?;
            Ok((period.id, amount))
        });
        if let Some((id, amount)) = tally.row(row, outcome) {
            measure.add(Key::part("forecast", id), amount.into());
        }
    }
    tally.finish(&mut measure);
    measure
}

/// A period as people call it, where it is a calendar month, quarter or year.
fn named(id: &str, frame: &Frame) -> Period {
    let span = parse(id, frame.as_of, frame.charter, frame.zone).unwrap_or_else(|_| Period::all());
    let whole = |grain| match buckets(&span, grain, frame.charter, frame.zone).as_slice() {
        [only] if !only.id.contains('/') => Some(only.clone()),
        _ => None,
    };
    [Grain::Month, Grain::Quarter, Grain::Year].into_iter().find_map(whole).unwrap_or(span)
}

/// A sum of deviations as a share of what came.
fn share(errors: &Errors, of: i128, label: &str) -> Answer {
    Answer::quotient(Quantity::money(of, label), Quantity::money(errors.came, "actual")).from_records(errors.n)
}

/// WAPE.
pub(super) fn wape(errors: &Errors) -> Answer {
    share(errors, errors.off, "deviations")
}

/// A period's forecast against what came.
pub(super) fn compared(id: &str, label: &str, [forecast, actual]: [i128; 2], n: u64) -> Part {
    let off = Answer::quotient(
        Quantity::money(forecast.minus(actual), "forecast less actual"),
        Quantity::money(actual, "actual"),
    );
    let sum =
        |key: &str, label: &str, amount: i128| Part::new(key, label, Unit::Money, Answer::new(to_units(amount), n));
    let parts = vec![sum("forecast", "Forecast", forecast), sum("actual", "Actual", actual)];
    Part::new(id, label, Unit::Rate, off.from_records(n)).with(parts)
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let [actuals, naives] = ["actual", "naive"].map(|series| measure.noted(series));
    let find = |all: &[(&str, i64)], id: &str| all.iter().find(|(known, _)| *known == id).map(|(_, amount)| *amount);
    let tolerance = i128::from(frame.parameters.whole("tolerance_percent"));
    // In order of time, as their ids are.
    let (mut judged, mut pairs, mut naive_pairs) = (Vec::new(), Vec::new(), Vec::new());
    let mut close = 0_u64;
    for (Key(_, id), forecast) in &measure.sums {
        let (Ok(forecast), Some(actual)) = (i64::try_from(*forecast), find(&actuals, id)) else { continue };
        let naive = find(&naives, id);
        judged.push((id.as_str(), naive));
        pairs.push((forecast, actual));
        if let Some(naive) = naive {
            naive_pairs.push((naive, actual));
        }
        let off = i128::from(forecast).minus(actual.into()).saturating_abs();
        let is_close = off.times(100) <= tolerance.times(actual.into());
        close = close.plus(u64::from(is_close));
    }
    let start = judged.first().and_then(|(id, _)| id.split_once('/')).map_or("", |(start, _)| start);
    let mut before = Vec::new();
    for (id, naive) in &naives {
        if let (Some((_, end)), Some(actual)) = (id.split_once('/'), find(&actuals, id))
            && end <= start
        {
            before.push((*naive, actual));
        }
    }
    let [errors, naive, trained] = [&pairs, &naive_pairs, &before].map(|pairs| Errors::of(pairs));
    let n = errors.n;
    let given = noted(measure, "known").is_some();
    let defined = |answer: Option<Answer>, message: &str| match answer {
        _ if !given => Answer::undefined("missing_table", "It needs the table “actuals”, which was not given."),
        _ if n == 0 => {
            Answer::undefined("no_evidence", "No period that is over has a forecast of that horizon and an actual.")
        }
        Some(answer) => answer,
        None => Answer::undefined("no_evidence", message),
    };
    let within = Answer::share(close, n, "periods within tolerance", "periods");
    let part = |key: &str, label: &str, unit, answer, message| Part::new(key, label, unit, defined(answer, message));
    let mut periods = Vec::new();
    for ((id, naive), (forecast, actual)) in judged.into_iter().zip(pairs) {
        let period = named(id, frame);
        let mut part = compared(&period.id, &period.label, [forecast.into(), actual.into()], n);
        if let Some(naive) = naive {
            let naive = Answer::new(to_units(naive.into()), n);
            part.parts.push(Part::new("seasonal_naive", "The year before", Unit::Money, naive));
        }
        periods.push(part);
    }
    let count = Answer::new(n as f64, n);
    let parts = vec![
        part("bias", "Bias", Unit::Rate, Some(share(&errors, errors.over, "forecast less actual")), ""),
        part("mape", "MAPE", Unit::Rate, errors.mape().map(|mape| Answer::new(mape, n)), "An actual is 0."),
        part(
            "mase",
            "MASE",
            Unit::Ratio,
            errors.scaled(&trained).map(|mase| Answer::new(mase, n)),
            "It needs the actuals of more than a year before the first period judged.",
        ),
        part("within_tolerance", "Within tolerance", Unit::Rate, Some(within), ""),
        part(
            "seasonal_naive",
            "WAPE of the year before’s actuals",
            Unit::Rate,
            (naive.n > 0).then(|| wape(&naive)),
            "No period judged has an actual a year before.",
        ),
        Part::new("periods", "Periods", Unit::Records, count).with(periods),
    ];
    Judgement { answer: defined(Some(wape(&errors)), ""), parts }
}
