//! The same file, streamed into a page in Chromium.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::serve::Static;
use crate::wasm::Profile;
use crate::{setup, site, step, test, workspace};

/// What the page consists of, besides the site.
const PAGE: [&str; 2] = ["ingest.html", "ingest.js"];

/// Reads the file through `<mops-source>` with widgets on the page, and prints what the page felt.
pub fn ingest(file: &Path, rows: u32) -> Result<()> {
    let chromium = setup::chromium()?;
    site::build(Profile::Release)?;
    let folder = workspace::scratch().join("bench/site");
    // Beside the site, so that no large file ever lies in it.
    site::mirror(&site::folder(), &folder)?;
    for name in PAGE {
        fs::copy(workspace::root().join("e2e").join(name), folder.join(name)).with_context(|| name.to_owned())?;
    }
    let name = file.file_name().context("the file has no name")?;
    fs::hard_link(file, folder.join(name))?;
    let server = Static::start(folder, 0)?;
    let mut node = Command::new("node");
    node.current_dir(workspace::root()).arg("e2e/ingest.mjs").arg(name).arg(rows.to_string());
    test::environment(&mut node, &server, &chromium);
    step::run(&mut node)
}
