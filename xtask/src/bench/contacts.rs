//! Contacts in HubSpot's export format, their deals and their touches: the same for the same number of contacts.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use crate::{step, workspace};

/// The folder with `contacts.csv` of that many rows, `deals.csv` and `touches.csv`, made unless it is there.
pub fn folder(contacts: u32) -> Result<PathBuf> {
    let folder = workspace::scratch().join(format!("bench/data-{contacts}"));
    if folder.join("touches.csv").is_file() {
        return Ok(folder);
    }
    fs::create_dir_all(&folder)?;
    step::timed(&format!("Make {contacts} contacts, their deals and touches"), || {
        let mut cargo = step::cargo();
        cargo.args(["run", "--quiet", "--locked", "--package", "mops-demo-data", "--", &contacts.to_string()]);
        step::run(cargo.arg(&folder))
    })?;
    Ok(folder)
}
