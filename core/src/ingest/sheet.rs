//! Rows to columns: the one place where cells of any input shape become values, and unusable rows are rejected.

use super::cell::amount::{Clue, with_comma};
use super::cell::{Fault, Rules, date, flag};
use super::header::{Layout, Target};
use crate::fold::lower;
use crate::ledger::{EXAMPLES, Ledger, Reason, RowReference};
use crate::list::Joined;
use crate::table::schema::{Kind, TableSchema};
use crate::table::{BLANK, Column, FieldReport, Table, TextColumn, UNREADABLE};

/// How much of a cell is shown.
const SHOWN: usize = 60;

/// A row of cells as text.
pub trait Row {
    /// How many cells it has.
    fn len(&self) -> usize;
    /// A cell; "" beyond the last.
    fn cell(&self, index: usize) -> &str;
    /// Whether a cell was a number before it became text.
    fn is_number(&self, _: usize) -> bool {
        false
    }
}

/// A table in the making.
#[derive(Debug)]
pub struct Sheet {
    schema: &'static TableSchema,
    rules: Rules,
    /// For each header, the field read from it.
    slots: Vec<Option<usize>>,
    fields: Vec<FieldColumn>,
    /// Header of the record's id.
    id: Option<usize>,
    /// Header of the currency of its amounts.
    currency: Option<usize>,
    lines: Vec<u32>,
    rejected: Ledger,
}

/// A column in the making.
#[derive(Debug)]
pub struct FieldColumn {
    column: Column,
    report: FieldReport,
    /// What its amounts say of the decimal sign of their file, each clue a bit.
    clues: u8,
    /// The rows of those that leave it open.
    open: Vec<u32>,
}

impl Sheet {
    pub fn new(layout: &Layout, headers: &[String], rules: Rules) -> Self {
        let mut sheet = Self {
            schema: layout.schema,
            rules,
            slots: Vec::new(),
            fields: Vec::new(),
            id: None,
            currency: None,
            lines: Vec::new(),
            rejected: Ledger::default(),
        };
        for (header, target) in headers.iter().zip(&layout.targets) {
            sheet.add_header(header, target.as_ref());
        }
        sheet
    }

    /// Adds a header; rows before it are blank there.
    pub fn add_header(&mut self, header: &str, target: Option<&Target>) {
        let slot = target.filter(|target| target.read).map(|target| {
            if target.field == "currency" {
                self.currency = Some(self.slots.len());
            }
            if self.schema.id() == Some(target.field.as_str()) {
                self.id = Some(self.slots.len());
            }
            self.fields.push(FieldColumn::new(header, target, self.lines.len()));
            self.fields.len().saturating_sub(1)
        });
        self.slots.push(slot);
    }

    pub fn rows(&self) -> usize {
        self.lines.len()
    }

    pub fn rejected(&self) -> u64 {
        self.rejected.total()
    }

    /// Takes or rejects a row. `ragged` is whether a row must have as many cells as there are headers.
    pub fn push(&mut self, line: u64, row: &impl Row, ragged: bool) {
        let id = self.id.map_or("", |index| trimmed(row.cell(index)));
        if let Some(reason) = self.fault(row, id, ragged) {
            let found = || (0..row.len()).map(|index| row.cell(index).trim()).find(|cell| !cell.is_empty());
            self.rejected.add(reason, line, || RowReference {
                line,
                id: shown(id),
                field: self.schema.id().filter(|_| reason == Reason::BlankId).unwrap_or_default().into(),
                found: found().map(shown).unwrap_or_default(),
                ..RowReference::default()
            });
            return;
        }
        self.lines.push(u32::try_from(line).unwrap_or(u32::MAX));
        let currency = self.currency.map_or("", |index| row.cell(index));
        for (index, slot) in self.slots.iter().enumerate() {
            if let Some(field) = slot.and_then(|slot| self.fields.get_mut(slot)) {
                field.push(row.cell(index), row.is_number(index), currency, &self.rules, line, id);
            }
        }
    }

