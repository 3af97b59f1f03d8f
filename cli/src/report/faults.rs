//! What a reader must know before the figures: faults that leave so many rows out that a figure may be about a part of
//! the data only.

use super::Report;
use crate::words;
use mops_core::kpi;
use mops_core::ledger::{Excluded, Reason};

/// Of so many rows one left out for a fault is worth a report's first lines.
const ONE_OF: u64 = 10;

/// One sentence or two for each such fault of each table, with the figure that loses most by it.
pub fn foremost(report: &Report) -> Vec<String> {
    let mut found: Vec<(&str, &Excluded, &str, u64)> = Vec::new();
    for figure in report.figures.iter().map(|row| &row.figure) {
        let table = kpi::find(&figure.id).map_or("", |kpi| kpi.definition.table);
        for entry in figure.excluded.iter().filter(|entry| counts(entry, figure.read)) {
            match found.iter_mut().find(|(known, other, ..)| (*known, other.reason) == (table, entry.reason)) {
                Some(known) if known.1.count >= entry.count => {}
                Some(known) => *known = (table, entry, &figure.label, figure.read),
                None => found.push((table, entry, &figure.label, figure.read)),
            }
        }
    }
    found.sort_by_key(|(table, entry, ..)| (*table, entry.reason));
    found.into_iter().map(|(table, entry, figure, read)| sentence(report, table, entry, figure, read)).collect()
}

fn counts(entry: &Excluded, read: u64) -> bool {
    let mendable = [Reason::UnparsableDate, Reason::UnparsableNumber, Reason::UnknownStage, Reason::NoFxRate]
        .contains(&entry.reason);
    mendable && entry.count * ONE_OF >= read
}

fn sentence(report: &Report, table: &str, entry: &Excluded, figure: &str, read: u64) -> String {
    let found = entry.examples.iter().map(|example| report.found(table, example)).find(|found| !found.is_empty());
    // A date that leaves day and month open says what would settle it.
    let (found, open) = match found.as_deref().and_then(|found| found.split_once(" (day or month")) {
        Some((date, _)) => (Some(date.to_owned()), true),
        None => (found, false),
    };
    let such = found.map(|found| format!(" (“{found}”)")).unwrap_or_default();
    let mend = match entry.reason {
        Reason::UnparsableDate if open => {
            "Say in the charter whether day or month goes first: mops charter new drafts that from the file.".into()
        }
        reason => words::mend(reason).unwrap_or("Correct them where they come from.").to_owned(),
    };
    format!(
        "{figure} leaves out {} of {} rows of {table}: {}{such}. {mend}",
        words::count(entry.count),
        words::count(read),
        entry.reason.label()
    )
}
