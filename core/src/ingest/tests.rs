//! Every shape and trap, through one door.

mod mapping;
mod signs;

use super::{InputColumn, Reader, assemble, from_columns};
use crate::charter::Charter;
use crate::table::{Column, Dataset, Table};
use crate::time::{Zone, iso_day};
use expect_test::{Expect, expect};
use std::fmt::Write;
use std::rc::Rc;

pub(super) fn read(charter: &str, table: Option<&str>, input: &[u8]) -> Result<Table, String> {
    let charter = Rc::new(Charter::parse(charter).map_err(|faults| format!("{faults:?}"))?);
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
        Column::Text(column) => column.get(row).replace("\r\n", "⏎"),
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
    let dataset: Dataset = assemble(&parsed, tables).unwrap();
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
              name <- First Name by preset: 2 filled, 0 blank, 0 unreadable
              email <- Email by preset: 2 filled, 0 blank, 0 unreadable
              created_at <- Create Date by preset: 2 filled, 0 blank, 0 unreadable
              owner <- Contact owner by preset: 1 filled, 1 blank, 0 unreadable
              source <- Original Traffic Source by preset: 1 filled, 1 blank, 0 unreadable
              stage <- Lifecycle Stage by preset: 2 filled, 0 blank, 0 unreadable
              stage:lead <- Became a Lead Date by preset: 1 filled, 0 blank, 1 unreadable
                line 3 id 2: soon
              stage:marketing_qualified_lead <- Date entered "Marketing Qualified Lead (Lifecycle Stage Pipeline)" by preset: 1 filled, 1 blank, 0 unreadable
              country <- Country/Region by preset: 1 filled, 1 blank, 0 unreadable
              account <- Associated Company by preset: 1 filled, 1 blank, 0 unreadable
            2: account=Acme country=Spain created_at=2025-03-01T14:22 email=a@x.example id=1 name=Ana owner=Ana source=Paid Search stage=Lead stage:lead=2025-03-02T09:00 stage:marketing_qualified_lead=2025-03-05
            3: account= country= created_at=2025-03-01 email=b@x.example id=2 name=Bo owner= source= stage=Lead stage:lead=? stage:marketing_qualified_lead=_
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
            5: amount=1234500000 closed_at=2025-12-31 currency=EUR id=1 is_won=1 owner=Ana⏎Maria stage=Closed Won
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
fn counts_of_groups_are_totals() {
    check(
        "Opportunity Owner,Opportunity Name,Stage,Amount,Opportunity ID\n\
         Ana,Acme,Closed Won,5,1\n\
         Subtotal,,,5,\n\
         ,Count,1,,\n\
         Record Count: 1,,,,\n",
        expect![[r#"
            deals (salesforce) read 4
              owner <- Opportunity Owner by preset: 1 filled, 0 blank, 0 unreadable
              stage <- Stage by preset: 1 filled, 0 blank, 0 unreadable
              amount <- Amount by preset: 1 filled, 0 blank, 0 unreadable
              id <- Opportunity ID by preset: 1 filled, 0 blank, 0 unreadable
            2: amount=5000000 id=1 owner=Ana stage=Closed Won
              total row: 3 at 3 "Subtotal", 4 "Count", 5 "Record Count: 1"
        "#]],
    );
}

#[test]
fn signs_of_other_currencies_are_no_ornament() {
    let deals = "id,amount\n1,$5\n2,£5\n3,USD 5\n4,5 EUR\n5,(€5)\n6,1E2\n";
    check(
        deals,
        expect![[r#"
        deals (-) read 6
          id <- id by name: 6 filled, 0 blank, 0 unreadable
          amount <- amount by name: 3 filled, 0 blank, 3 unreadable
            line 3 id 2: £5 (not the charter's currency, and no currency column says so)
            line 5 id 4: 5 EUR (not the charter's currency, and no currency column says so)
            line 6 id 5: (€5) (not the charter's currency, and no currency column says so)
        2: amount=5000000 id=1
        3: amount=? id=2
        4: amount=5000000 id=3
        5: amount=? id=4
        6: amount=? id=5
        7: amount=100000000 id=6
    "#]],
    );
    // Where a column says the currency, it goes first.
    check(
        "id,amount,currency\n1,£5,GBP\n",
        expect![[r#"
        deals (-) read 1
          id <- id by name: 1 filled, 0 blank, 0 unreadable
          amount <- amount by name: 1 filled, 0 blank, 0 unreadable
          currency <- currency by name: 1 filled, 0 blank, 0 unreadable
        2: amount=5000000 currency=GBP id=1
    "#]],
    );
}

/// The end of a report of Salesforce, as it is exported and as a spreadsheet fills it up.
#[test]
fn lines_of_text_are_no_records() {
    let records = "Opportunity ID,Stage,Amount,Close Date\n1,Closed Won,5,2025-01-02\n2x,\n3x\n";
    let check = |end: &str, expected| check(&[records, end].concat(), expected);
    check(
        "\n\"Grand Totals (1 record)\"\n\nDeals by month\n\
         \"Copyright (c) 2000-2025 salesforce.com, inc. All rights reserved.\"\n\
         \"Confidential Information - Do Not Distribute\"\n\"Generated By:  Ana Silva  1/3/2025 10:21 AM\"\nAcme\n",
        expect![[r#"
            deals (salesforce) read 9
              id <- Opportunity ID by preset: 1 filled, 0 blank, 0 unreadable
              stage <- Stage by preset: 1 filled, 0 blank, 0 unreadable
              amount <- Amount by preset: 1 filled, 0 blank, 0 unreadable
              closed_at <- Close Date by preset: 1 filled, 0 blank, 0 unreadable
            2: amount=5000000 closed_at=2025-01-02 id=1 stage=Closed Won
              total row: 1 at 6 "Grand Totals (1 record)"
              line of text, no record: 5 at 8 "Deals by month", 9 "Copyright (c) 2000-2025 salesforce.com, inc. All rights rese", 10 "Confidential Information - Do Not Distribute", 11 "Generated By:  Ana Silva  1/3/2025 10:21 AM", 12 "Acme"
              malformed row: 2 at 3 "2x", 4 "3x"
        "#]],
    );
    check(
        "Copyright (c) 2000-2025 salesforce.com,,,\nConfidential Information - Do Not Distribute,,,\n\
         Generated By:  Ana Silva,,,\nGrand Totals (1 record),,5,\n",
        expect![[r#"
            deals (salesforce) read 7
              id <- Opportunity ID by preset: 1 filled, 0 blank, 0 unreadable
              stage <- Stage by preset: 1 filled, 0 blank, 0 unreadable
              amount <- Amount by preset: 1 filled, 0 blank, 0 unreadable
              closed_at <- Close Date by preset: 1 filled, 0 blank, 0 unreadable
            2: amount=5000000 closed_at=2025-01-02 id=1 stage=Closed Won
              total row: 1 at 8 "Grand Totals (1 record)"
              line of text, no record: 3 at 5 "Copyright (c) 2000-2025 salesforce.com", 6 "Confidential Information - Do Not Distribute", 7 "Generated By:  Ana Silva"
              malformed row: 2 at 3 "2x", 4 "3x"
        "#]],
    );
}

const CONTACTS: &str = "Record ID,Email,Create Date,Contact owner,Lifecycle Stage,Became a Lead Date\n1,a@b.c,,,,\n";

#[test]
fn a_file_in_another_tables_place_is_refused() {
    let told = read("{}", Some("deals"), CONTACTS.as_bytes()).unwrap_err();
    assert!(told.contains("its headers are those of contacts rather than of deals: “Record ID”, “Email”"), "{told}");
    assert!(told.contains("Give it as contacts, or name its columns in the charter, under sources → deals"), "{told}");
    let deals = "Record ID,Deal Name,Deal Stage,Amount,Close Date\n1,A,Open,5,2025-01-02\n";
    let told = read("{}", Some("contacts"), deals.as_bytes()).unwrap_err();
    assert!(told.contains("those of deals rather than of contacts"), "{told}");
    let rows =
        r#"[{"hs_object_id": "1", "firstname": "Ana", "lifecyclestage": "lead", "email": "a@b.c", "phone": ""}]"#;
    let told = read("{}", Some("deals"), rows.as_bytes()).unwrap_err();
    assert!(told.contains("those of contacts rather than of deals"), "{told}");
    // Where a field is missing that the table needs, the other table is named too.
    let told = read("{}", Some("stage_events"), CONTACTS.as_bytes()).unwrap_err();
    assert!(told.contains("no header is recognised as at of stage_events"), "{told}");
    assert!(told.contains("These are headers of contacts: give it as that. Or: Name the columns"), "{told}");
    // Headers that several tables share decide nothing, and what the charter says holds.
    assert!(read("{}", Some("deals"), b"id,created_at,owner,source\n1,,,\n").is_ok());
    let mapped = r#"{"sources": {"deals": {"columns": {"owner": "Contact owner"}}}}"#;
    assert!(read(mapped, Some("deals"), CONTACTS.as_bytes()).is_ok());
}

#[test]
fn a_workbook_is_told_from_text() {
    for head in [&b"PK\x03\x04\x14\0\x06\0"[..], b"\xd0\xcf\x11\xe0\xa1\xb1", b"\x1f\x8b\x08\0"] {
        let told = read("{}", Some("deals"), head).unwrap_err();
        assert!(told.contains("is a workbook or an archive") && told.contains("CSV UTF-8"), "{told}");
    }
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
              email <- email by name: 2 filled, 0 blank, 0 unreadable
              stage <- stage by name: 1 filled, 1 blank, 0 unreadable
              stage:lead <- stage:lead, stage_events by name: 1 filled, 1 blank, 0 unreadable
              stage:customer <- stage_events by name: 1 filled, 1 blank, 0 unreadable
            2: email=1 id=a stage=Lead stage:customer=2025-02-01 stage:lead=2025-01-03
            3: email=2 id=b stage= stage:customer=_ stage:lead=_

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

#[test]
fn maven_mapping() {
    check_with(
        r#"{"sources": {"deals": {"columns": {"id": "opportunity_id", "stage": "deal_stage", "created_at": "engage_date",
            "closed_at": "close_date", "amount": "close_value", "owner": "sales_agent"}}}}"#,
        None,
        b"opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n\
          1C1I7A6R,Moses Frase,GTX Plus Basic,Cancity,Won,2016-10-20,2017-03-01,1054\n\
          9DKT41,Moses Frase,GTXPro,,Prospecting,,,\n",
        expect![[r#"
            deals (-) read 2
              id <- opportunity_id by mapping: 2 filled, 0 blank, 0 unreadable
              owner <- sales_agent by mapping: 2 filled, 0 blank, 0 unreadable
              product <- product by name: 2 filled, 0 blank, 0 unreadable
              account <- account by name: 1 filled, 1 blank, 0 unreadable
              stage <- deal_stage by mapping: 2 filled, 0 blank, 0 unreadable
              created_at <- engage_date by mapping: 1 filled, 1 blank, 0 unreadable
              closed_at <- close_date by mapping: 1 filled, 1 blank, 0 unreadable
              amount <- close_value by mapping: 1 filled, 1 blank, 0 unreadable
            2: account=Cancity amount=1054000000 closed_at=2017-03-01 created_at=2016-10-20 id=1C1I7A6R owner=Moses Frase product=GTX Plus Basic stage=Won
            3: account= amount=_ closed_at=_ created_at=_ id=9DKT41 owner=Moses Frase product=GTXPro stage=Prospecting
        "#]],
    );
}

#[test]
fn json_array_ndjson_and_broken_pieces() {
    check(
        "[\n  {\"id\": 1, \"amount\": 10.5, \"stage\": \"open\"},\n  {\"id\": 2, \"amount\": 1e3,\n   \"closed_at\": 1740787200000},\n  7, {\"id\": },\n  {\"id\": 3, \"amount\": \"x\"",
        expect![[r#"
            deals (-) read 5
              id <- id by name: 2 filled, 0 blank, 0 unreadable
              amount <- amount by name: 2 filled, 0 blank, 0 unreadable
              stage <- stage by name: 1 filled, 1 blank, 0 unreadable
              closed_at <- closed_at by name: 1 filled, 1 blank, 0 unreadable
            2: amount=10500000 closed_at=_ id=1 stage=open
            3: amount=1000000000 closed_at=2025-03-01 id=2 stage=
              malformed row: 3 at 5 "7", 5 "{\"id\": }", 6 "{\"id\": 3, \"amount\": \"x\""
        "#]],
    );
    check(
        "{\"id\":\"a\",\"amount\":1}\n{\"id\":\"b\",\"amount\":\n{\"id\":\"c\",\"amount\":-3,\"is_won\":true}\n",
        expect![[r#"
            deals (-) read 3
              id <- id by name: 2 filled, 0 blank, 0 unreadable
              amount <- amount by name: 2 filled, 0 blank, 0 unreadable
              is_won <- is_won by name: 1 filled, 1 blank, 0 unreadable
            1: amount=1000000 id=a is_won=_
            3: amount=-3000000 id=c is_won=1
              malformed row: 1 at 2 "{\"id\":\"b\",\"amount\":"
        "#]],
    );
}

/// What stands in a broken object is no header: neither while the table is not known yet, nor later.
#[test]
fn broken_objects_name_no_headers() {
    check(
        "{\"id\":\"a\",\"amount\":1}\n{\"stage\":\"open\",\"other\":1,\"id\":}\n{\"id\":\"c\",\"note\":2}\n",
        expect![[r#"
            deals (-) read 3
              id <- id by name: 2 filled, 0 blank, 0 unreadable
              amount <- amount by name: 1 filled, 1 blank, 0 unreadable
            1: amount=1000000 id=a
            3: amount=_ id=c
              malformed row: 1 at 2 "{\"stage\":\"open\",\"other\":1,\"id\":}"
              ? note 
        "#]],
    );
    let rows = "{\"id\":\"a\",\"amount\":1}\n".repeat(300);
    let text =
        [rows.as_str(), "{\"stage\":\"open\",\"other\":1,\"id\":}\n", "{\"id\":\"b\",\"is_won\":true}\n"].concat();
    let table = read("{}", None, text.as_bytes()).unwrap();
    assert_eq!(table.fields.iter().map(|field| field.header.as_str()).collect::<Vec<_>>(), ["id", "amount", "is_won"]);
    assert!(table.unmatched.is_empty());
}

#[test]
fn hubspot_pages() {
    check(
        r#"{"total":2,"results":[{"id":"1","properties":{"hs_object_id":"1","dealname":"A \"quoted\"","amount":"100.10","dealstage":"closedwon","createdate":"2025-01-02T03:04:05.678Z","closedate":null,"hs_is_closed_won":"true"},"archived":false}],"paging":{"next":{"after":"x]}"}}}
{"results":[{"id":"2","properties":{"amount":"","dealstage":"contractsent"}}]}"#,
        expect![[r#"
            deals (hubspot) read 2
              id <- id by preset: 2 filled, 0 blank, 0 unreadable
              amount <- amount by preset: 1 filled, 1 blank, 0 unreadable
              stage <- dealstage by preset: 2 filled, 0 blank, 0 unreadable
              created_at <- createdate by preset: 1 filled, 1 blank, 0 unreadable
              closed_at <- closedate by preset: 0 filled, 2 blank, 0 unreadable
              is_won <- hs_is_closed_won by preset: 1 filled, 1 blank, 0 unreadable
            1: amount=100100000 closed_at=_ created_at=2025-01-02T03:04 id=1 is_won=1 stage=closedwon
            2: amount=_ closed_at=_ created_at=_ id=2 is_won=_ stage=contractsent
              ? hs_object_id 
              ? archived 
        "#]],
    );
}

/// Dynamics and other services of OData wrap rows in `value`, many others in `data`.
#[test]
fn pages_of_other_services() {
    for page in [
        r#"{"@odata.context":"https://example.org/$metadata#deals","@odata.count":2,"value":[ROWS],"@odata.nextLink":"x]}"}"#,
        r#"{"status":"ok","data":[ROWS],"total":2}"#,
    ] {
        let rows = r#"{"id":"1","is_won":true},{"id":"2","is_won":false}"#;
        let table = read("{}", None, page.replace("ROWS", rows).as_bytes()).unwrap();
        assert_eq!((table.name.as_str(), table.rows), ("deals", 2), "{page}");
        assert_eq!(table.fields.iter().map(|field| field.header.as_str()).collect::<Vec<_>>(), ["id", "is_won"]);
    }
    let row = read("{}", None, br#"{"value":5,"id":"1","is_won":true}"#).unwrap();
    assert_eq!(row.rows, 1, "a field may be called value");
}

#[test]
fn salesforce_pages() {
    check(
        r#"[{"totalSize":2,"done":true,"records":[
  {"attributes":{"type":"Opportunity","url":"/x"},"Id":"006A","StageName":"Closed Won","Amount":1234567890123.123456,"CloseDate":"2025-03-31","CreatedDate":"2025-01-01T00:00:00.000+0000","Owner":{"attributes":{"type":"User"},"Name":"Ana"},"IsWon":true},
  {"attributes":{"type":"Opportunity"},"Id":"006B","StageName":"Open","Amount":null,"Owner":null}
]}]"#,
        expect![[r#"
            deals (salesforce) read 2
              id <- Id by preset: 2 filled, 0 blank, 0 unreadable
              stage <- StageName by preset: 2 filled, 0 blank, 0 unreadable
              amount <- Amount by preset: 1 filled, 1 blank, 0 unreadable
              closed_at <- CloseDate by preset: 1 filled, 1 blank, 0 unreadable
              created_at <- CreatedDate by preset: 1 filled, 1 blank, 0 unreadable
              owner <- Owner.Name by preset: 1 filled, 1 blank, 0 unreadable
              is_won <- IsWon by preset: 1 filled, 1 blank, 0 unreadable
            2: amount=1234567890123123456 closed_at=2025-03-31 created_at=2025-01-01 id=006A is_won=1 owner=Ana stage=Closed Won
            3: amount=_ closed_at=_ created_at=_ id=006B is_won=_ owner= stage=Open
              ? Owner 
        "#]],
    );
}

#[test]
fn encodings_give_the_same_table() {
    let text = "id;amount;owner\r\n1;5;Zoë\r\n2;6;\u{1f600}\r\n";
    let plain = show(&read("{}", None, text.as_bytes()).unwrap());
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (mark, bytes) in
        [(vec![0xff, 0xfe], little.clone()), (vec![0xfe, 0xff], big.clone()), (vec![], little), (vec![], big)]
    {
        assert_eq!(show(&read("{}", None, &[mark, bytes].concat()).unwrap()), plain);
    }
    assert_eq!(show(&read("{}", None, format!("\u{feff}{text}").as_bytes()).unwrap()), plain);
}

/// What Excel writes as "CSV" in western Europe.
const WESTERN: &[u8] = b"id;amount;owner\r\n1;5;Jos\xe9\r\n2;6;\x80 Zo\xeb\r\n";

#[test]
fn a_file_of_windows_1252_keeps_its_letters() {
    let text = "id;amount;owner\r\n1;5;Jos\u{e9}\r\n2;6;\u{20ac} Zo\u{eb}\r\n";
    let [western, plain] = [WESTERN, text.as_bytes()].map(|bytes| read("{}", None, bytes).unwrap());
    assert_eq!(show(&western), show(&plain));
    assert_eq!((western.encoding, plain.encoding), (Some("Windows-1252"), None));
    // Its last byte decides.
    assert!(show(&read("{}", None, b"id,amount,owner\n1,5,Jos\xe9").unwrap()).contains("Jos\u{e9}"));
}

#[test]
fn names_in_front_of_a_dash_belong_to_another_system() {
    let pipedrive = "Deal - ID,Deal - Owner,Deal - Stage,Deal - Value\n1,Ana,Negotiation,5\n";
    let error = read("{}", Some("deals"), pipedrive.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("no header is recognised as id of deals"), "{error}");
    let hubspot = "Record ID - Contact,Create Date,Contact owner\n1,2025-01-01,Ana\n";
    assert!(show(&read("{}", None, hubspot.as_bytes()).unwrap()).starts_with("contacts (hubspot)"));
}

#[test]
fn what_cannot_be_read_says_so() {
    check("", expect!["file: the file is empty. Export it again, with its header."]);
    check(
        "colour,taste\nred,sweet\n",
        expect![[
            r#"file: no table is recognised from its headers: “colour”, “taste”. Name the columns in the charter, under sources → contacts → columns, such as {"id": "colour"}."#
        ]],
    );
    check(
        "id,created_at\n1,2025-01-01\n",
        expect![
            "file: its headers fit the tables contacts and deals alike: “id”, “created_at”. Say which table the file is."
        ],
    );
    check(
        "{\"colour\": 1}",
        expect![[
            r#"file: no table is recognised from its headers: “colour”. Name the columns in the charter, under sources → contacts → columns, such as {"id": "colour"}."#
        ]],
    );
    check_with(
        "{}",
        Some("leads"),
        b"id\n1\n",
        expect![
            "file: there is no table “leads”. Use one of: contacts, stage_events, deals, deal_stage_events, touches, campaigns, spend, budgets, forecasts, actuals, requests, platform_reports, reports, tools, capabilities, integrations, automations, ai_features."
        ],
    );
    check(
        "stage,amount,cloesd_at,is_won\n",
        expect![[
            r#"file: no header is recognised as id of deals: “stage”, “amount”, “cloesd_at”, “is_won”. Name the columns in the charter, under sources → deals → columns, such as {"id": "stage"}."#
        ]],
    );
}

#[test]
fn suggestions_are_never_used() {
    check(
        "id,amount,cloesd_at,Lead\n1,5,2025-01-01,x\n",
        expect![[r#"
        deals (-) read 1
          id <- id by name: 1 filled, 0 blank, 0 unreadable
          amount <- amount by name: 1 filled, 0 blank, 0 unreadable
        2: amount=5000000 id=1
          ? cloesd_at closed_at
          ? Lead 
    "#]],
    );
}

#[test]
fn duplicates_do_not_depend_on_order() {
    let rows = ["1,5,2025-01-01,Ana", "1,6,2025-01-02,Bo", "1,7,2025-01-02,Cy", "2,1,,Ana", "2,2,,Ana"];
    let outcome = |order: &[usize]| {
        let charter = Charter::default();
        let halves = order.split_at(2);
        let tables = [halves.0, halves.1].map(|part| {
            let lines: Vec<&str> = part.iter().map(|row| rows[*row]).collect();
            read("{}", None, format!("id,amount,updated_at,owner\n{}\n", lines.join("\n")).as_bytes()).unwrap()
        });
        let dataset = assemble(&charter, tables.into()).unwrap();
        let deals = dataset.table("deals").unwrap();
        assert_eq!(deals.read(), 5);
        let mut kept: Vec<String> = (0..deals.rows)
            .map(|row| {
                format!(
                    "{} {} {}",
                    deals.text("id").unwrap().get(row),
                    deals.money("amount").unwrap()[row],
                    deals.text("owner").unwrap().get(row)
                )
            })
            .collect();
        kept.sort();
        kept
    };
    let expected = outcome(&[0, 1, 2, 3, 4]);
    assert_eq!(expected, ["1 7000000 Cy", "2 2000000 Ana"]);
    for order in [[4, 3, 2, 1, 0], [2, 0, 4, 1, 3], [1, 2, 0, 4, 3], [3, 4, 0, 2, 1]] {
        assert_eq!(outcome(&order), expected);
    }
}

#[test]
fn columns() {
    let columns = vec![
        ("id".to_owned(), InputColumn::Number(vec![1.0, 2.0, f64::NAN, f64::NAN])),
        ("amount".into(), InputColumn::Number(vec![0.1, f64::NAN, 3.0, f64::NAN])),
        ("created_at".into(), InputColumn::Time(vec![0.0, f64::INFINITY, f64::NAN, f64::NAN])),
        ("stage".into(), InputColumn::Coded { codes: vec![0, u32::MAX, 0, u32::MAX], values: vec!["Won".into()] }),
        ("is_won".into(), InputColumn::Flag(vec![1, 2, 0, 2])),
        ("Ownr".into(), InputColumn::Text(vec![String::new(); 4])),
    ];
    let read = |columns| from_columns(&Charter::default(), &Zone::utc(), "deals", "page", columns);
    expect![[r#"
        deals (-) read 4
          id <- id by name: 2 filled, 0 blank, 0 unreadable
          amount <- amount by name: 1 filled, 1 blank, 0 unreadable
          created_at <- created_at by name: 1 filled, 0 blank, 1 unreadable
            line 2 id 2: inf (outside the years 1 to 9999)
          stage <- stage by name: 1 filled, 1 blank, 0 unreadable
          is_won <- is_won by name: 1 filled, 1 blank, 0 unreadable
        1: amount=100000 created_at=1970-01-01 id=1 is_won=1 stage=Won
        2: amount=_ created_at=? id=2 is_won=_ stage=
          blank row: 1 at 4 ""
          no id: 1 at 3 "3"
          ? Ownr owner
    "#]]
    .assert_eq(&show(&read(columns.clone()).unwrap()));
    let mut uneven = columns;
    uneven.push(("owner".into(), InputColumn::Flag(vec![1])));
    expect!["page: field “owner”: the column has 1 rows, but “id” has 4. Give all columns of a table the same length."]
        .assert_eq(&read(uneven).unwrap_err().to_string());
}

const CSV: &str = "Report: all\n\nid;amount;stage;closed_at;owner\n1;\"1.234,50\";Won;31.12.2025;\"Zoë\n\"\"M\"\"\"\n2;x;;;\n;;;;\nTotal;1;;;\n1;2;Won;2025-01-01;\n";
const JSON: &str =
    "[{\"id\":\"1\",\"amount\":5,\"a\":{\"b\":[1,\"}\"]}},\n{\"id\":\"2\",\"amount\":\"é\\n\"},{\"id\":3, 5]\n";

/// A table from chunks that end at some places.
fn in_chunks(input: &[u8], cuts: &[usize]) -> Result<String, String> {
    let mut reader = Reader::new(&Rc::default(), &Zone::utc(), None, "file");
    let mut rest = input;
    for cut in cuts {
        let (chunk, after) = rest.split_at((*cut).min(rest.len()));
        reader.push(chunk).map_err(|error| error.to_string())?;
        rest = after;
    }
    reader.push(rest).and_then(|()| reader.finish()).map(|table| show(&table)).map_err(|error| error.to_string())
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    #[test]
    fn chunking_changes_nothing(cuts in proptest::collection::vec(0_usize..9, 0..80), json: bool, wide: bool) {
        let text = if json { JSON } else { CSV };
        let bytes: Vec<u8> =
            if wide { text.encode_utf16().flat_map(u16::to_le_bytes).collect() } else { text.as_bytes().to_vec() };
        proptest::prop_assert_eq!(in_chunks(&bytes, &cuts), in_chunks(&bytes, &[]));
    }

    #[test]
    fn chunking_changes_no_letters(cuts in proptest::collection::vec(0_usize..9, 0..80), western: bool) {
        let text = String::from_utf8_lossy(WESTERN).replace('\u{fffd}', "\u{e9}");
        let bytes = if western { WESTERN } else { text.as_bytes() };
        proptest::prop_assert_eq!(in_chunks(bytes, &cuts), in_chunks(bytes, &[]));
    }

    #[test]
    fn truncation_never_panics(length in 0_usize..200, json: bool) {
        let bytes = if json { JSON } else { CSV }.as_bytes();
        if let Ok(table) = read("{}", None, &bytes[..length.min(bytes.len())]) {
            proptest::prop_assert_eq!(table.read(), table.rows as u64 + table.rejected.total());
        }
    }

    #[test]
    fn no_bytes_panic(noise in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300), head in 0_usize..4) {
        let head = ["", "id,amount,closed_at,is_won\n", "[{\"id\":1,\"amount\":2},", "{\"id\":1,\"amount\":2}\n"][head];
        let bytes = [head.as_bytes(), &noise].concat();
        let _ = read("{}", None, &bytes);
    }

    #[test]
    fn no_cell_panics(cell in "[-0-9.,:/ ()TZ+eE$ap\u{20ac}\u{2212}']{0,24}") {
        let _ = super::cell::amount::read(&cell, None);
        let _ = super::cell::amount::read(&cell, Some(','));
        let _ = super::cell::date::read(&cell, &crate::time::Clock::new(Zone::utc()), None);
    }
}

#[test]
fn rows_that_are_about_no_record_need_no_id() {
    let spend = "at,channel,amount\n2025-01-01,Paid Search,12.50\n,Paid Search,3\nTotal,,15.50\n";
    let read = show(&read("{}", Some("spend"), spend.as_bytes()).unwrap());
    assert!(read.contains("2: amount=12500000 at=2025-01-01 channel=Paid Search"), "{read}");
    assert!(read.contains("3: amount=3000000 at=_ channel=Paid Search"), "{read}");
    assert!(read.contains("total row: 1"), "{read}");
}
