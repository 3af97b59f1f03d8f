//! Contacts and deals as HubSpot exports them: its own properties by its own names, Larkfield's by Larkfield's.

use std::collections::BTreeMap;

use super::anomalies::BLANK_CONTACT_ROWS;
use super::campaigns::Campaign;
use super::company::{Account, Company, Contact, Deal, STAGES};
use super::details::{Details, REGIONS};
use super::names::COUNTRIES;
use super::{calendar, charter, csv};

const CONTACT_HEADERS: [&str; 29] = [
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
    "Phone Number",
    "Owner Assigned Date",
    "Date of first engagement",
    "First Owner",
    "Sales Region",
    "Market Segment",
    "Marketing Consent",
    "Legal basis for processing contact's data",
    "Marketing Consent Date",
    "Unsubscribed from all email",
    "Do Not Email Since",
    "Marketing contact status",
];

const DEAL_HEADERS: [&str; 19] = [
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
    "Forecast category",
    "Monthly recurring revenue",
    "Sales Region",
    "Market Segment",
    "Campaign",
];

/// `contacts.csv`.
pub fn contacts(company: &Company, details: &BTreeMap<u64, Details>) -> String {
    let mut out = String::new();
    csv::row(&mut out, &CONTACT_HEADERS);
    for (index, contact) in company.contacts.iter().enumerate() {
        // The blank rows stand in the middle, where nobody looks for them.
        if (1..=BLANK_CONTACT_ROWS.count).any(|turn| index == turn * 1_700) {
            csv::row(&mut out, &[""; CONTACT_HEADERS.len()]);
        }
        csv::row(&mut out, &contact_cells(company, contact, &details[&contact.id]));
    }
    out
}

fn contact_cells(company: &Company, contact: &Contact, details: &Details) -> Vec<String> {
    let Account { name, country, .. } = &company.accounts[contact.account];
    let when = |at: Option<i64>| at.map(calendar::text).unwrap_or_default();
    let stage = match contact.disqualified {
        Some(_) => "Disqualified",
        None => STAGES[contact.entered.iter().rposition(Option::is_some).unwrap_or(0)],
    };
    let mut cells = vec![
        contact.id.to_string(),
        details.first.clone(),
        details.last.clone(),
        details.email.clone(),
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
    cells.extend([
        details.phone.clone(),
        calendar::text(details.assigned),
        when(details.responded),
        details.first_owner.into(),
        details.region.into(),
        details.segment.into(),
        details.consent.into(),
        details.basis.into(),
        when(details.consented),
        details.suppressed.is_some().to_string(),
        when(details.suppressed),
        if details.consent == "withdrawn" { "Non-marketing contact" } else { "Marketing contact" }.into(),
    ]);
    overwrite(&mut cells, &CONTACT_HEADERS, &contact.planted);
    cells
}

/// `deals.csv`.
pub fn deals(company: &Company, details: &BTreeMap<u64, Details>, campaigns: &[Campaign]) -> String {
    let mut out = String::new();
    csv::row(&mut out, &DEAL_HEADERS);
    for deal in &company.deals {
        csv::row(&mut out, &deal_cells(company, deal, details, campaigns));
    }
    // Somebody had a spreadsheet add it all up, currencies and duplicates and all.
    let mut total = vec![String::new(); DEAL_HEADERS.len()];
    total[0] = "Total".into();
    total[4] = format!("{}.00", company.deals.iter().map(|deal| deal.amount).sum::<i64>());
    csv::row(&mut out, &total);
    out
}

fn deal_cells(company: &Company, deal: &Deal, details: &BTreeMap<u64, Details>, campaigns: &[Campaign]) -> Vec<String> {
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
        contact_ids(company, deal),
        calendar::text(deal.modified),
        forecast_category(deal).into(),
        recurring(deal),
        REGIONS[COUNTRIES[*country].region].into(),
        details.get(&deal.contact).map_or("", |details| details.segment).into(),
        campaign(company, deal, campaigns),
    ];
    overwrite(&mut cells, &DEAL_HEADERS, &deal.planted);
    cells
}

/// The contact that leads, and colleagues who were known before the deal closed.
fn contact_ids(company: &Company, deal: &Deal) -> String {
    let mut ids = vec![deal.contact.to_string()];
    let colleagues = company
        .contacts
        .iter()
        .filter(|contact| {
            contact.account == deal.account && contact.id != deal.contact && contact.created < deal.created
        })
        .map(|contact| contact.id.to_string());
    ids.extend(colleagues.take((deal.id % 3) as usize));
    ids.dedup();
    ids.join(";")
}

/// How sure the seller says to be.
fn forecast_category(deal: &Deal) -> &'static str {
    match deal.stage {
        "Closed Won" => "Closed won",
        "Closed Lost" => "Not forecasted",
        "Contract Sent" => "Commit",
        "Decision Maker Bought-In" => "Best case",
        _ => "Pipeline",
    }
}

/// What a deal brings a month, where it is a subscription: a product that is paid once brings nothing.
fn recurring(deal: &Deal) -> String {
    match deal.id % 4 {
        3 => String::new(),
        kind => format!("{}.00", deal.amount * [70, 55, 80][kind as usize] / 1_200),
    }
}

/// The campaign that was running when the leading contact came, where its source has campaigns.
fn campaign(company: &Company, deal: &Deal, campaigns: &[Campaign]) -> String {
    let Some(contact) = company.contacts.iter().find(|contact| contact.id == deal.contact) else {
        return String::new();
    };
    campaigns
        .iter()
        .find(|campaign| Some(campaign.channel) == contact.source && campaign.runs(contact.created))
        .map(|campaign| campaign.id.clone())
        .unwrap_or_default()
}

fn overwrite(cells: &mut [String], headers: &[&str], planted: &[(&'static str, String)]) {
    for (header, text) in planted {
        if let Some(column) = headers.iter().position(|known| known == header) {
            cells[column].clone_from(text);
        }
    }
}
