//! Instants, time zones and calendar days. An instant is milliseconds since 1970-01-01T00:00Z; a day is days since
//! 1970-01-01 in the charter's time zone.

use crate::error::{Code, Error};
use crate::read::{self, read_fields};
use chrono::{Datelike, NaiveDate};
use std::borrow::Borrow;
use std::cell::Cell;

/// Milliseconds in a day of 24 hours.
pub const DAY: i64 = 86_400_000;
/// Instants of input lie in the years 0001 to 9999; anything else can't be read.
pub const EARLIEST: i64 = -62_135_596_800_000;
/// See [`EARLIEST`]; exclusive.
pub const LATEST: i64 = 253_402_300_800_000;

/// From an instant on, the zone's distance from UTC.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OffsetChange {
    /// First instant at which it holds.
    pub from: i64,
    /// Local time − UTC, in milliseconds.
    pub offset: i64,
}

/// A time zone as a table of offset changes: the shell reads it from `Intl`, the terminal from chrono-tz.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Zone {
    /// IANA name.
    pub name: String,
    /// In order of `from`; before the first, the first holds. Empty is UTC.
    pub changes: Vec<OffsetChange>,
    /// Further zones that the charter names, such as those in which platforms report.
    pub others: Vec<Self>,
}

read_fields! {
    Zone { name, changes; others }
    OffsetChange { from, offset; }
}

impl Zone {
    /// Reads a zone from JSON: `{"name": "Europe/Berlin", "changes": [{"from": 0, "offset": 3600000}]}`,
    /// with `others` where the charter names further ones.
    ///
    /// # Errors
    /// Every fault, with its JSON pointer.
    pub fn parse(text: &str) -> Result<Self, Vec<Error>> {
        read::read(text, Code::BadInput)
    }

    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self { name: "UTC".into(), ..Self::default() }
    }

    /// A zone that the charter names: itself where that is empty; nothing where its table was not given.
    pub fn named(&self, name: &str) -> Option<&Self> {
        if name.is_empty() || name == self.name {
            Some(self)
        } else {
            self.others.iter().find(|zone| zone.name == name)
        }
    }

    /// Local time − UTC at an instant, in milliseconds.
    pub fn offset_at(&self, instant: i64) -> i64 {
        let after = self.changes.partition_point(|change| change.from <= instant);
        self.changes.get(after.saturating_sub(1)).map_or(0, |change| change.offset)
    }

    /// The local calendar day of an instant.
    pub fn day_of(&self, instant: i64) -> i64 {
        whole_days(instant.saturating_add(self.offset_at(instant)))
    }

    /// The instant of a local wall-clock time (milliseconds as if it were UTC). A time that a change of clocks
    /// skips is taken at the offset before the change; one that occurs twice is the first.
    pub fn instant_of(&self, local: i64) -> i64 {
        let guess = local.saturating_sub(self.offset_at(local));
        let earlier = self.offset_at(guess.saturating_sub(DAY));
        let first = local.saturating_sub(earlier);
        if self.offset_at(first) == earlier {
            first
        } else {
            let later = self.offset_at(guess.saturating_add(DAY));
            let second = local.saturating_sub(later);
            if self.offset_at(second) == later { second } else { first }
        }
    }

    /// Local midnight at which a day begins.
    pub fn start_of_day(&self, day: i64) -> i64 {
        self.instant_of(day.saturating_mul(DAY))
    }

    /// The time around an instant in which the offset doesn't change.
    fn stretch(&self, instant: i64) -> Stretch {
        let after = self.changes.partition_point(|change| change.from <= instant);
        Stretch {
            from: after.checked_sub(1).and_then(|at| self.changes.get(at)).map_or(i64::MIN, |change| change.from),
            until: self.changes.get(after).map_or(i64::MAX, |change| change.from),
            offset: self.offset_at(instant),
        }
    }
}

/// From an instant until another, a zone's distance from UTC.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    from: i64,
    until: i64,
    offset: i64,
}

impl Stretch {
    fn has(&self, instant: i64) -> bool {
        self.from <= instant && instant < self.until
    }
}

/// A zone for many instants in a row. Most lie in the same half year as the one before, so that stretch is kept. Gives
/// what the zone gives.
#[derive(Debug, Clone)]
pub struct Clock<Z = Zone> {
    zone: Z,
    near: Cell<Stretch>,
}

impl<Z: Borrow<Zone>> Clock<Z> {
    /// A clock that keeps to a zone.
    pub fn new(zone: Z) -> Self {
        let near = Cell::new(zone.borrow().stretch(0));
        Self { zone, near }
    }

    #[inline]
    fn near(&self, instant: i64) -> Stretch {
        let mut near = self.near.get();
        if !near.has(instant) {
            near = self.zone.borrow().stretch(instant);
            self.near.set(near);
        }
        near
    }

    /// The zone it keeps to.
    pub fn zone(&self) -> &Zone {
        self.zone.borrow()
    }

    /// See [`Zone::day_of`].
    #[inline]
    pub fn day_of(&self, instant: i64) -> i64 {
        whole_days(instant.saturating_add(self.near(instant).offset))
    }

