use super::*;
use crate::charter::Charter;
use crate::kpi::tests::table;
use proptest::prelude::*;

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
    // Telephones behind a gateway: what begins with a plus has no tag.
    let text = "id | email\na | +491701111111@mms.example.net\nb | +491702222222@mms.example.net\nc | +491701111111@MMS.example.net";
    assert_eq!(entities(text), [["a", "c"]]);
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

/// Colleagues share account and switchboard, two values that only they have: 2 × 9.8 bits, 3.3 less for other names,
/// leave 16.3 of the 13.0 needed. That they have other addresses at one domain takes 6.6 more. Without addresses nothing
/// tells them from one person whose name was entered twice.
#[test]
fn a_switchboard_is_not_a_person() {
    let found = entities(
        "id | email          | phone          | name       | account
         a  | ida@kestrel.com | +49 30 1234567 | Ida Korn  | Kestrel Bay
         b  | eva@kestrel.com | +49 30 1234567 | Eva Stein | Kestrel Bay
         c  |                 | +49 40 7654321 | Jo Lund   | Tern
         d  |                 | +49 40 7654321 | Max Uhl   | Tern",
    );
    assert_eq!(found, [["c", "d"]]);
}

/// Where two people's accounts differ, the domains say nothing more: 2 × 9.8 bits of number and name, 3.3 less. Where
/// one account is blank, the domains differ: 3.3 less as well. Blank accounts and the same domain: 3 × 9.8 − 6.6.
#[test]
fn domain_and_account_speak_once() {
    let found = entities(
        "id | email        | phone       | name    | account
         a  | jo@tern.com  | 040 5554321 | Jo Lund | Tern
         b  | jo@mail.org  | 040 5554321 | Jo Lund | Mallard
         c  | ed@gull.com  | 030 7654321 | Ed Voss | Gull
         d  | ed@post.org  | 030 7654321 | Ed Voss |
         e  | al@skua.com  | 020 1234567 | Al Bohm |
         f  | a.b@skua.com | 020 1234567 | Al Bohm |
         g  | uwe@rook.com |             | Uwe Ott | Rook
         h  | bea@rook.com |             | Bea Ott | Rook & Sons",
    );
    assert_eq!(found, [["a", "b"], ["c", "d"], ["e", "f"]], "g and h: 9.8 − 6.6 bits, and names alike");
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

/// The first of all rows with the same address, looked for in all of them; ids are in order of nothing.
fn first_of_address(table: &Table, row: usize) -> usize {
    let text = |field: &str, row: usize| table.text(field).map_or("", |column| column.get(row)).to_owned();
    let address = |row: usize| normal::email(&text("email", row));
    let same = (0..table.rows).filter(|other| address(*other) == address(row));
    if address(row).is_empty() { row } else { same.min_by_key(|other| text("id", *other)).unwrap() }
}

/// Of 9,000 records, all with the same name, each is compared with eight others: 72,000 pairs, at 16 rows' time each.
#[test]
fn no_step_is_long_however_much_is_asked_for() {
    let mut text = String::from("id | name");
    (0..9000).for_each(|at| text += &format!("\n{at} | Ana Petrova"));
    let table = table("contacts", &text);
    let mut search = Search::new(&table, &Charter::default().data_standard, NOW);
    let mut steps = 1;
    while !search.step(&table, &mut { usize::MAX }) {
        assert!(search::WORK.take() <= search::MOST / 8, "as many sorted or placed, or fewer of what takes longer");
        steps += 1;
    }
    assert!(steps > 3, "{steps}");
    assert_eq!(search.entities().unwrap().several(), Vec::<Vec<usize>>::new(), "a name that all have proves nothing");
}

proptest! {
    /// However small the steps, the same is found, and no step does more than it may.
    #[test]
    fn in_steps_as_in_one_go(
        rows in proptest::collection::vec(("[ab]{0,2}", "[12]{6,7}|", "[xyz]{0,3}", "[pq]?", 0_u8..4), 1..40),
        budget in 1_usize..50,
    ) {
        let mut text = String::from("id | email | phone | name | account | created_at");
        for (at, (email, phone, name, account, month)) in rows.iter().enumerate() {
            let email = if email.is_empty() { String::new() } else { [email, "@", account, ".com"].concat() };
            let made = if *month == 0 { String::new() } else { format!("202{}-01-01", month + 3) };
            text += &format!("\n{:02} | {email} | {phone} | {name} | {account} | {made}", (at * 7) % 41);
        }
        let table = table("contacts", &text);
        let standard = Charter::default().data_standard;
        let whole = Entities::find(&table, &standard, NOW);
        let mut search = Search::new(&table, &standard, NOW);
        loop {
            let mut left = budget;
            search::WORK.set(0);
            let done = search.step(&table, &mut left);
            prop_assert!(search::WORK.get() <= budget + WINDOW, "{} of {budget}", search::WORK.get());
            if done {
                break;
            }
            prop_assert!(search::WORK.get() > 0 || left < budget, "nothing done");
        }
        let whole = whole.unwrap();
        let steps = search.entities().unwrap();
        prop_assert_eq!((&steps.first, &steps.known), (&whole.first, &whole.known));
    }

    #[test]
    fn the_same_address_is_one_person(emails in proptest::collection::vec("[abAB]{0,2}", 1..40)) {
        let mut text = String::from("id | email");
        for (at, email) in emails.iter().enumerate() {
            let email = if email.is_empty() { String::new() } else { [email, "@x.com"].concat() };
            text += &format!("\n{:02} | {email}", (at * 7) % 41);
        }
        let table = table("contacts", &text);
        let found = Entities::find(&table, &Charter::default().data_standard, NOW).unwrap();
        let found: Vec<usize> = (0..table.rows).map(|row| found.first(row)).collect();
        prop_assert_eq!(found, (0..table.rows).map(|row| first_of_address(&table, row)).collect::<Vec<_>>());
    }
}
