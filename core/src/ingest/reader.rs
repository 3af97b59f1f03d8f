//! The door for bytes.

use super::cell::Rules;
use super::csv::{Found, Splitter, find_header};
use super::encoding::Decoder;
use super::header::{Headers, Layout, Recognition};
use super::json::{JsonFile, is_json};
use super::sheet::Sheet;
use crate::charter::{Charter, Mapping};
use crate::error::{Code, Error};
use crate::fold::lower;
use crate::list::{Joined, List};
use crate::table::schema::{TABLES, input};
use crate::table::{Column, Table};
use crate::time::Zone;
use serde::Serialize;
use std::rc::Rc;

/// So many bytes are looked at before delimiter, header and table are decided; always the same ones, so that
/// chunking can't change the decision.
const HEAD: usize = 1 << 16;

/// How far a reader has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Bytes taken in.
    pub bytes: u64,
    /// Rows kept.
    pub rows: u64,
    /// Rows rejected.
    pub rejected: u64,
}

/// Reads one file. Any chunking of the same bytes gives the same table.
#[derive(Debug)]
pub struct Reader {
    charter: Rc<Charter>,
    zone: Zone,
    table: Option<String>,
    source: String,
    decoder: Decoder,
    bytes: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    Head(Vec<u8>),
    Csv(Box<CsvFile>),
    Json(Box<JsonFile>),
    Failed(Error),
}

/// A CSV file whose header is known.
#[derive(Debug)]
struct CsvFile {
    splitter: Splitter,
    /// Records still to pass over: the preamble and the header.
    skip: usize,
    sheet: Sheet,
    headers: Vec<String>,
    layout: Layout,
}

impl CsvFile {
    fn new(found: Found, rules: Rules) -> Self {
        Self {
            splitter: Splitter::new(found.delimiter, found.newline),
            skip: found.preamble.saturating_add(1),
            sheet: Sheet::new(&found.layout, &found.headers, rules),
            headers: found.headers,
            layout: found.layout,
        }
    }

    fn take(&mut self, text: Option<&[u8]>) {
        let Self { splitter, skip, sheet, .. } = self;
        let mut each = |line: u64, record: super::csv::Record<'_>| {
            if *skip > 0 {
                *skip = skip.saturating_sub(1);
            } else if record.broken {
                sheet.reject(line, "a record of more than a mebibyte: is a quote left open?");
            } else {
                sheet.push(line, &record, true);
            }
        };
        match text {
            Some(text) => splitter.push(text, &mut each),
            None => splitter.finish(&mut each),
        }
    }
}

/// How workbooks and archives begin: new and old Excel files, gzip.
const PACKED: [&[u8]; 3] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b"];

impl Reader {
    /// A reader for one file. Without `table` the headers decide which table it is. `source` names the file in
    /// errors and reports.
    pub fn new(charter: &Rc<Charter>, zone: &Zone, table: Option<&str>, source: &str) -> Self {
        let state = match table {
            Some(name) if input(name).is_none() => State::Failed(unknown_table(name).in_source(source)),
            _ => State::Head(Vec::new()),
        };
        Self {
            charter: Rc::clone(charter),
            zone: zone.clone(),
            table: table.map(Into::into),
            source: source.into(),
            decoder: Decoder::default(),
            bytes: 0,
            state,
        }
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// If the file can't be read at all: no header is recognised, or two tables fit.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), Error> {
        if self.bytes == 0 && PACKED.iter().any(|mark| bytes.starts_with(mark)) {
            return Err(Error::new(Code::BadInput, "the file is a workbook or an archive, not text.")
                .in_source(&self.source)
                .mend("Save it as “CSV UTF-8” from the spreadsheet, or unpack it."));
        }
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
        let mut decoder = std::mem::take(&mut self.decoder);
        let result = self.take(decoder.push(bytes));
        self.decoder = decoder;
        result
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        let (rows, rejected) = match &self.state {
            State::Csv(file) => (file.sheet.rows() as u64, file.sheet.rejected()),
            State::Json(file) => file.progress(),
            State::Head(_) | State::Failed(_) => (0, 0),
        };
        Progress { bytes: self.bytes, rows, rejected }
    }

    /// The table.
    ///
    /// # Errors
    /// As [`Reader::push`].
    pub fn finish(mut self) -> Result<Table, Error> {
        let mut decoder = std::mem::take(&mut self.decoder);
        self.take(decoder.finish())?;
        if let State::Head(head) = &mut self.state {
            let head = std::mem::take(head);
            self.decide(&head, true)?;
        }
        match self.state {
            State::Csv(mut file) => {
                file.take(None);
                let table = file.sheet.finish(&self.source, file.layout.preset, decoder.assumed());
                complete(table, &self.charter, self.table.is_some(), &file.layout, &file.headers)
            }
            State::Json(file) => {
                let (layout, names, sheet) = file.finish().map_err(|(names, recognition)| {
                    not_recognised(&self.charter, &names, &recognition, self.table.as_deref()).in_source(&self.source)
                })?;
                let table = sheet.finish(&self.source, layout.preset, decoder.assumed());
                complete(table, &self.charter, self.table.is_some(), &layout, &names)
            }
            State::Head(_) => Ok(Table::default()),
            State::Failed(error) => Err(error),
        }
    }

