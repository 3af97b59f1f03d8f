//! Every row that is left out, counted by reason, with a few references to find it again.

use crate::list::List;
use crate::map::Map;
use crate::sum::Sum;
use serde::{Deserialize, Serialize};

/// How many row references a reason keeps. The lowest lines are kept, so that sharding can't change them.
pub const EXAMPLES: usize = 5;

/// Why a row is not in a figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// No cell has a value.
    #[default]
    BlankRow,
    /// A row that sums up other rows ("Total").
    TotalRow,
    /// A line of text around the records: a title, or the end of a report ("Confidential Information").
    TextLine,
    /// More or fewer cells than the header, or broken quoting or JSON.
    Malformed,
    /// The row has no id.
    BlankId,
    /// Another row has the same id; the most recently updated one is kept.
    DuplicateId,
    /// A needed field is blank.
    BlankField,
    /// A needed date could not be read.
    UnparsableDate,
    /// A needed number or amount could not be read.
    UnparsableNumber,
    /// An event of a record that is not in the data.
    Unmatched,
    /// A stage that the charter's lifecycle or deal model does not name.
    UnknownStage,
    /// A negative amount where only positive ones make sense.
    NegativeAmount,
    /// An end before its beginning.
    NegativeDuration,
    /// A later stage was entered before an earlier one.
    StageOutOfOrder,
    /// The record never entered the stage that the figure starts from.
    NotStarted,
    /// Still open at the as-of instant.
    InFlight,
    /// Not of the kind that the figure counts (a lost deal in a figure of won deals).
    NotCounted,
    /// In another currency, with no rate in the charter.
    NoFxRate,
    /// Outside the period.
    OutsidePeriod,
    /// Dated after the as-of instant.
    AfterAsOf,
    /// Not in the reader's filter.
    OutsideFilter,
    /// Nothing is known about it either way.
    NoEvidence,
    /// More than one rule or record fits.
    Ambiguous,
    /// Outside the window in which it would count.
    OutsideWindow,
    /// Sent to somebody who must not be sent to.
    Suppressed,
}

impl Reason {
    /// Every reason, in order.
    pub const ALL: [Self; 25] = [
        Self::BlankRow,
        Self::TotalRow,
        Self::TextLine,
        Self::Malformed,
        Self::BlankId,
        Self::DuplicateId,
        Self::BlankField,
        Self::UnparsableDate,
        Self::UnparsableNumber,
        Self::Unmatched,
        Self::UnknownStage,
        Self::NegativeAmount,
        Self::NegativeDuration,
        Self::StageOutOfOrder,
        Self::NotStarted,
        Self::InFlight,
        Self::NotCounted,
        Self::NoFxRate,
        Self::OutsidePeriod,
        Self::AfterAsOf,
        Self::OutsideFilter,
        Self::NoEvidence,
        Self::Ambiguous,
        Self::OutsideWindow,
        Self::Suppressed,
    ];

    /// A few plain words, in English.
    pub fn label(self) -> &'static str {
        match self {
            Self::BlankRow => "blank row",
            Self::TotalRow => "total row",
            Self::TextLine => "line of text, no record",
            Self::Malformed => "malformed row",
            Self::BlankId => "no id",
            Self::DuplicateId => "duplicate id",
            Self::BlankField => "blank field",
            Self::UnparsableDate => "date can’t be read",
            Self::UnparsableNumber => "number can’t be read",
            Self::Unmatched => "no such record",
            Self::UnknownStage => "stage not in the charter",
            Self::NegativeAmount => "negative amount",
            Self::NegativeDuration => "ends before it begins",
            Self::StageOutOfOrder => "stages out of order",
            Self::NotStarted => "not started",
            Self::InFlight => "in flight",
            Self::NotCounted => "not what is counted here",
            Self::NoFxRate => "no exchange rate",
            Self::OutsidePeriod => "outside the period",
            Self::AfterAsOf => "after the as-of date",
            Self::OutsideFilter => "outside the filter",
            Self::NoEvidence => "no evidence",
            Self::Ambiguous => "more than one fits",
            Self::OutsideWindow => "outside the window",
            Self::Suppressed => "sent to a suppressed contact",
        }
    }

    /// Whether the row is no record of its own, so that nothing is missing without it.
    pub fn is_no_record(self) -> bool {
        matches!(self, Self::BlankRow | Self::TotalRow | Self::TextLine | Self::DuplicateId)
    }

    /// Whether it points at a fault in the data that somebody can mend, rather than at a row that simply belongs
    /// to another period, filter or kind.
    pub fn is_fault(self) -> bool {
        !matches!(
            self,
            Self::NotStarted
                | Self::InFlight
                | Self::NotCounted
                | Self::OutsidePeriod
                | Self::OutsideWindow
                | Self::AfterAsOf
                | Self::OutsideFilter
        )
    }
}

