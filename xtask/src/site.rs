//! `cargo xtask site`: everything the demo serves, in `site/`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::package;
use crate::step;
use crate::wasm::Profile;
use crate::workspace;

/// Arguments of `cargo xtask site`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Compile quickly instead of small
    #[arg(long)]
    dev: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<()> {
    build(if arguments.dev { Profile::Dev } else { Profile::Release })
}

/// Builds the package and assembles the site. Pages find the package under `dist/`, as they do in the workspace.
pub fn build(profile: Profile) -> Result<()> {
    package::build(profile)?;
    step::timed("Assemble site/", assemble)
}

/// The folder that is served.
pub fn folder() -> PathBuf {
    workspace::root().join("site")
}

fn assemble() -> Result<()> {
    let site = folder();
    fs::create_dir_all(&site)?;
    mirror_file(&workspace::root().join("index.html"), &site.join("index.html"))?;
    mirror(&workspace::root().join("demo"), &site.join("demo"))?;
    mirror(&workspace::dist(), &site.join("dist"))
}

/// Makes `to` the same as `from`, and leaves alone what already is: live reload then sees only what changed.
pub fn mirror(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    let mut names = BTreeSet::new();
    if from.is_dir() {
        for entry in fs::read_dir(from).with_context(|| workspace::shown(from))? {
            let entry = entry?;
            names.insert(entry.file_name());
            let target = to.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                mirror(&entry.path(), &target)?;
            } else {
                mirror_file(&entry.path(), &target)?;
            }
        }
    }
    for entry in fs::read_dir(to)? {
        let entry = entry?;
        if !names.contains(&entry.file_name()) {
            if entry.file_type()?.is_dir() {
                fs::remove_dir_all(entry.path())?;
            } else {
                fs::remove_file(entry.path())?;
            }
        }
    }
    Ok(())
}

fn mirror_file(from: &Path, to: &Path) -> Result<()> {
    if from.exists() && fs::read(from)? != fs::read(to).unwrap_or_default() {
        fs::copy(from, to)?;
    } else if from.exists() && !to.exists() {
        fs::write(to, [])?;
    }
    Ok(())
}
