//! The rows a KPI looks at, and the means to count them quickly.

use super::definition::Parameters;
use super::stack::Tools;
use crate::charter::Charter;
use crate::charter::money::Converter;
use crate::ledger::{EXAMPLES, Ledger, Reason, RowReference};
use crate::list::List;
use crate::map::Map;
use crate::measure::{Key, Measure, PartRows};
use crate::period::Period;
use crate::table::{BLANK, Dataset, Table, is_known};
use crate::time::{Clock, Zone};
use std::ops::Range;

/// Some rows of a table, and everything a KPI may know while it looks at them.
#[derive(Debug, Clone)]
pub struct Scan<'a> {
    /// The table.
    pub table: &'a Table,
    /// Every table, for a KPI whose rows refer to another's.
    pub dataset: &'a Dataset,
    /// The charter in force.
    pub charter: &'a Charter,
    /// The charter's exchange rates, prepared.
    pub converter: &'a Converter,
    /// The charter's time zone.
    pub clock: &'a Clock<&'a Zone>,
    /// Events after this instant are not seen.
    pub as_of: i64,
    /// The period asked for.
    pub period: &'a Period,
    /// Which rows the reader wants to see.
    pub filter: &'a Filter<'a>,
    /// The same as it was asked, for tables that the rows are held against.
    pub asked: Asked<'a>,
    /// The KPI's parameters in force.
    pub parameters: &'a Parameters,
    /// The rows to look at.
    pub rows: Range<usize>,
    /// Where only some rows have to be looked at: those, of which `rows` are places.
    pub chosen: Option<&'a [u32]>,
}

/// A filter as it was asked: field → values, and the field whose named values are left out.
pub type Asked<'a> = (&'a Map<String, Vec<String>>, Option<&'a (String, Vec<String>)>);

/// Rows to look at.
#[derive(Debug, Clone)]
pub struct Rows<'a> {
    places: Range<usize>,
    chosen: Option<&'a [u32]>,
}

impl<'a> Rows<'a> {
    /// Those chosen, or the first so many.
    pub(crate) fn new(chosen: Option<&'a [u32]>, many: usize) -> Self {
        Self { places: 0..chosen.map_or(many, <[u32]>::len), chosen }
    }
}

impl Iterator for Rows<'_> {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        let place = self.places.next()?;
        match self.chosen {
            None => Some(place),
            Some(rows) => rows.get(place).map(|row| *row as usize),
        }
    }
}

impl Scan<'_> {
    /// The rows to look at that the table really has.
    pub fn rows(&self) -> Rows<'_> {
        let most = self.chosen.map_or(self.table.rows, <[u32]>::len);
        Rows { places: self.rows.start.min(most)..self.rows.end.min(most), chosen: self.chosen }
    }

    /// The instant of a cell, or why the row has none that can be seen: blank, unreadable, or after the as-of.
    #[inline]
    pub fn seen(&self, cells: Option<&[i64]>, row: usize) -> Result<i64, Reason> {
        let at = self.date(cells, row)?;
        if at > self.as_of { Err(Reason::AfterAsOf) } else { Ok(at) }
    }

    /// The instant of a cell, whether before or after the as-of instant.
    #[inline]
    pub fn date(&self, cells: Option<&[i64]>, row: usize) -> Result<i64, Reason> {
        match cells.and_then(|cells| cells.get(row)).copied().unwrap_or(BLANK) {
            BLANK => Err(Reason::BlankField),
            cell if !is_known(cell) => Err(Reason::UnparsableDate),
            cell => Ok(cell),
        }
    }

    /// Whether at most so many days have passed since a date.
    pub fn within(&self, cells: Option<&[i64]>, row: usize, days: i64) -> Result<bool, Reason> {
        self.seen(cells, row).map(|at| self.days(at, self.as_of) <= days)
    }

    /// The tools of the table, with what other tables say of them.
    pub(crate) fn tools(&self) -> Tools<'_> {
        Tools::new(self.table, self.dataset, self.charter, self.converter, self.clock.day_of(self.as_of))
    }

    /// Whether a date places a record in the period.
    #[inline]
    pub fn in_period(&self, instant: i64) -> Result<(), Reason> {
        let inside =
            self.period.start.is_none_or(|start| start <= instant) && self.period.end.is_none_or(|end| instant < end);
        if inside { Ok(()) } else { Err(Reason::OutsidePeriod) }
    }

    /// When a record entered a stage.
    #[inline]
    pub fn started<'f>(&self, cells: Option<&[i64]>, row: usize, field: &'f str) -> Result<i64, (Reason, &'f str)> {
        self.seen(cells, row)
            .map_err(|reason| (if reason == Reason::BlankField { Reason::NotStarted } else { reason }, field))
    }

    /// When a record entered the stage that places it in a period, if it did so in the period.
    #[inline]
    pub fn entered<'f>(&self, cells: Option<&[i64]>, row: usize, field: &'f str) -> Result<i64, (Reason, &'f str)> {
        let at = self.started(cells, row, field)?;
        self.in_period(at).map_err(|reason| (reason, field))?;
        Ok(at)
    }

    /// The rows that pass the filter and that a date places in the period, with those left out; `blank` is what a blank
    /// date means. The rest of a measure then looks at no others.
    #[cfg_attr(speed, optimize(speed))]
    pub(crate) fn placed(&self, cells: Option<&[i64]>, field: &str, blank: Reason) -> (Vec<(usize, i64)>, Tally<'_>) {
        let mut tally = Tally::new(self.table);
        let mut rows = Vec::new();
        for row in self.rows() {
            let at = if self.filter.passes(row) { self.seen(cells, row) } else { Err(Reason::OutsideFilter) };
            match at.and_then(|at| self.in_period(at).map(|()| at)) {
                Ok(at) => rows.push((row, at)),
                Err(Reason::OutsideFilter) => tally.leave_out(row, Reason::OutsideFilter, ""),
                Err(Reason::BlankField) => tally.leave_out(row, blank, field),
                Err(reason) => tally.leave_out(row, reason, field),
            }
        }
        (rows, tally)
    }

    /// A later event of a record: nothing where it has not happened by the as-of instant.
    #[inline]
    pub fn event<'f>(
        &self,
        cells: Option<&[i64]>,
        row: usize,
        field: &'f str,
    ) -> Result<Option<i64>, (Reason, &'f str)> {
        happened(self.seen(cells, row).map_err(|reason| (reason, field)))
    }

    /// Whole calendar days in the charter's time zone between two instants.
    #[inline]
    pub fn days(&self, start: i64, end: i64) -> i64 {
        self.clock.day_of(end).saturating_sub(self.clock.day_of(start))
    }
}