    fn fault(&self, row: &impl Row, id: &str, ragged: bool) -> Option<Reason> {
        let cells = || (0..row.len()).map(|index| row.cell(index).trim());
        let id_blank = self.rules.is_blank(id);
        let first =
            if id_blank || self.id == Some(0) { cells().find(|cell| !self.rules.is_blank(cell)) } else { Some(id) };
        let Some(first) = first else { return Some(Reason::BlankRow) };
        if id_blank || std::ptr::eq(first, id) {
            let aside = aside(first);
            if aside.is_some() {
                return aside;
            }
        }
        if ragged {
            let width = self.slots.len();
            // An id cut off from its row is one word with a digit.
            let is_text = || first.contains(' ') || !first.bytes().any(|byte| byte.is_ascii_digit());
            if row.len() == 1 && width > 2 && is_text() {
                return Some(Reason::TextLine);
            }
            // A delimiter too many at the end of a line adds nothing.
            if row.len() < width || cells().skip(width).any(|cell| !cell.is_empty()) {
                return Some(Reason::Malformed);
            }
        }
        (id_blank && self.schema.id().is_some()).then_some(Reason::BlankId)
    }

    /// Takes a row that has an id, column by column: `each` gets the header's number and the field to push to.
    pub fn push_columns(&mut self, line: u64, id: &str, mut each: impl FnMut(usize, &mut FieldColumn, &Rules)) {
        if let Some(reason) = aside(id) {
            let found = || RowReference { line, id: shown(id), found: shown(id), ..RowReference::default() };
            self.rejected.add(reason, line, found);
            return;
        }
        self.lines.push(u32::try_from(line).unwrap_or(u32::MAX));
        for (index, slot) in self.slots.iter().enumerate() {
            if let Some(field) = slot.and_then(|slot| self.fields.get_mut(slot)) {
                each(index, field, &self.rules);
            }
        }
    }

    /// Rejects what could not even be divided into cells.
    pub fn reject(&mut self, line: u64, found: &str) {
        self.rejected.add(Reason::Malformed, line, || RowReference {
            line,
            found: shown(found),
            ..RowReference::default()
        });
    }

    pub fn finish(self, source: &str, preset: Option<&str>, encoding: Option<&'static str>) -> Table {
        let mut table = Table {
            name: self.schema.name.into(),
            source: source.into(),
            preset: preset.map(Into::into),
            encoding,
            rows: self.lines.len(),
            lines: self.lines,
            rejected: self.rejected,
            ..Table::default()
        };
        let clues = self.fields.iter().fold(0, |clues, field| clues | field.clues);
        for mut field in self.fields {
            field.settle(clues, &table.lines);
            table.columns.insert(field.report.field.clone(), field.column);
            table.fields.push(field.report);
        }
        table
    }
}

impl FieldColumn {
    /// A column whose first rows are blank.
    pub fn new(header: &str, target: &Target, rows: usize) -> Self {
        let blank = vec![BLANK; rows];
        let column = match target.kind {
            Kind::Text => Column::Text(TextColumn { codes: vec![0; rows], ..TextColumn::default() }),
            Kind::Time => Column::Time(blank),
            Kind::Money | Kind::Number => Column::Money(blank),
            Kind::Flag => Column::Flag(blank),
        };
        let report = FieldReport {
            field: target.field.clone(),
            header: header.trim().to_owned(),
            matched_by: target.by.word().to_owned(),
            filled: 0,
            blank: rows as u64,
            unreadable: 0,
            examples: Vec::new(),
        };
        Self { column, report, clues: 0, open: Vec::new() }
    }

    /// Adds a row. `is_number` is whether the cell was one before it became text; `currency` is what the row says of its
    /// amounts.
    pub fn push(&mut self, cell: &str, is_number: bool, currency: &str, rules: &Rules, line: u64, id: &str) {
        let cell = trimmed(cell);
        if rules.is_blank(cell) {
            self.report.blank = self.report.blank.saturating_add(1);
            match &mut self.column {
                Column::Text(column) => column.codes.push(0),
                Column::Time(cells) | Column::Money(cells) | Column::Flag(cells) => cells.push(BLANK),
            }
            return;
        }
        let (cells, value) = match &mut self.column {
            Column::Text(column) => {
                self.report.filled = self.report.filled.saturating_add(1);
                return column.push(cell);
            }
            Column::Time(cells) => (cells, date::read(cell, &rules.clock, rules.date_order)),
            Column::Money(cells) => {
                let value = rules.amount(cell, currency, is_number).map(|(value, clue)| {
                    self.clues |= clue as u8;
                    if clue == Clue::Open {
                        self.open.push(u32::try_from(cells.len()).unwrap_or(u32::MAX));
                    }
                    value
                });
                (cells, value)
            }
            Column::Flag(cells) => (cells, flag::read(cell).ok_or("")),
        };
        match value {
            Ok(value) => {
                cells.push(value);
                self.report.filled = self.report.filled.saturating_add(1);
            }
            Err(why) => {
                cells.push(UNREADABLE);
                self.unreadable(cell, why, line, id);
            }
        }
    }

