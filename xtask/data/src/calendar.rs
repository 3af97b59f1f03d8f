//! Wall-clock time in Berlin as minutes since 1970-01-01, written as HubSpot writes it.

use super::random::Random;
use mops_core::time::{DAY, date_of_day, day_of_date};

/// Minutes in a day.
pub const MINUTES: i64 = DAY / 60_000;

/// Midnight of a date.
pub fn midnight(year: i32, month: u32, day: u32) -> i64 {
    day_of_date(year, month, day).expect("a date of the calendar") * MINUTES
}

/// `2025-03-14 09:26`.
pub fn text(minute: i64) -> String {
    let (year, month, day) = date_of_day(minute.div_euclid(MINUTES));
    let clock = minute.rem_euclid(MINUTES);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}", clock / 60, clock % 60)
}

fn is_weekend(day: i64) -> bool {
    // 1970-01-01 was a Thursday.
    matches!((day + 3).rem_euclid(7), 5 | 6)
}

/// An hour at which people fill in forms, on a day; weekends are quiet.
pub fn inbound(random: &mut Random, day: i64) -> i64 {
    let day = if is_weekend(day) && !random.chance(0.3) { day - 2 } else { day };
    let clock = (13.5 * 60.0 + 210.0 * random.normal()).clamp(5.0, 1434.0);
    day * MINUTES + clock as i64
}

/// A time in office hours, `days` after an earlier step and never before it.
pub fn office(random: &mut Random, after: i64, days: f64) -> i64 {
    let mut day = (after + (days * MINUTES as f64) as i64).div_euclid(MINUTES);
    while is_weekend(day) {
        day += 1;
    }
    let at = day * MINUTES + 8 * 60 + random.below(10 * 60) as i64;
    if at > after { at } else { after + 7 + random.below(170) as i64 }
}

/// The minute at which somebody who works from 9 to 17 has worked on something for so long.
pub fn next_office_minute(after: i64, work: i64) -> i64 {
    let (mut at, mut left) = (after, work);
    loop {
        let (day, clock) = (at.div_euclid(MINUTES), at.rem_euclid(MINUTES));
        if is_weekend(day) || clock >= 17 * 60 {
            at = (day + 1) * MINUTES + 9 * 60;
        } else if clock < 9 * 60 {
            at = day * MINUTES + 9 * 60;
        } else if clock + left < 17 * 60 {
            return at + left;
        } else {
            left -= 17 * 60 - clock;
            at = (day + 1) * MINUTES + 9 * 60;
        }
    }
}

/// `2025-03-14`.
pub fn date(minute: i64) -> String {
    let (year, month, day) = date_of_day(minute.div_euclid(MINUTES));
    format!("{year:04}-{month:02}-{day:02}")
}

/// First days of months, from the one of a year on.
pub fn months(year: i32, month: u32, count: usize) -> Vec<i64> {
    (0..count as u32)
        .map(|turn| {
            let index = month - 1 + turn;
            midnight(year + (index / 12) as i32, index % 12 + 1, 1)
        })
        .collect()
}

/// Year and month of a minute.
pub fn year_month(minute: i64) -> (i32, u32) {
    let (year, month, _) = date_of_day(minute.div_euclid(MINUTES));
    (year, month)
}
