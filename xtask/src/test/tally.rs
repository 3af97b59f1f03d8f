//! Adds up what passed and what failed over all runners.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Result, bail};

use crate::step;

/// Tests and checks so far.
#[derive(Default)]
pub struct Tally {
    passed: u64,
    failed: u64,
    broken: Vec<String>,
    not_run: Vec<&'static str>,
}

impl Tally {
    /// Runs a check that either holds or doesn't; it counts as one test.
    pub fn check(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        match step::timed(name, work) {
            Ok(()) => {
                self.passed += 1;
                true
            }
            Err(error) => {
                step::failed(&format!("{error:#}"));
                self.failed += 1;
                self.broken.push(name.to_owned());
                false
            }
        }
    }

    /// Runs a test runner, shows what it says and adds up its own closing counts.
    pub fn tests(&mut self, name: &str, command: &mut Command) {
        let mut counts = Counts::default();
        let result = step::timed(name, || {
            let (told, success) = watch(command)?;
            counts = told;
            if success { Ok(()) } else { bail!("{} failed", counts.failed) }
        });
        self.passed += counts.passed;
        // A runner that fails without a failed test, for one that doesn't compile, is one failure.
        self.failed += if result.is_err() { counts.failed.max(1) } else { counts.failed };
        if let Err(error) = result {
            step::failed(&format!("{error:#}"));
            self.broken.push(name.to_owned());
        }
    }

    /// Tests that can't run here, and what they would need. They count as neither passed nor failed.
    pub fn not_run(&mut self, what: &'static str) {
        self.not_run.push(what);
    }

    /// What didn't run, and the closing line on standard output.
    pub fn close(self) -> Result<()> {
        for what in &self.not_run {
            step::note(&format!("NOT RUN: {what}"));
        }
        println!("{} passed, {} failed", self.passed, self.failed);
        if self.failed == 0 { Ok(()) } else { bail!("failed: {}", self.broken.join(", ")) }
    }
}

/// What one runner said about itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    passed: u64,
    failed: u64,
}

impl Counts {
    /// Understands the closing lines of `cargo test`, nextest and `node --test`.
    fn read(&mut self, line: &str) {
        let line = strip_colours(line);
        let line = line.trim();
        if line.starts_with("test result:") || (line.starts_with("Summary [") && line.contains(" run:")) {
            self.passed += number_before(line, " passed");
            self.failed += number_before(line, " failed") + number_before(line, " timed out");
        } else if let Some(rest) = line.strip_prefix("ℹ ") {
            match rest.split_once(' ') {
                Some(("pass", number)) => self.passed += number.parse().unwrap_or(0),
                Some(("fail" | "cancelled", number)) => self.failed += number.parse().unwrap_or(0),
                _ => {}
            }
        }
    }
}

fn number_before(line: &str, word: &str) -> u64 {
    let Some((before, _)) = line.split_once(word) else { return 0 };
    before.rsplit(|sign: char| !sign.is_ascii_digit()).next().and_then(|digits| digits.parse().ok()).unwrap_or(0)
}

fn strip_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut signs = line.chars();
    while let Some(sign) = signs.next() {
        if sign == '\u{1b}' {
            for skipped in signs.by_ref() {
                if skipped.is_ascii_alphabetic() {
                    break;
                }
            }
        } else {
            plain.push(sign);
        }
    }
    plain
}

fn watch(command: &mut Command) -> Result<(Counts, bool)> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let readers: Vec<Box<dyn Read + Send>> = [
        child.stdout.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
        child.stderr.take().map(|pipe| Box::new(pipe) as Box<dyn Read + Send>),
    ]
    .into_iter()
    .flatten()
    .collect();
    let threads: Vec<_> = readers.into_iter().map(|pipe| thread::spawn(move || follow(pipe))).collect();
    let mut counts = Counts::default();
    for thread in threads {
        let told = thread.join().unwrap_or_default();
        counts.passed += told.passed;
        counts.failed += told.failed;
    }
    Ok((counts, child.wait()?.success()))
}

/// Passes lines on as they come and reads the counts in them.
fn follow(pipe: impl Read) -> Counts {
    let mut counts = Counts::default();
    let mut reader = BufReader::new(pipe);
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
        let text = String::from_utf8_lossy(&line);
        eprint!("{text}");
        counts.read(&text);
        line.clear();
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::Counts;

    fn counts(lines: &[&str]) -> Counts {
        let mut counts = Counts::default();
        for line in lines {
            counts.read(line);
        }
        counts
    }

    #[test]
    fn every_runner_is_understood() {
        let cargo = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; 1 filtered out";
        assert_eq!(counts(&[cargo, cargo]), Counts { passed: 24, failed: 6 });
        let nextest = "     Summary [   0.010s] 9 tests run: 7 passed (1 slow), 2 failed, 4 skipped";
        assert_eq!(counts(&[nextest]), Counts { passed: 7, failed: 2 });
        assert_eq!(counts(&["ℹ tests 9", "ℹ pass 5", "ℹ fail 3", "ℹ cancelled 1"]), Counts { passed: 5, failed: 4 });
        assert_eq!(counts(&["\u{1b}[34mℹ pass 5\u{1b}[39m"]), Counts { passed: 5, failed: 0 });
    }

    #[test]
    fn other_lines_count_for_nothing() {
        assert_eq!(counts(&["5 passed", "ℹ duration_ms 12", "✔ pass 3"]), Counts::default());
    }
}
