//! How much the fields of two records speak for one person.

use super::normal;
use crate::charter::DataStandard;
use crate::table::Table;
use std::cmp::Ordering;

/// Share of true pairs that agree on a field they both have filled.
const AGREE: f64 = 0.9;
/// Bits of evidence that must be left once it has made up for how rare a pair is: 8 to 1 for one person.
const MARGIN: f64 = 3.0;
/// In few records chance agreement can't be counted; it is taken as that of a file this large.
const LEAST: f64 = 1000.0;

/// One field of all rows, normalised.
#[derive(Debug, Clone)]
pub(super) struct Comparator {
    /// The column that it reads.
    pub(super) field: String,
    kind: Kind,
    /// Whether it tells where somebody works: colleagues share the domain of their addresses and the account.
    employer: bool,
    normal: fn(&str) -> String,
    /// For each text of the column, what it is compared as.
    texts: Texts,
    /// For each text of the column its value, in order of the values; 0 is blank.
    value_of: Vec<u32>,
    /// For each value the text that it was first found as, and in how many rows it stands.
    values: Vec<(u32, u32)>,
    /// For each value, the bits that agreement on it gives.
    bits: Vec<f64>,
    /// For each value of what may be alike, its letters.
    letters: Vec<Letters>,
}

/// Which letters a text has, in 64 classes, and how many characters.
#[derive(Debug, Clone, Copy, Default)]
struct Letters {
    classes: u64,
    length: u32,
}

impl Letters {
    fn of(text: &str) -> Self {
        text.chars().fold(Self::default(), |so_far, sign| Self {
            classes: so_far.classes | 1_u64.wrapping_shl(u32::from(sign)),
            length: so_far.length.saturating_add(1),
        })
    }

    /// Whether two texts can be alike at all. Most pairs can't, and this is far quicker to tell than how alike they are:
    /// a letter that the other text doesn't have has no match there.
    fn may_be_alike(self, other: Self, texts: [&str; 2]) -> bool {
        let matched = |one: Self, other: Self| one.length.saturating_sub((one.classes & !other.classes).count_ones());
        let most = f64::from(matched(self, other).min(matched(other, self)));
        let jaro = (most / f64::from(self.length.max(1)) + most / f64::from(other.length.max(1)) + 1.0) / 3.0;
        let [one, two] = texts;
        let prefix = one.chars().zip(two.chars()).take(4).take_while(|(a, b)| a == b).count();
        // A little less than what likeness needs, for the rounding of either.
        jaro + 0.1 * prefix as f64 * (1.0 - jaro) > 0.749
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// Texts by number, with the first bytes of each beside one another: most comparisons need no more.
#[derive(Debug, Clone, Default)]
pub(super) struct Texts {
    all: String,
    ends: Vec<(u64, usize)>,
}

impl Texts {
    pub(super) fn push(&mut self, text: &str) {
        self.all.push_str(text);
        let first = text.bytes().chain(std::iter::repeat(0)).take(8);
        let key = first.fold(0_u64, |key, byte| key.wrapping_shl(8) | u64::from(byte));
        self.ends.push((key, self.all.len()));
    }

    fn get(&self, at: u32) -> &str {
        let start = (at as usize).checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |(_, end)| *end);
        self.ends.get(at as usize).and_then(|(_, end)| self.all.get(start..*end)).unwrap_or("")
    }

    pub(super) fn compare(&self, one: u32, other: u32) -> Ordering {
        let key = |at: u32| self.ends.get(at as usize).map_or(0, |(key, _)| *key);
        key(one).cmp(&key(other)).then_with(|| self.get(one).cmp(self.get(other)))
    }
}

/// A comparator for each match field that the table has; e-mail gives one for the address and one for its domain.
pub(super) fn comparators(table: &Table, standard: &DataStandard) -> Vec<Comparator> {
    let mut all = Vec::new();
    for field in standard.match_fields.iter().filter(|field| table.text(field).is_some()) {
        let mut add = |kind, normal| all.push(Comparator::new(field, kind, normal));
        match field.as_str() {
            "email" => {
                add(Kind::Identity, normal::email);
                add(Kind::Exact, normal::domain);
            }
            "phone" => add(Kind::Several, normal::phone),
            _ => add(Kind::Alike, normal::words),
        }
    }
    all
}

impl Comparator {
    fn new(field: &str, kind: Kind, normal: fn(&str) -> String) -> Self {
        Self {
            field: field.to_owned(),
            kind,
            employer: kind == Kind::Exact || field == "account",
            normal,
            texts: Texts::default(),
            value_of: Vec::new(),
            values: vec![(0, 0)],
            bits: Vec::new(),
            letters: vec![Letters::default()],
        }
    }

    /// Takes the next text of the column.
    pub(super) fn read(&mut self, text: &str) {
        self.texts.push(&(self.normal)(text));
        self.value_of.push(0);
    }

