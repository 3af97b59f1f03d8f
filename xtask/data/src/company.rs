//! Larkfield Systems' year: leads that come in with the seasons, work their way along the lifecycle at a speed and
//! with a success that depend on where they came from and who looked after them, and the deals that come of it.

use super::calendar::{MINUTES, inbound, midnight, office};
use super::names::{COUNTRIES, OWNERS, SKILL, company, person};
use super::random::Random;
use std::collections::BTreeSet;

/// Contacts, before anything is planted.
pub const CONTACTS: usize = 5_000;
/// Deals, before anything is planted.
pub const DEALS: usize = 600;
const ACCOUNTS: usize = 1_450;

/// Sources: share of leads, quality against the others, and whether fairs in spring and autumn bring more of it.
const SOURCES: &[(&str, f64, f64, bool)] = &[
    ("Organic Search", 25.0, 1.10, false),
    ("Paid Search", 18.0, 0.92, false),
    ("Paid Social", 15.0, 0.62, false),
    ("Email Marketing", 10.0, 1.05, false),
    ("Referrals", 8.0, 1.55, false),
    ("Offline Sources", 10.0, 1.20, true),
    ("Direct Traffic", 14.0, 0.98, false),
];

/// First month, and leads for each month from October 2024 to December 2025 in proportion.
const SEASON: &[(i32, u32, f64)] = &[
    (2024, 10, 300.0),
    (2024, 11, 310.0),
    (2024, 12, 185.0),
    (2025, 1, 295.0),
    (2025, 2, 320.0),
    (2025, 3, 390.0),
    (2025, 4, 325.0),
    (2025, 5, 370.0),
    (2025, 6, 330.0),
    (2025, 7, 290.0),
    (2025, 8, 225.0),
    (2025, 9, 405.0),
    (2025, 10, 435.0),
    (2025, 11, 375.0),
    (2025, 12, 235.0),
];

/// Stage names as HubSpot writes them.
pub const STAGES: [&str; 5] = ["Lead", "Marketing Qualified Lead", "Sales Qualified Lead", "Opportunity", "Customer"];
/// Open deal stages in order, with the share of the cycle at which a deal has left them.
pub const OPEN_STAGES: [(&str, f64); 5] = [
    ("Appointment Scheduled", 0.15),
    ("Qualified To Buy", 0.4),
    ("Presentation Scheduled", 0.6),
    ("Decision Maker Bought-In", 0.85),
    ("Contract Sent", f64::INFINITY),
];

/// A company.
pub struct Account {
    pub name: String,
    pub country: usize,
    pub owner: usize,
}

