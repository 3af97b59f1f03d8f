//! The columns that came later: how to reach a contact, who got it first, whether it may be written to. Each record
//! draws from a stream of its own, so that the columns that were there before stay as they were, and a duplicated row
//! bears what its original bears.

use super::SEED;
use super::calendar::{MINUTES, midnight, next_office_minute};
use super::company::{Company, Contact, as_of};
use super::names::{COUNTRIES, OWNERS, ascii, person};
use super::random::Random;
use std::collections::{BTreeMap, BTreeSet};

/// Sales regions, in the order of [`OWNERS`].
pub const REGIONS: [&str; 5] = ["DACH", "UK & Ireland", "Benelux & France", "Nordics & Poland", "Americas"];
/// Market segments. The last one has been written to until it no longer listens.
pub const SEGMENTS: [&str; 4] = ["Enterprise", "Mid-market", "Small business", "Public sector"];
/// The region whose leads went to the wrong desk, that desk, and since when.
pub const MISROUTED_REGION: usize = 3;
pub const WRONG_DESK: &str = "Marcus Whitfield";
/// Contacts who are there twice under two ids: with the same e-mail address, and with another one.
pub const SAME_ADDRESS: usize = 25;
pub const OTHER_ADDRESS: usize = 35;
/// Contacts whose first response stands before their creation.
pub const EARLY_RESPONSE: usize = 6;

/// What the later columns say of a contact. Times are minutes on Berlin's clocks.
#[derive(Clone)]
pub struct Details {
    pub first: String,
    pub last: String,
    pub email: String,
    pub phone: String,
    pub segment: &'static str,
    pub region: &'static str,
    pub first_owner: &'static str,
    pub assigned: i64,
    pub responded: Option<i64>,
    pub consent: &'static str,
    pub basis: &'static str,
    pub consented: Option<i64>,
    pub suppressed: Option<i64>,
}

fn stream(id: u64, purpose: u64) -> Random {
    Random::new(SEED ^ id.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ purpose)
}

/// The segment of a company: sales people divide each region by it.
pub fn segment(company: &Company, account: usize) -> &'static str {
    let mut random = stream(account as u64, 1);
    let place = &company.accounts[account];
    let desks = OWNERS[COUNTRIES[place.country].region].len();
    match (place.owner, desks) {
        (0, 1) => SEGMENTS[random.weighted(&[2.0, 3.0, 4.0])],
        (0, _) if random.chance(0.24) => SEGMENTS[3],
        (0, _) => SEGMENTS[0],
        (1, 3) => SEGMENTS[1],
        (1, _) if random.chance(0.45) => SEGMENTS[1],
        _ => SEGMENTS[2],
    }
}

/// The desk that the routing rules give: region and segment, or the only desk there is.
pub fn desk(region: usize, segment: &str) -> &'static str {
    let desks = OWNERS[region];
    let index = match (desks.len(), segment) {
        (1, _) | (_, "Enterprise" | "Public sector") => 0,
        (3, "Small business") => 2,
        _ => 1,
    };
    desks[index]
}

/// Details of every contact, by id.
pub fn of(company: &Company) -> BTreeMap<u64, Details> {
    let mut all: BTreeMap<u64, Details> = BTreeMap::new();
    let mut known = BTreeSet::new();
    for contact in &company.contacts {
        if all.contains_key(&contact.id) {
            continue;
        }
        let mut details = one(company, contact);
        // Namesakes in one company would be taken for one person, and rightly so.
        let mut random = stream(contact.id, 3);
        while !known.insert((contact.account, details.first.clone(), details.last.clone())) {
            let (_, other) = person(&mut random, company.accounts[contact.account].country);
            details.last = format!("{}-{other}", contact.last);
        }
        all.insert(contact.id, details);
    }
    plant(company, &mut all);
    all
}

fn one(company: &Company, contact: &Contact) -> Details {
    let mut random = stream(contact.id, 2);
    let account = &company.accounts[contact.account];
    let country = &COUNTRIES[account.country];
    let segment = segment(company, contact.account);
    let right = desk(country.region, segment);
    let misrouted =
        country.region == MISROUTED_REGION && contact.created >= midnight(2025, 6, 1) && random.chance(0.45);
    let first_owner = if misrouted {
        WRONG_DESK
    } else if random.chance(0.97) {
        right
    } else {
        OWNERS[country.region][random.below(OWNERS[country.region].len())]
    };
    let wait = if misrouted { random.log_normal(3_600.0, 0.5) } else { random.log_normal(9.0, 1.0) };
    let assigned = contact.created + 1 + wait as i64;
    let never = if misrouted { 0.34 } else { 0.13 };
    let pace = match country.region {
        _ if misrouted => 420.0,
        1 => 38.0,
        2 => 95.0,
        4 => 150.0,
        _ => 62.0,
    };
    let responded = (!random.chance(never)).then(|| {
        let start = if misrouted { assigned } else { contact.created };
        next_office_minute(start, random.log_normal(pace, 1.15) as i64 + 2)
    });
    let (consent, basis, age) = match random.weighted(&[58.0, 16.0, 6.0, 20.0]) {
        0 => ("given", "Freely given consent from contact", true),
        1 => ("given", "Legitimate interest – prospect/lead", true),
        2 => ("withdrawn", "Freely given consent from contact", true),
        _ => ("", "", false),
    };
    let consented = age.then(|| {
        // Some renewed it when they came to another event.
        let renewed = contact.created + random.below(420) as i64 * MINUTES;
        if random.chance(0.25) && renewed < as_of() { renewed } else { contact.created }
    });
    let suppressed = random
        .chance(0.018)
        .then(|| contact.created + (10 + random.below(160) as i64) * MINUTES + 600)
        .filter(|at| *at < as_of());
    Details {
        first: contact.first.into(),
        last: contact.last.into(),
        email: address(&mut random, company, contact),
        phone: phone(&mut random, country.name),
        segment,
        region: REGIONS[country.region],
        first_owner,
        assigned: assigned.min(as_of() - 1),
        responded: responded.filter(|at| *at < as_of()),
        consent,
        basis,
        consented,
        suppressed,
    }
}