    /// The texts that say something.
    pub(super) fn filled(&self) -> Vec<u32> {
        let all = 0..u32::try_from(self.value_of.len()).unwrap_or(u32::MAX);
        all.filter(|text| !self.texts.get(*text).is_empty()).collect()
    }

    pub(super) fn compare(&self, one: u32, other: u32) -> Ordering {
        self.texts.compare(one, other)
    }

    /// Gives the next text, in order, its value.
    pub(super) fn value_text(&mut self, text: u32) {
        let last = self.values.len().saturating_sub(1);
        let known = self.values.get(last).filter(|_| last > 0);
        if known.is_none_or(|(first, _)| self.texts.compare(*first, text) != Ordering::Equal) {
            self.values.push((text, 0));
            if self.kind == Kind::Alike {
                self.letters.push(Letters::of(self.texts.get(text)));
            }
        }
        if let Some(value) = self.value_of.get_mut(text as usize) {
            *value = u32::try_from(self.values.len().saturating_sub(1)).unwrap_or(0);
        }
    }

    /// The value of a text of the column, which is counted.
    pub(super) fn count(&mut self, text: u32, counts: bool) -> u32 {
        let value = self.value_of.get(text as usize).copied().unwrap_or(0);
        if let Some((_, count)) = self.values.get_mut(value as usize).filter(|_| counts) {
            *count = count.saturating_add(1);
        }
        value
    }

    /// How many values there are, blank included.
    pub(super) fn values(&self) -> usize {
        self.values.len()
    }

    /// In how many rows a value stands.
    pub(super) fn rows(&self, value: usize) -> u32 {
        self.values.get(value).map_or(0, |(_, rows)| *rows)
    }

    /// Weighs the next value.
    pub(super) fn weigh(&mut self, rows: usize) {
        let count = self.rows(self.bits.len());
        let chance = f64::from(count.saturating_sub(1).max(1)) / (rows as f64).max(LEAST);
        self.bits.push(libm::log2(AGREE / chance.min(AGREE)));
    }

    pub(super) fn is_identity(&self) -> bool {
        self.kind == Kind::Identity
    }

    /// Bits that agreement on a value gives.
    fn agree(&self, value: u32) -> f64 {
        self.bits.get(value as usize).copied().unwrap_or(0.0)
    }

    fn text(&self, value: u32) -> &str {
        self.values.get(value as usize).map_or("", |(text, _)| self.texts.get(*text))
    }

    /// How alike two values are: from 0 to 1.
    fn alike(&self, one: u32, other: u32) -> f64 {
        let letters = |value: u32| self.letters.get(value as usize).copied().unwrap_or_default();
        let texts = [self.text(one), self.text(other)];
        if letters(one).may_be_alike(letters(other), texts) { likeness(texts[0], texts[1]) } else { 0.0 }
    }
}

/// Weighs pairs of records, each given by its values.
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
    pub(super) fn same(&self, one: &[u32], other: &[u32]) -> bool {
        let all = || self.comparators.iter().zip(one.iter().copied().zip(other.iter().copied()));
        let mut bits = 0.0;
        // Domain and account say the same thing, so one of them is heard: the stronger of those that agree; where none
        // does, the account, of which there may be two spellings.
        let mut employer: f64 = 0.0;
        let employers = || all().filter(|(by, _)| by.employer);
        let colleagues = employers().any(|(_, (a, b))| a > 0 && a == b);
        let by_account = employers().any(|(by, (a, b))| by.kind == Kind::Alike && a > 0 && b > 0);
        let mut other_address = false;
        let (mut equal, mut differing) = (0_u32, 0_u32);
        let mut doubtful = 0_u32;
        for (by, (a, b)) in all() {
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
                        Kind::Exact if by_account => {}
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
        for (by, (a, b)) in all().filter(|(by, _)| by.kind == Kind::Alike && !(by.employer && colleagues)) {
            if bits < self.needed || doubtful == 0 {
                break;
            }
            if a != b && a != 0 && b != 0 {
                doubtful = doubtful.saturating_sub(1);
                let most = by.agree(a).min(by.agree(b));
                bits -= (most - self.against) * (1.0 - by.alike(a, b));
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
        return if strsim::osa_distance(one, other) <= 1 && one.len().min(other.len()) > 3 { 0.6 } else { 0.0 };
    }
    (1.0 - (1.0 - strsim::jaro_winkler(one, other)) * 4.0).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_alike_may_be_alike(one in "[a-eé0-3 ]{0,9}", other in "[a-eé0-3 ]{0,9}") {
            let may = Letters::of(&one).may_be_alike(Letters::of(&other), [&one, &other]);
            prop_assert!(may || likeness(&one, &other) == 0.0);
        }
    }

    #[test]
    fn unlike_names_are_told_by_their_letters() {
        let may = |one: &str, other: &str| Letters::of(one).may_be_alike(Letters::of(other), [one, other]);
        assert!(!may("anna", "peter"));
        assert!(!may("martin", "sophie"));
        assert!(may("meyer", "maier"));
    }
}
