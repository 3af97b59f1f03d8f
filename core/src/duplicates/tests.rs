use super::*;
use crate::charter::Charter;
use crate::kpi::tests::table;

const NOW: i64 = 1_767_225_600_000;

/// The entities as lists of ids.
fn entities(text: &str) -> Vec<Vec<String>> {
    let table = table("contacts", text);
    let ids = table.text("id").unwrap();
    let found = Entities::find(&table, &Charter::default().data_standard, NOW).unwrap();
    found.several().into_iter().map(|rows| rows.into_iter().map(|row| ids.get(row).to_owned()).collect()).collect()
}

#[test]
fn same_address_however_written() {
    let found = entities(
        "id | email
         a  | ana@example.com
         b  | Ana+news@Example.com
         c  | anna@example.com
         d  |
         e  |",
    );
    assert_eq!(found, [["a", "b"]]);
}

/// 1,000 is the least file size taken, so a value that only these two have is worth log2(0.9 × 1,000) = 9.8 bits, and
/// 3 + log2(1,000) = 13.0 bits are needed: two such fields suffice, one does not.
#[test]
fn evidence_of_two_fields() {
    let found = entities(
        "id | email           | phone            | name         | account
         a  | ana@example.com | +49 30 1234567   | Ana Petrova  | Example
         b  | ap@mail.org     | 0049-30-1234567  | Ana Petrowa  |
         c  |                 |                  | Ben Ode      | Zeta
         d  | ben@zeta.com    |                  | Ben Ode      | Zeta
         e  |                 |                  | Cem Ay       | Eta
         f  |                 |                  | Cem Ay       | Theta
         g  |                 | 030 765 43 21    | Dora Lind    |
         h  |                 | 030/7654321      | Emil Stark   |",
    );
    assert_eq!(found, [["a", "b"], ["c", "d"]], "one name or one number alone is no proof");
}

/// Domain and account are each worth 9.8 bits here and say the same thing: they count once. Two addresses at one domain
/// take 2 × log2(0.1) = 6.6 bits, and two names another 3.3, unless they are alike.
#[test]
fn colleagues_are_not_one_person() {
    let found = entities(
        "id | email             | phone          | name       | account
         a  | ida@kestrel.com   | +49 30 1234567 | Ida Korn   | Kestrel Bay
         b  | eva@kestrel.com   | +49 30 7654321 | Eva Stein  | Kestrel Bay
         c  | otto@kestrel.com  |                | Otto Brandt | Kestrel Bay AG
         d  | i.korn@tern.com   | +49 40 5554321 | Jo Lund    | Tern
         e  | jo.lund@tern.com  | 040 5554321    | Jo Lund    | Tern",
    );
    assert_eq!(found, [["d", "e"]], "same number and name at one company: 9.8 × 3 − 6.6 of 13.0 bits");
}

#[test]
fn the_earliest_comes_first() {
    let table = table(
        "contacts",
        "id | email   | created_at
         b  | x@y.com | 2025-02-01
         a  | x@y.com | 2025-02-01
         c  | x@y.com |
         d  | x@y.com | 2024-02-01
         e  | x@y.com | 2030-01-01",
    );
    let found = Entities::find(&table, &Charter::default().data_standard, NOW).unwrap();
    assert_eq!((0..5).map(|row| found.first(row)).collect::<Vec<_>>(), [3, 3, 3, 3, 4], "e was made after the as-of");
    let earlier = Entities::find(&table, &Charter::default().data_standard, 1_735_689_600_000).unwrap();
    assert_eq!((0..5).map(|row| earlier.first(row)).collect::<Vec<_>>(), [0, 1, 3, 3, 4]);
}

#[test]
fn without_match_fields_nothing_is_known() {
    let table = table("contacts", "id | country\na | DE");
    assert!(Entities::find(&table, &Charter::default().data_standard, NOW).is_none());
}
