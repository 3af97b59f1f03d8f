//! Cells that hold amounts and numbers, read with the reason where they can't be.

use super::deals::Fault;
use crate::charter::money::{Converter, Rates};
use crate::ledger::Reason;
use crate::list::List;
use crate::table::{BLANK, Table, TextColumn, is_known};

/// A text column's codes, and what each code means here.
pub(crate) type Coded<'a, T> = (&'a [u32], Vec<Option<T>>);

/// Looks up what each text of a column means, once for each.
pub(crate) fn coded<'a, T>(column: &'a TextColumn, meaning: &dyn Fn(&str) -> Option<T>) -> Coded<'a, T> {
    let codes = 0..u32::try_from(column.dictionary.len()).unwrap_or(u32::MAX);
    (&column.codes, codes.map(|code| meaning(column.dictionary.text(code))).list())
}

/// A number from 0 upward, in millionths. Exports write -1 where there is none yet, so a negative one is a fault.
pub(crate) fn number(cells: Option<&[i64]>, row: usize) -> Result<i64, Reason> {
    signed(cells, row).and_then(|cell| if cell < 0 { Err(Reason::NegativeAmount) } else { Ok(cell) })
}

/// The same where one below zero says something: a credit note.
fn signed(cells: Option<&[i64]>, row: usize) -> Result<i64, Reason> {
    match cells.and_then(|cells| cells.get(row)).copied().unwrap_or(BLANK) {
        BLANK => Err(Reason::BlankField),
        cell if !is_known(cell) => Err(Reason::UnparsableNumber),
        cell => Ok(cell),
    }
}

/// Columns of money whose currency stands beside them.
pub(crate) struct Amounts<'a> {
    table: &'a Table,
    currencies: Option<Coded<'a, Rates<'a>>>,
    /// Whether amounts may be below zero.
    signed: bool,
}

impl<'a> Amounts<'a> {
    pub(crate) fn new(table: &'a Table, converter: &'a Converter) -> Self {
        let rates = |text: &str| converter.rates(text);
        Self { table, currencies: table.text("currency").map(|column| coded(column, &rates)), signed: false }
    }

    /// The same, where amounts below zero count: credit notes.
    pub(crate) fn signed(self) -> Self {
        Self { signed: true, ..self }
    }

    /// An amount in millionths of the charter's currency, at the rate of a day.
    pub(crate) fn of(&self, field: &'static str, row: usize, day: i64) -> Result<i64, Fault> {
        self.read(self.table.money(field), field, row, day)
    }

    /// The same of a column that is at hand, for long tables.
    pub(crate) fn read(&self, cells: Option<&[i64]>, field: &'static str, row: usize, day: i64) -> Result<i64, Fault> {
        let read = if self.signed { signed } else { number };
        let cell = read(cells, row).map_err(|reason| (reason, field))?;
        let Some((codes, rates)) = &self.currencies else { return Ok(cell) };
        let code = codes.get(row).copied().unwrap_or(0);
        let rates = rates.get(code as usize).copied().flatten();
        rates.and_then(|rates| rates.convert(cell, day)).ok_or((Reason::NoFxRate, "currency"))
    }
}
