//! A period and the buckets of its trend, counted in one pass: each row is put where its date lies.

use super::deals::Fault;
use super::scan::{Histogram, Scan, Tally};
use crate::ledger::Reason;
use crate::list::List;
use crate::measure::{Key, Measure, PartRows};
use crate::period::Period;

/// Counts rows for the scan's period and for some buckets: a measure for each, the period's first. What is left out of
/// a bucket isn't known.
pub(crate) type ByBucket = fn(&Scan, &Buckets) -> Vec<Measure>;

/// Periods of which none overlaps another: an instant lies in one of them at most. A KPI with a history is asked about
/// the same period as of several instants.
#[derive(Debug, Default)]
pub(crate) struct Buckets {
    starts: Vec<i64>,
    ends: Vec<i64>,
    /// How many periods have begun at the beginning of each stretch of time since the first began, and the bits of an
    /// instant below the number of its stretch.
    begun: Vec<u32>,
    shift: u32,
    /// For each period its places among the measures, each with the instant up to which events are seen.
    seen: Vec<Vec<(usize, i64)>>,
    asked: usize,
}

/// Where a row counts, as places among the measures: in the period, and in a bucket. [`NOWHERE`] is no place.
pub(crate) type Places = [usize; 2];
pub(crate) const NOWHERE: usize = usize::MAX;

/// A year's months, each in twenty: then few stretches have a beginning in them.
const STRETCHES: i64 = 256;

fn bounds(period: &Period) -> (i64, i64) {
    (period.start.unwrap_or(i64::MIN), period.end.unwrap_or(i64::MAX))
}

impl Buckets {
    /// Periods, each with the instant up to which events in it are seen. Only a KPI with a history looks at that; for
    /// all others it is that of the scan, and their periods are in order.
    pub(crate) fn new<'p>(periods: impl Iterator<Item = (&'p Period, i64)>) -> Self {
        let mut buckets = Self::default();
        for (period, as_of) in periods {
            let (start, end) = bounds(period);
            let at = buckets.starts.partition_point(|known| *known < start);
            if buckets.starts.get(at) != Some(&start) {
                buckets.starts.insert(at, start);
                buckets.ends.insert(at, end);
                buckets.seen.insert(at, Vec::new());
            }
            buckets.asked = buckets.asked.saturating_add(1);
            if let Some(seen) = buckets.seen.get_mut(at) {
                seen.push((buckets.asked, as_of));
            }
        }
        buckets.in_stretches()
    }

    /// Finds the stretches.
    fn in_stretches(mut self) -> Self {
        let Some((first, last)) = self.starts.first().zip(self.starts.last()) else { return self };
        let span = last.saturating_sub(*first);
        while span >> self.shift >= STRETCHES {
            self.shift = self.shift.saturating_add(1);
        }
        let begun = |stretch: i64| {
            let at = first.saturating_add(stretch << self.shift);
            self.starts.partition_point(|start| *start <= at) as u32
        };
        self.begun = (0..=span >> self.shift).map(begun).collect();
        self
    }

    /// Where what lies in a bucket counts, and as of when.
    #[inline]
    pub(crate) fn seen(&self, bucket: usize) -> &[(usize, i64)] {
        bucket.checked_sub(1).and_then(|at| self.seen.get(at)).map_or(&[], Vec::as_slice)
    }

    /// The same periods with other bounds, such as days.
    pub(crate) fn in_terms_of(&self, bound: &dyn Fn(i64) -> i64) -> Self {
        let all = |bounds: &[i64]| bounds.iter().map(|at| bound(*at)).list();
        Self { starts: all(&self.starts), ends: all(&self.ends), ..Self::default() }.in_stretches()
    }

    /// The place of the bucket in which an instant lies.
    #[inline]
    pub(crate) fn place(&self, instant: i64) -> usize {
        let Some(first) = self.starts.first().filter(|first| **first <= instant) else { return NOWHERE };
        // What begins with the last stretch or later has the last place.
        let stretch = (instant.wrapping_sub(*first) as u64 >> self.shift) as usize;
        let last = self.begun.len().saturating_sub(1);
        let mut place = self.begun.get(stretch.min(last)).map_or(1, |begun| *begun as usize);
        while self.starts.get(place).is_some_and(|start| *start <= instant) {
            place = place.wrapping_add(1);
        }
        let inside = self.ends.get(place.wrapping_sub(1)).is_some_and(|end| instant < *end);
        if inside { place } else { NOWHERE }
    }

    /// The bounds of a period and of the buckets, with their places.
    #[inline]
    pub(crate) fn bounds(&self, period: &Period) -> impl Iterator<Item = (usize, (i64, i64))> {
        let buckets = self.starts.iter().copied().zip(self.ends.iter().copied());
        (0..).zip(std::iter::once(bounds(period)).chain(buckets))
    }

    /// Something for the period and for each bucket.
    pub(crate) fn each<T: Default>(&self) -> Vec<T> {
        std::iter::repeat_with(T::default).take(self.asked.saturating_add(1)).list()
    }
}

/// What a KPI that counts by bucket measures of the period alone.
pub(crate) fn alone(count: ByBucket, scan: &Scan) -> Measure {
    count(scan, &Buckets::default()).pop().unwrap_or_default()
}

/// Rows counted for a period, with its ledger, and for buckets.
pub(crate) struct Counted<'a> {
    scan: &'a Scan<'a>,
    buckets: &'a Buckets,
    tally: Tally<'a>,
    used: Vec<u64>,
}

impl<'a> Counted<'a> {
    /// Nothing counted yet.
    pub(crate) fn new(scan: &'a Scan<'a>, buckets: &'a Buckets) -> Self {
        Self { scan, buckets, tally: Tally::new(scan.table), used: buckets.each() }
    }

