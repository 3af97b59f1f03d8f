//! Shares of a list that is known whole: what is as it should be, what isn't and why, and what nobody knows.

use super::scan::Tally;
use super::{Answer, Part};
use crate::figure::Unit;
use crate::ledger::Reason;
use crate::list::List;
use crate::measure::{Key, Measure};
use crate::sum::Sum;
use crate::table::{BLANK, Table, is_known};

/// What a row is: as it should be (nothing), not (why), or left out (reason and field). Left out for another reason
/// than [`Reason::NotCounted`], it could be either, so it widens the bounds.
pub(crate) type Outcome = Result<Option<&'static str>, (Reason, &'static str)>;

/// Counts rows of a whole or of a part of it.
pub(crate) struct Coverage<'a> {
    tally: Tally<'a>,
    good: u64,
    unknown: u64,
}

impl<'a> Coverage<'a> {
    pub(crate) fn new(table: &'a Table) -> Self {
        Self { tally: Tally::new(table), good: 0, unknown: 0 }
    }

    /// Counts a row.
    pub(crate) fn row(&mut self, row: usize, outcome: Outcome) {
        match outcome {
            Ok(why) => {
                self.tally.use_row();
                self.good = self.good.plus(u64::from(why.is_none()));
            }
            Err((reason, field)) => {
                self.tally.leave_out(row, reason, field);
                self.unknown = self.unknown.plus(u64::from(reason != Reason::NotCounted));
            }
        }
    }

    /// Writes the whole (`part` is "") or a part that counts rows of its own.
    pub(crate) fn finish(self, part: &str, measure: &mut Measure) {
        measure.add(Key::part("good", part), self.good.into());
        measure.add(Key::part("unknown", part), self.unknown.into());
        if part.is_empty() {
            self.tally.finish(measure);
        } else {
            self.tally.finish_part(part, measure);
        }
    }
}

/// The share that is as it should be, with what it could be if the unknown were known. The list is no sample, so there
/// is no interval, and it is never thin.
pub(crate) fn answer(measure: &Measure, part: &str, good_label: &str, label: &str) -> Answer {
    let count = |series| measure.number(series, part);
    let (good, unknown) = (count("good"), count("unknown"));
    let known = if part.is_empty() { measure.used } else { measure.parts.get(part).map_or(0, |rows| rows.used) };
    let all = known.plus(unknown);
    let bound = |good: u64| good as f64 / all as f64;
    let bounds = (unknown > 0).then(|| [bound(good), bound(good.plus(unknown))]);
    let answer = if known == 0 && unknown > 0 {
        Answer::undefined("no_evidence", format!("There is no evidence: 0 {label} known."))
    } else {
        Answer::ratio(good, known, good_label, label)
    };
    answer.bounded(bounds).from_records(u64::MAX)
}

/// Names listed in a label.
const LISTED: usize = 6;

/// A part that counts what a series names, with the names.
pub(crate) fn named(measure: &Measure, series: &'static str, label: &str) -> Part {
    let names: Vec<&str> = measure.sums.keys().filter(|key| key.0 == series).map(|Key(_, name)| name.as_str()).list();
    list(series, label, &names)
}

/// A part that counts some names and says the first of them.
pub(crate) fn list(key: &str, label: &str, names: &[&str]) -> Part {
    let mut label = label.to_owned();
    for (index, name) in names.iter().enumerate() {
        let more = names.len().minus(index);
        if index == LISTED && more > 1 {
            label.push_str(&format!(" and {more} more"));
            break;
        }
        label.push_str(if index == 0 { ": " } else { ", " });
        label.push_str(name);
    }
    Part::new(key, label, Unit::Records, Answer::new(names.len() as f64, u64::MAX))
}

/// A cell that says yes or no: nothing where nobody knows.
pub(crate) fn flag(cells: Option<&[i64]>, row: usize) -> Option<bool> {
    let cell = cells.and_then(|cells| cells.get(row)).copied().unwrap_or(BLANK);
    is_known(cell).then_some(cell != 0)
}

/// A cell of text.
pub(crate) fn text<'a>(table: &'a Table, field: &str, row: usize) -> &'a str {
    table.text(field).map_or("", |column| column.get(row))
}