/// A contact. Times are minutes on Berlin's clocks.
#[derive(Clone)]
pub struct Contact {
    pub id: u64,
    pub first: &'static str,
    pub last: &'static str,
    pub account: usize,
    pub owner: Option<&'static str>,
    pub source: Option<&'static str>,
    pub created: i64,
    pub entered: [Option<i64>; 5],
    pub disqualified: Option<i64>,
    pub modified: i64,
    /// Cells that something was planted in: column and what stands there.
    pub planted: Vec<(&'static str, String)>,
}

/// A deal. Amounts are whole currency units.
#[derive(Clone)]
pub struct Deal {
    pub id: u64,
    pub contact: u64,
    pub account: usize,
    pub owner: Option<&'static str>,
    pub source: Option<&'static str>,
    pub created: i64,
    pub closes: i64,
    pub stage: &'static str,
    pub amount: i64,
    pub currency: &'static str,
    pub modified: i64,
    /// Cells that something was planted in: column and what stands there.
    pub planted: Vec<(&'static str, String)>,
}

/// The company with all its records.
pub struct Company {
    pub accounts: Vec<Account>,
    pub contacts: Vec<Contact>,
    pub deals: Vec<Deal>,
}

/// The instant up to which the export goes: midnight at the end of 2025.
pub fn as_of() -> i64 {
    midnight(2026, 1, 1)
}

/// Lives the year.
pub fn live(random: &mut Random) -> Company {
    let accounts = accounts(random);
    let mut company = Company { accounts, contacts: Vec::new(), deals: Vec::new() };
    let total: f64 = SEASON.iter().map(|(_, _, leads)| leads).sum();
    let mut made = 0.0;
    for (year, month, leads) in SEASON {
        made += leads;
        let until = (made / total * CONTACTS as f64).round() as usize;
        let first = midnight(*year, *month, 1) / MINUTES;
        let next = midnight(year + (*month / 12) as i32, month % 12 + 1, 1) / MINUTES;
        let mut arrivals: Vec<(i64, usize)> = (company.contacts.len()..until)
            .map(|_| {
                let source = source(random, *month);
                // A fair lasts three days.
                let day = if SOURCES[source].3 && random.chance(0.7) {
                    first + 16 + random.below(3) as i64
                } else {
                    first + random.below((next - first) as usize) as i64
                };
                (inbound(random, day).max(first * MINUTES), source)
            })
            .collect();
        arrivals.sort_unstable();
        for (at, source) in arrivals {
            contact(random, &mut company, at, source);
        }
    }
    expansions(random, &mut company);
    company
}

fn accounts(random: &mut Random) -> Vec<Account> {
    let weights: Vec<f64> = COUNTRIES.iter().map(|country| country.weight).collect();
    let mut names = BTreeSet::new();
    let mut accounts = Vec::new();
    while accounts.len() < ACCOUNTS {
        let country = random.weighted(&weights);
        let name = company(random, country);
        if names.insert(name.clone()) {
            let owner = random.below(OWNERS[COUNTRIES[country].region].len());
            accounts.push(Account { name, country, owner });
        }
    }
    accounts
}

fn source(random: &mut Random, month: u32) -> usize {
    let fairs = matches!(month, 3 | 5 | 9 | 10);
    let weights: Vec<f64> =
        SOURCES.iter().map(|(_, share, _, fair)| if *fair && fairs { share * 2.4 } else { *share }).collect();
    random.weighted(&weights)
}

fn contact(random: &mut Random, company: &mut Company, created: i64, source: usize) {
    // A few companies send many people, most send a few.
    let account = (libm::pow(random.share(), 1.6) * ACCOUNTS as f64) as usize;
    let Account { country, owner, .. } = company.accounts[account];
    let region = COUNTRIES[country].region;
    let owner = if random.chance(0.85) { owner } else { random.below(OWNERS[region].len()) };
    let quality = SOURCES[source].2;
    let (first, last) = person(random, country);
    let mut contact = Contact {
        id: 48_200_000 + 137 * company.contacts.len() as u64 + random.below(130) as u64,
        first,
        last,
        account,
        owner: Some(OWNERS[region][owner]),
        source: Some(SOURCES[source].0),
        created,
        entered: [Some(created), None, None, None, None],
        disqualified: None,
        modified: created,
        planted: Vec::new(),
    };
    let end = as_of();
    let leak = midnight(2025, 7, 1);
    let mut at = created;
    for step in 0..3 {
        let late = at >= leak;
        // From July on the hand-over to sales loses more of the leads and takes longer over the rest.
        let (share, median, spread) = match step {
            0 => (0.43, 5.0, 1.2),
            1 if late => (0.30, 9.0, 1.1),
            1 => (0.45, 5.0, 1.0),
            _ => (0.60, 11.0, 0.9),
        };
        let lift = if step == 2 { libm::sqrt(quality) } else { quality };
        if !random.chance((share * lift).min(0.9)) {
            give_up(random, &mut contact, at, 0.62);
            company.contacts.push(contact);
            return;
        }
        let days = random.log_normal(median, spread);
        at = office(random, at, days);
        if at >= end {
            company.contacts.push(contact);
            return;
        }
        contact.entered[step + 1] = Some(at);
        contact.modified = at;
    }
    let won = deal(random, company, &contact, SKILL[region][owner] * libm::sqrt(quality), at);
    match won {
        Some((true, closed)) => {
            contact.entered[4] = Some(closed);
            contact.modified = closed;
        }
        Some((false, closed)) => {
            contact.modified = closed;
            give_up(random, &mut contact, closed, 0.4);
        }
        None => {}
    }
    company.contacts.push(contact);
}

fn give_up(random: &mut Random, contact: &mut Contact, after: i64, probability: f64) {
    if random.chance(probability) {
        let days = random.log_normal(32.0, 0.8);
        let at = office(random, after, days);
        if at < as_of() {
            contact.disqualified = Some(at);
            contact.modified = at;
        }
    }
}

/// Opens a deal and says, once it is closed, whether it was won and when.
fn deal(random: &mut Random, company: &mut Company, contact: &Contact, lift: f64, created: i64) -> Option<(bool, i64)> {
    let country = &COUNTRIES[company.accounts[contact.account].country];
    let amount = random.log_normal(13_500.0, 0.85).clamp(1_200.0, 240_000.0);
    // Larger deals take longer and are lost more often.
    let size = libm::pow(amount / 13_500.0, 0.22);
    let won = random.chance((0.29 * lift / size).min(0.85));
    let days = random.log_normal(if won { 44.0 } else { 52.0 } * size, 0.62);
    let closes = office(random, created, days);
    let closed = closes < as_of();
    let gone = (as_of() - created) as f64 / (closes - created) as f64;
    let stage = match (closed, won) {
        (true, true) => "Closed Won",
        (true, false) => "Closed Lost",
        _ => OPEN_STAGES.iter().find(|(_, until)| gone < *until).map_or("Contract Sent", |(stage, _)| *stage),
    };
    // What people enter as the expected date of an open deal is the end of some month.
    let shown = if closed { closes } else { closes.max(as_of() - 20 * MINUTES) / MINUTES * MINUTES + 17 * 60 };
    company.deals.push(Deal {
        id: 9_310_000 + 61 * company.deals.len() as u64 + random.below(60) as u64,
        contact: contact.id,
        account: contact.account,
        owner: contact.owner,
        source: contact.source,
        created: created + 2,
        closes: shown,
        stage,
        amount: (amount / 50.0).round() as i64 * 50,
        currency: country.currency,
        modified: if closed { closes } else { created + (as_of() - created) * 3 / 4 },
        planted: Vec::new(),
    });
    closed.then_some((won, closes))
}

/// Customers buy again: further deals with accounts that became customers, up to the number wanted.
fn expansions(random: &mut Random, company: &mut Company) {
    let customers: Vec<usize> =
        (0..company.contacts.len()).filter(|index| company.contacts[*index].entered[4].is_some()).collect();
    while company.deals.len() < DEALS {
        let contact = company.contacts[*random.pick(&customers)].clone();
        let bought = contact.entered[4].unwrap_or_default();
        let days = random.log_normal(70.0, 0.6);
        let created = office(random, bought, days);
        if created < as_of() {
            deal(random, company, &contact, 1.15, created);
        }
    }
}