    fn take(&mut self, text: &[u8]) -> Result<(), Error> {
        match &mut self.state {
            State::Head(head) => {
                let (mine, rest) = text.split_at_checked(HEAD.saturating_sub(head.len())).unwrap_or((text, &[]));
                head.extend_from_slice(mine);
                if head.len() < HEAD {
                    return Ok(());
                }
                let head = std::mem::take(head);
                self.decide(&head, false)?;
                if rest.is_empty() { Ok(()) } else { self.take(rest) }
            }
            State::Csv(file) => {
                file.take(Some(text));
                Ok(())
            }
            State::Json(file) => {
                let Err((names, recognition)) = file.push(text) else { return Ok(()) };
                let table = self.table.as_deref();
                let error = not_recognised(&self.charter, &names, &recognition, table).in_source(&self.source);
                self.state = State::Failed(error.clone());
                Err(error)
            }
            State::Failed(error) => Err(error.clone()),
        }
    }

    /// Decides what the file is, and reads its first bytes.
    fn decide(&mut self, head: &[u8], whole: bool) -> Result<(), Error> {
        let table = self.table.as_deref();
        let headers = Headers::new(&self.charter, table);
        if is_json(head) {
            self.state = State::Json(Box::new(JsonFile::new(&self.charter, &self.zone, headers)));
            return self.take(head);
        }
        match find_header(head, whole, &self.charter, table, &headers) {
            Ok(found) => {
                let rules = Rules::new(&self.charter, &self.zone, found.layout.schema.name);
                let mut file = CsvFile::new(found, rules);
                file.take(Some(head));
                self.state = State::Csv(Box::new(file));
                Ok(())
            }
            Err(not_found) => {
                let error = not_recognised(&self.charter, &not_found.headers, &not_found.recognition, table)
                    .in_source(&self.source);
                self.state = State::Failed(error.clone());
                Err(error)
            }
        }
    }
}

pub fn unknown_table(name: &str) -> Error {
    let known: Vec<&str> = TABLES.iter().map(|schema| schema.name).list();
    Error::new(Code::BadInput, format!("there is no table “{name}”."))
        .mend(format!("Use one of: {}.", known.joined(", ")))
}

/// Completes a table with what its headers leave over. `given` is whether somebody said which table the file is.
///
/// # Errors
/// If the headers are those of another table.
pub fn complete(
    mut table: Table,
    charter: &Charter,
    given: bool,
    layout: &Layout,
    headers: &[String],
) -> Result<Table, Error> {
    let name = layout.schema.name;
    if given && let Some(other) = better(charter, headers, name, layout.score()) {
        let what = format!("its headers are those of {other} rather than of {name}: {}.", listed(headers));
        return Err(Error::new(Code::BadInput, what).in_source(&table.source).mend(format!(
            "Give it as {other}, or name its columns in the charter, under sources → {name} → columns."
        )));
    }
    if let Some(mapping) = charter.sources.get(name) {
        share(&mut table, mapping);
    }
    table.unmatched = Headers::new(charter, Some(name)).unmatched(layout, headers);
    Ok(table)
}

/// Where the charter says that a header stands for a stage's date beside another one, and no other header gives it, the
/// stage has the same date.
fn share(table: &mut Table, mapping: &Mapping) {
    for (field, header) in &mapping.columns {
        let header = lower(header.trim());
        if table.columns.contains_key(field) || !field.starts_with("stage:") {
            continue;
        }
        if let Some(mut report) = table.fields.iter().find(|read| lower(&read.header) == header).cloned()
            && let Some(column @ Column::Time(_)) = table.columns.get(&report.field).cloned()
        {
            table.columns.insert(field.clone(), column);
            report.field.clone_from(field);
            table.fields.push(report);
        }
    }
}

/// Another table that headers fit at least twice as well, unless the charter says what they mean for the one given.
fn better(charter: &Charter, headers: &[String], table: &str, score: usize) -> Option<&'static str> {
    if charter.sources.get(table).is_some_and(|mapping| !mapping.columns.is_empty()) {
        return None;
    }
    let names: Vec<&str> = headers.iter().map(String::as_str).list();
    match Headers::new(charter, None).recognise(&names) {
        Recognition::Found(other) if other.score() >= score.saturating_mul(2) => {
            Some(other.schema.name).filter(|name| *name != table)
        }
        _ => None,
    }
}

fn listed(headers: &[String]) -> String {
    let headers: Vec<String> =
        headers.iter().take(30).map(|header| ["“", &super::sheet::shown(header), "”"].concat()).list();
    headers.joined(", ")
}

/// Says what was found in place of a header, and what to do.
pub fn not_recognised(charter: &Charter, headers: &[String], recognition: &Recognition, table: Option<&str>) -> Error {
    if headers.iter().all(|header| header.is_empty()) {
        return Error::new(Code::BadInput, "the file is empty.").mend("Export it again, with its header.");
    }
    let listed = listed(headers);
    match recognition {
        Recognition::Undecided(one, other) => {
            Error::new(Code::BadInput, format!("its headers fit the tables {one} and {other} alike: {listed}."))
                .mend("Say which table the file is.")
        }
        Recognition::Lacking { schema, fields, score } => {
            let name = schema.map_or("contacts", |schema| schema.name);
            let what = match table {
                None if *score == 0 => "no table is recognised from its headers".to_owned(),
                _ => format!("no header is recognised as {} of {name}", fields.joined(", ")),
            };
            // Where a needed field is missing, it is enough to fit as well.
            let other = table.and_then(|table| better(charter, headers, table, score >> 1));
            let other =
                other.map(|other| format!("These are headers of {other}: give it as that. Or: ")).unwrap_or_default();
            Error::new(Code::BadInput, format!("{what}: {listed}.")).mend(format!(
                "{other}Name the columns in the charter, under sources → {} → columns, such as {{\"{}\": \"{}\"}}.",
                name,
                fields.first().copied().unwrap_or("id"),
                headers.first().map(|header| super::sheet::shown(header)).unwrap_or_default(),
            ))
        }
        Recognition::Found(_) => Error::new(Code::BadInput, "its headers are not recognised."),
    }
}
