//! The same questions to the engine's module, in Node.js.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::wasm::Profile;
use crate::{package, step, workspace};

/// Packs the modules, reads the folder with the engine and asks the questions that lie in it.
pub fn query(folder: &Path, charter: &Path) -> Result<()> {
    package::build(Profile::Release)?;
    let mut node = Command::new("node");
    step::run(node.current_dir(workspace::root()).arg("e2e/query.mjs").args([folder, charter]))
}
