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

/// Runs `mops` in the folder of fixtures, for a terminal of 80 columns.
pub fn mops(arguments: &[&str]) -> Run {
    mops_at(80, arguments)
}

/// Runs `mops` for a terminal of so many columns.
pub fn mops_at(columns: usize, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_mops"))
        .args(arguments)
        .current_dir(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures"))
        .env("COLUMNS", columns.to_string())
        .output()
        .expect("the binary starts");
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// A file that is gone after the test.
#[allow(dead_code, reason = "not every test file needs it")]
pub struct Scratch(PathBuf);

#[allow(dead_code, reason = "not every test file needs it")]
impl Scratch {
    pub fn new(name: &str, text: &str) -> Self {
        Self::of(name, text.as_bytes())
    }

    pub fn of(name: &str, bytes: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("mops-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).expect("a file in the folder of temporary files");
        Self(path)
    }

    pub fn path(&self) -> &str {
        self.0.to_str().expect("a path in UTF-8")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A file left behind harms nobody.
        let _ = std::fs::remove_file(&self.0);
    }
}
