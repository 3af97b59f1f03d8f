//! The demo data: one year of a company that does not exist, in HubSpot's export format, the same to the byte
//! wherever and whenever it is made.

mod anomalies;
mod calendar;
mod charter;
mod company;
mod csv;
mod million;
mod names;
mod random;
mod readme;

use anyhow::Context;

use anomalies::BLANK_CONTACT_ROWS;
use company::{Account, Company, Contact, Deal, STAGES};
use names::{COUNTRIES, ascii};
use random::Random;
use std::path::{Path, PathBuf};

const SEED: u64 = 20_250_101;

/// Without arguments, writes the demo data into `demo/data/`; with `ROWS FILE`, that many contacts into a file, for
/// measuring.
fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => write(),
        [rows, file] => million::write(Path::new(file), rows.parse().context("ROWS is a number")?),
        _ => anyhow::bail!("no arguments, or ROWS FILE"),
    }
}

fn write() -> anyhow::Result<()> {
    let folder = folder();
    std::fs::create_dir_all(&folder).with_context(|| format!("can’t make {}", folder.display()))?;
    for (name, text) in files() {
        let path = folder.join(name);
        std::fs::write(&path, &text).with_context(|| format!("can’t write {}", path.display()))?;
        println!("{:>9} bytes  {}", text.len(), path.display());
    }
    Ok(())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new(".")).join("demo/data")
}

/// Every generated file with its content.
fn files() -> Vec<(&'static str, String)> {
    let mut random = Random::new(SEED);
    let mut company = company::live(&mut random);
    anomalies::plant(&mut random, &mut company);
    vec![
        ("contacts.csv", contacts(&company)),
        ("deals.csv", deals(&company)),
        ("charter.json", charter::text()),
        ("maven-crm.charter.json", charter::maven_crm()),
        ("README.md", readme::text(&company)),
    ]
}

const CONTACT_HEADERS: [&str; 17] = [
    "Record ID",
    "First Name",
    "Last Name",
    "Email",
    "Associated Company",
    "Country/Region",
    "Contact owner",
    "Lifecycle Stage",
    "Original Traffic Source",
    "Create Date",
    "Became a Lead Date",
    "Became a Marketing Qualified Lead Date",
    "Became a Sales Qualified Lead Date",
    "Became an Opportunity Date",
    "Became a Customer Date",
    charter::DISQUALIFIED_HEADER,
    "Last Modified Date",
];

const DEAL_HEADERS: [&str; 14] = [
    "Record ID",
    "Deal Name",
    "Deal Stage",
    "Pipeline",
    "Amount",
    "Currency",
    "Create Date",
    "Close Date",
    "Deal owner",
    "Original Traffic Source",
    "Associated Company",
    "Country/Region",
    "Associated Contact IDs",
    "Last Modified Date",
];

fn contacts(company: &Company) -> String {
    let mut out = String::new();
    csv::row(&mut out, &CONTACT_HEADERS);
    for (index, contact) in company.contacts.iter().enumerate() {
        // The blank rows stand in the middle, where nobody looks for them.
        if (1..=BLANK_CONTACT_ROWS.count).any(|turn| index == turn * 1_700) {
            csv::row(&mut out, &[""; CONTACT_HEADERS.len()]);
        }
        csv::row(&mut out, &contact_cells(company, contact));
    }
    out
}

fn contact_cells(company: &Company, contact: &Contact) -> Vec<String> {
    let Account { name, country, .. } = &company.accounts[contact.account];
    let when = |at: Option<i64>| at.map(calendar::text).unwrap_or_default();
    let stage = match contact.disqualified {
        Some(_) => "Disqualified",
        None => STAGES[contact.entered.iter().rposition(Option::is_some).unwrap_or(0)],
    };
    let domain = if contact.id.is_multiple_of(3) { "example.org" } else { "example.com" };
    let mut cells = vec![
        contact.id.to_string(),
        contact.first.into(),
        contact.last.into(),
        format!("{}.{}.{}@{domain}", ascii(contact.first), ascii(contact.last), contact.id % 10_000),
        name.clone(),
        COUNTRIES[*country].name.into(),
        contact.owner.unwrap_or_default().into(),
        stage.into(),
        contact.source.unwrap_or_default().into(),
        calendar::text(contact.created),
    ];
    cells.extend(contact.entered.iter().map(|at| when(*at)));
    cells.push(when(contact.disqualified));
    cells.push(calendar::text(contact.modified));
    overwrite(&mut cells, &CONTACT_HEADERS, &contact.planted);
    cells
}

fn deals(company: &Company) -> String {
    let mut out = String::new();
    csv::row(&mut out, &DEAL_HEADERS);
    for deal in &company.deals {
        csv::row(&mut out, &deal_cells(company, deal));
    }
    // Somebody had a spreadsheet add it all up, currencies and duplicates and all.
    let mut total = vec![String::new(); DEAL_HEADERS.len()];
    total[0] = "Total".into();
    total[4] = format!("{}.00", company.deals.iter().map(|deal| deal.amount).sum::<i64>());
    csv::row(&mut out, &total);
    out
}

fn deal_cells(company: &Company, deal: &Deal) -> Vec<String> {
    let Account { name, country, .. } = &company.accounts[deal.account];
    let products = ["Platform", "Field Service", "Analytics", "Starter"];
    let mut cells = vec![
        deal.id.to_string(),
        format!("{} – {}", name.replace('\n', " "), products[(deal.id % 4) as usize]),
        deal.stage.into(),
        "Sales Pipeline".into(),
        format!("{}.00", deal.amount),
        deal.currency.into(),
        calendar::text(deal.created),
        calendar::text(deal.closes),
        deal.owner.unwrap_or_default().into(),
        deal.source.unwrap_or_default().into(),
        name.clone(),
        COUNTRIES[*country].name.into(),
        deal.contact.to_string(),
        calendar::text(deal.modified),
    ];
    overwrite(&mut cells, &DEAL_HEADERS, &deal.planted);
    cells
}

fn overwrite(cells: &mut [String], headers: &[&str], planted: &[(&'static str, String)]) {
    for (header, text) in planted {
        if let Some(column) = headers.iter().position(|known| known == header) {
            cells[column].clone_from(text);
        }
    }
}

#[cfg(test)]
mod tests;
