//! Dates and instants.
//!
//! ISO 8601 with or without time, zone, seconds and fractions; epoch seconds (9 or 10 digits) and milliseconds (11
//! to 15); day, month and year in figures with `.`, `/` or `-`, and an optional time with or without AM and PM; month
//! names in English. What has no zone is in the charter's; what has no time is that day's midnight.
//!
//! Order of day and month: points mean day first (31.12.2026), as everywhere they are used; with `/` and `-` the
//! charter's `date_order` decides, or a part above 12, or two equal parts. Otherwise the cell stays unread.

use super::Fault;
use crate::charter::DateOrder;
use crate::time::{Clock, DAY, EARLIEST, LATEST, day_of_date};

const AMBIGUOUS: Fault = "day or month first? set date_order";
const RANGE: Fault = "outside the years 1 to 9999";

/// The instant a cell names, in epoch milliseconds.
pub fn read(cell: &str, clock: &Clock, order: Option<DateOrder>) -> Result<i64, Fault> {
    let instant = instant(cell, clock, order)?;
    if (EARLIEST..LATEST).contains(&instant) { Ok(instant) } else { Err(RANGE) }
}

fn instant(cell: &str, clock: &Clock, order: Option<DateOrder>) -> Result<i64, Fault> {
    let bytes = cell.as_bytes();
    if bytes.get(4) == Some(&b'-')
        && let Some(found) = iso(bytes, clock)
    {
        return Ok(found);
    }
    if bytes.iter().all(u8::is_ascii_digit) || (bytes.first() == Some(&b'-') && cell.len() > 1) {
        return integer(cell, clock);
    }
    if !cell.is_ascii() {
        // Narrow and other spaces before AM and PM.
        let plain: String = cell.chars().map(|letter| if letter.is_whitespace() { ' ' } else { letter }).collect();
        return if plain.is_ascii() { written(&plain, clock, order) } else { Err("") };
    }
    written(cell, clock, order)
}

/// `2026-01-31`, `2026-01-31T12:30`, `2026-01-31 12:30:59.123+01:00`.
fn iso(bytes: &[u8], clock: &Clock) -> Option<i64> {
    let day = day_of_date(
        i32::try_from(digits(bytes.get(..4)?)?).ok()?,
        digits(bytes.get(5..7)?)?,
        match bytes.get(7)? {
            b'-' => digits(bytes.get(8..10)?)?,
            _ => return None,
        },
    )?;
    match bytes.get(10) {
        None => Some(clock.start_of_day(day)),
        Some(b'T' | b't' | b' ') => {
            let (time, offset) = time(bytes.get(11..)?)?;
            at(day, time, offset, clock)
        }
        Some(b'Z') if bytes.len() == 11 => day.checked_mul(DAY),
        Some(_) => None,
    }
}

fn at(day: i64, time: i64, offset: Option<i64>, clock: &Clock) -> Option<i64> {
    let local = day.checked_mul(DAY)?.checked_add(time)?;
    match offset {
        Some(offset) => local.checked_sub(offset),
        None => Some(clock.instant_of(local)),
    }
}

