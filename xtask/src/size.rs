//! `cargo xtask size`: what a reader downloads, held to `budgets.json`, and what each part takes of it.

mod cut;
mod parts;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::{step, workspace};

/// Largest parts first, as in `budgets.json`: a file belongs to the first budget that names it, the rest by `*.js`.
#[derive(Deserialize)]
struct Budget {
    files: Vec<String>,
    brotli: usize,
}

#[derive(Default, Clone, Copy, Deserialize)]
struct Size {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

impl std::ops::AddAssign for Size {
    fn add_assign(&mut self, other: Self) {
        self.raw += other.raw;
        self.gzip += other.gzip;
        self.brotli += other.brotli;
    }
}

/// Arguments of `cargo xtask size`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Print what each KPI, element, layer and library takes instead: what the modules lose without it
    #[arg(long)]
    parts: bool,
    /// How the parts are written
    #[arg(long, value_enum, default_value_t = Format::Table, requires = "parts")]
    format: Format,
}

/// How parts are written.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Table,
    /// For programs.
    Json,
}

/// Runs the command over what was last packaged.
pub fn run(arguments: &Arguments) -> Result<()> {
    if arguments.parts { parts::run(arguments.format) } else { held() }
}

/// Holds the files of `dist/` to their budgets.
pub fn held() -> Result<()> {
    let text = fs::read_to_string(workspace::root().join("budgets.json")).context("budgets.json")?;
    let mut budgets: BTreeMap<String, serde_json::Value> = serde_json::from_str(&text).context("budgets.json")?;
    budgets.remove("$comment");
    let budgets: BTreeMap<String, Budget> =
        budgets.into_iter().map(|(name, value)| Ok((name, serde_json::from_value(value)?))).collect::<Result<_>>()?;
    let named: BTreeSet<&str> = budgets.values().flat_map(|budget| &budget.files).map(String::as_str).collect();

    let mut parts: BTreeMap<&str, Vec<(String, Size)>> = BTreeMap::new();
    for (name, size) in measure()? {
        let wanted = if named.contains(name.as_str()) { name.as_str() } else { "*.js" };
        if let Some((part, _)) = budgets.iter().find(|(_, budget)| budget.files.iter().any(|file| file == wanted)) {
            parts.entry(part).or_default().push((name, size));
        }
    }

    println!("{:<32} {:>10} {:>10} {:>10} {:>10}", "bytes", "raw", "gzip", "brotli", "budget");
    let mut over = Vec::new();
    for (name, budget) in &budgets {
        let files = parts.remove(name.as_str()).unwrap_or_default();
        for file in budget.files.iter().filter(|file| !file.contains('*')) {
            if !files.iter().any(|(found, _)| found == file) {
                bail!("dist/{file} is missing: `cargo xtask package` builds it");
            }
        }
        let mut total = Size::default();
        for (file, size) in &files {
            println!("  {file:<30} {:>10} {:>10} {:>10}", size.raw, size.gzip, size.brotli);
            total += *size;
        }
        println!("{name:<32} {:>10} {:>10} {:>10} {:>10}", total.raw, total.gzip, total.brotli, budget.brotli);
        if total.brotli > budget.brotli {
            over.push(format!("{name} takes {} bytes, {} over its budget", total.brotli, total.brotli - budget.brotli));
        }
    }
    if over.is_empty() { Ok(()) } else { bail!("{} (budgets.json)", over.join("; ")) }
}

/// Node.js compresses: it is needed anyway, and its library is the one that servers use.
const COMPRESS: &str = "
const { readdirSync, readFileSync } = require('node:fs'), zlib = require('node:zlib');
const sizes = {};
for (const name of readdirSync(process.argv[1]).filter((name) => /[.](js|wasm)$|^definitions[.]json$/.test(name))) {
  const bytes = readFileSync(process.argv[1] + '/' + name);
  const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_LGWIN]: 22 };
  const brotli = zlib.brotliCompressSync(bytes, { params }).length;
  sizes[name] = { raw: bytes.length, gzip: zlib.gzipSync(bytes, { level: 9 }).length, brotli };
}
console.log(JSON.stringify(sizes));";

fn measure() -> Result<BTreeMap<String, Size>> {
    let dist = workspace::dist();
    if !dist.is_dir() {
        bail!("dist/ is missing: `cargo xtask package` builds it");
    }
    let said = step::output(Command::new("node").args(["-e", COMPRESS]).arg(&dist))?;
    serde_json::from_str(&said).context("sizes of dist/")
}
