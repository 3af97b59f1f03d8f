//! Every shape and trap, through one door.

use super::{Reader, assemble};
use crate::charter::Charter;
use crate::table::{Column, Dataset, Table};
use crate::time::{Zone, iso_day};
use expect_test::{Expect, expect};
use std::fmt::Write;

pub(super) fn read(charter: &str, table: Option<&str>, input: &[u8]) -> Result<Table, String> {
    let charter = Charter::parse(charter).map_err(|faults| format!("{faults:?}"))?;
    let mut reader = Reader::new(&charter, &Zone::utc(), table, "file");
    reader.push(input).and_then(|()| reader.finish()).map_err(|error| error.to_string())
}

/// A table as text: what the fields were read from, the rows, and everything that was left out.
pub(super) fn show(table: &Table) -> String {
    let mut text = format!("{} ({}) read {}\n", table.name, table.preset.as_deref().unwrap_or("-"), table.read());
    for field in &table.fields {
        let _ = writeln!(
            text,
            "  {} <- {} by {}: {} filled, {} blank, {} unreadable",
            field.field, field.header, field.matched_by, field.filled, field.blank, field.unreadable
        );
        for example in &field.examples {
            let _ = writeln!(text, "    line {} id {}: {}", example.line, example.id, example.found);
        }
    }
    for row in 0..table.rows {
        let _ = write!(text, "{}:", table.line(row));
        for (name, column) in &table.columns {
            let _ = write!(text, " {name}={}", cell(column, row));
        }
        text.push('\n');
    }
    for excluded in table.rejected.entries() {
        let lines: Vec<String> = excluded.examples.iter().map(|row| format!("{} {:?}", row.line, row.found)).collect();
        let _ = writeln!(text, "  {}: {} at {}", excluded.reason.label(), excluded.count, lines.join(", "));
    }
    for header in &table.unmatched {
        let _ = writeln!(text, "  ? {} {}", header.header, header.suggestion.as_deref().unwrap_or(""));
    }
    text
}

fn cell(column: &Column, row: usize) -> String {
    let number = |cells: &[i64]| match cells[row] {
        crate::table::BLANK => "_".to_owned(),
        crate::table::UNREADABLE => "?".to_owned(),
        number => number.to_string(),
    };
    match column {
        Column::Text(column) => column.get(row).to_owned(),
        Column::Money(cells) | Column::Flag(cells) => number(cells),
        Column::Time(cells) => match number(cells) {
            text if text == "_" || text == "?" => text,
            _ => {
                let seconds = cells[row].rem_euclid(86_400_000) / 1000;
                let day = iso_day(cells[row].div_euclid(86_400_000));
                if seconds == 0 { day } else { format!("{day}T{:02}:{:02}", seconds / 3600, seconds / 60 % 60) }
            }
        },
    }
}

fn check(input: &str, expected: Expect) {
    check_with("{}", None, input.as_bytes(), expected);
}

fn check_with(charter: &str, table: Option<&str>, input: &[u8], expected: Expect) {
    match read(charter, table, input) {
        Ok(table) => {
            assert_eq!(table.read(), table.rows as u64 + table.rejected.total());
            expected.assert_eq(&show(&table));
        }
        Err(error) => expected.assert_eq(&error),
    }
}

fn check_all(charter: &str, inputs: &[&str], expected: Expect) {
    let parsed = Charter::parse(charter).unwrap();
    let tables = inputs.iter().map(|input| read(charter, None, input.as_bytes()).unwrap()).collect();
    let dataset: Dataset = assemble(&parsed, &Zone::utc(), tables).unwrap();
    let shown: Vec<String> = dataset.tables.values().map(show).collect();
    expected.assert_eq(&shown.join("\n"));
}