/// `12:30`, `12:30:59`, `12:30:59.123456`, `3:04 PM`, each with an optional zone: milliseconds of the day, and the
/// distance from UTC.
fn time(text: &[u8]) -> Option<(i64, Option<i64>)> {
    let (hour, rest) = leading(text, 2)?;
    let rest = rest.strip_prefix(b":")?;
    let (minute, rest) = exactly(rest, 2)?;
    let (second, rest) = match rest.strip_prefix(b":") {
        Some(rest) => exactly(rest, 2)?,
        None => (0, rest),
    };
    let mut millis = 0_u32;
    let mut rest = rest;
    if let Some(fraction) = rest.strip_prefix(b".").or_else(|| rest.strip_prefix(b",")) {
        let length = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, after) = fraction.split_at_checked(length)?;
        if digits.is_empty() || length > 9 {
            return None;
        }
        for place in 0..3 {
            let digit = digits.get(place).map_or(0, |byte| byte.wrapping_sub(b'0'));
            millis = millis.checked_mul(10)?.checked_add(u32::from(digit))?;
        }
        rest = after;
    }
    let rest = rest.trim_ascii();
    let (hour, rest) = match half_of_day(rest) {
        Some(afternoon) if (1..=12).contains(&hour) => {
            let hour = if hour == 12 { 0 } else { hour };
            (if afternoon { hour.checked_add(12)? } else { hour }, &[][..])
        }
        Some(_) => return None,
        None => (hour, rest),
    };
    let offset = zone_offset(rest)?;
    // 24:00 is the end of the day; a leap second is the second after it.
    let whole_day = hour == 24 && minute == 0 && second == 0 && millis == 0;
    if (hour > 23 && !whole_day) || minute > 59 || second > 60 {
        return None;
    }
    let seconds = i64::from(hour)
        .checked_mul(3600)?
        .checked_add(i64::from(minute).checked_mul(60)?)?
        .checked_add(i64::from(second))?;
    Some((seconds.checked_mul(1000)?.checked_add(i64::from(millis))?, offset))
}

fn half_of_day(text: &[u8]) -> Option<bool> {
    if text.is_empty() {
        return None;
    }
    let is = |words: [&[u8]; 2]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is([b"am", b"a.m."]) {
        Some(false)
    } else if is([b"pm", b"p.m."]) {
        Some(true)
    } else {
        None
    }
}

/// Nothing, `Z`, `UTC`, `GMT`, `+01:00`, `+0100`, `+01`. The outer option is about being readable.
fn zone_offset(text: &[u8]) -> Option<Option<i64>> {
    if text.is_empty() {
        return Some(None);
    }
    if [&b"Z"[..], b"UTC", b"GMT"].iter().any(|name| name.eq_ignore_ascii_case(text)) {
        return Some(Some(0));
    }
    let (sign, rest) = text.split_first()?;
    let sign = match sign {
        b'+' => 1_i64,
        b'-' => -1,
        _ => return None,
    };
    let (hours, rest) = exactly(rest, 2)?;
    let (minutes, rest) = match rest.strip_prefix(b":").unwrap_or(rest) {
        [] => (0, &[][..]),
        rest => exactly(rest, 2)?,
    };
    if !rest.is_empty() || hours > 18 || minutes > 59 {
        return None;
    }
    let minutes = i64::from(hours).checked_mul(60)?.checked_add(i64::from(minutes))?;
    Some(Some(sign.checked_mul(minutes)?.checked_mul(60_000)?))
}

fn integer(cell: &str, clock: &Clock) -> Result<i64, Fault> {
    let length = cell.trim_start_matches('-').len();
    let number: i64 = cell.parse().map_err(|_| "")?;
    match length {
        8 => {
            let (year, rest) = (number.div_euclid(10_000), number.rem_euclid(10_000));
            let part = |number: i64| u32::try_from(number).unwrap_or(0);
            (1900..=2100)
                .contains(&year)
                .then(|| day_of_date(i32::try_from(year).ok()?, part(rest.div_euclid(100)), part(rest.rem_euclid(100))))
                .flatten()
                .map(|day| clock.start_of_day(day))
                .ok_or("a number that is no epoch time")
        }
        9 | 10 => number.checked_mul(1000).ok_or(RANGE),
        11..=15 => Ok(number),
        _ => Err("a number that is no epoch time"),
    }
}

/// Everything people write: `31.12.2026 14:30`, `12/31/2026, 2:30 PM`, `Mar 3, 2026`, `3 March 2026`.
fn written(cell: &str, clock: &Clock, order: Option<DateOrder>) -> Result<i64, Fault> {
    let (date, hours) = split_time(cell);
    let day = day(date.trim().trim_end_matches(','), order)?;
    if hours.is_empty() {
        return Ok(clock.start_of_day(day));
    }
    let (time, offset) = time(hours.as_bytes()).ok_or("")?;
    at(day, time, offset, clock).ok_or(RANGE)
}

