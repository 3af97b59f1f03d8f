//! `cargo xtask bench`: time and memory over many rows.

mod browser;
mod contacts;
mod module;

use anyhow::Result;
use clap::Subcommand;

use crate::{step, workspace};

/// Arguments of `cargo xtask bench`.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Rows per second and bytes per row of reading contacts as CSV, the same as JSON, and what a page in Chromium feels of
    /// the CSV
    Ingest(Rows),
    /// The time of every KPI and of the executive page over contacts with their deals and touches, natively and in the
    /// engine's module
    Query(Rows),
}

#[derive(clap::Args)]
struct Rows {
    /// How many contacts
    #[arg(long, default_value_t = 1_000_000)]
    rows: u32,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<()> {
    let (what, rows) = match &arguments.what {
        What::Ingest(rows) => ("ingest", rows.rows),
        What::Query(rows) => ("query", rows.rows),
    };
    let folder = contacts::folder(rows)?;
    let charter = workspace::root().join("xtask/src/bench/charter.json");
    step::timed("Compile for speed", || step::run(measure(&["build"]).arg("--quiet")))?;
    step::run(measure(&["run", "--quiet"]).args(["--", what]).args([&folder, &charter]))?;
    match arguments.what {
        What::Ingest(_) => browser::ingest(&folder.join("contacts.csv"), rows),
        What::Query(_) => module::query(&folder, &charter),
    }
}

/// The core alone, compiled as the terminal program is.
fn measure(command: &[&str]) -> std::process::Command {
    let mut cargo = step::cargo();
    cargo.args(command).args(["--locked", "--profile", "native", "-p", "mops-core", "--example", "measure"]);
    cargo
}
