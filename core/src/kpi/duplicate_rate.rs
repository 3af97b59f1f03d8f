//! How many records there are more than people.

use super::data_completeness::visible;
use super::scan::Tally;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Particulars, Scan, Timing};
use crate::figure::{Direction, Unit};
use crate::ledger::Reason;
use crate::list::Joined;
use crate::measure::{Key, Measure};
use crate::sum::Sum;
use crate::table::joins::NONE;
use std::rc::Rc;

/// `duplicate_rate`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "duplicate_rate",
        version: 3,
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
            "Records are contacts made by the as-of instant or nobody knows when, n of them. They are compared by the match fields of the charter's data standard that have a column. Records found to be one person, each with any other of them, are one entity. Entities are found over the whole table whatever is filtered.",
            "An e-mail address is compared in small letters and without what stands from its first + to its last @, unless it begins so; its domain, what stands after that @, is a further field after it. A phone number by its last nine digits (fewer than six: blank), any other text by its letters and digits in small letters, words divided by one space.",
            "The same address is the same person, and so are two records with nothing different and nothing blank in one of them alone, if two fields at least are filled.",
            "Otherwise the evidence must reach log2(N) + 3 bits, N being n or 1,000 if that is more. A value that m records share gives log2(0.9 ÷ c) bits, c being the chance to share it: max(m − 1, 1) ÷ N, at most 0.9. A blank in either record, another address and another phone number give none, another domain log2(0.1).",
            "Texts that differ give l × b + (1 − l) × log2(0.1): b the bits of the more common one, l how alike they are, 1 − 4 × (1 − their Jaro–Winkler similarity) but at least 0 (Winkler's bonus of 0.1 for each of the first four letters that are the same, where Jaro's is above 0.7). Two of digits alone are alike by 0.6 if they are a slip apart (inserted, left out, replaced or two swapped) and both of four digits or more, else not.",
            "Domain and account say where somebody works and count once: if either is the same, by the most bits that one of them gives; else by the two accounts, or if one is blank by the domains. Other addresses at the same domain take 2 × log2(0.1) from it: colleagues share their domain, account and switchboard.",
            "Not all pairs are compared, for their number grows with the square of n. For each compared field the records that fill it are put in order by it, then by the fields after it and from the first one on (blanks first, texts by their UTF-8 bytes), then by id, and each is compared with the next eight.",
            "Of an entity, the record made first counts (those of an unknown time come last; of several, the one whose id sorts first); the others are the duplicates. So owners' and sources' duplicates add up to all.",
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
        firsts = firsts.plus(i128::from(tally.row(row, first).unwrap_or(false)));
    }
    let mut measure = Measure::default();
    tally.finish(&mut measure);
    measure.add(Key::whole("entities"), firsts);
    measure
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let standard = &frame.charter.data_standard;
    if !standard.match_fields.iter().any(|field| frame.has(field)) {
        let message = format!("None of the match fields has a column: {}.", standard.match_fields.joined(", "));
        return Judgement { answer: Answer::undefined("missing_field", message), parts: Vec::new() };
    }
    let (records, entities) = (measure.used, measure.number("entities", ""));
    let unknown = measure.excluded.count(Reason::NoEvidence);
    let answer = Answer::ratio(records.minus(entities), records, "records that repeat another", "records");
    let all = records.plus(unknown) as f64;
    let share = |duplicates: u64| duplicates as f64 / all;
    let duplicates = records.minus(entities);
    let bounds = (unknown > 0).then(|| [share(duplicates), share(duplicates.plus(unknown))]);
    Judgement { answer: answer.bounded(bounds), parts: Vec::new() }
}
