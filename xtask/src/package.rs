//! `cargo xtask package`: the npm package in `dist/`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::editors;
use crate::npm;
use crate::setup;
use crate::step;
use crate::wasm::{self, Profile};
use crate::workspace;

/// Arguments of `cargo xtask package`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Compile quickly instead of small: unoptimised modules, JavaScript as written
    #[arg(long)]
    dev: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<()> {
    build(if arguments.dev { Profile::Dev } else { Profile::Release })
}

/// Folders whose files make up the package. They land side by side, so a file refers to any other as `./name`.
const FOLDERS: [&str; 3] = ["engine/js", "widgets/js", "widgets/css"];

/// Builds the package.
pub fn build(profile: Profile) -> Result<()> {
    setup::wasm_target()?;
    if profile == Profile::Release {
        setup::standard_library()?;
    }
    setup::npm_packages()?;
    let modules = wasm::build(profile)?;
    step::timed("Assemble dist/", || assemble(profile, &modules))
}

fn assemble(profile: Profile, modules: &[std::path::PathBuf]) -> Result<()> {
    let dist = workspace::dist();
    fs::create_dir_all(&dist)?;
    let mut written = BTreeSet::new();
    for folder in modules {
        copy_files(folder, &dist, &mut written)?;
    }
    for folder in FOLDERS {
        let folder = workspace::root().join(folder);
        if folder.is_dir() {
            copy_files(&folder, &dist, &mut written)?;
        }
    }
    let themes = dist.join("themes");
    fs::create_dir_all(&themes)?;
    copy_files(&workspace::root().join("widgets/css/themes"), &themes, &mut BTreeSet::new())?;
    for name in ["LICENSE", "LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(workspace::root().join(name), dist.join(name))?;
        written.insert(name.to_owned());
    }
    written.extend(editors::write(&dist)?.map(String::from));
    if profile == Profile::Release {
        minify(&dist, &written)?;
    }
    for entry in fs::read_dir(&dist)? {
        let entry = entry?;
        if entry.file_type()?.is_file() && !written.contains(entry.file_name().to_string_lossy().as_ref()) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// What a folder of sources gives to the package: no tests, no stamps.
fn belongs(name: &str) -> bool {
    let ending = [".js", ".wasm", ".html", ".css", ".d.ts", ".json"].iter().any(|ending| name.ends_with(ending));
    ending && !name.ends_with(".test.js")
}

fn copy_files(from: &Path, to: &Path, written: &mut BTreeSet<String>) -> Result<()> {
    for entry in fs::read_dir(from).with_context(|| workspace::shown(from))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_file() && belongs(&name) {
            fs::copy(entry.path(), to.join(&name))?;
            written.insert(name);
        }
    }
    Ok(())
}

/// Each module stays a module of its own; only its text gets shorter.
fn minify(dist: &Path, written: &BTreeSet<String>) -> Result<()> {
    let scripts: Vec<&String> = written.iter().filter(|name| name.ends_with(".js")).collect();
    if scripts.is_empty() {
        return Ok(());
    }
    let mut esbuild = npm::esbuild();
    esbuild.current_dir(dist).args(scripts);
    esbuild.args([
        "--minify",
        "--format=esm",
        "--target=es2022",
        "--outdir=.",
        "--allow-overwrite",
        "--log-level=warning",
    ]);
    step::run(&mut esbuild)
}
