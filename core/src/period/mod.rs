//! Periods: half-open `[start, end)` in the charter's time zone, and how a query names them.
//!
//! | spec | meaning |
//! |---|---|
//! | `all` | no bounds |
//! | `2025` | the calendar year |
//! | `2025-Q1` | the calendar quarter, January to March |
//! | `2025-03` | the calendar month |
//! | `2025-W05` | the week; week 1 is the one that holds 4 January, and weeks begin on the charter's `week_start` (ISO 8601 where that is Monday) |
//! | `FY2025` | the fiscal year, named after the calendar year in which it ends; it begins on the first of the charter's `fiscal_year_start_month` |
//! | `FY2025-Q1` | the first three months of that fiscal year |
//! | `last-N-days`, `-weeks`, `-months`, `-quarters`, `-years` | ends at the local midnight that as-of is or follows, and begins N of the unit before that: on the same day of the month, or the month's last day where it has no such day. With as-of on the first of a month `last-12-months` is the twelve whole months before; on the 15th it runs from the 15th to the 15th |
//! | `this-week`, `-month`, `-quarter`, `-year` | the whole calendar unit that holds as-of |
//! | `2025-01-01/2025-04-01` | from the first up to, not including, the second; either side may be an instant with offset |
//!
//! Days begin at local midnight, also where a change of clocks makes them 23 or 25 hours long.

mod calendar;
pub(crate) use calendar::add_months;
mod shape;

use crate::charter::Charter;
use crate::error::{Code, Error};
use crate::sum::Sum;
use crate::time::{Clock, DAY, EARLIEST, LATEST, Zone, iso_day};
use crate::view::PeriodView;
use serde::{Deserialize, Serialize};
use shape::Shape;

/// A half-open period `[start, end)` in epoch milliseconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// As a query writes it.
    pub id: String,
    /// For people, in English.
    pub label: String,
    /// First instant, if bounded.
    pub start: Option<i64>,
    /// First instant after it, if bounded.
    pub end: Option<i64>,
}

/// The length of the buckets that a period is divided into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// From the charter's first day of the week.
    Week,
    /// Calendar month.
    Month,
    /// Calendar quarter.
    Quarter,
    /// Calendar year.
    Year,
}

/// A period is never divided into more buckets than this; the latest are kept.
pub const MOST_BUCKETS: usize = 1_000;

/// Reads a period as a query names it: see the [module](self).
///
/// # Errors
/// If the spec is none of those, or lies outside the years 1 to 9999.
pub fn parse(spec: &str, as_of: i64, charter: &Charter, zone: &Zone) -> Result<Period, Error> {
    let spec = spec.trim();
    Shape::parse(spec, zone).and_then(|shape| shape.period(spec, Some(as_of), charter, zone)).ok_or_else(|| {
        Error::new(Code::BadQuery, format!("“{spec}” is not a period.")).mend(
            "Use all, 2025, 2025-Q1, 2025-03, 2025-W05, FY2025, FY2025-Q1, last-12-months (days, weeks, quarters, \
                 years), this-month (week, quarter, year) or 2025-01-01/2025-04-01.",
        )
    })
}

/// Reads an as-of instant: `2026-01-31` is that day's local midnight, so that everything before that day counts;
/// anything with a time needs an offset (`2026-01-31T12:00:00Z`).
///
/// # Errors
/// If the text is neither.
pub fn as_of(text: &str, zone: &Zone) -> Result<i64, Error> {
    instant(text.trim(), zone).ok_or_else(|| {
        Error::new(Code::BadQuery, format!("“{text}” is not an as-of instant."))
            .in_field("as_of")
            .mend("Use a date (2026-01-31) or an instant with offset (2026-01-31T12:00:00+01:00).")
    })
}

fn instant(text: &str, zone: &Zone) -> Option<i64> {
    let instant = match crate::charter::money::date(text) {
        Some(day) => zone.start_of_day(day),
        // The offset has to be there: only then is the zone that the reader would fall back on never asked.
        None if has_offset(text) => crate::ingest::cell::date::read(text, &Clock::new(zone.clone()), None).ok()?,
        None => return None,
    };
    (EARLIEST..LATEST).contains(&instant).then_some(instant)
}