    /// Adds a row whose value is known already. `found` is only asked where it could not be read.
    pub fn push_value(&mut self, value: Result<i64, Fault>, found: impl FnOnce() -> String, line: u64, id: &str) {
        let (Column::Time(cells) | Column::Money(cells) | Column::Flag(cells)) = &mut self.column else { return };
        match value {
            Ok(value) => {
                cells.push(value);
                self.report.filled = self.report.filled.saturating_add(1);
            }
            Err(why) => {
                cells.push(UNREADABLE);
                self.unreadable(&found(), why, line, id);
            }
        }
    }

    /// Reads open amounts as the others of the file are written; where those say nothing, or not the same, says how open
    /// ones were read.
    fn settle(&mut self, clues: u8, lines: &[u32]) {
        const BOTH: u8 = Clue::Point as u8 | Clue::Comma as u8;
        let (Some(first), Column::Money(cells)) = (self.open.first(), &mut self.column) else { return };
        let proved = clues & BOTH;
        if proved == Clue::Comma as u8 {
            for row in &self.open {
                if let Some(cell) = cells.get_mut(*row as usize) {
                    *cell = with_comma(*cell);
                }
            }
        } else if proved != Clue::Point as u8 {
            let line = lines.get(*first as usize).copied().unwrap_or(0).into();
            let found =
                ["thousands or decimals? amounts read as in English: ", &self.open.len().to_string()].joined("");
            self.note(line, "", found + "; set decimal_sign");
        }
    }

    fn note(&mut self, line: u64, id: &str, found: String) {
        let field = self.report.field.clone();
        self.report.examples.push(RowReference { line, id: shown(id), field, found, ..RowReference::default() });
    }

    fn unreadable(&mut self, cell: &str, why: &str, line: u64, id: &str) {
        self.report.unreadable = self.report.unreadable.saturating_add(1);
        if self.report.examples.len() < EXAMPLES {
            let found = if why.is_empty() { shown(cell) } else { format!("{} ({why})", shown(cell)) };
            self.note(line, id, found);
        }
    }
}

/// A cell without white space around it. Most have none, which its outermost bytes show.
pub fn trimmed(cell: &str) -> &str {
    let bytes = cell.as_bytes();
    match (bytes.first(), bytes.last()) {
        (None, _) => cell,
        (Some(0x21..=0x7e), Some(0x21..=0x7e)) => cell,
        _ => cell.trim(),
    }
}

/// What a row is by the label at its head, if it is no record: a row of sums, or a line that ends a report of Salesforce
/// (spreadsheets fill it up with blank cells).
fn aside(label: &str) -> Option<Reason> {
    const WORDS: [&str; 11] = [
        "total",
        "grand total",
        "subtotal",
        "sub-total",
        "sum",
        "count",
        "record count",
        "total record",
        "summe",
        "gesamt",
        "copyright",
    ];
    // Nearly every label is told by its first letter.
    let first = label.as_bytes().first().map(u8::to_ascii_lowercase);
    if label.len() > 80 || !matches!(first, Some(b't' | b'g' | b's' | b'c' | b'r')) {
        return None;
    }
    let label = lower(label);
    if label.starts_with("confidential information") || label.starts_with("generated by") {
        return Some(Reason::TextLine);
    }
    let head = label.split([':', '(']).next().unwrap_or_default().trim_end();
    let found = WORDS.iter().find(|word| head.strip_suffix('s').unwrap_or(head) == **word)?;
    Some(if *found == "copyright" { Reason::TextLine } else { Reason::TotalRow })
}

/// A cell, cut to what is shown.
pub fn shown(cell: &str) -> String {
    match cell.char_indices().nth(SHOWN) {
        Some((end, _)) => cell.get(..end).unwrap_or_default().to_owned(),
        None => cell.to_owned(),
    }
}
