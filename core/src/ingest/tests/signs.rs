//! Which sign divides decimals, where an amount leaves it open.

use super::super::cell::amount::{Clue, read, read_with_clue, with_comma};
use super::{InputColumn, Reader, from_columns, read as read_file};
use crate::charter::Charter;
use crate::table::Table;
use crate::time::Zone;
use std::rc::Rc;

/// Ids and amounts of deals, in units; NaN where one can't be read.
fn amounts(table: &Table) -> Vec<(String, f64)> {
    let (ids, cells) = (table.text("id").unwrap(), table.money("amount").unwrap());
    let unit = |cell: i64| if crate::table::is_known(cell) { cell as f64 / 1e6 } else { f64::NAN };
    let mut all: Vec<(String, f64)> = (0..table.rows).map(|row| (ids.get(row).to_owned(), unit(cells[row]))).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

fn of(charter: &str, text: &str) -> (Vec<f64>, String) {
    let table = read_file(charter, Some("deals"), text.as_bytes()).unwrap();
    let notes: Vec<String> = table
        .fields
        .iter()
        .flat_map(|field| &field.examples)
        .map(|cell| format!("line {}: {}", cell.line, cell.found))
        .collect();
    (amounts(&table).into_iter().map(|(_, amount)| amount).collect(), notes.join("; "))
}

#[test]
fn what_an_amount_says() {
    for (cell, clue) in [
        ("12.5", Clue::Point),
        ("0.125", Clue::Point),
        ("1234.567", Clue::Point),
        ("1,234.56", Clue::Point),
        ("1,234,567", Clue::Point),
        ("12,34,567", Clue::Point),
        (".125", Clue::Point),
        ("12,5", Clue::Comma),
        ("0,125", Clue::Comma),
        ("1.234,56", Clue::Comma),
        ("1.234.567", Clue::Comma),
        ("€ -1 234,567", Clue::Comma),
        ("1.234", Clue::Open),
        ("(123,456 EUR)", Clue::Open),
        ("1234", Clue::None),
        ("1 234", Clue::None),
        // Nobody parts thousands before a power of ten.
        ("1.234E+06", Clue::None),
    ] {
        assert_eq!(read_with_clue(cell, None).unwrap().1, clue, "{cell}");
    }
    // What the charter settles is no clue.
    assert_eq!(read_with_clue("12,5", Some(',')), Some((12_500_000, Clue::None)));
}

/// "1.234,50" says that the comma divides decimals, in whichever column and row it stands.
#[test]
fn open_amounts_follow_the_certain_ones() {
    let german = "id;amount;recurring_amount\n1;1.234;2,345\n2;12.500;-7.250\n3;999.999;1,000\n4;900;\"1.234,50\"\n";
    assert_eq!(of("{}", german), (vec![1234.0, 12500.0, 999_999.0, 900.0], String::new()));
    let table = read_file("{}", None, german.as_bytes()).unwrap();
    // 2,345 is two and a bit, and so is 1,000 just one.
    assert_eq!(table.money("recurring_amount").unwrap(), [2_345_000, -7_250_000_000, 1_000_000, 1_234_500_000]);
    let english = "id;amount\n1;1.234\n2;1,234\n3;12.5\n";
    assert_eq!(of("{}", english), (vec![1.234, 1234.0, 12.5], String::new()));
}

#[test]
fn without_a_clue_or_with_two_the_guess_is_told() {
    let (read, told) = of("{}", "id;amount\n1;1.234\n2;1,234\n3;900\n");
    assert_eq!(read, [1.234, 1234.0, 900.0]);
    assert_eq!(told, "line 2: thousands or decimals? amounts read as in English: 2; set decimal_sign");
    let (read, told) = of("{}", "id;amount\n1;12,5\n2;1.234\n3;12.5\n4;2.345\n");
    assert_eq!(read, [12.5, 1.234, 12.5, 2.345]);
    assert_eq!(told, "line 3: thousands or decimals? amounts read as in English: 2; set decimal_sign");
    // Where nothing is open, nothing is told.
    assert_eq!(of("{}", "id;amount\n1;12,5\n2;12.5\n"), (vec![12.5, 12.5], String::new()));
}

/// Sums, rows without an id and amounts in another currency are none that were read.
#[test]
fn what_is_left_out_gives_no_clue() {
    let told = "line 2: thousands or decimals? amounts read as in English: 1; set decimal_sign";
    for rest in ["Total;12,5\n", ";12,5\n", "2;12,5x\n"] {
        let (read, notes) = of("{}", &["id;amount\n1;1.234\n", rest].concat());
        assert_eq!(read[0], 1.234, "{rest}");
        assert!(notes.contains(told), "{rest}: {notes}");
    }
    let (read, _) = of("{}", "id;amount\n1;1.234\n2;£12,5\n");
    assert_eq!(read[0], 1.234);
}

#[test]
fn the_charters_word_wins() {
    let said = |sign| format!(r#"{{"sources": {{"deals": {{"decimal_sign": "{sign}"}}}}}}"#);
    assert_eq!(of(&said(","), "id;amount\n1;1.234\n2;1,234\n"), (vec![1234.0, 1.234], String::new()));
    let (read, _) = of(&said("."), "id;amount\n1;1.234\n2;12,5\n3;1,234\n");
    assert_eq!((read[0], read[1].is_nan(), read[2]), (1.234, true, 1234.0));
}

/// A number of JSON has a point and says nothing of how people write; text does.
#[test]
fn numbers_are_never_open() {
    let rows = |last: &str| {
        format!("[{{\"id\":1,\"amount\":1.234}},{{\"id\":2,\"amount\":\"1.234\"}},{{\"id\":3,\"amount\":{last}}}]")
    };
    assert_eq!(of("{}", &rows("\"12,5\"")), (vec![1.234, 1234.0, 12.5], String::new()));
    let (read, told) = of("{}", &rows("12.5"));
    assert_eq!(read, [1.234, 1.234, 12.5]);
    assert!(told.contains("as in English: 1;"), "{told}");
    let comma = r#"{"sources": {"deals": {"decimal_sign": ","}}}"#;
    assert_eq!(of(comma, &rows("12.5")), (vec![1.234, 1234.0, 12.5], String::new()));
    let text = ["1.234", "12,5", "2,500"].map(str::to_owned).to_vec();
    let columns = vec![
        ("id".to_owned(), InputColumn::Number(vec![1.0, 2.0, 3.0])),
        ("amount".into(), InputColumn::Text(text)),
        ("recurring_amount".into(), InputColumn::Number(vec![1.234, 12.5, f64::NAN])),
    ];
    let table = from_columns(&Charter::default(), &Zone::utc(), "deals", "page", columns).unwrap();
    assert_eq!(table.money("amount").unwrap(), [1_234_000_000, 12_500_000, 2_500_000]);
    assert_eq!(table.money("recurring_amount").unwrap()[..2], [1_234_000, 12_500_000]);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

    /// What the file says later is what the charter would have said before.
    #[test]
    fn open_amounts_with_a_comma(cell in "[-(]?[€]?[1-9][0-9]{0,2}[.,][0-9]{3}") {
        let cell = if cell.starts_with('(') { cell + ")" } else { cell };
        let (amount, clue) = read_with_clue(&cell, None).unwrap();
        proptest::prop_assert_eq!(clue, Clue::Open);
        proptest::prop_assert_eq!(Some(amount), read(&cell, Some('.')));
        proptest::prop_assert_eq!(Some(with_comma(amount)), read(&cell, Some(',')));
    }

    /// Neither the order of rows nor where chunks end changes what is read, or how many are said to be guessed.
    #[test]
    fn order_and_chunks_change_nothing(
        cells in proptest::collection::vec(proptest::sample::select(vec![
            "1.234", "1,234", "999.000", "-12,500", "7", "", "x", "12,5", "1.234.567", "12.5", "0.125", "1,234.5",
        ]), 0..9),
        turn in 0_usize..9,
        cuts in proptest::collection::vec(1_usize..9, 1..9),
        json: bool,
    ) {
        let outcome = |order: &[usize], cuts: &[usize]| {
            let row = |at: &usize| if json {
                format!("{{\"id\":\"r{at}\",\"amount\":\"{}\"}}\n", cells[*at])
            } else {
                format!("r{at};{}\n", cells[*at])
            };
            let rows: String = order.iter().map(row).collect();
            let text = if json { "{\"id\":\"z\",\"amount\":\"1.000\"}\n" } else { "id;amount\nz;1.000\n" }.to_owned() + &rows;
            let mut reader = Reader::new(&Rc::default(), &Zone::utc(), None, "file");
            let mut rest = text.as_bytes();
            let mut cuts = cuts.iter().cycle();
            while !rest.is_empty() {
                let (chunk, after) = rest.split_at((*cuts.next().unwrap()).min(rest.len()));
                reader.push(chunk).unwrap();
                rest = after;
            }
            let table = reader.finish().unwrap();
            let told = table.fields.iter().flat_map(|field| &field.examples).find_map(|cell| cell.found.split_once("English"));
            let told = told.map(|(_, count)| count.to_owned());
            (format!("{:?}", amounts(&table)), told)
        };
        let order: Vec<usize> = (0..cells.len()).collect();
        let mut turned = order.clone();
        turned.rotate_left(turn.min(cells.len()));
        turned.reverse();
        let expected = outcome(&order, &[usize::MAX]);
        proptest::prop_assert_eq!(&outcome(&order, &cuts), &expected);
        proptest::prop_assert_eq!(&outcome(&turned, &[usize::MAX]), &expected);
    }
}
