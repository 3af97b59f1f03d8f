//! `mops charter`: check, describe or begin a charter.

mod draft;
mod edit;
mod guess;
mod sign;

use crate::arguments::Charter as Command;
use crate::failure::{Failure, misuse};
use crate::fine;
use crate::load::charter;
use crate::report::hang;
use console::Term;
use mops_core::error::Error;
use mops_core::table::schema::input;
use mops_core::view::TableReport;
use std::collections::BTreeMap;
use std::path::Path;

/// Runs one of the charter commands. The answer is the text and whether nothing was found.
pub fn run(command: &Command) -> Result<(String, bool), Failure> {
    match command {
        Command::Check { file } => check(file),
        Command::Sign { kpi, by, at, charter, files } => sign::sign(kpi, by, at, charter, files).map(fine),
        Command::Schema => {
            let text = serde_json::to_string_pretty(&mops_core::charter::json_schema());
            text.map(|text| fine(text + "\n"))
                .map_err(|error| misuse(format!("The schema can’t be written: {error}."), ""))
        }
        Command::New { files } => draft::draft(files).map(fine),
    }
}

/// Header → field, for headers of a file that nothing was read from: what `mops charter new` would guess, and slips.
pub fn meant(read: &TableReport) -> BTreeMap<String, String> {
    let Some(schema) = input(&read.table) else { return BTreeMap::new() };
    let headers: Vec<String> = read.unmatched.iter().map(|header| header.header.clone()).collect();
    let taken: Vec<String> = read.fields.iter().map(|field| field.field.clone()).collect();
    let slips = read.unmatched.iter().filter_map(|header| {
        let field = header.suggestion.as_ref().filter(|field| guess::is_slip(&header.header, field))?;
        Some((header.header.clone(), field.clone()))
    });
    slips.chain(guess::columns(schema, &headers, &taken).into_iter().map(|(field, header)| (header, field))).collect()
}

/// Faults refuse the charter; findings are told one below the other.
fn check(file: &Path) -> Result<(String, bool), Failure> {
    let (charter, zone) = charter(Some(file))?;
    let findings = charter.findings();
    if findings.is_empty() {
        return Ok(fine(format!(
            "{}: fine. {} lifecycle stages, {} deal stages, {} KPIs with settings, money in {}, days in {}.\n",
            file.display(),
            charter.lifecycle.stages.len(),
            charter.deal_stages.len(),
            charter.kpis.len(),
            charter.currency,
            zone.name
        )));
    }
    let mut text = String::new();
    for finding in findings {
        let bare = Error { mend: String::new(), ..finding.clone() }.in_source(file.display().to_string());
        let [what, mend] = [&bare.to_string(), &finding.mend].map(|words| hang(words, 9, &Term::stdout()));
        text.push_str(&format!("finding: {what}\n         {mend}\n"));
    }
    text.push_str("The charter can be used; figures show what was found.\n");
    Ok((text, false))
}