/// When something happened: nothing where it has not, by what was seen.
#[inline]
pub(crate) fn happened(seen: Result<i64, (Reason, &str)>) -> Result<Option<i64>, (Reason, &str)> {
    match seen {
        Ok(at) => Ok(Some(at)),
        Err((Reason::UnparsableDate, field)) => Err((Reason::UnparsableDate, field)),
        Err(_) => Ok(None),
    }
}

/// The field that holds when a contact entered a stage.
pub fn stage_field(id: &str) -> String {
    format!("stage:{id}")
}

/// A reader's filter, compiled against the dictionaries of one table. A field that the table doesn't have filters
/// nothing.
#[derive(Debug, Clone, Default)]
pub struct Filter<'a> {
    fields: Vec<(&'a [u32], Vec<bool>)>,
}

impl<'a> Filter<'a> {
    /// Compiles field → values.
    pub fn new(table: &'a Table, filter: &Map<String, Vec<String>>) -> Self {
        let fields = filter.iter().filter_map(|(field, values)| {
            let column = table.text(field)?;
            let mut passes = vec![false; column.dictionary.len()];
            for code in values.iter().filter_map(|value| column.dictionary.find(value)) {
                if let Some(pass) = passes.get_mut(code as usize) {
                    *pass = true;
                }
            }
            Some((column.codes.as_slice(), passes))
        });
        Self { fields: fields.list() }
    }

    /// Compiles what was asked.
    pub fn of(table: &'a Table, (filter, except): Asked) -> Self {
        let compiled = Self::new(table, filter);
        match except {
            Some((field, values)) => compiled.except(table, field, values),
            None => compiled,
        }
    }

    /// Leaves out the rows that have one of some values of a field.
    fn except(mut self, table: &'a Table, field: &str, values: &[String]) -> Self {
        if let Some(column) = table.text(field) {
            let mut passes = vec![true; column.dictionary.len()];
            for code in values.iter().filter_map(|value| column.dictionary.find(value)) {
                if let Some(pass) = passes.get_mut(code as usize) {
                    *pass = false;
                }
            }
            self.fields.push((column.codes.as_slice(), passes));
        }
        self
    }

    /// Whether it lets everything pass.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// Those of so many rows that pass.
    #[cfg_attr(speed, optimize(speed))]
    pub(crate) fn rows(&self, many: usize) -> Vec<u32> {
        let mut rows = vec![0; many];
        let mut passed = 0_usize;
        let mut look = |row: usize, passes: bool| {
            // Written whether it passes or not: nobody can foretell which do.
            if let Some(place) = rows.get_mut(passed) {
                *place = row as u32;
            }
            passed = passed.wrapping_add(passes.into());
        };
        match self.fields.as_slice() {
            [(codes, passes)] => {
                for (row, code) in codes.iter().enumerate() {
                    look(row, passes.get(*code as usize) == Some(&true));
                }
            }
            _ => (0..many).for_each(|row| look(row, self.passes(row))),
        }
        rows.truncate(passed);
        rows.shrink_to_fit();
        rows
    }

