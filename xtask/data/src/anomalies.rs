//! What goes wrong in real exports, a known number of each. No record bears two, so that every one can be counted.

use super::calendar::{MINUTES, text};
use super::company::{Company, Contact, Deal};
use super::random::Random;

/// One kind of anomaly, for the list in the README.
pub struct Anomaly {
    pub table: &'static str,
    pub count: usize,
    pub text: &'static str,
}

const fn anomaly(table: &'static str, count: usize, text: &'static str) -> Anomaly {
    Anomaly { table, count, text }
}

pub const DUPLICATE_CONTACTS: Anomaly =
    anomaly("contacts", 37, "rows with the Record ID of another row and an older Last Modified Date");
pub const BLANK_CONTACT_ROWS: Anomaly = anomaly("contacts", 2, "rows of commas only");
pub const NO_CONTACT_OWNER: Anomaly = anomaly("contacts", 148, "contacts with the owner “(No value)” or blank");
pub const NO_CONTACT_SOURCE: Anomaly = anomaly("contacts", 96, "contacts with the source “(No value)” or blank");
pub const BAD_LEAD_DATE: Anomaly = anomaly("contacts", 9, "contacts whose Became a Lead Date can’t be read");
pub const SKIPPED_STAGE: Anomaly =
    anomaly("contacts", 64, "contacts with a Sales Qualified Lead date but no Marketing Qualified Lead date");
pub const SWAPPED_STAGES: Anomaly =
    anomaly("contacts", 26, "contacts that entered Sales Qualified Lead before Marketing Qualified Lead");
pub const EARLY_CUSTOMER: Anomaly =
    anomaly("contacts", 11, "contacts with a Became a Customer Date before their Became a Lead Date");
pub const DUPLICATE_DEALS: Anomaly =
    anomaly("deals", 5, "rows with the Record ID of another row and an older Last Modified Date");
pub const BLANK_AMOUNT: Anomaly = anomaly("deals", 14, "deals without an amount");
pub const BAD_AMOUNT: Anomaly = anomaly("deals", 2, "deals whose amount can’t be read (“tbc”)");
pub const NO_DEAL_OWNER: Anomaly = anomaly("deals", 17, "deals with the owner “(No value)” or blank");
pub const NO_RATE: Anomaly = anomaly("deals", 6, "deals in SEK, for which the charter has no exchange rate");
pub const BAD_CLOSE_DATE: Anomaly = anomaly("deals", 3, "closed deals whose Close Date can’t be read");
pub const NEGATIVE_CYCLE: Anomaly = anomaly("deals", 7, "won deals with a Close Date before their Create Date");
pub const UNKNOWN_STAGE: Anomaly = anomaly("deals", 4, "deals in the stage “Parked”, which the charter does not name");
pub const TOTAL_LINE: Anomaly = anomaly("deals", 1, "line “Total” at the end, as people leave it who opened the file");

/// All of them, in the order of the README.
pub const ALL: &[Anomaly] = &[
    DUPLICATE_CONTACTS,
    BLANK_CONTACT_ROWS,
    NO_CONTACT_OWNER,
    NO_CONTACT_SOURCE,
    BAD_LEAD_DATE,
    SKIPPED_STAGE,
    SWAPPED_STAGES,
    EARLY_CUSTOMER,
    DUPLICATE_DEALS,
    BLANK_AMOUNT,
    BAD_AMOUNT,
    NO_DEAL_OWNER,
    NO_RATE,
    BAD_CLOSE_DATE,
    NEGATIVE_CYCLE,
    UNKNOWN_STAGE,
    TOTAL_LINE,
];

/// Dates as people and spreadsheets spoil them.
const SPOILT: [&str; 5] = ["31.02.2025", "#REF!", "2025-13-07 09:00", "next week", "0000-00-00"];