/// Whether a date-time ends in `Z` or `+hh:mm`.
fn has_offset(text: &str) -> bool {
    let Some((_, time)) = text.split_once(['T', 't', ' ']) else { return false };
    time.ends_with(['Z', 'z']) || time.rfind(['+', '-']).is_some_and(|at| time.len().minus(at) == 6)
}

impl Period {
    /// Everything there is.
    pub fn all() -> Self {
        Self { id: "all".into(), label: "All data".into(), start: None, end: None }
    }

    /// Whether an instant lies in it.
    pub fn contains(&self, instant: i64) -> bool {
        self.start.is_none_or(|start| start <= instant) && self.end.is_none_or(|end| instant < end)
    }

    /// The bucket length that suits a trend over it: weeks up to a quarter, months up to two years and a month,
    /// quarters up to six years, then years. Without bounds: months.
    pub fn grain(&self) -> Grain {
        let (Some(start), Some(end)) = (self.start, self.end) else { return Grain::Month };
        match end.minus(start).div_euclid(DAY) {
            ..=100 => Grain::Week,
            101..=765 => Grain::Month,
            766..=2_200 => Grain::Quarter,
            _ => Grain::Year,
        }
    }

    /// The period of the same kind before it: the month before a month, the twelve months before the last twelve
    /// months, as many months before some that begin and end on the same day of the month, as many days before any
    /// others. Nothing before a period without a beginning or end.
    pub fn previous(&self, charter: &Charter, zone: &Zone) -> Option<Self> {
        Shape::of(self, zone)?.previous(self, charter, zone)
    }

    /// The same period a year earlier. The 53rd week of a year has the week 52 weeks before it.
    pub fn year_before(&self, charter: &Charter, zone: &Zone) -> Option<Self> {
        Shape::of(self, zone)?.year_before(self, charter, zone)
    }

    /// From one instant to another, named by its bounds.
    pub fn between(start: i64, end: i64, zone: &Zone) -> Self {
        Self {
            id: format!("{}/{}", bound(start, zone), bound(end, zone)),
            label: format!("{} to {}", bound(start, zone), last_day(end, zone)),
            start: Some(start),
            end: Some(end),
        }
    }
}

/// A bound as a query writes it: a date where it is a local midnight, otherwise an instant.
fn bound(instant: i64, zone: &Zone) -> String {
    let day = zone.day_of(instant);
    if zone.start_of_day(day) == instant {
        return iso_day(day);
    }
    let since_midnight = instant.rem_euclid(DAY);
    let of = |length: i64, many: i64| since_midnight.div_euclid(length).rem_euclid(many);
    let date = iso_day(instant.div_euclid(DAY));
    let (hours, minutes, seconds) = (of(3_600_000, 24), of(60_000, 60), of(1_000, 60));
    match of(1, 1_000) {
        0 => format!("{date}T{hours:02}:{minutes:02}:{seconds:02}Z"),
        milliseconds => format!("{date}T{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}Z"),
    }
}

/// The last day that a period with this end holds.
fn last_day(end: i64, zone: &Zone) -> String {
    iso_day(zone.day_of(end.minus(1)))
}

/// Divides a period into calendar buckets, oldest first. The first and last are cut at the period's own bounds. A
/// period without bounds has none; of more than [`MOST_BUCKETS`], the latest are kept.
pub fn buckets(period: &Period, grain: Grain, charter: &Charter, zone: &Zone) -> Vec<Period> {
    let (Some(start), Some(end)) = (period.start, period.end) else { return Vec::new() };
    let mut buckets = Vec::new();
    let mut until = end;
    while until > start && buckets.len() < MOST_BUCKETS {
        let day = zone.day_of(until.minus(1));
        let Some(whole) = Shape::holding(day, grain, charter).and_then(|shape| shape.named(charter, zone)) else {
            break;
        };
        let (Some(first), Some(after)) = (whole.start, whole.end) else { break };
        if first >= until {
            break;
        }
        let bucket = if first >= start && after == until {
            whole
        } else {
            let cut = Period::between(first.max(start), until, zone);
            Period { label: format!("{} (part)", whole.label), ..cut }
        };
        buckets.push(bucket);
        until = first;
    }
    buckets.reverse();
    buckets
}

impl From<Period> for PeriodView {
    fn from(period: Period) -> Self {
        Self { id: period.id, label: period.label, start: period.start, end: period.end }
    }
}

#[cfg(test)]
mod tests;
