//! Bytes to tables.
//!
//! [`Reader`] takes bytes in any chunks and gives a [`crate::table::Table`]: CSV, JSON of several shapes, in UTF-8 or
//! UTF-16.
//! [`from_columns`] takes typed columns. [`assemble`] joins tables into a [`crate::table::Dataset`]. Every row that
//! can't be used is on the table's ledger with its line: `rows + rejected = read`.

mod assemble;
pub(crate) mod cell;
mod columns;
mod csv;
mod encoding;
mod header;
mod json;
mod preset;
mod reader;
mod sheet;
#[cfg(test)]
mod tests;

pub use assemble::assemble;
pub use columns::{InputColumn, from_columns};
pub use reader::{Progress, Reader};
pub(crate) use sheet::shown;
