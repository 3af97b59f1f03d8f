//! `cargo xtask oracle`: every figure held against an independent calculation, in Python and SQL, of its definition.

use std::fmt::{Display, Formatter, Result as Written};
use std::path::PathBuf;
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result};

use crate::{step, workspace};

/// Arguments of `cargo xtask oracle`.
#[derive(clap::Args)]
pub struct Arguments {
    /// How many random cases, besides the demo data
    #[arg(long, default_value_t = 20)]
    cases: u32,
    /// Seed of the first random case; the next one has the next seed
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// Only this figure; may be given several times
    #[arg(long, value_name = "ID")]
    kpi: Vec<String>,
    /// Print only what differs, what has no oracle, and the summary
    #[arg(long)]
    quiet: bool,
}

/// Exit code where the oracle can't run here, as against 1 where a figure differs.
pub const IMPOSSIBLE: u8 = 3;

/// Python or its packages can't be had.
#[derive(Debug)]
pub struct Impossible;

impl Display for Impossible {
    fn fmt(&self, out: &mut Formatter<'_>) -> Written {
        out.write_str("the oracle can't run on this machine")
    }
}

impl std::error::Error for Impossible {}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<()> {
    let python = environment().map_err(|error| error.context(Impossible))?;
    step::run(step::cargo().args(["build", "--quiet", "--locked", "-p", "mops-cli"]))?;
    let mut oracle = Command::new(python);
    oracle.current_dir(workspace::root()).arg("-u").arg("oracle/oracle.py");
    oracle.arg("--mops").arg(workspace::target().join("debug").join(format!("mops{}", env::consts::EXE_SUFFIX)));
    oracle.arg("--work").arg(folder().join("cases"));
    oracle.args(["--cases", &arguments.cases.to_string(), "--seed", &arguments.seed.to_string()]);
    for kpi in &arguments.kpi {
        oracle.args(["--kpi", kpi]);
    }
    if arguments.quiet {
        oracle.arg("--quiet");
    }
    step::run(oracle.env("PYTHONDONTWRITEBYTECODE", "1"))
}

fn folder() -> PathBuf {
    workspace::target().join("oracle")
}

/// The Python of a virtual environment with the pinned packages, made where it is missing or other packages are asked
/// for.
fn environment() -> Result<PathBuf> {
    let place = folder().join("venv");
    let python = place.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let requirements = workspace::root().join("oracle/requirements.txt");
    let wanted = fs::read_to_string(&requirements)?;
    let installed = place.join("installed.txt");
    if fs::read_to_string(&installed).is_ok_and(|done| done == wanted) && python.is_file() {
        return Ok(python);
    }
    let version = "import sys; sys.exit(sys.version_info < (3, 11))";
    step::output(Command::new("python3").args(["-c", version])).context(
        "Python 3.11 or newer is needed: on Debian `sudo apt-get update && sudo apt-get install -y python3 python3-venv`; \
         elsewhere https://www.python.org/downloads/",
    )?;
    step::timed("Make the oracle's Python environment", || {
        step::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&place))
            .context("python3 has no venv: on Debian `sudo apt-get install -y python3-venv`")?;
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
        step::run(pip.arg(&requirements)).context("pip can't install the packages of oracle/requirements.txt")?;
        fs::write(&installed, &wanted)?;
        Ok(())
    })?;
    Ok(python)
}
