//! Cells: text to values.

pub mod amount;
pub mod date;
pub mod flag;
#[cfg(test)]
mod tests;

use crate::charter::{Charter, DateOrder, Mapping};
use crate::fold::lower;
use crate::list::List;
use crate::time::{Clock, Zone};
use amount::Clue;

/// How cells of one table are read.
#[derive(Debug, Clone)]
pub struct Rules {
    pub clock: Clock,
    pub date_order: Option<DateOrder>,
    pub decimal_sign: Option<char>,
    /// What amounts are in where the row doesn't say so.
    currency: String,
    blanks: Blanks,
}

impl Rules {
    pub fn new(charter: &Charter, zone: &Zone, table: &str) -> Self {
        let default = Mapping::default();
        let mapping = charter.sources.get(table).unwrap_or(&default);
        Self {
            clock: Clock::new(zone.clone()),
            date_order: mapping.date_order,
            decimal_sign: mapping.decimal_sign,
            currency: charter.currency.clone(),
            blanks: Blanks::new(&charter.blanks),
        }
    }

    /// The amount in a cell, and what it says of the decimal sign of its file. `own` is what the row's currency column
    /// says, if it has one: a sign or code of another currency is no ornament, and which of both is right is unknown. A
    /// number is no text that somebody wrote: its sign is the point, whatever the charter says.
    pub fn amount(&self, cell: &str, own: &str, is_number: bool) -> Result<(i64, Clue), Fault> {
        let sign = if is_number { Some('.') } else { self.decimal_sign };
        let value = amount::read_with_clue(cell, sign).ok_or("")?;
        if amount::is_bare(cell) {
            return Ok(value);
        }
        let own = own.trim();
        let (currency, fault) =
            if self.is_blank(own) { (self.currency.as_str(), OTHER_CURRENCY) } else { (own, NOT_ITS_CURRENCY) };
        if amount::is_in(cell, &currency.to_ascii_uppercase()) { Ok(value) } else { Err(fault) }
    }

    /// Whether a cell, already trimmed, means "nothing".
    pub fn is_blank(&self, cell: &str) -> bool {
        self.blanks.has(cell)
    }
}

const OTHER_CURRENCY: Fault = "not the charter's currency, and no currency column says so";
const NOT_ITS_CURRENCY: Fault = "not the row's currency";

/// Why a cell can't be read; "" where its content says it.
pub type Fault = &'static str;

/// The contents that mean "nothing", with a quick way to see that a cell is none of them.
#[derive(Debug, Clone)]
struct Blanks {
    words: Vec<String>,
    /// Bit n: a word of n bytes exists.
    lengths: u64,
    /// Words with letters outside ASCII, whose length may change with case.
    wide: bool,
}

impl Blanks {
    fn new(words: &[String]) -> Self {
        let words: Vec<String> = words.iter().map(|word| lower(word.trim())).list();
        let lengths = words.iter().fold(0, |bits, word| bits | bit(word.len()));
        let wide = words.iter().any(|word| !word.is_ascii());
        Self { words, lengths, wide }
    }

    fn has(&self, cell: &str) -> bool {
        if cell.is_empty() {
            return true;
        }
        if cell.is_ascii() {
            self.lengths & bit(cell.len()) != 0 && self.words.iter().any(|word| word.eq_ignore_ascii_case(cell))
        } else if self.wide {
            let cell = lower(cell);
            self.words.contains(&cell)
        } else {
            false
        }
    }
}

fn bit(length: usize) -> u64 {
    u32::try_from(length).ok().and_then(|length| 1_u64.checked_shl(length.min(63))).unwrap_or(0)
}
