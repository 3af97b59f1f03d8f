//! `cargo xtask bench`: time and memory over many rows.

mod browser;
mod contacts;

use anyhow::Result;
use clap::Subcommand;

use crate::step;

/// Arguments of `cargo xtask bench`.
#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Rows per second and bytes per row of reading contacts as CSV, and what a page in Chromium feels of it
    Ingest(Rows),
    /// The time of every KPI over contacts
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
    let file = contacts::file(rows)?;
    step::timed("Compile for speed", || step::run(measure(&["build"]).arg("--quiet")))?;
    step::run(measure(&["run", "--quiet"]).args(["--", what]).arg(&file))?;
    if let What::Ingest(_) = arguments.what {
        browser::ingest(&file, rows)?;
    }
    Ok(())
}

/// The core alone, compiled as the terminal program is.
fn measure(command: &[&str]) -> std::process::Command {
    let mut cargo = step::cargo();
    cargo.args(command).args(["--locked", "--profile", "native", "-p", "mops-core", "--example", "measure"]);
    cargo
}
