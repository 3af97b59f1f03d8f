//! Contacts in HubSpot's export format, the same for the same number of rows.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Result;
use mops_core::time::{day_of_date, iso_day};

const HEADER: &str = "Record ID,First Name,Last Name,Email,Associated Company,Country/Region,Contact owner,Lifecycle \
     Stage,Original Traffic Source,Create Date,Became a Lead Date,Became a Marketing Qualified Lead Date,Became a Sales \
     Qualified Lead Date,Became an Opportunity Date,Became a Customer Date,Last Modified Date";
const STAGES: [&str; 5] = ["Lead", "Marketing Qualified Lead", "Sales Qualified Lead", "Opportunity", "Customer"];
const SOURCES: [&str; 6] =
    ["Organic Search", "Paid Search", "Email Marketing", "Referrals", "Direct Traffic", "Offline Sources"];
const COUNTRIES: [&str; 5] = ["Germany", "France", "Poland", "Spain", "United States"];

/// Writes a file with that many rows.
pub fn write(path: &Path, rows: u32) -> Result<()> {
    // Under another name until it is whole: an interrupted run leaves nothing to be taken for the file.
    let unfinished = path.with_extension("unfinished");
    let mut file = BufWriter::new(File::create(&unfinished)?);
    writeln!(file, "{HEADER}")?;
    let mut random = Random(42);
    for id in 0..rows {
        row(&mut file, id, &mut random)?;
    }
    file.into_inner()?.sync_all()?;
    fs::rename(&unfinished, path)?;
    Ok(())
}

fn row(file: &mut impl Write, id: u32, random: &mut Random) -> Result<()> {
    let created = day_of_date(2024, 1, 1).unwrap_or_default() + i64::from(random.below(700));
    let reached = (0..4).take_while(|_| random.below(100) < 45).count();
    let company = random.below(40_000);
    write!(file, "{id},Given{},Family{},contact{id}@example.org,", random.below(3000), random.below(9000))?;
    write!(file, "\"Company {company}, Ltd\",{},", pick(&COUNTRIES, random))?;
    write!(file, "Owner {},{},{}", random.below(40), STAGES[reached], pick(&SOURCES, random))?;
    let mut day = created;
    write!(file, ",{} 08:{:02}", iso_day(day), random.below(60))?;
    for stage in 0..STAGES.len() {
        if stage > reached {
            write!(file, ",")?;
        } else {
            write!(file, ",{} 12:{:02}", iso_day(day), random.below(60))?;
            day += 1 + i64::from(random.below(40));
        }
    }
    writeln!(file, ",{} 18:00", iso_day(day))?;
    Ok(())
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
