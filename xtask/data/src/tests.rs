use super::anomalies::*;
use super::*;
use mops_core::charter::Charter;
use mops_core::figure::Figure;
use mops_core::ingest::{Reader, assemble};
use mops_core::ledger::{Excluded, Reason};
use mops_core::query::{Query, Session};
use mops_core::table::schema::TABLES;
use mops_core::table::{BLANK, Dataset, Table, is_known};
use mops_core::time::Zone;
use mops_core::view::Body;
use std::rc::Rc;

#[test]
fn committed_files_are_what_the_generator_makes() {
    for (path, text) in written_pages() {
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text, "{} differs from the definitions: run `cargo xtask data`", path.display());
    }
    for (name, text) in files() {
        let committed = std::fs::read_to_string(folder().join(name)).unwrap_or_default();
        assert!(committed == text, "demo/data/{name} differs from the generator's output: run `cargo xtask data`");
    }
}

/// The generated files as the core reads them.
fn dataset() -> (Rc<Charter>, Dataset) {
    let files = files();
    let text = |name: &str| &files.iter().find(|(known, _)| *known == name).unwrap().1;
    let charter = Rc::new(Charter::parse(text("charter.json")).unwrap());
    let read = |table: &str| -> Table {
        let mut reader = Reader::new(&charter, &Zone::utc(), Some(table), table);
        reader.push(text(&format!("{table}.csv")).as_bytes()).unwrap();
        reader.finish().unwrap()
    };
    let tables = files.iter().filter_map(|(name, _)| name.strip_suffix(".csv")).map(read).collect();
    let dataset = assemble(&charter, tables).unwrap();
    (charter, dataset)
}

#[test]
fn every_table_of_the_schema_is_there_and_read_whole() {
    let (_, dataset) = dataset();
    for schema in TABLES {
        // HubSpot writes the stage times as columns of the contacts.
        if schema.name == "stage_events" {
            continue;
        }
        let table = dataset.table(schema.name).unwrap_or_else(|| panic!("no {}.csv", schema.name));
        if !matches!(schema.name, "contacts" | "deals") {
            assert_eq!(table.rejected.total(), 0, "{}", schema.name);
            assert!(table.unmatched.is_empty(), "{}: {:?}", schema.name, table.unmatched);
        }
        for field in &table.fields {
            let known = matches!(
                (schema.name, field.field.as_str()),
                ("contacts", "stage:lead") | ("deals", "amount" | "closed_at")
            );
            assert!(known || field.unreadable == 0, "{}.{} can’t be read", schema.name, field.field);
        }
    }
    let left = |name: &str| {
        let mut headers: Vec<_> =
            dataset.table(name).unwrap().unmatched.iter().map(|left| left.header.as_str()).collect();
        headers.sort_unstable();
        headers
    };
    assert_eq!(left("contacts"), ["Marketing contact status"]);
    assert_eq!(left("deals"), ["Pipeline"]);
}

fn count(excluded: &[Excluded], reason: Reason) -> usize {
    excluded.iter().find(|entry| entry.reason == reason).map_or(0, |entry| entry.count as usize)
}

#[test]
fn ingest_finds_every_planted_cell_and_row() {
    let (_, dataset) = dataset();
    let [contacts, deals] = ["contacts", "deals"].map(|name| dataset.table(name).unwrap());
    assert_eq!((contacts.rows, deals.rows), (company::CONTACTS, company::DEALS));
    let rejected = |table: &Table, reason| table.rejected.count(reason) as usize;
    assert_eq!(rejected(contacts, Reason::DuplicateId), DUPLICATE_CONTACTS.count);
    assert_eq!(rejected(contacts, Reason::BlankRow), BLANK_CONTACT_ROWS.count);
    assert_eq!(contacts.rejected.total() as usize, DUPLICATE_CONTACTS.count + BLANK_CONTACT_ROWS.count);
    assert_eq!(rejected(deals, Reason::DuplicateId), DUPLICATE_DEALS.count);
    assert_eq!(rejected(deals, Reason::TotalRow), TOTAL_LINE.count);
    assert_eq!(deals.rejected.total() as usize, DUPLICATE_DEALS.count + TOTAL_LINE.count);

    let field = |table: &Table, name: &str| {
        let report = table.fields.iter().find(|report| report.field == name).unwrap();
        (report.blank as usize, report.unreadable as usize)
    };
    assert_eq!(field(contacts, "owner"), (NO_CONTACT_OWNER.count, 0));
    assert_eq!(field(contacts, "source"), (NO_CONTACT_SOURCE.count, 0));
    assert_eq!(field(contacts, "stage:lead"), (0, BAD_LEAD_DATE.count));
    assert_eq!(field(deals, "amount"), (BLANK_AMOUNT.count, BAD_AMOUNT.count));
    assert_eq!(field(deals, "owner"), (NO_DEAL_OWNER.count, 0));
    assert_eq!(field(deals, "closed_at"), (0, BAD_CLOSE_DATE.count));

    let [earlier, later] =
        ["marketing", "sales"].map(|kind| contacts.time(&format!("stage:{kind}_qualified_lead")).unwrap());
    let skipped = earlier.iter().zip(later).filter(|(earlier, later)| **earlier == BLANK && is_known(**later)).count();
    assert_eq!(skipped, SKIPPED_STAGE.count);
    let line_break = contacts.text("account").unwrap();
    assert!((0..contacts.rows).any(|row| line_break.get(row).contains('\n')));
}

#[test]
fn figures_leave_out_every_planted_row() {
    let (charter, dataset) = dataset();
    let mut session = Session::new(charter, true, Zone::utc(), dataset);
    let query = Query { view: "scorecard".into(), as_of: "2026-01-01".into(), ..Query::default() };
    let Body::Scorecard(scorecard) = session.answer(&query).unwrap().body else { panic!("no scorecard") };
    let figure =
        |id: &str| -> &Figure { scorecard.rows.iter().map(|row| &row.figure).find(|row| row.id == id).unwrap() };
    let left_out = |id: &str, reason| count(&figure(id).excluded, reason);
    let both = SWAPPED_STAGES.count + EARLY_CUSTOMER.count;
    assert_eq!(left_out("lifecycle_conversion", Reason::StageOutOfOrder), both);
    assert_eq!(left_out("lifecycle_conversion", Reason::UnparsableDate), BAD_LEAD_DATE.count);
    assert_eq!(left_out("lead_to_customer", Reason::StageOutOfOrder), EARLY_CUSTOMER.count);
    assert_eq!(left_out("sales_cycle", Reason::NegativeDuration), NEGATIVE_CYCLE.count);
    assert_eq!(left_out("win_rate", Reason::UnknownStage), UNKNOWN_STAGE.count);
    assert_eq!(left_out("win_rate", Reason::UnparsableDate), BAD_CLOSE_DATE.count);
    assert_eq!(left_out("pipeline_created", Reason::NoFxRate), NO_RATE.count);
    assert_eq!(left_out("pipeline_created", Reason::BlankField), BLANK_AMOUNT.count);
    assert_eq!(left_out("pipeline_created", Reason::UnparsableNumber), BAD_AMOUNT.count);
    for row in &scorecard.rows {
        let left: u64 = row.figure.excluded.iter().map(|entry| entry.count).sum();
        assert_eq!(row.figure.used + left, row.figure.read, "{}", row.figure.id);
    }
    let win_rate = figure("win_rate").value.unwrap();
    assert!((0.28..0.35).contains(&win_rate), "{win_rate}");
}
