//! The one door of these tests: run the built binary.

use std::path::PathBuf;
use std::process::Command;

/// What a run left behind.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    /// Standard output as JSON.
    #[allow(dead_code, reason = "not every test file needs it")]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }
}

/// Runs `mops` in the folder of fixtures.
pub fn mops(arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_mops"))
        .args(arguments)
        .current_dir(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"))
        .env("COLUMNS", "80")
        .output()
        .expect("the binary starts");
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}