/// The domain of a company, below a name that is reserved for examples.
fn domain(name: &str, id: u64) -> String {
    let mut words = name.split_whitespace().map(ascii).filter(|word| !word.is_empty());
    let (stem, trade) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let top = ["com", "org", "net"][(id % 3) as usize];
    format!("{stem}-{trade}.example.{top}")
}

fn address(random: &mut Random, company: &Company, contact: &Contact) -> String {
    let name = format!("{}.{}.{}", ascii(contact.first), ascii(contact.last), contact.id % 10_000);
    let domain = domain(&company.accounts[contact.account].name, contact.account as u64);
    match random.share() {
        share if share < 0.030 => String::new(),
        share if share < 0.036 => format!("{name}(at){domain}"),
        share if share < 0.042 => format!("{name}@"),
        _ => format!("{name}@{domain}"),
    }
}

/// Telephone numbers are the field that nobody asks for.
fn phone(random: &mut Random, country: &str) -> String {
    let number = random.below(100);
    let code = match country {
        "Germany" => "+49 30",
        "Austria" => "+43 1",
        "Switzerland" => "+41 44",
        "United Kingdom" => "+44 20",
        "Ireland" => "+353 1",
        "Netherlands" => "+31 20",
        "Belgium" => "+32 2",
        "France" => "+33 1",
        "Denmark" => "+45 33",
        "Sweden" => "+46 8",
        "Poland" => "+48 22",
        _ => "+1 202",
    };
    match random.share() {
        share if share < 0.58 => String::new(),
        share if share < 0.61 => "n/a".into(),
        share if share < 0.63 => "ask reception".into(),
        share if share < 0.80 => format!("{code} 555 {:02} {number:02}", random.below(100)),
        _ => format!("{} 555{:02}{number:02}", code.replace(' ', "-"), random.below(100)),
    }
}

/// People who are there twice, and responses that can't be.
fn plant(company: &Company, all: &mut BTreeMap<u64, Details>) {
    let mut random = Random::new(SEED ^ 0x5eed);
    let mut by_account: BTreeMap<usize, Vec<&Contact>> = BTreeMap::new();
    for contact in company.contacts.iter().filter(|contact| contact.planted.is_empty()) {
        by_account.entry(contact.account).or_default().push(contact);
    }
    let pairs: Vec<(&Contact, &Contact)> = by_account
        .values()
        .filter(|contacts| contacts.len() >= 2)
        .map(|contacts| (contacts[0], contacts[1]))
        .filter(|(first, second)| first.owner == second.owner && all[&first.id].email.contains('@'))
        .collect();
    let mut taken = BTreeSet::new();
    while taken.len() < SAME_ADDRESS + OTHER_ADDRESS {
        let (first, second) = *random.pick(&pairs);
        if !all[&first.id].email.contains("example") || !taken.insert(first.id) {
            continue;
        }
        let original = all[&first.id].clone();
        let Some(twin) = all.get_mut(&second.id) else { continue };
        twin.first.clone_from(&original.first);
        twin.last.clone_from(&original.last);
        if taken.len() <= SAME_ADDRESS {
            twin.email = original.email;
        } else {
            // Typed by hand at a fair: another address, a letter missing, but the same telephone.
            let domain = original.email.split('@').nth(1).unwrap_or_default();
            twin.email = format!("{}@{domain}", ascii(&original.last));
            twin.last.pop();
            let shared =
                if original.phone.len() > 8 { original.phone } else { format!("+49 30 555 {:04}", taken.len()) };
            twin.phone.clone_from(&shared);
            if let Some(known) = all.get_mut(&first.id) {
                known.phone = shared;
            }
        }
    }
    let whole: Vec<&Contact> = company.contacts.iter().filter(|contact| contact.planted.is_empty()).collect();
    let mut early = BTreeSet::new();
    while early.len() < EARLY_RESPONSE {
        let contact = random.pick(&whole);
        if early.insert(contact.id)
            && let Some(details) = all.get_mut(&contact.id)
        {
            details.responded = Some(contact.created - 60 - random.below(4_000) as i64);
        }
    }
}
