//! How much the fields of two records speak for one person.

use super::normal;
use crate::charter::DataStandard;
use crate::kpi::scan::Rows;
use crate::sort::{grouped, sorted};
use crate::table::{Table, TextColumn};

/// Share of true pairs that agree on a field they both have filled.
const AGREE: f64 = 0.9;
/// Bits of evidence that must be left once it has made up for how rare a pair is: 8 to 1 for one person.
const MARGIN: f64 = 3.0;
/// In few records chance agreement can't be counted; it is taken as that of a file this large.
const LEAST: f64 = 1000.0;

/// One field of all rows, normalised.
pub(super) struct Comparator {
    kind: Kind,
    /// Whether it tells where somebody works: colleagues share the domain of their addresses and the account.
    employer: bool,
    /// For each row its value; 0 is blank. In order of the values.
    codes: Vec<u32>,
    values: Vec<String>,
    /// For each value, the bits that agreement on it gives.
    bits: Vec<f64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The same value is the same person; another value says nothing.
    Identity,
    /// The same value speaks for it; another one says nothing, for people have several.
    Several,
    /// The same value or none.
    Exact,
    /// Alike or not.
    Alike,
}

/// A comparator for each match field that the table has. E-mail gives one for the address and one for its domain, but
/// not beside the account: both say that two people work for one company, and that is to be said once.
pub(super) fn comparators(table: &Table, standard: &DataStandard, rows: &[u32]) -> Vec<Comparator> {
    let mut all = Vec::new();
    let by_account = standard.match_fields.iter().any(|field| field == "account") && table.text("account").is_some();
    for field in &standard.match_fields {
        let Some(column) = table.text(field) else { continue };
        let mut add = |kind, normal: &dyn Fn(&str) -> String| {
            let employer = kind == Kind::Exact || field == "account";
            all.push(Comparator { employer, ..Comparator::new(column, kind, normal, rows) });
        };
        match field.as_str() {
            "email" => {
                add(Kind::Identity, &normal::email);
                if !by_account {
                    add(Kind::Exact, &normal::domain);
                }
            }
            "phone" => add(Kind::Several, &normal::phone),
            _ => add(Kind::Alike, &normal::words),
        }
    }
    all
}

impl Comparator {
    fn new(column: &TextColumn, kind: Kind, normal: &dyn Fn(&str) -> String, rows: &[u32]) -> Self {
        let texts = 0..u32::try_from(column.dictionary.len()).unwrap_or(u32::MAX);
        let known: Vec<(String, u32)> = texts
            .map(|code| (normal(column.dictionary.text(code)), code))
            .filter(|(text, _)| !text.is_empty())
            .collect();
        let known = sorted(known);
        let mut values = vec![String::new()];
        let mut code_of = vec![0_u32; column.dictionary.len()];
        for (text, code) in known {
            if values.last() != Some(&text) {
                values.push(text);
            }
            if let Some(slot) = code_of.get_mut(code as usize) {
                *slot = u32::try_from(values.len().saturating_sub(1)).unwrap_or(0);
            }
        }
        let codes: Vec<u32> =
            column.codes.iter().map(|code| code_of.get(*code as usize).copied().unwrap_or(0)).collect();
        let mut counts = vec![0_u32; values.len()];
        for row in rows {
            let code = codes.get(*row as usize).copied().unwrap_or(0);
            if let Some(count) = counts.get_mut(code as usize) {
                *count = count.saturating_add(1);
            }
        }
        let total = (rows.len() as f64).max(LEAST);
        let bits = counts
            .iter()
            .map(|count| {
                let chance = f64::from(count.saturating_sub(1).max(1)) / total;
                libm::log2(AGREE / chance.min(AGREE))
            })
            .collect();
        Self { kind, employer: false, codes, values, bits }
    }

    pub(super) fn value(&self, row: u32) -> u32 {
        self.codes.get(row as usize).copied().unwrap_or(0)
    }

    /// Rows in order of the values; those of one value stay in the order in which they were.
    pub(super) fn sort(&self, rows: &[u32]) -> Vec<u32> {
        let rows = Rows::new(Some(rows), 0);
        let value = |row: usize| self.codes.get(row).map(|code| *code as usize);
        grouped(&rows, &value, self.values.len()).1
    }