/// The time is what begins with the digits before the first colon.
fn split_time(cell: &str) -> (&str, &str) {
    let Some(colon) = cell.find(':') else { return (cell, "") };
    let head = cell.get(..colon).unwrap_or_default();
    let date = head.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let clock = cell.get(date.len()..).unwrap_or_default();
    let date = date.trim_end();
    let date =
        date.strip_suffix(['T', 't']).filter(|date| date.ends_with(|c: char| c.is_ascii_digit())).unwrap_or(date);
    (date.strip_suffix(" at").unwrap_or(date), clock)
}

fn day(text: &str, order: Option<DateOrder>) -> Result<i64, Fault> {
    let is_break = |letter: char| matches!(letter, '.' | '/' | '-' | ' ' | ',');
    let mut parts = text.split(is_break).filter(|part| !part.is_empty());
    let (Some(a), Some(b), Some(c), rest) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return Err("");
    };
    if let Some(last) = rest {
        // A weekday before: "Mon, 3 Mar 2026".
        return if parts.next().is_none() && is_weekday(a) { civil_day(b, c, last, text, order) } else { Err("") };
    }
    civil_day(a, b, c, text, order)
}

fn civil_day(a: &str, b: &str, c: &str, text: &str, order: Option<DateOrder>) -> Result<i64, Fault> {
    let figure = |part: &str| digits(part.as_bytes()).filter(|_| part.len() <= 4);
    let date = |year: &str, month: u32, day: u32| {
        let length = year.len();
        let year =
            figure(year).filter(|_| length == 4).ok_or(if length == 2 { "a year needs four digits" } else { "" })?;
        day_of_date(i32::try_from(year).map_err(|_| "")?, month, day).ok_or("no such day")
    };
    let ordinal = |part: &str| {
        figure(["st", "nd", "rd", "th"].iter().find_map(|suffix| part.strip_suffix(suffix)).unwrap_or(part))
    };
    if let (Some(month), Some(day)) = (month(a), ordinal(b)) {
        return date(c, month, day);
    }
    if let (Some(day), Some(month)) = (ordinal(a), month(b)) {
        return date(c, month, day);
    }
    let (Some(first), Some(second), Some(_)) = (figure(a), figure(b), figure(c)) else { return Err("") };
    if a.len() == 4 {
        return date(a, second, figure(c).unwrap_or(0));
    }
    if a.len() > 2 || b.len() > 2 {
        return Err("");
    }
    let order = match order {
        _ if text.contains('.') => DateOrder::DayMonthYear,
        Some(order) => order,
        None if first > 12 => DateOrder::DayMonthYear,
        None if second > 12 || first == second => DateOrder::MonthDayYear,
        None => return Err(AMBIGUOUS),
    };
    match order {
        DateOrder::DayMonthYear => date(c, second, first),
        DateOrder::MonthDayYear => date(c, first, second),
    }
}

fn month(word: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_ascii_lowercase();
    if word.len() < 3 {
        return None;
    }
    let index =
        MONTHS.iter().position(|month| month.starts_with(&word) || (word == "sept" && *month == "september"))?;
    u32::try_from(index).ok()?.checked_add(1)
}

fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let word = word.to_ascii_lowercase();
    word.len() >= 3 && DAYS.iter().any(|day| day.starts_with(&word))
}

fn digits(bytes: &[u8]) -> Option<u32> {
    if bytes.is_empty() || bytes.len() > 9 {
        return None;
    }
    bytes.iter().try_fold(0_u32, |number, byte| {
        let digit = byte.checked_sub(b'0').filter(|digit| *digit < 10)?;
        number.checked_mul(10)?.checked_add(u32::from(digit))
    })
}

/// One to `most` digits, and what follows.
fn leading(text: &[u8], most: usize) -> Option<(u32, &[u8])> {
    let length = text.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = text.split_at_checked(length)?;
    Some((digits(number)?, rest))
}

fn exactly(text: &[u8], length: usize) -> Option<(u32, &[u8])> {
    let (number, rest) = text.split_at_checked(length)?;
    Some((digits(number)?, rest))
}
