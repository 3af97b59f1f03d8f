//! What kind of period a spec names: needed to find the one before it and to give it its name.

use super::calendar::{add_months, first_of_month, week, week_of, week_start};
use super::{Grain, Period, instant};
use crate::charter::Charter;
use crate::sum::Sum;
use crate::time::{Zone, date_of_day, iso_day};

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    All,
    Year(i32),
    Quarter(i32, i32),
    Month(i32, i32),
    Week(i32, u32),
    FiscalYear(i32),
    FiscalQuarter(i32, i32),
    /// The last so many of a unit.
    Last(i32, Unit),
    /// The unit that holds as-of.
    This(Unit),
    Span(i64, i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    fn parse(text: &str) -> Option<Self> {
        Some(match text.strip_suffix('s').unwrap_or(text) {
            "day" => Self::Day,
            "week" => Self::Week,
            "month" => Self::Month,
            "quarter" => Self::Quarter,
            "year" => Self::Year,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    fn grain(self) -> Option<Grain> {
        Some(match self {
            Self::Day => return None,
            Self::Week => Grain::Week,
            Self::Month => Grain::Month,
            Self::Quarter => Grain::Quarter,
            Self::Year => Grain::Year,
        })
    }

    /// The day so many units before (negative: after) another.
    fn before(self, day: i64, count: i32) -> Option<i64> {
        let days = |each: i64| day.checked_sub(i64::from(count).checked_mul(each)?);
        let months = |each: i32| add_months(day, count.checked_mul(each)?.checked_neg()?);
        match self {
            Self::Day => days(1),
            Self::Week => days(7),
            Self::Month => months(1),
            Self::Quarter => months(3),
            Self::Year => months(12),
        }
    }
}

impl Shape {
    pub fn parse(spec: &str, zone: &Zone) -> Option<Self> {
        if spec == "all" {
            return Some(Self::All);
        }
        if let Some((start, end)) = spec.split_once('/') {
            let (start, end) = (instant(start.trim(), zone)?, instant(end.trim(), zone)?);
            return (start < end).then_some(Self::Span(start, end));
        }
        if let Some(unit) = spec.strip_prefix("this-") {
            return Unit::parse(unit).filter(|unit| *unit != Unit::Day && !spec.ends_with('s')).map(Self::This);
        }
        if let Some(rest) = spec.strip_prefix("last-") {
            let (count, unit) = rest.split_once('-')?;
            let count = number(count, 1..=6)?;
            return (count > 0).then_some(Self::Last(count, Unit::parse(unit)?));
        }
        if let Some(fiscal) = spec.strip_prefix("FY") {
            return match fiscal.split_once('-') {
                None => number(fiscal, 4..=4).map(Self::FiscalYear),
                Some((year, quarter)) => Some(Self::FiscalQuarter(number(year, 4..=4)?, quarter_number(quarter)?)),
            };
        }
        let Some((year, part)) = spec.split_once('-') else { return number(spec, 4..=4).map(Self::Year) };
        let year = number(year, 4..=4)?;
        if let Some(week) = part.strip_prefix('W') {
            return Some(Self::Week(year, u32::try_from(number(week, 1..=2)?).ok()?));
        }
        if part.starts_with('Q') {
            return Some(Self::Quarter(year, quarter_number(part)?));
        }
        let month = number(part, 2..=2)?;
        (1..=12).contains(&month).then_some(Self::Month(year, month))
    }

    /// What a period is, from its id and bounds.
    pub fn of(period: &Period, zone: &Zone) -> Option<Self> {
        let shape = match Self::parse(&period.id, zone) {
            Some(Self::All) => return None,
            Some(shape) => shape,
            None => Self::Span(period.start?, period.end?),
        };
        Some(shape)
    }

    /// The bucket that holds a day.
    pub fn holding(day: i64, grain: Grain, charter: &Charter) -> Option<Self> {
        let (year, month, _) = date_of_day(day);
        let month = i32::try_from(month).ok()?;
        Some(match grain {
            Grain::Week => {
                let (year, number) = week_of(day, charter.week_start)?;
                Self::Week(year, number)
            }
            Grain::Month => Self::Month(year, month),
            Grain::Quarter => Self::Quarter(year, month.checked_add(2)?.div_euclid(3)),
            Grain::Year => Self::Year(year),
        })
    }

    /// First day and first day after, for shapes that name fixed days.
    fn days(self, charter: &Charter) -> Option<(i64, i64)> {
        let months = |year: i32, first: i32, count: i32| {
            Some((first_of_month(year, first)?, first_of_month(year, first.checked_add(count)?)?))
        };
        let fiscal = |year: i32| {
            let start = i32::try_from(charter.fiscal_year_start_month).ok()?;
            let begins = if start == 1 { year } else { year.checked_sub(1)? };
            Some((begins, start))
        };
        match self {
            Self::Year(year) => months(year, 1, 12),
            Self::Quarter(year, quarter) => months(year, quarter.checked_mul(3)?.checked_sub(2)?, 3),
            Self::Month(year, month) => months(year, month, 1),
            Self::Week(year, number) => {
                let start = week(year, number, charter.week_start)?;
                Some((start, start.checked_add(7)?))
            }
            Self::FiscalYear(year) => {
                let (year, start) = fiscal(year)?;
                months(year, start, 12)
            }
            Self::FiscalQuarter(year, quarter) => {
                let (year, start) = fiscal(year)?;
                months(year, start.checked_add(quarter.checked_sub(1)?.checked_mul(3)?)?, 3)
            }
            Self::All | Self::Last(..) | Self::This(_) | Self::Span(..) => None,
        }
    }

    /// The period, for shapes that name themselves.
    pub fn named(self, charter: &Charter, zone: &Zone) -> Option<Period> {
        self.period(&self.id()?, None, charter, zone)
    }

    pub fn period(self, id: &str, as_of: Option<i64>, charter: &Charter, zone: &Zone) -> Option<Period> {
        let (start, end) = match self {
            Self::All => return Some(Period { id: id.into(), label: "all time".into(), start: None, end: None }),
            Self::Span(start, end) => {
                let period = Period::between(start, end, zone);
                return Some(Period { id: id.into(), ..period });
            }
            Self::Last(count, unit) => {
                let end = zone.day_of(as_of?);
                (unit.before(end, count)?, end)
            }
            Self::This(unit) => Self::holding(zone.day_of(as_of?), unit.grain()?, charter)?.days(charter)?,
            _ => self.days(charter)?,
        };
        // Years 1 to 9999, whatever the arithmetic gave.
        if start < -719_162 || end > 2_932_897 {
            return None;
        }
        Some(Period {
            id: id.into(),
            label: self.label(start, end),
            start: Some(zone.start_of_day(start)),
            end: Some(zone.start_of_day(end)),
        })
    }

    fn id(self) -> Option<String> {
        Some(match self {
            Self::Year(year) => format!("{year:04}"),
            Self::Quarter(year, quarter) => format!("{year:04}-Q{quarter}"),
            Self::Month(year, month) => format!("{year:04}-{month:02}"),
            Self::Week(year, number) => format!("{year:04}-W{number:02}"),
            Self::FiscalYear(year) => format!("FY{year:04}"),
            Self::FiscalQuarter(year, quarter) => format!("FY{year:04}-Q{quarter}"),
            Self::All | Self::Last(..) | Self::This(_) | Self::Span(..) => return None,
        })
    }

    fn label(self, start: i64, end: i64) -> String {
        let last = end.minus(1);
        match self {
            Self::All => "all time".into(),
            Self::Year(year) => format!("{year:04}"),
            Self::Quarter(year, quarter) => format!("Q{quarter} {year:04}"),
            Self::Month(..) => month_label(start),
            Self::Week(year, number) => format!("week {number}, {year:04}"),
            Self::FiscalYear(year) => format!("FY{year:04} ({} to {})", month_label(start), month_label(last)),
            Self::FiscalQuarter(year, quarter) => {
                format!("FY{year:04} Q{quarter} ({} to {})", month_label(start), month_label(last))
            }
            Self::Last(1, unit) => format!("last {}", unit.name()),
            Self::Last(count, unit) => format!("last {count} {}s", unit.name()),
            Self::This(unit) => format!("this {}", unit.name()),
            Self::Span(..) => format!("{} to {}", iso_day(start), iso_day(last)),
        }
    }

    /// The calendar unit that a `this-…` period is, or the shape itself.
    fn fixed(self, period: &Period, charter: &Charter, zone: &Zone) -> Option<Self> {
        match self {
            Self::This(unit) => Self::holding(zone.day_of(period.start?), unit.grain()?, charter),
            shape => Some(shape),
        }
    }

    pub fn previous(self, period: &Period, charter: &Charter, zone: &Zone) -> Option<Period> {
        let (start, end) = (period.start?, period.end?);
        match self.fixed(period, charter, zone)? {
            Self::Year(year) => Self::Year(year.checked_sub(1)?).named(charter, zone),
            Self::Quarter(year, 1) => Self::Quarter(year.checked_sub(1)?, 4).named(charter, zone),
            Self::Quarter(year, quarter) => Self::Quarter(year, quarter.checked_sub(1)?).named(charter, zone),
            Self::Month(year, 1) => Self::Month(year.checked_sub(1)?, 12).named(charter, zone),
            Self::Month(year, month) => Self::Month(year, month.checked_sub(1)?).named(charter, zone),
            Self::FiscalYear(year) => Self::FiscalYear(year.checked_sub(1)?).named(charter, zone),
            Self::FiscalQuarter(year, 1) => Self::FiscalQuarter(year.checked_sub(1)?, 4).named(charter, zone),
            Self::FiscalQuarter(year, quarter) => {
                Self::FiscalQuarter(year, quarter.checked_sub(1)?).named(charter, zone)
            }
            Self::Week(..) => {
                let (year, number) = week_of(zone.day_of(start).checked_sub(7)?, charter.week_start)?;
                Self::Week(year, number).named(charter, zone)
            }
            Self::Last(count, unit) => {
                let first = unit.before(zone.day_of(end), count.checked_mul(2)?)?;
                span(zone.start_of_day(first), start, zone)
            }
            Self::Span(..) => {
                let (first, after) = (zone.day_of(start), zone.day_of(end));
                if zone.start_of_day(first) != start || zone.start_of_day(after) != end {
                    return span(start.checked_sub(end.checked_sub(start)?)?, start, zone);
                }
                // Whole months go back by months, anything else by days.
                let earlier = match whole_months(first, after) {
                    Some(months) => add_months(first, months.checked_neg()?)?,
                    None => first.checked_sub(after.checked_sub(first)?)?,
                };
                span(zone.start_of_day(earlier), start, zone)
            }
            Self::All | Self::This(_) => None,
        }
    }

    pub fn year_before(self, period: &Period, charter: &Charter, zone: &Zone) -> Option<Period> {
        match self.fixed(period, charter, zone)? {
            Self::Year(year) => Self::Year(year.checked_sub(1)?).named(charter, zone),
            Self::Quarter(year, quarter) => Self::Quarter(year.checked_sub(1)?, quarter).named(charter, zone),
            Self::Month(year, month) => Self::Month(year.checked_sub(1)?, month).named(charter, zone),
            Self::FiscalYear(year) => Self::FiscalYear(year.checked_sub(1)?).named(charter, zone),
            Self::FiscalQuarter(year, quarter) => {
                Self::FiscalQuarter(year.checked_sub(1)?, quarter).named(charter, zone)
            }
            Self::Week(year, number) => Self::Week(year.checked_sub(1)?, number).named(charter, zone).or_else(|| {
                let day = week_start(zone.day_of(period.start?), charter.week_start).checked_sub(364)?;
                Self::holding(day, Grain::Week, charter)?.named(charter, zone)
            }),
            Self::Last(..) | Self::Span(..) => {
                let back = |instant: i64| {
                    let day = zone.day_of(instant);
                    let within = instant.checked_sub(zone.start_of_day(day))?;
                    zone.start_of_day(add_months(day, -12)?).checked_add(within)
                };
                span(back(period.start?)?, back(period.end?)?, zone)
            }
            Self::All | Self::This(_) => None,
        }
    }
}

fn span(start: i64, end: i64, zone: &Zone) -> Option<Period> {
    (crate::time::EARLIEST <= start && start < end).then(|| Period::between(start, end, zone))
}

/// How many months lie between two days of the same number that every month has.
fn whole_months(first: i64, after: i64) -> Option<i32> {
    let ((year, month, day), (to_year, to_month, to_day)) = (date_of_day(first), date_of_day(after));
    let count = |year: i32, month: u32| year.checked_mul(12)?.checked_add(i32::try_from(month).ok()?);
    (day == to_day && day <= 28).then(|| count(to_year, to_month)?.checked_sub(count(year, month)?))?
}

fn month_label(day: i64) -> String {
    let (year, month, _) = date_of_day(day);
    let name = month.checked_sub(1).and_then(|index| MONTHS.get(index as usize)).copied().unwrap_or_default();
    format!("{name} {year:04}")
}

fn number(text: &str, digits: std::ops::RangeInclusive<usize>) -> Option<i32> {
    (digits.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

fn quarter_number(text: &str) -> Option<i32> {
    number(text.strip_prefix('Q')?, 1..=1).filter(|quarter| (1..=4).contains(quarter))
}
