//! `cargo xtask test`: everything, on a fresh machine too.

mod reference;
mod tally;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Result, bail};

use crate::serve::Static;
use crate::setup::{self, WASM_TARGET};
use crate::wasm::Profile;
use crate::{site, size, step, workspace};
use tally::Tally;

/// Arguments of `cargo xtask test`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Leave out the package, the browser and the sizes
    #[arg(long)]
    quick: bool,
    /// Also hold the figures to published data sets: a folder with `data/` and `reference/reference.json`
    #[arg(long, value_name = "DIR")]
    reference_data: Option<PathBuf>,
}

/// Packages that only exist as WebAssembly modules.
const MODULES_ONLY: [&str; 4] = ["--exclude", "mops-engine", "--exclude", "mops-widgets-module"];

/// Runs the command. A step that fails doesn't keep the others from running.
pub fn run(arguments: &Arguments) -> Result<()> {
    let reference_data = arguments.reference_data.as_deref().map(Path::canonicalize).transpose()?;
    setup::wasm_target()?;
    setup::npm_packages()?;
    let mut tally = Tally::default();

    tally.check("Format", || step::run(step::cargo().args(["fmt", "--all", "--check"])));
    tally.check("Clippy, native", || {
        let mut cargo = step::cargo();
        cargo.args(["clippy", "--quiet", "--locked", "--workspace", "--all-targets"]).args(MODULES_ONLY);
        step::run(cargo.args(["--", "-D", "warnings"]))
    });
    tally.check("Clippy, WebAssembly", || {
        let mut cargo = step::cargo();
        cargo.args(["clippy", "--quiet", "--locked", "--target", WASM_TARGET]);
        cargo.args(["-p", "mops-engine", "-p", "mops-widgets", "-p", "mops-widgets-module"]);
        step::run(cargo.args(["--", "-D", "warnings"]))
    });
    tally.tests("Native tests", &mut native_tests(reference_data.as_deref()));
    tally.tests("Documentation tests", &mut doc_tests());
    tally.tests(
        "JavaScript unit tests",
        &mut node_tests(&["engine/js/test", "widgets/js/test"], &["--test-timeout=60000"])?,
    );
    if let Some(folder) = &reference_data {
        tally.check("Published reference figures", || reference::check(folder));
    }
    if !arguments.quick {
        browser_tests(reference_data.as_deref(), &mut tally)?;
    }
    if reference_data.is_none() {
        tally.not_run("tests against published data sets. Give their folder with --reference-data DIR.");
    }
    tally.close()
}

/// Tests against published data are marked as ignored, so that without the data no runner counts them as passed.
fn native_tests(reference_data: Option<&Path>) -> Command {
    let mut cargo = step::cargo();
    let nextest =
        Command::new("cargo").args(["nextest", "--version"]).output().is_ok_and(|output| output.status.success());
    if nextest {
        cargo.args(["nextest", "run", "--locked", "--no-fail-fast", "--cargo-quiet", "--status-level", "fail"]);
        cargo.args(["--final-status-level", "fail", "--no-tests", "pass"]);
    } else {
        cargo.args(["test", "--quiet", "--locked", "--no-fail-fast", "--lib", "--bins", "--tests"]);
    }
    cargo.arg("--workspace").args(MODULES_ONLY);
    if let Some(folder) = reference_data {
        cargo.env("MOPS_REFERENCE_DATA", folder);
        cargo.args(if nextest { ["--run-ignored", "all"] } else { ["--", "--include-ignored"] });
    }
    cargo
}

/// nextest leaves these out.
fn doc_tests() -> Command {
    let mut cargo = step::cargo();
    cargo.args(["test", "--quiet", "--locked", "--doc", "-p", "mops-core", "-p", "mops-charts"]);
    cargo
}

/// Milliseconds for one file: the last resort, since `e2e/harness.mjs` ends a single test that hangs. One file at a time,
/// since each starts a browser.
const END_TO_END_LIMIT: &str = "--test-timeout=900000";

fn node_tests(folders: &[&str], limits: &[&str]) -> Result<Command> {
    let mut node = Command::new("node");
    node.current_dir(workspace::root()).args(["--test", "--test-reporter=spec"]).args(limits);
    for folder in folders {
        let mut files = Vec::new();
        for entry in fs::read_dir(workspace::root().join(folder))? {
            let path = entry?.path();
            if path.to_string_lossy().ends_with(".test.js") || path.to_string_lossy().ends_with(".test.mjs") {
                files.push(path);
            }
        }
        if files.is_empty() {
            bail!("no tests in {folder}/");
        }
        files.sort();
        node.args(files);
    }
    Ok(node)
}

/// The tests in `e2e/` find what they need in the environment: the address of the served site in `MOPS_BASE_URL`,
/// Chromium in `MOPS_CHROMIUM`, Firefox in `MOPS_FIREFOX` (empty: there is none), the terminal program in `MOPS_CLI`, and, if given, the folder of reference data in
/// `MOPS_REFERENCE_DATA`.
fn browser_tests(reference_data: Option<&Path>, tally: &mut Tally) -> Result<()> {
    let chromium = setup::chromium()?;
    let firefox = setup::firefox()?;
    if firefox.is_none() {
        tally.not_run(
            "tests in Firefox. On Debian `sudo apt-get install -y firefox-esr`; elsewhere FIREFOX=/path/to/it.",
        );
    }
    tally.check("Terminal program", || {
        step::run(step::cargo().args(["build", "--quiet", "--locked", "-p", "mops-cli"]))
    });
    if !tally.check("Package", || site::build(Profile::Release)) {
        step::note("Without the package there are no end-to-end tests and no sizes.");
        return Ok(());
    }
    let server = Static::start(site::folder(), 0)?;
    let mut node = node_tests(&["e2e"], &["--test-concurrency=1", END_TO_END_LIMIT])?;
    environment(&mut node, &server, &chromium);
    node.env("MOPS_FIREFOX", firefox.unwrap_or_default());
    if let Some(folder) = reference_data {
        node.env("MOPS_REFERENCE_DATA", folder);
    }
    tally.tests("End-to-end tests", &mut node);
    tally.check("Sizes", size::held);
    Ok(())
}

/// What scripts in `e2e/` need to know.
pub fn environment(node: &mut Command, server: &Static, chromium: &Path) {
    node.env("MOPS_BASE_URL", server.address());
    node.env("MOPS_CHROMIUM", chromium);
    node.env("MOPS_CLI", workspace::target().join("debug").join(format!("mops{}", env::consts::EXE_SUFFIX)));
}
