//! What the figures of operations share: business time, and the touches of each contact.

use super::Scan;
use super::amounts::coded;
use crate::charter::Charter;
use crate::charter::money::date;
use crate::charter::operations::minutes;
use crate::ledger::Reason;
use crate::list::List;
use crate::sum::Sum;
use crate::table::is_known;
use crate::table::joins::Grouped;
use crate::time::{Clock, DAY, Zone};
use std::rc::Rc;

/// Milliseconds in a minute.
pub(crate) const MINUTE: i64 = 60_000;
/// Days of which opening times are kept, back from the last: 27 years.
const MOST_DAYS: i64 = 10_000;

/// Time while the house is open. Opening times are wall-clock times of the charter's zone, whose offset changes came in
/// as a table: so an hour that a change of clocks skips isn't counted, at no cost of a time-zone database.
pub(crate) struct BusinessTime {
    first: i64,
    /// For each day: open from, until, and milliseconds open on all days before.
    days: Vec<(i64, i64, i64)>,
    /// Always open.
    always: bool,
}

impl BusinessTime {
    /// For instants from the first to the last; what lies outside is taken as at its edge.
    pub(crate) fn new(charter: &Charter, clock: &Clock<&Zone>, first: i64, last: i64) -> Self {
        let operations = &charter.operations;
        let holidays: Vec<i64> = operations.holidays.iter().filter_map(|holiday| date(holiday)).list();
        let mut hours = [None; 7];
        for open in &operations.business_hours {
            if let Some(slot) = hours.get_mut(open.day as usize) {
                *slot = minutes(&open.from).zip(minutes(&open.until)).filter(|(from, until)| from < until);
            }
        }
        let always = hours.iter().all(Option::is_none);
        let last = clock.day_of(last);
        let first = clock.day_of(first).max(last.minus(MOST_DAYS));
        let mut days = Vec::new();
        let mut before = 0_i64;
        let range = if always { 0..0 } else { first..last.plus(1) };
        for day in range {
            // 1970-01-01 was a Thursday.
            let weekday = day.plus(3).rem_euclid(7);
            let hours = hours.get(weekday as usize).copied().flatten().filter(|_| !holidays.contains(&day));
            let at = |minute: i64| clock.instant_of(day.times(DAY).plus(minute.times(MINUTE)));
            let (from, until) = hours.map_or((at(0), at(0)), |(from, until)| (at(from), at(until)));
            let until = until.max(from);
            days.push((from, until, before));
            before = before.plus(until.minus(from));
        }
        Self { first, days, always }
    }

    fn elapsed(&self, clock: &Clock<&Zone>, instant: i64) -> i64 {
        let index = clock.day_of(instant).minus(self.first).max(0) as usize;
        let day = self.days.get(index).or_else(|| self.days.last());
        day.map_or(0, |(from, until, before)| before.plus(instant.clamp(*from, *until).minus(*from)))
    }

    /// Whole minutes open between two instants.
    pub(crate) fn minutes(&self, clock: &Clock<&Zone>, start: i64, end: i64) -> i64 {
        let open =
            if self.always { end.minus(start) } else { self.elapsed(clock, end).minus(self.elapsed(clock, start)) };
        open.div_euclid(MINUTE)
    }
}

/// The touches of a scan's contacts.
pub(crate) struct Contacted<'a> {
    at: &'a [i64],
    as_of: i64,
    codes: Rc<Vec<u32>>,
    touches: Grouped,
}

impl<'a> Contacted<'a> {
    /// Nothing where no touches are given.
    pub(crate) fn new(scan: &Scan<'a>) -> Option<Self> {
        let at = scan.dataset.table("touches")?.time("at")?;
        let (codes, touches) = (scan.dataset.touch_codes(scan.table), scan.dataset.touches_by_contact());
        Some(Self { at, as_of: scan.as_of, codes, touches })
    }

    /// A contact's touches seen by the as-of instant: their rows, and when.
    pub(crate) fn of(&self, contact: usize) -> impl Iterator<Item = (usize, i64)> {
        let rows = self.touches.of(self.codes.get(contact).copied().unwrap_or(0));
        rows.iter().filter_map(|row| {
            let at = self.at.get(*row as usize).copied().filter(|at| is_known(*at) && *at <= self.as_of)?;
            Some((*row as usize, at))
        })
    }
}

/// Whether a touch's kind is one of some, by its row.
pub(crate) fn kinds<'a>(scan: &Scan<'a>, kinds: &'a [String]) -> impl Fn(usize) -> bool + 'a {
    let column = scan.dataset.table("touches").and_then(|touches| touches.text("kind"));
    let known = column.map(|column| coded(column, &|text| kinds.iter().any(|kind| kind == text).then_some(())));
    move |row| {
        known.as_ref().is_some_and(|(codes, known)| {
            codes.get(row).and_then(|code| known.get(*code as usize)).copied().flatten().is_some()
        })
    }
}

/// Whether a row passes the filter, and a date places it in the period.
pub(crate) fn placed<'f>(
    scan: &Scan,
    cells: Option<&[i64]>,
    row: usize,
    field: &'f str,
) -> Result<i64, (Reason, &'f str)> {
    if !scan.filter.passes(row) {
        return Err((Reason::OutsideFilter, ""));
    }
    let at = scan.seen(cells, row).map_err(|reason| (reason, field))?;
    scan.in_period(at).map_err(|reason| (reason, field))?;
    Ok(at)
}