    /// Whether a row passes.
    #[inline]
    pub fn passes(&self, row: usize) -> bool {
        self.fields
            .iter()
            .all(|(codes, passes)| codes.get(row).and_then(|code| passes.get(*code as usize)).copied().unwrap_or(false))
    }
}

/// Counts rows used and left out without touching a map for every row.
#[derive(Debug, Clone)]
pub struct Tally<'a> {
    table: &'a Table,
    used: u64,
    read: u64,
    counts: [u64; REASONS],
    /// For each reason, the kept examples and the greatest line among them once there are enough.
    examples: [(Vec<RowReference>, u64); REASONS],
}

const REASONS: usize = Reason::ALL.len();

impl<'a> Tally<'a> {
    /// Nothing counted yet.
    pub fn new(table: &'a Table) -> Self {
        Self {
            table,
            used: 0,
            read: 0,
            counts: [0; REASONS],
            examples: std::array::from_fn(|_| (Vec::new(), u64::MAX)),
        }
    }

    /// A row that counts.
    #[inline]
    pub fn use_row(&mut self) {
        self.read = self.read.wrapping_add(1);
        self.used = self.used.wrapping_add(1);
    }

    /// A row that is left out. `field` is the one at fault, or "".
    #[inline]
    pub fn leave_out(&mut self, row: usize, reason: Reason, field: &str) {
        self.read = self.read.wrapping_add(1);
        let slot = reason as usize;
        if let Some(count) = self.counts.get_mut(slot) {
            *count = count.wrapping_add(1);
        }
        if self.may_show(row, reason) {
            self.keep_example(row, slot, field);
        }
    }

    /// Whether a row would be an example of a reason.
    #[inline]
    pub(crate) fn may_show(&self, row: usize, reason: Reason) -> bool {
        let line = self.table.line(row);
        self.examples.get(reason as usize).is_some_and(|(_, worst)| line <= *worst)
    }

    /// Rows come in order of their lines, nearly always: then only the first few get here.
    #[cold]
    fn keep_example(&mut self, row: usize, slot: usize, field: &str) {
        let Some((kept, worst)) = self.examples.get_mut(slot) else { return };
        let reference = self.table.reference(row, field);
        let at = kept.partition_point(|known| *known <= reference);
        kept.insert(at, reference);
        kept.truncate(EXAMPLES);
        if kept.len() == EXAMPLES {
            *worst = kept.last().map_or(u64::MAX, |last| last.line);
        }
    }

    /// Counts a row by whether it was left out, and says whether it counts.
    #[inline]
    pub fn row<T>(&mut self, row: usize, outcome: Result<T, (Reason, &str)>) -> Option<T> {
        match outcome {
            Ok(value) => {
                self.use_row();
                Some(value)
            }
            Err((reason, field)) => {
                self.leave_out(row, reason, field);
                None
            }
        }
    }

    /// The rows left out.
    pub(crate) fn ledger(self) -> Ledger {
        let mut ledger = Ledger::default();
        for ((reason, count), (examples, _)) in Reason::ALL.into_iter().zip(self.counts).zip(self.examples) {
            ledger.put(reason, count, examples);
        }
        ledger
    }

    /// Writes the rows of the whole.
    pub fn finish(self, measure: &mut Measure) {
        measure.read = self.read;
        measure.used = self.used;
        measure.excluded = self.ledger();
    }

    /// Writes the rows of a part that counts other rows than the whole does.
    pub fn finish_part(self, part: &str, measure: &mut Measure) {
        let used = self.used;
        measure.parts.insert(part.to_owned(), PartRows { used, excluded: self.ledger() });
    }
}

/// An exact histogram that is quick where values are small, as days are.
#[derive(Debug, Default)]
pub struct Histogram {
    small: Vec<u64>,
    large: Vec<i64>,
}

/// Values below this have a place of their own; 4,096 days are eleven years.
const SMALL: i64 = 4096;

impl Histogram {
    /// Counts a value.
    #[inline]
    pub fn count(&mut self, value: i64) {
        if (0..SMALL).contains(&value) {
            if self.small.len() <= value as usize {
                self.small.resize((value as usize | 255).wrapping_add(1), 0);
            }
            if let Some(times) = self.small.get_mut(value as usize) {
                *times = times.wrapping_add(1);
            }
        } else {
            self.large.push(value);
        }
    }

    /// Writes it into a measure, if anything was counted.
    pub fn finish(mut self, key: Key, measure: &mut Measure) {
        self.large.sort_unstable();
        let runs = self.large.chunk_by(PartialEq::eq).filter_map(|run| Some((*run.first()?, run.len() as u64)));
        let small = self.small.iter().enumerate().map(|(value, times)| (value as i64, *times));
        let mut counts = Map::new();
        // Collected, they would be sorted once more.
        for (value, times) in small.filter(|(_, times)| *times > 0).chain(runs) {
            *counts.entry(value).or_default() = times;
        }
        if !counts.is_empty() {
            measure.counts.insert(key, counts);
        }
    }
}
