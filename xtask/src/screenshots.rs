//! `cargo xtask screenshots`: pictures of every page and widget, in `screenshots/`, to be looked at.

use std::process::Command;

use anyhow::Result;

use crate::serve::Static;
use crate::wasm::Profile;
use crate::{setup, site, step, test, workspace};

/// Arguments of `cargo xtask screenshots`.
#[derive(clap::Args)]
pub struct Arguments {
    /// Only pictures whose name contains one of these words
    words: Vec<String>,
    /// Compile quickly instead of small
    #[arg(long)]
    dev: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<()> {
    let chromium = setup::chromium()?;
    site::build(if arguments.dev { Profile::Dev } else { Profile::Release })?;
    let server = Static::start(site::folder(), 0)?;
    let mut node = Command::new("node");
    node.current_dir(workspace::root()).arg("e2e/screenshots.mjs").args(&arguments.words);
    test::environment(&mut node, &server, &chromium);
    step::timed("Take screenshots", || step::run(&mut node))
}
