//! Arithmetic on days of the civil calendar.

use crate::charter::Weekday;
use crate::sum::Sum;
use crate::time::{date_of_day, day_of_date};

/// The first of a month. Months may run beyond 1 to 12: month 13 is January of the next year.
pub fn first_of_month(year: i32, month: i32) -> Option<i64> {
    let months = year.checked_mul(12)?.checked_add(month)?.checked_sub(1)?;
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12).checked_add(1)?);
    if !(1..=10_000).contains(&year) {
        return None;
    }
    day_of_date(year, u32::try_from(month).ok()?, 1)
}

/// The day some months later (or earlier); the month's last day where it has no such day.
pub fn add_months(day: i64, months: i32) -> Option<i64> {
    let (year, month, date) = date_of_day(day);
    let month = i32::try_from(month).ok()?.checked_add(months)?;
    let first = first_of_month(year, month)?;
    let next = first_of_month(year, month.checked_add(1)?)?;
    first.checked_add(i64::from(date).checked_sub(1)?).map(|day| day.min(next.minus(1)))
}

/// The first day of the week that holds a day.
pub fn week_start(day: i64, starts: Weekday) -> i64 {
    // 1970-01-01 was a Thursday, number 3 from Monday.
    let weekday = day.plus(3).minus(starts as i64).rem_euclid(7);
    day.minus(weekday)
}

/// First day of week 1: the week that holds 4 January.
fn first_week(year: i32, starts: Weekday) -> Option<i64> {
    day_of_date(year, 1, 4).map(|day| week_start(day, starts))
}

/// First day of a week of a year, if the year has it.
pub fn week(year: i32, number: u32, starts: Weekday) -> Option<i64> {
    let weeks = i64::from(number).checked_sub(1)?.checked_mul(7)?;
    let start = first_week(year, starts)?.checked_add(weeks)?;
    let next = first_week(year.checked_add(1)?, starts)?;
    (number >= 1 && start < next).then_some(start)
}

/// Year and number of the week that holds a day.
pub fn week_of(day: i64, starts: Weekday) -> Option<(i32, u32)> {
    let (year, _, _) = date_of_day(day);
    let next = year.checked_add(1)?;
    let year = if first_week(next, starts)? <= day {
        next
    } else if first_week(year, starts)? <= day {
        year
    } else {
        year.checked_sub(1)?
    };
    let days = day.checked_sub(first_week(year, starts)?)?;
    Some((year, u32::try_from(days.div_euclid(7)).ok()?.checked_add(1)?))
}