/// Plants everything but blank rows and the total line, which are no records.
pub fn plant(random: &mut Random, company: &mut Company) {
    let Company { contacts, deals, accounts } = company;
    // The company whose name somebody pasted with its line break.
    if let Some(account) = accounts.get_mut(3) {
        account.name = account.name.replacen(' ', "\n", 1);
    }

    for (turn, contact) in choose(random, contacts, &BAD_LEAD_DATE, fresh).into_iter().enumerate() {
        contacts[contact].planted.push(("Became a Lead Date", SPOILT[turn % SPOILT.len()].into()));
    }
    for index in choose(random, contacts, &SKIPPED_STAGE, |contact| fresh(contact) && contact.entered[2].is_some()) {
        contacts[index].entered[1] = None;
        contacts[index].planted.push(("", String::new()));
    }
    for index in choose(random, contacts, &SWAPPED_STAGES, |contact| {
        fresh(contact) && matches!((contact.entered[1], contact.entered[2]), (Some(a), Some(b)) if b - a > MINUTES)
    }) {
        contacts[index].entered.swap(1, 2);
        contacts[index].planted.push(("", String::new()));
    }
    for index in choose(random, contacts, &EARLY_CUSTOMER, |contact| fresh(contact) && contact.entered[4].is_some()) {
        let days = 20 + random.below(300) as i64;
        contacts[index].entered[4] = Some(contacts[index].created - days * MINUTES);
        contacts[index].planted.push(("", String::new()));
    }
    for (turn, index) in choose(random, contacts, &NO_CONTACT_OWNER, fresh).into_iter().enumerate() {
        contacts[index].owner = None;
        contacts[index].planted.push(("Contact owner", no_value(turn)));
    }
    for (turn, index) in choose(random, contacts, &NO_CONTACT_SOURCE, fresh).into_iter().enumerate() {
        contacts[index].source = None;
        contacts[index].planted.push(("Original Traffic Source", no_value(turn)));
    }
    let twins = choose(random, contacts, &DUPLICATE_CONTACTS, fresh);
    for index in twins {
        let mut twin = contacts[index].clone();
        twin.modified -= (1 + random.below(40) as i64) * MINUTES;
        twin.planted.push(("", String::new()));
        contacts[index].planted.push(("", String::new()));
        let at = index + 1 + random.below(contacts.len() - index);
        contacts.insert(at, twin);
    }

    let whole = |deal: &Deal| deal.planted.is_empty();
    let closed = |deal: &Deal| deal.planted.is_empty() && deal.stage.starts_with("Closed");
    for index in choose(random, deals, &NO_RATE, |deal| whole(deal) && deal.currency == "EUR") {
        deals[index].currency = "SEK";
        deals[index].amount *= 11;
        deals[index].planted.push(("", String::new()));
    }
    for index in choose(random, deals, &BLANK_AMOUNT, whole) {
        deals[index].planted.push(("Amount", String::new()));
    }
    for index in choose(random, deals, &BAD_AMOUNT, whole) {
        deals[index].planted.push(("Amount", "tbc".into()));
    }
    for (turn, index) in choose(random, deals, &NO_DEAL_OWNER, whole).into_iter().enumerate() {
        deals[index].planted.push(("Deal owner", no_value(turn)));
    }
    for (turn, index) in choose(random, deals, &BAD_CLOSE_DATE, closed).into_iter().enumerate() {
        deals[index].planted.push(("Close Date", SPOILT[turn].into()));
    }
    let won = |deal: &Deal| deal.planted.is_empty() && deal.stage == "Closed Won";
    for index in choose(random, deals, &NEGATIVE_CYCLE, won) {
        let before = deals[index].created - (1 + random.below(25) as i64) * MINUTES;
        deals[index].planted.push(("Close Date", text(before)));
    }
    for index in choose(random, deals, &UNKNOWN_STAGE, |deal| whole(deal) && !deal.stage.starts_with("Closed")) {
        deals[index].planted.push(("Deal Stage", "Parked".into()));
    }
    for index in choose(random, deals, &DUPLICATE_DEALS, whole) {
        let mut twin = deals[index].clone();
        twin.modified -= (1 + random.below(20) as i64) * MINUTES;
        twin.planted.push(("", String::new()));
        deals[index].planted.push(("", String::new()));
        let at = index + 1 + random.below(deals.len() - index);
        deals.insert(at, twin);
    }
}

fn fresh(contact: &Contact) -> bool {
    contact.planted.is_empty()
}

fn no_value(turn: usize) -> String {
    if turn % 3 == 2 { String::new() } else { "(No value)".into() }
}

/// Draws as many records as the anomaly wants from those that fit. Positions are given from the last to the first,
/// so that inserting beside one leaves the others where they are.
fn choose<T>(random: &mut Random, records: &[T], anomaly: &Anomaly, fits: impl Fn(&T) -> bool) -> Vec<usize> {
    let mut fitting: Vec<usize> = (0..records.len()).filter(|index| fits(&records[*index])).collect();
    assert!(fitting.len() >= anomaly.count, "too few {} for: {}", anomaly.table, anomaly.text);
    let mut chosen: Vec<usize> = (0..anomaly.count).map(|_| fitting.swap_remove(random.below(fitting.len()))).collect();
    chosen.sort_unstable_by(|a, b| b.cmp(a));
    chosen
}