#[test]
fn hubspot_contacts() {
    check(
        "Record ID,First Name,Email,Create Date,Contact owner,Original Traffic Source,Original Source,Lifecycle Stage,Became a Lead Date,\"Date entered \"\"Marketing Qualified Lead (Lifecycle Stage Pipeline)\"\"\",Country/Region,Associated Company,Favourite colour\n\
         1,Ana,a@x.example,2025-03-01 14:22,Ana,Paid Search,Offline,Lead,2025-03-02 09:00,2025-03-05,Spain,Acme,red\n\
         2,Bo,b@x.example,2025-03-01,,(No value),,Lead,soon,,,,\n",
        expect![[r#"
            contacts (hubspot) read 2
              id <- Record ID by preset: 2 filled, 0 blank, 0 unreadable
              created_at <- Create Date by preset: 2 filled, 0 blank, 0 unreadable
              owner <- Contact owner by preset: 1 filled, 1 blank, 0 unreadable
              source <- Original Traffic Source by preset: 1 filled, 1 blank, 0 unreadable
              stage <- Lifecycle Stage by preset: 2 filled, 0 blank, 0 unreadable
              stage:lead <- Became a Lead Date by preset: 1 filled, 0 blank, 1 unreadable
                line 3 id 2: soon
              stage:marketing_qualified_lead <- Date entered "Marketing Qualified Lead (Lifecycle Stage Pipeline)" by preset: 1 filled, 1 blank, 0 unreadable
              country <- Country/Region by preset: 1 filled, 1 blank, 0 unreadable
              account <- Associated Company by preset: 1 filled, 1 blank, 0 unreadable
            2: account=Acme country=Spain created_at=2025-03-01T14:22 id=1 owner=Ana source=Paid Search stage=Lead stage:lead=2025-03-02T09:00 stage:marketing_qualified_lead=2025-03-05
            3: account= country= created_at=2025-03-01 id=2 owner= source= stage=Lead stage:lead=? stage:marketing_qualified_lead=_
              ? Original Source 
              ? Favourite colour 
        "#]],
    );
}

#[test]
fn preamble_totals_and_faults() {
    check(
        "sep=;\r\nReport: All deals\r\n\r\nOpportunity ID;Stage;Amount;Close Date;Owner.Name;IsWon;CurrencyIsoCode\r\n\
         1;Closed Won;\"1.234,50\";31.12.2025;\"Ana\r\nMaria\";true;EUR\r\n\
         ;;;;;;\r\n\
         2;Closed Lost;(99);12/31/2025 2:30 PM;Bo;0;USD\r\n\
         3;Open;1\r\n\
         ;Open;1;;;;\r\n\
         4;Open;abc;03/04/2025;Bo;maybe;USD\r\n\
         Total;;1333,5;;;;\r\n",
        expect![[r#"
            deals (salesforce) read 7
              id <- Opportunity ID by preset: 3 filled, 0 blank, 0 unreadable
              stage <- Stage by preset: 3 filled, 0 blank, 0 unreadable
              amount <- Amount by preset: 2 filled, 0 blank, 1 unreadable
                line 11 id 4: abc
              closed_at <- Close Date by preset: 2 filled, 0 blank, 1 unreadable
                line 11 id 4: 03/04/2025 (day or month first? set date_order)
              owner <- Owner.Name by preset: 3 filled, 0 blank, 0 unreadable
              is_won <- IsWon by preset: 2 filled, 0 blank, 1 unreadable
                line 11 id 4: maybe
              currency <- CurrencyIsoCode by preset: 3 filled, 0 blank, 0 unreadable
            5: amount=1234500000 closed_at=2025-12-31 currency=EUR id=1 is_won=1 owner=Ana
            Maria stage=Closed Won
            8: amount=-99000000 closed_at=2025-12-31T14:30 currency=USD id=2 is_won=0 owner=Bo stage=Closed Lost
            11: amount=? closed_at=? currency=USD id=4 is_won=? owner=Bo stage=Open
              blank row: 1 at 7 ""
              total row: 1 at 12 "Total"
              malformed row: 1 at 9 "3"
              no id: 1 at 10 "Open"
        "#]],
    );
}

#[test]
fn events_fold_into_contacts() {
    check_all(
        "{}",
        &[
            "id,email,stage,stage:lead\na,1,Lead,2025-01-05\nb,2,,\n",
            "contact_id,stage,at\na,Lead,2025-01-03\na,Customer,2025-02-01\nb,Gold,2025-01-01\nc,Lead,2025-01-01\na,Lead,\n",
        ],
        expect![[r#"
            contacts (-) read 2
              id <- id by name: 2 filled, 0 blank, 0 unreadable
              stage <- stage by name: 1 filled, 1 blank, 0 unreadable
              stage:lead <- stage:lead, stage_events by name: 1 filled, 1 blank, 0 unreadable
              stage:customer <- stage_events by name: 1 filled, 1 blank, 0 unreadable
            2: id=a stage=Lead stage:customer=2025-02-01 stage:lead=2025-01-03
            3: id=b stage= stage:customer=_ stage:lead=_

            stage_events (-) read 5
              contact_id <- contact_id by name: 5 filled, 0 blank, 0 unreadable
              stage <- stage by name: 5 filled, 0 blank, 0 unreadable
              at <- at by name: 4 filled, 1 blank, 0 unreadable
            2: at=2025-01-03 contact_id=a stage=Lead
            3: at=2025-02-01 contact_id=a stage=Customer
              blank field: 1 at 6 ""
              no such record: 1 at 5 ""
              stage not in the charter: 1 at 4 ""
        "#]],
    );
}

#[test]
fn only_events() {
    check_all(
        "{}",
        &["contact_id,stage,at\nb,Lead,2025-01-03\na,Lead,2025-02-01\nb,Lead,2025-01-01\n"],
        expect![[r#"
            contacts (-) read 2
              stage:lead <- stage_events by name: 2 filled, 0 blank, 0 unreadable
            2: id=b stage:lead=2025-01-01
            3: id=a stage:lead=2025-02-01

            stage_events (-) read 3
              contact_id <- contact_id by name: 3 filled, 0 blank, 0 unreadable
              stage <- stage by name: 3 filled, 0 blank, 0 unreadable
              at <- at by name: 3 filled, 0 blank, 0 unreadable
            2: at=2025-01-03 contact_id=b stage=Lead
            3: at=2025-02-01 contact_id=a stage=Lead
            4: at=2025-01-01 contact_id=b stage=Lead
        "#]],
    );
}
