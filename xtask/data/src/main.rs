//! The demo data: one year of a company that does not exist, in HubSpot's export format, the same to the byte
//! wherever and whenever it is made.

mod accountability;
mod anomalies;
mod calendar;
mod campaigns;
mod charter;
mod company;
mod csv;
mod deal_stages;
mod definitions;
mod details;
mod million;
mod names;
mod operations;
mod random;
mod readme;
mod records;
mod reference_page;
mod stack;
mod standards;
mod touches;

use anyhow::Context;

use random::Random;
use std::path::{Path, PathBuf};

const SEED: u64 = 20_250_101;

/// Without arguments, writes the demo data into `demo/data/`; with `CONTACTS FOLDER`, that many contacts, their deals
/// and their touches into a folder, for measuring.
fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => write(),
        [contacts, folder] => million::write(Path::new(folder), contacts.parse().context("CONTACTS is a number")?),
        _ => anyhow::bail!("no arguments, or CONTACTS FOLDER"),
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
    for (path, text) in written_pages() {
        std::fs::write(&path, text).with_context(|| format!("can’t write {}", path.display()))?;
    }
    Ok(())
}

/// What says what the core's definitions say: pages of the demo, and the words that the definition panel fetches.
fn written_pages() -> [(PathBuf, String); 3] {
    let demo = |name: &str| folder().with_file_name(name);
    [
        (demo("kpis.html"), reference_page::text()),
        (demo("kpi-names.js"), reference_page::names()),
        (root().join("widgets/js/definitions.json"), definitions::text()),
    ]
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new("."))
}

fn folder() -> PathBuf {
    root().join("demo/data")
}

/// Every generated file with its content.
fn files() -> Vec<(&'static str, String)> {
    let mut random = Random::new(SEED);
    let mut company = company::live(&mut random);
    anomalies::plant(&mut random, &mut company);
    let campaigns = campaigns::all();
    let mut details = details::of(&company);
    let touches = touches::csv(&company, &campaigns, &mut details);
    vec![
        ("contacts.csv", records::contacts(&company, &details)),
        ("deals.csv", records::deals(&company, &details, &campaigns)),
        ("deal_stage_events.csv", deal_stages::csv(&company)),
        ("touches.csv", touches),
        ("campaigns.csv", campaigns::csv(&campaigns)),
        ("spend.csv", campaigns::spend(&campaigns)),
        ("budgets.csv", campaigns::budgets(&campaigns)),
        ("forecasts.csv", operations::forecasts(&company)),
        ("actuals.csv", operations::actuals(&company)),
        ("requests.csv", operations::requests()),
        ("reports.csv", operations::reports()),
        ("platform_reports.csv", operations::platform_reports(&company)),
        ("tools.csv", stack::tools()),
        ("capabilities.csv", stack::capabilities()),
        ("integrations.csv", stack::integrations()),
        ("automations.csv", stack::automations()),
        ("ai_features.csv", stack::ai_features()),
        ("charter.json", charter::text()),
        ("maven-crm.charter.json", charter::maven_crm()),
        ("README.md", readme::text(&company)),
    ]
}

#[cfg(test)]
mod tests;