/// Where a row stands: its line in the source (from 1, the header being line 1) and what was found there.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RowReference {
    /// Line in the source, from 1.
    pub line: u64,
    /// The record's id, where it has one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// The field at fault, where one is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field: String,
    /// What stood there, cut to 60 characters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub found: String,
    /// Its name for people, where it has one besides the id; never that of a person.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
}

/// The rows left out for one reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excluded {
    /// Why.
    pub reason: Reason,
    /// How many rows.
    pub count: u64,
    /// The first few, by line.
    pub examples: Vec<RowReference>,
}

/// Rows left out by reason. Two ledgers merge into the ledger of both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Excluded>", into = "Vec<Excluded>")]
pub struct Ledger(Map<Reason, (u64, Vec<RowReference>)>);

impl Ledger {
    /// Counts one row. `reference` is only called when the example is kept, so a hot loop builds no strings.
    pub fn add(&mut self, reason: Reason, line: u64, reference: impl FnOnce() -> RowReference) {
        let (count, examples) = self.0.entry(reason).or_default();
        *count = count.plus(1);
        if examples.len() < EXAMPLES || examples.last().is_some_and(|last| line <= last.line) {
            keep(examples, reference());
        }
    }

    /// Adds many rows of one reason, with some of their references.
    pub fn put(&mut self, reason: Reason, count: u64, references: Vec<RowReference>) {
        if count == 0 {
            return;
        }
        let (total, examples) = self.0.entry(reason).or_default();
        *total = total.plus(count);
        for reference in references {
            keep(examples, reference);
        }
    }

    /// Adds all of another ledger.
    pub fn merge(&mut self, other: &Self) {
        for (reason, (count, references)) in &other.0 {
            self.put(*reason, *count, references.clone());
        }
    }

    /// All rows left out.
    pub fn total(&self) -> u64 {
        self.0.values().fold(0, |sum, (count, _)| sum.plus(*count))
    }

    /// The rows left out for one reason.
    pub fn count(&self, reason: Reason) -> u64 {
        self.0.get(&reason).map_or(0, |(count, _)| *count)
    }

    /// Whether some rows were left out for a fault in a cell, and none because it is known not to count: then nothing is
    /// known of what would have counted.
    pub fn hides_all(&self) -> bool {
        let mut hides = false;
        for (reason, _) in self.counts() {
            match reason {
                Reason::OutsideFilter => {}
                reason if reason.is_no_record() => {}
                reason if reason.is_fault() => hides = true,
                _ => return false,
            }
        }
        hides
    }

    /// The records left out for a fault.
    pub fn faults(&self) -> u64 {
        let faults = self.counts().filter(|(reason, _)| reason.is_fault() && !reason.is_no_record());
        faults.fold(0, |sum, (_, count)| sum.saturating_add(count))
    }

    /// How many rows each reason left out, in the order of [`Reason`].
    pub fn counts(&self) -> impl Iterator<Item = (Reason, u64)> {
        self.0.iter().map(|(reason, (count, _))| (*reason, *count))
    }

    /// By reason, in the order of [`Reason`].
    pub fn entries(&self) -> Vec<Excluded> {
        self.0
            .iter()
            .map(|(reason, (count, examples))| Excluded { reason: *reason, count: *count, examples: examples.clone() })
            .list()
    }
}

fn keep(examples: &mut Vec<RowReference>, reference: RowReference) {
    let at = examples.partition_point(|known| *known <= reference);
    examples.insert(at, reference);
    examples.truncate(EXAMPLES);
}

impl From<Vec<Excluded>> for Ledger {
    fn from(entries: Vec<Excluded>) -> Self {
        let mut ledger = Self::default();
        for entry in entries {
            ledger.put(entry.reason, entry.count, entry.examples);
        }
        ledger
    }
}

impl From<Ledger> for Vec<Excluded> {
    fn from(ledger: Ledger) -> Self {
        ledger.entries()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A record that can't be read may have counted; one of another period didn't, and a repeated row is no record.
    #[test]
    fn only_records_hide_something() {
        let hides = |reasons: &[Reason]| {
            let mut ledger = Ledger::default();
            for reason in reasons {
                ledger.put(*reason, 1, Vec::new());
            }
            ledger.hides_all()
        };
        assert!(hides(&[Reason::UnparsableDate, Reason::DuplicateId, Reason::OutsideFilter]));
        assert!(hides(&[Reason::Malformed]));
        assert!(!hides(&[Reason::UnparsableDate, Reason::OutsidePeriod]));
        assert!(!hides(&[Reason::TotalRow, Reason::TextLine, Reason::BlankRow, Reason::OutsideFilter]));
        assert!(hides(&[Reason::TextLine, Reason::UnparsableDate]));
        assert!(!hides(&[]));
    }
}
