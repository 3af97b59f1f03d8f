//! `mops charter`: check, describe or begin a charter.

mod draft;
mod guess;

use crate::arguments::Charter as Command;
use crate::failure::{Failure, misuse};
use crate::load::charter;

/// Runs one of the charter commands.
pub fn run(command: &Command) -> Result<String, Failure> {
    match command {
        Command::Check { file } => {
            let (charter, zone) = charter(Some(file))?;
            Ok(format!(
                "{}: fine. {} lifecycle stages, {} deal stages, {} KPIs with settings, money in {}, days in {}.\n",
                file.display(),
                charter.lifecycle.stages.len(),
                charter.deal_stages.len(),
                charter.kpis.len(),
                charter.currency,
                zone.name
            ))
        }
        Command::Schema => {
            let text = serde_json::to_string_pretty(&mops_core::charter::json_schema());
            text.map(|text| text + "\n").map_err(|error| misuse(format!("The schema can’t be written: {error}."), ""))
        }
        Command::New { data } => draft::draft(data),
    }
}