    /// Counts a row by the date that places it and by what else decides, which is asked only where the date lies in the
    /// period or a bucket.
    #[inline]
    pub(crate) fn row<'f, T>(
        &mut self,
        row: usize,
        date: Result<i64, (Reason, &str)>,
        field: &str,
        decide: impl FnOnce(i64) -> Result<T, (Reason, &'f str)>,
    ) -> Option<(T, Places)> {
        let date = if self.scan.filter.passes(row) { date } else { Err((Reason::OutsideFilter, "")) };
        let at = match date {
            Ok(at) => at,
            Err((reason, field)) => {
                self.tally.leave_out(row, reason, field);
                return None;
            }
        };
        let places = self.places(at);
        let [inside, bucket] = places;
        if inside == NOWHERE {
            self.tally.leave_out(row, Reason::OutsidePeriod, field);
            if bucket == NOWHERE {
                return None;
            }
        }
        match decide(at) {
            Ok(value) => {
                if inside != NOWHERE {
                    self.tally.use_row();
                }
                self.use_bucket(bucket);
                Some((value, places))
            }
            Err((reason, field)) => {
                if inside != NOWHERE {
                    self.tally.leave_out(row, reason, field);
                }
                None
            }
        }
    }

    /// The same for a value of a deal. Deals are few: all their figures share this code.
    #[inline(never)]
    pub(crate) fn value(
        &mut self,
        row: usize,
        date: Result<i64, Fault>,
        field: &str,
        read: &dyn Fn(i64) -> Result<i64, Fault>,
    ) -> Option<(i64, Places)> {
        self.row(row, date, field, read)
    }

    /// Counts a row once wherever either of two dates lies, and gives the places of both.
    #[inline]
    pub(crate) fn either(
        &mut self,
        row: usize,
        dates: Result<[Option<i64>; 2], (Reason, &str)>,
        field: &str,
    ) -> [Places; 2] {
        let dates = match dates {
            Ok(dates) => dates,
            Err((reason, field)) => {
                self.tally.leave_out(row, reason, field);
                return [[NOWHERE; 2]; 2];
            }
        };
        let places = |date: Option<i64>| date.map_or([NOWHERE; 2], |at| self.places(at));
        let [one, other] = dates.map(places);
        match (one, other) {
            ([0, _], _) | (_, [0, _]) => self.tally.use_row(),
            _ if dates == [None; 2] => self.tally.leave_out(row, Reason::NotStarted, field),
            _ => self.tally.leave_out(row, Reason::OutsidePeriod, field),
        }
        let ([_, first], [_, second]) = (one, other);
        self.use_bucket(first);
        if second != first {
            self.use_bucket(second);
        }
        [one, other]
    }

    /// Where a date lies.
    #[inline]
    pub(crate) fn places(&self, at: i64) -> Places {
        [if self.scan.in_period(at).is_ok() { 0 } else { NOWHERE }, self.buckets.place(at)]
    }

    /// Counts a row at one place.
    #[inline]
    pub(crate) fn count<T>(&mut self, place: usize, row: usize, outcome: Result<T, (Reason, &str)>) -> Option<T> {
        if place == 0 {
            return self.tally.row(row, outcome);
        }
        let value = outcome.ok()?;
        self.use_bucket(place);
        Some(value)
    }

    #[inline]
    fn use_bucket(&mut self, place: usize) {
        if let Some(used) = self.used.get_mut(place) {
            *used = used.wrapping_add(1);
        }
    }

    /// Writes the rows of the whole.
    pub(crate) fn finish(self, measures: &mut [Measure]) {
        let mut measures = measures.iter_mut().zip(self.used);
        if let Some((measure, _)) = measures.next() {
            self.tally.finish(measure);
        }
        for (measure, used) in measures {
            (measure.read, measure.used) = (used, used);
        }
    }

    /// Writes the rows of a part that counts other rows than the whole does.
    pub(crate) fn finish_part(self, part: &str, measures: &mut [Measure]) {
        let mut measures = measures.iter_mut().zip(self.used);
        if let Some((measure, _)) = measures.next() {
            self.tally.finish_part(part, measure);
        }
        for (measure, used) in measures {
            measure.parts.insert(part.to_owned(), PartRows { used, ..PartRows::default() });
        }
    }
}

/// Counts a value in the histograms of its places.
#[inline]
pub(crate) fn count(histograms: &mut [Histogram], places: Places, value: i64) {
    for place in places {
        if let Some(histogram) = histograms.get_mut(place) {
            histogram.count(value);
        }
    }
}

/// Adds to the sums of some places.
#[inline]
pub(crate) fn add(sums: &mut [i128], places: Places, value: i128) {
    for place in places {
        if let Some(sum) = sums.get_mut(place) {
            *sum = sum.saturating_add(value);
        }
    }
}

/// Counts records at some places, where rows are so many that 128 bits would be felt.
#[inline]
pub(crate) fn tick(counts: &mut [u64], places: Places, times: bool) {
    for place in places {
        if let Some(count) = counts.get_mut(place) {
            *count = count.wrapping_add(times.into());
        }
    }
}

/// Writes a sum of each place, in the order of the measures.
pub(crate) fn write<T: Copy + Into<i128>>(sums: &[T], key: &Key, measures: &mut [Measure]) {
    for (measure, sum) in measures.iter_mut().zip(sums) {
        measure.add(key.clone(), (*sum).into());
    }
}

/// Writes a histogram of each place.
pub(crate) fn write_all(histograms: Vec<Histogram>, key: &Key, measures: &mut [Measure]) {
    for (measure, histogram) in measures.iter_mut().zip(histograms) {
        histogram.finish(key.clone(), measure);
    }
}
