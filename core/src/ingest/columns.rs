//! The door for columns that are columns already: arrays of a page, Arrow vectors, query results.

use super::cell::{Fault, Rules, amount};
use super::header::{Headers, Target};
use super::reader::{complete, not_recognised, unknown_table};
use super::sheet::{FieldColumn, Row, Sheet};
use crate::charter::Charter;
use crate::error::{Code, Error};
use crate::list::List;
use crate::table::Table;
use crate::table::schema::{Kind, input};
use crate::time::{EARLIEST, LATEST, Zone};
use crate::write::plain;

/// A column as it comes in.
#[derive(Debug, Clone, PartialEq)]
pub enum InputColumn {
    /// Text, read as the cells of a file are.
    Text(Vec<String>),
    /// Text by code into its values; a code without a value (`u32::MAX`) is blank.
    Coded {
        /// One for each row.
        codes: Vec<u32>,
        /// What the codes mean.
        values: Vec<String>,
    },
    /// Epoch milliseconds; NaN is blank.
    Time(Vec<f64>),
    /// Numbers; NaN is blank.
    Number(Vec<f64>),
    /// 0 no, 1 yes, anything else blank.
    Flag(Vec<u8>),
}

impl InputColumn {
    fn len(&self) -> usize {
        match self {
            Self::Text(cells) => cells.len(),
            Self::Coded { codes, .. } => codes.len(),
            Self::Time(cells) | Self::Number(cells) => cells.len(),
            Self::Flag(cells) => cells.len(),
        }
    }

    /// A cell as text, into a buffer where it has none of its own.
    fn text<'a>(&'a self, row: usize, buffer: &'a mut String) -> &'a str {
        buffer.clear();
        match self {
            Self::Text(cells) => return cells.get(row).map_or("", String::as_str),
            Self::Coded { codes, values } => {
                return codes.get(row).and_then(|code| values.get(*code as usize)).map_or("", String::as_str);
            }
            Self::Time(cells) | Self::Number(cells) => {
                if let Some(number) = cells.get(row).filter(|number| !number.is_nan()) {
                    // The shortest digits that name the number; whole numbers have no point.
                    *buffer = plain(*number);
                }
            }
            Self::Flag(cells) => match cells.get(row) {
                Some(0) => buffer.push_str("false"),
                Some(1) => buffer.push_str("true"),
                _ => {}
            },
        }
        buffer
    }

    /// Whether its cells become text without anybody having written them.
    fn is_number(&self) -> bool {
        matches!(self, Self::Time(_) | Self::Number(_))
    }

    /// A value that needs no reading, where the column's type fits the field's.
    fn value(&self, row: usize, kind: Kind) -> Option<Result<i64, Fault>> {
        match (self, kind) {
            (Self::Time(cells), Kind::Time) => {
                let millis = cells.get(row).copied().filter(|millis| !millis.is_nan())?;
                let range = EARLIEST as f64..LATEST as f64;
                Some(if range.contains(&millis) {
                    Ok(libm::floor(millis) as i64)
                } else {
                    Err("outside the years 1 to 9999")
                })
            }
            (Self::Number(cells), Kind::Money | Kind::Number) => {
                let number = cells.get(row).copied().filter(|number| !number.is_nan())?;
                Some(amount::read(&plain(number), Some('.')).ok_or(""))
            }
            _ => None,
        }
    }
}

/// The columns of one row, for the checks that every row passes.
struct ColumnsRow<'a> {
    cells: &'a [String],
    columns: &'a [InputColumn],
}

impl Row for ColumnsRow<'_> {
    fn len(&self) -> usize {
        self.cells.len()
    }

    fn cell(&self, index: usize) -> &str {
        self.cells.get(index).map_or("", String::as_str)
    }

    fn is_number(&self, index: usize) -> bool {
        self.columns.get(index).is_some_and(InputColumn::is_number)
    }
}

/// A table from columns. Names are matched as headers are; line 1 is the first row.
///
/// # Errors
/// If the table is unknown, a needed field is missing, or columns differ in length.
pub fn from_columns(
    charter: &Charter,
    zone: &Zone,
    table: &str,
    source: &str,
    columns: Vec<(String, InputColumn)>,
) -> Result<Table, Error> {
    if input(table).is_none() {
        return Err(unknown_table(table).in_source(source));
    }
    let (names, columns): (Vec<String>, Vec<InputColumn>) = columns.into_iter().unzip();
    let rows = columns.first().map_or(0, InputColumn::len);
    if let Some((name, column)) = names.iter().zip(&columns).find(|(_, column)| column.len() != rows) {
        let first = names.first().map_or("", String::as_str);
        return Err(Error::new(
            Code::BadInput,
            format!("the column has {} rows, but “{first}” has {rows}.", column.len()),
        )
        .in_source(source)
        .in_field(name)
        .mend("Give all columns of a table the same length."));
    }
    let headers = Headers::new(charter, Some(table));
    let borrowed: Vec<&str> = names.iter().map(String::as_str).list();
    let layout = match headers.recognise(&borrowed) {
        super::header::Recognition::Found(layout) => layout,
        recognition => return Err(not_recognised(charter, &names, &recognition, Some(table)).in_source(source)),
    };
    let rules = Rules::new(charter, zone, table);
    let mut sheet = Sheet::new(&layout, &names, rules.clone());
    let kinds: Vec<Option<Kind>> = layout
        .targets
        .iter()
        .map(|target| target.as_ref().filter(|target| target.read).map(|target| target.kind))
        .list();
    let id_field = layout.schema.needed.first().copied().unwrap_or("id");
    let place = |field: &str| {
        let is_it = |target: &Option<Target>| target.as_ref().is_some_and(|target| target.field == field);
        layout.targets.iter().position(is_it)
    };
    let (id, currency) = (place(id_field), place("currency"));
    let mut texts = vec![String::new(); columns.len()];
    let (mut buffer, mut currency_buffer) = (String::new(), String::new());
    for row in 0..rows {
        let line = (row as u64).saturating_add(1);
        let id_column = id.and_then(|id| columns.get(id));
        let id_text = id_column.map_or_else(String::new, |column| column.text(row, &mut buffer).trim().to_owned());
        if rules.is_blank(&id_text) {
            // Only now is it worth looking at the whole row.
            for (text, column) in texts.iter_mut().zip(&columns) {
                let mut buffer = String::new();
                *text = column.text(row, &mut buffer).to_owned();
            }
            sheet.push(line, &ColumnsRow { cells: &texts, columns: &columns }, false);
            continue;
        }
        let currency = currency.and_then(|at| columns.get(at));
        let currency = currency.map_or("", |column| column.text(row, &mut currency_buffer));
        sheet.push_columns(line, &id_text, |index, field: &mut FieldColumn, rules| {
            let (Some(column), Some(Some(kind))) = (columns.get(index), kinds.get(index)) else { return };
            match column.value(row, *kind) {
                Some(value) => {
                    field.push_value(value, || column.text(row, &mut String::new()).to_owned(), line, &id_text)
                }
                None => {
                    let is_number = column.is_number();
                    field.push(column.text(row, &mut buffer), is_number, currency, rules, line, &id_text);
                }
            }
        });
    }
    complete(sheet.finish(source, layout.preset, None), charter, true, &layout, &names)
}