    /// See [`Zone::instant_of`].
    pub fn instant_of(&self, local: i64) -> i64 {
        let near = self.near(local);
        let instant = local.saturating_sub(near.offset);
        // Far enough from any change that every guess has the same offset.
        if near.has(instant) && near.has(instant.saturating_sub(DAY)) {
            instant
        } else {
            self.zone.borrow().instant_of(local)
        }
    }

    /// See [`Zone::start_of_day`].
    pub fn start_of_day(&self, day: i64) -> i64 {
        self.instant_of(day.saturating_mul(DAY))
    }
}

/// The day of a civil date; nothing if there is no such date.
pub fn day_of_date(year: i32, month: u32, day: u32) -> Option<i64> {
    NaiveDate::from_ymd_opt(year, month, day).map(|date| i64::from(date.to_epoch_days()))
}

/// Whole days in some milliseconds, rounded down.
#[inline]
fn whole_days(milliseconds: i64) -> i64 {
    // A day is 84,375 times 2^10 of them. From 1902 to 2038 what is left of an instant takes 32 bits, which are divided
    // by a constant without a division.
    match i32::try_from(milliseconds >> 10) {
        Ok(short) => short.div_euclid(84_375).into(),
        Err(_) => milliseconds.div_euclid(DAY),
    }
}

/// The civil date (year, month, day) of a day.
pub fn date_of_day(day: i64) -> (i32, u32, u32) {
    i32::try_from(day)
        .ok()
        .and_then(NaiveDate::from_epoch_days)
        .map_or((1970, 1, 1), |date| (date.year(), date.month(), date.day()))
}

/// Months since January of year 0 of a day, for many days: the year is counted from March, so that a leap day ends it, in
/// eras of 400 years (Hinnant, "chrono-compatible low-level date algorithms").
#[inline]
pub(crate) fn month_of_day(day: i64) -> i64 {
    const ERA: i32 = 146_097;
    let days = i32::try_from(day).unwrap_or(0).saturating_add(719_468);
    let of_era = days.rem_euclid(ERA);
    let leaps = (of_era / 1460).wrapping_sub(of_era / 36_524).wrapping_add(of_era / (ERA - 1));
    let year = of_era.wrapping_sub(leaps) / 365;
    let before = year.wrapping_mul(365).wrapping_add(year / 4).wrapping_sub(year / 100);
    let month = of_era.wrapping_sub(before).wrapping_mul(5).wrapping_add(2) / 153;
    let years = days.div_euclid(ERA).wrapping_mul(400).wrapping_add(year);
    years.wrapping_mul(12).wrapping_add(month).wrapping_add(2).into()
}

/// `2026-01-31` of a day.
pub fn iso_day(day: i64) -> String {
    let (year, month, day) = date_of_day(day);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_those_of_the_calendar() {
        let ends = [whole_days(EARLIEST), -1, 0, 11_016, 11_017, whole_days(LATEST) - 1];
        for day in ends.into_iter().chain((-800_000..3_000_000).step_by(13)) {
            let (year, month, _) = date_of_day(day);
            assert_eq!(month_of_day(day), i64::from(year) * 12 + i64::from(month) - 1, "{day}");
        }
    }

    #[test]
    fn berlin_clock_changes() {
        let hour = 3_600_000;
        // Europe/Berlin 2025: summer time from 30 March 01:00Z to 26 October 01:00Z.
        let zone = Zone {
            name: "Europe/Berlin".into(),
            changes: vec![
                OffsetChange { from: i64::MIN, offset: hour },
                OffsetChange { from: 1_743_296_400_000, offset: 2 * hour },
                OffsetChange { from: 1_761_440_400_000, offset: hour },
            ],
            ..Zone::default()
        };
        let spring = day_of_date(2025, 3, 30).unwrap();
        assert_eq!(zone.start_of_day(spring + 1) - zone.start_of_day(spring), 23 * hour);
        let autumn = day_of_date(2025, 10, 26).unwrap();
        assert_eq!(zone.start_of_day(autumn + 1) - zone.start_of_day(autumn), 25 * hour);
        assert_eq!(zone.day_of(zone.start_of_day(autumn)), autumn);
        // 02:30 is skipped in spring and read as 03:30 summer time; it occurs twice in autumn: the first is meant.
        assert_eq!(zone.instant_of(spring * DAY + 5 * hour / 2), 1_743_296_400_000 + hour / 2);
        assert_eq!(zone.instant_of(autumn * DAY + 5 * hour / 2), 1_761_440_400_000 - hour / 2);
        // A clock says the same, wherever it was before.
        let clock = Clock::new(&zone);
        let quarter = hour / 4;
        for change in [1_743_296_400_000, 1_761_440_400_000] {
            for step in -200..200 {
                let near = change + step * quarter;
                for instant in [near, 0, near - 200 * DAY, near, i64::MIN, i64::MAX, near + 1] {
                    assert_eq!(clock.day_of(instant), zone.day_of(instant), "{instant}");
                    assert_eq!(clock.instant_of(instant), zone.instant_of(instant), "{instant}");
                }
            }
        }
    }
}
