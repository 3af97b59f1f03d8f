//! How many records there are more than people.

use super::data_completeness::visible;
use super::scan::Tally;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::table::joins::NONE;
use std::rc::Rc;

/// `duplicate_rate`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "duplicate_rate",
        version: 1,
        name: "Duplicate rate",
        unit: Unit::Rate,
        direction: Direction::Lower,
        formula: "1 − entities ÷ records",
        source: "blocking after Hernández & Stolfo 1995, evidence after Fellegi & Sunter 1969; measured on FEBRL's labelled records",
        table: "contacts",
        inputs: &[
            "charter.data_standard",
            "contacts.email",
            "contacts.phone",
            "contacts.name",
            "contacts.last_name",
            "contacts.account",
            "contacts.created_at",
        ],
        edge_cases: &[
            "The charter's data standard names the match fields. The same e-mail address (case and what stands after + aside) is the same person, and so are records alike in all fields they fill, two at least.",
            "Otherwise agreement on a rare value says much and on a common one little; text that is alike by Jaro–Winkler says part of it; a blank says nothing. The evidence must leave 8 to 1 for one person. An address's domain and the account count once, and two addresses at one domain speak against one person: colleagues share both.",
            "Of an entity, the record made first counts; the others are the duplicates. So owners' and sources' duplicates add up to all, and entities are found over the whole table whatever is filtered.",
            "A record with all match fields blank is left out; the bounds say what if all or none of those were duplicates.",
            "Records with the same id are one record already, and on the ledger.",
        ],
        parameters: &[],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["id"]),
    measure,
    judge,
    particulars: Particulars {
        prepare: Some(|dataset, charter, as_of, budget| dataset.find_entities(&charter.data_standard, as_of, budget)),
        ..Particulars::NONE
    },
};

fn measure(scan: &Scan) -> Measure {
    let whole = scan.dataset.table("contacts").unwrap_or(scan.table);
    let entities = scan.dataset.entities(&scan.charter.data_standard, scan.as_of);
    let ids = scan.table.text("id");
    // A shard's rows are other rows of the whole.
    let is_whole = std::ptr::eq(whole, scan.table);
    let rows = if is_whole { Rc::default() } else { scan.dataset.contact_rows(scan.table, "id") };
    let row_of = |row: usize| {
        if is_whole {
            return Some(row);
        }
        let found = *rows.get(ids?.codes.get(row).copied()? as usize)?;
        (found != NONE).then_some(found as usize)
    };
    let created = scan.table.time("created_at");
    let mut tally = Tally::new(scan.table);
    let mut firsts = 0_i128;
    for row in scan.rows() {
        let first = visible(scan, created, row).and_then(|()| {
            let entities = entities.as_ref().ok_or((Reason::NoEvidence, ""))?;
            let row = row_of(row).filter(|row| entities.knows(*row)).ok_or((Reason::NoEvidence, ""))?;
            Ok(entities.is_first(row))
        });
        firsts = firsts.saturating_add(i128::from(tally.row(row, first).unwrap_or(false)));
    }
    let mut measure = Measure::default();
    tally.finish(&mut measure);
    measure.add(Key::whole("entities"), firsts);
    measure
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let standard = &frame.charter.data_standard;
    if !standard.match_fields.iter().any(|field| frame.has(field)) {
        let message = format!("None of the match fields has a column: {}.", standard.match_fields.join(", "));
        return Judgement { answer: Answer::undefined("missing_field", message), parts: Vec::new() };
    }
    let (records, entities) = (measure.used, measure.number("entities", ""));
    let unknown = measure.excluded.count(Reason::NoEvidence);
    let answer = Answer::ratio(records.saturating_sub(entities), records, "records that repeat another", "records");
    let all = records.saturating_add(unknown) as f64;
    let share = |duplicates: u64| duplicates as f64 / all;
    let duplicates = records.saturating_sub(entities);
    let bounds = (unknown > 0).then(|| [share(duplicates), share(duplicates.saturating_add(unknown))]);
    Judgement { answer: answer.bounded(bounds), parts: Vec::new() }
}
