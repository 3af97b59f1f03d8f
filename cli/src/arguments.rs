//! What can be typed.

use crate::tables::Tables;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  Every figure that deals alone give
    mops report --deals deals.csv
  A folder of exports, read as the charter says
    mops report --data exports --charter charter.json
  A charter to begin with
    mops charter new --deals deals.csv > charter.json
  What a figure means
    mops explain win_rate

Exit codes: 0 fine, 1 a gate failed or a finding was made, 2 wrong use or bad input.";
const REPORT: &str = "\
Examples:
  mops report --deals deals.csv --kpi win_rate --period 2025 --compare previous
  mops report --deals deals.csv --filter owner=Ana --filter owner=Bo
  mops report --data exports --charter charter.json --format html > report.html
  mops report --deals deals.csv --fail-under win_rate=25% --fail-over sales_cycle=60

Exit codes: 0 fine, 1 a gate failed, 2 wrong use or bad input. Gates are told on standard error.";
const VIEW: &str = "\
Examples:
  mops view kpi --kpi win_rate --segment owner --deals deals.csv
  mops view funnel --contacts contacts.csv --period last-12-months
  What was recognised, field by field
    mops view inventory --data exports";
const NEW: &str = "\
Example:
  mops charter new --deals deals.csv --contacts contacts.csv > charter.json";
const SIGN: &str = "\
Examples:
  mops charter sign win_rate --by \"Ana Silva\" --at 2026-01-31 --charter charter.json
  mops charter sign lead_to_customer --by \"Ana Silva\" --at 2026-01-31 --contacts contacts.csv

Give the files that reports read where the charter has no lifecycle: which of the usual stages count depends on them.";

/// Marketing-operations figures from an organisation's own exports.
#[derive(Parser)]
#[command(name = "mops", version, after_help = EXAMPLES)]
pub struct Arguments {
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Subcommand)]
pub enum Command {
    /// Compute the figures and print them as a report
    #[command(after_help = REPORT)]
    Report(Report),
    /// Print a view as JSON: what a widget of that kind shows
    #[command(after_help = VIEW)]
    View(View),
    /// Check, sign, describe or begin a charter
    #[command(subcommand)]
    Charter(Charter),
    /// Say what a figure means: formula, inputs, edge cases, parameters
    Explain {
        /// The KPI's id, such as win_rate; all where absent
        kpi: Option<String>,
    },
}

/// Files of tables.
#[derive(Args, Clone, Default)]
pub struct Files {
    #[command(flatten)]
    pub tables: Tables,
    /// Folder with files named after their tables: contacts.csv, deals.json, stage_events.ndjson
    #[arg(long = "data", value_name = "DIR")]
    pub folder: Option<PathBuf>,
}

/// Files and charter.
#[derive(Args, Clone, Default)]
pub struct Data {
    #[command(flatten)]
    pub files: Files,
    /// The charter; the documented defaults hold without one
    #[arg(long, value_name = "FILE")]
    pub charter: Option<PathBuf>,
}

/// Which rows and when.
#[derive(Args, Clone, Default)]
pub struct Question {
    /// Up to when events count: 2026-01-01 is that day's midnight in the charter's time zone; today where absent
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
    /// all, 2025, 2025-Q1, 2025-03, FY2025, last-12-months, 2025-01-01/2025-04-01, …
    #[arg(long, value_name = "PERIOD")]
    pub period: Option<String>,
    /// Compare with the period before (previous) or a year ago (year)
    #[arg(long, value_name = "PERIOD")]
    pub compare: Option<String>,
    /// Only rows with this value, such as owner=Ana; the same field again means either, an empty value means blank
    #[arg(long, value_name = "FIELD=VALUE")]
    pub filter: Vec<String>,
}

/// `mops report`.
#[derive(Args)]
pub struct Report {
    #[command(flatten)]
    pub data: Data,
    #[command(flatten)]
    pub question: Question,
    /// Only this figure; may be given several times
    #[arg(long, value_name = "ID")]
    pub kpi: Vec<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
    /// End with exit code 1 if a figure or one of its parts is off its target; undefined figures don't fail
    #[arg(long)]
    pub fail_on_off_target: bool,
    /// End with exit code 1 if a figure is under a value, as in win_rate=25%, or unknown; may be given several times
    #[arg(long, value_name = "KPI=VALUE")]
    pub fail_under: Vec<String>,
    /// End with exit code 1 if a figure is over a value, as in sales_cycle=60, or unknown; may be given several times
    #[arg(long, value_name = "KPI=VALUE")]
    pub fail_over: Vec<String>,
}

/// How a report is printed.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal
    Table,
    /// For programs
    Json,
    /// Markdown
    Md,
    /// One self-contained file for a browser or a printer
    Html,
}

/// `mops view`.
#[derive(Args)]
pub struct View {
    /// A view, such as kpi, scorecard, funnel, stack or governance; a name that is none of them lists all
    pub name: String,
    #[command(flatten)]
    pub data: Data,
    #[command(flatten)]
    pub question: Question,
    /// The figure of a kpi view, or one of a scorecard's
    #[arg(long, value_name = "ID")]
    pub kpi: Vec<String>,
    /// Field to break a kpi view down by, such as owner
    #[arg(long, value_name = "FIELD")]
    pub segment: Option<String>,
    /// all_stages or any_stages, for a funnel
    #[arg(long, value_name = "NAME")]
    pub semantics: Option<String>,
}

/// `mops charter`.
#[derive(Subcommand)]
pub enum Charter {
    /// Check a charter: faults end with exit code 2, findings about who answers for what with 1
    Check {
        /// The charter
        file: PathBuf,
    },
    /// Sign a definition as it is now; changing it later lapses the signature
    #[command(after_help = SIGN)]
    Sign {
        /// The KPI's id, such as win_rate
        kpi: String,
        /// Who signs: id or name of a person of the charter who has authority
        #[arg(long, value_name = "NAME")]
        by: String,
        /// The day, as in 2026-01-31
        #[arg(long, value_name = "DATE")]
        at: String,
        /// The charter that is written to; only the sign-off changes in it
        #[arg(long, value_name = "FILE", default_value = "charter.json")]
        charter: PathBuf,
        #[command(flatten)]
        files: Files,
    },
    /// Print the JSON Schema of charters
    Schema,
    /// Print a commented starting point drawn from the headers and stages of the given files
    #[command(after_help = NEW)]
    New {
        #[command(flatten)]
        files: Files,
    },
}
