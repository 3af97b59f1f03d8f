//! Contacts in HubSpot's export format, their deals and their touches: the same for the same number of contacts.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Result;
use mops_core::time::{day_of_date, iso_day};

const HEADER: &str = "Record ID,First Name,Last Name,Email,Associated Company,Country/Region,Contact owner,Lifecycle \
     Stage,Original Traffic Source,Create Date,Became a Lead Date,Became a Marketing Qualified Lead Date,Became a Sales \
     Qualified Lead Date,Became an Opportunity Date,Became a Customer Date,Last Modified Date,Phone Number";
const DEALS: &str = "Record ID,Deal Name,Deal Stage,Amount,Currency,Create Date,Close Date,Deal owner,Original Traffic \
     Source,Country/Region,Associated Contact IDs";
const TOUCHES: &str = "contact_id,at,kind,direction,channel,owner";
const STAGES: [&str; 5] = ["Lead", "Marketing Qualified Lead", "Sales Qualified Lead", "Opportunity", "Customer"];
const SOURCES: [&str; 6] =
    ["Organic Search", "Paid Search", "Email Marketing", "Referrals", "Direct Traffic", "Offline Sources"];
const COUNTRIES: [&str; 5] = ["Germany", "France", "Poland", "Spain", "United States"];

const KINDS: [&str; 4] = ["visit", "form", "email_click", "webinar"];

/// Writes `contacts.csv` with that many rows, `deals.csv` and `touches.csv` into a folder.
pub fn write(folder: &Path, contacts: u32) -> Result<()> {
    let mut files = Vec::new();
    for (name, header) in [("contacts", HEADER), ("deals", DEALS), ("touches", TOUCHES)] {
        // Under another name until it is whole: an interrupted run leaves nothing to be taken for the file.
        let mut file = BufWriter::new(File::create(folder.join(name).with_extension("unfinished"))?);
        writeln!(file, "{header}")?;
        files.push((name, file));
    }
    let mut random = Random(42);
    for id in 0..contacts {
        let contact = Contact::new(id, &mut random);
        if let [(_, contacts), (_, deals), (_, touches)] = files.as_mut_slice() {
            contact.row(contacts, &mut random)?;
            contact.deal(deals, &mut random)?;
            contact.touches(touches, &mut random)?;
        }
    }
    for (name, file) in files {
        file.into_inner()?.sync_all()?;
        let path = folder.join(name);
        fs::rename(path.with_extension("unfinished"), path.with_extension("csv"))?;
    }
    Ok(())
}

/// A made-up name, another one for each number below 216,000: names that are alike by being numbered would be compared
/// far more often than people's are.
fn name(number: u32) -> String {
    const SOUNDS: [&str; 15] = ["b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z"];
    const VOWELS: [&str; 4] = ["a", "e", "i", "o"];
    // A prime spreads neighbouring numbers over all names.
    let mut rest = number * 7919 % 216_000;
    let mut name = String::new();
    for _ in 0..3 {
        let syllable = (rest % 60) as usize;
        name.push_str(SOUNDS[syllable / 4]);
        name.push_str(VOWELS[syllable % 4]);
        rest /= 60;
    }
    name[..1].to_uppercase() + &name[1..]
}

struct Contact {
    id: u32,
    created: i64,
    /// The day on which it entered each stage that it reached.
    stages: Vec<i64>,
    owner: u32,
    source: &'static str,
    country: &'static str,
}

impl Contact {
    fn new(id: u32, random: &mut Random) -> Self {
        let created = day_of_date(2024, 1, 1).unwrap_or_default() + i64::from(random.below(700));
        let reached = (0..4).take_while(|_| random.below(100) < 45).count();
        let mut stages = vec![created];
        for stage in 0..reached {
            stages.push(stages[stage] + 1 + i64::from(random.below(40)));
        }
        let (owner, source, country) = (random.below(40), pick(&SOURCES, random), pick(&COUNTRIES, random));
        Self { id, created, stages, owner, source, country }
    }

    fn row(&self, file: &mut impl Write, random: &mut Random) -> Result<()> {
        let Self { id, created, stages, owner, source, country } = self;
        let company = name(random.below(40_000));
        let (first, last) = (name(random.below(3000)), name(50_000 + random.below(9000)));
        write!(file, "{id},{first},{last},contact{id}@example.org,")?;
        write!(file, "\"{company}, Ltd\",{country},Owner {owner},{},{source}", STAGES[stages.len() - 1])?;
        write!(file, ",{} 08:{:02}", iso_day(*created), random.below(60))?;
        for stage in 0..STAGES.len() {
            match stages.get(stage) {
                Some(day) => write!(file, ",{} 12:{:02}", iso_day(*day), random.below(60))?,
                None => write!(file, ",")?,
            }
        }
        let last = stages.last().copied().unwrap_or_default();
        writeln!(file, ",{} 18:00,+49 30 {:07}", iso_day(last), random.below(10_000_000))?;
        Ok(())
    }

    /// An opportunity has a deal: won if it became a customer, otherwise lost or open.
    fn deal(&self, file: &mut impl Write, random: &mut Random) -> Result<()> {
        let Self { id, stages, owner, source, country, .. } = self;
        let Some(opened) = stages.get(3) else { return Ok(()) };
        let (stage, closed) = match stages.get(4) {
            Some(day) => ("Closed Won", Some(*day)),
            None if random.below(3) > 0 => ("Closed Lost", Some(opened + 1 + i64::from(random.below(60)))),
            None => ("Contract Sent", None),
        };
        let amount = 500 + 50 * random.below(1_000);
        let closed = closed.map(|day| format!("{} 15:00", iso_day(day))).unwrap_or_default();
        write!(file, "{},Deal {id},{stage},{amount}.00,EUR,{} 12:00,{closed}", 5_000_000 + id, iso_day(*opened))?;
        writeln!(file, ",Owner {owner},{source},{country},{id}")?;
        Ok(())
    }

    fn touches(&self, file: &mut impl Write, random: &mut Random) -> Result<()> {
        for touch in 0..self.stages.len() as u32 + random.below(3) {
            let day = iso_day(self.created + i64::from(touch * random.below(20)));
            let (kind, channel) =
                if touch == 0 { ("visit", self.source) } else { (pick(&KINDS, random), pick(&SOURCES, random)) };
            writeln!(
                file,
                "{},{day} 09:{:02},{kind},inbound,{channel},Owner {}",
                self.id,
                random.below(60),
                self.owner
            )?;
        }
        Ok(())
    }
}

fn pick<'a>(from: &[&'a str], random: &mut Random) -> &'a str {
    from[random.below(from.len() as u32) as usize]
}

/// Enough for rows that look different: Knuth's linear congruential generator, its upper half.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (((self.0 >> 32) * u64::from(limit)) >> 32) as u32
    }
}