    pub(super) fn is_identity(&self) -> bool {
        self.kind == Kind::Identity
    }

    /// Bits that agreement on a value gives.
    fn agree(&self, value: u32) -> f64 {
        self.bits.get(value as usize).copied().unwrap_or(0.0)
    }

    fn text(&self, value: u32) -> &str {
        self.values.get(value as usize).map_or("", String::as_str)
    }
}

/// Weighs pairs.
pub(super) struct Judge<'a> {
    comparators: &'a [Comparator],
    /// Bits that a pair must reach: any two records are one person with a chance of 1 in as many as there are.
    needed: f64,
    /// Bits that disagreement takes.
    against: f64,
}

impl<'a> Judge<'a> {
    pub(super) fn new(comparators: &'a [Comparator], rows: usize) -> Self {
        let needed = libm::log2((rows as f64).max(LEAST)) + MARGIN;
        Self { comparators, needed, against: libm::log2(1.0 - AGREE) }
    }

    /// Whether two records are the same person. Alike in all fields that are filled, and in two at least, they always
    /// are.
    pub(super) fn same(&self, one: u32, other: u32) -> bool {
        let mut bits = 0.0;
        // Domain and account say the same thing, so the stronger of them is heard, not both, and where the domain
        // agrees nothing hangs on how the account is spelt.
        let mut employer: f64 = 0.0;
        let colleagues = self
            .comparators
            .iter()
            .any(|by| by.kind == Kind::Exact && by.value(one) > 0 && by.value(one) == by.value(other));
        let mut other_address = false;
        let (mut equal, mut differing) = (0_u32, 0_u32);
        let mut doubtful = 0_u32;
        for by in self.comparators {
            let (a, b) = (by.value(one), by.value(other));
            match by.kind {
                _ if a == 0 && b == 0 => {}
                _ if a == 0 || b == 0 => differing = differing.saturating_add(1),
                _ if a == b => {
                    equal = equal.saturating_add(1);
                    if by.employer {
                        employer = employer.max(by.agree(a));
                    } else {
                        bits += by.agree(a);
                    }
                    // Two addresses at one domain are nearly always two people: they were given to tell them apart.
                    if by.kind == Kind::Exact && other_address {
                        bits += 2.0 * self.against;
                    }
                }
                kind => {
                    differing = differing.saturating_add(1);
                    match kind {
                        Kind::Identity => other_address = true,
                        Kind::Several => {}
                        Kind::Exact => bits += self.against,
                        Kind::Alike if by.employer && colleagues => {}
                        Kind::Alike => {
                            // As much as likeness could give; what it does give is looked at only if that suffices.
                            bits += by.agree(a).min(by.agree(b));
                            doubtful = doubtful.saturating_add(1);
                        }
                    }
                }
            }
        }
        if differing == 0 && equal > 1 {
            return true;
        }
        bits += employer;
        let in_doubt = |by: &&Comparator| by.kind == Kind::Alike && !(by.employer && colleagues);
        for by in self.comparators.iter().filter(in_doubt) {
            if bits < self.needed || doubtful == 0 {
                break;
            }
            let (a, b) = (by.value(one), by.value(other));
            if a != b && a != 0 && b != 0 {
                doubtful = doubtful.saturating_sub(1);
                let most = by.agree(a).min(by.agree(b));
                let alike = likeness(by.text(a), by.text(b));
                bits -= (most - self.against) * (1.0 - alike);
            }
        }
        bits >= self.needed
    }
}

/// 1 for the same, 0 for what is no more alike than chance makes it.
fn likeness(one: &str, other: &str) -> f64 {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(one) && digits(other) {
        // Two numbers share digits by chance: only a slip of one counts.
        return if strsim::osa_distance(one, other) <= 1 && one.len() > 3 { 0.6 } else { 0.0 };
    }
    (1.0 - (1.0 - strsim::jaro_winkler(one, other)) * 4.0).max(0.0)
}
