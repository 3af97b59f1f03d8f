//! Contacts in HubSpot's export format, the same for the same number of rows.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use crate::{step, workspace};

/// The file with that many rows, made unless it is there.
pub fn file(rows: u32) -> Result<PathBuf> {
    let folder = workspace::scratch().join("bench");
    let path = folder.join(format!("contacts-{rows}.csv"));
    if path.is_file() {
        return Ok(path);
    }
    fs::create_dir_all(&folder)?;
    step::timed(&format!("Make {rows} contacts"), || {
        let mut cargo = step::cargo();
        cargo.args(["run", "--quiet", "--locked", "--package", "mops-demo-data", "--", &rows.to_string()]).arg(&path);
        step::run(&mut cargo)
    })?;
    Ok(path)
}
