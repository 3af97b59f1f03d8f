//! Tables as columns. Past ingest there is never a struct per row.

pub(crate) mod joins;
pub mod schema;

use crate::charter::DataStandard;
use crate::duplicates::{Entities, Search};
use crate::hash::Texts;
use crate::ledger::{Ledger, RowReference};
use crate::map::Map;
use hashbrown::HashTable;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::hash::BuildHasher;
use std::rc::Rc;

/// A cell with no value. A sentinel rather than a bitmap, because it also tells blank from unreadable.
pub const BLANK: i64 = i64::MIN;
/// A cell with a value that could not be read.
pub const UNREADABLE: i64 = i64::MIN + 1;

/// Whether an integer cell holds a value.
pub fn is_known(cell: i64) -> bool {
    cell > UNREADABLE
}

/// One column.
#[derive(Debug, Clone)]
pub enum Column {
    /// Text, dictionary-coded.
    Text(TextColumn),
    /// Instants in epoch milliseconds, or [`BLANK`] or [`UNREADABLE`].
    Time(Vec<i64>),
    /// Amounts in millionths of their own currency or plain numbers in millionths, or [`BLANK`] or [`UNREADABLE`].
    Money(Vec<i64>),
    /// 0 no, 1 yes, or [`BLANK`] or [`UNREADABLE`].
    Flag(Vec<i64>),
}

/// Text as codes into a dictionary; code 0 is blank.
#[derive(Debug, Clone, Default)]
pub struct TextColumn {
    /// One code per row.
    pub codes: Vec<u32>,
    /// What the codes mean.
    pub dictionary: Dictionary,
}

impl TextColumn {
    /// The text of a row; "" where blank.
    pub fn get(&self, row: usize) -> &str {
        self.codes.get(row).map_or("", |code| self.dictionary.text(*code))
    }

    /// What each code means to somebody, looked up once for each text.
    pub fn each<T>(&self, mut meaning: impl FnMut(&str) -> T) -> Vec<T> {
        let codes = 0..u32::try_from(self.dictionary.len()).unwrap_or(u32::MAX);
        codes.map(|code| meaning(self.dictionary.text(code))).collect()
    }

    /// Adds a row.
    pub fn push(&mut self, text: &str) {
        let code = self.dictionary.code(text);
        self.codes.push(code);
    }
}

/// Distinct texts, in order of first appearance. Code 0 is "".
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    arena: String,
    ends: Vec<u32>,
    index: HashTable<u32>,
    hasher: Texts,
}

impl Dictionary {
    /// The text of a code; "" for 0 and for codes never given out.
    pub fn text(&self, code: u32) -> &str {
        slice(&self.arena, &self.ends, code)
    }

    /// How many codes there are, blank included.
    pub fn len(&self) -> usize {
        self.ends.len().saturating_add(1)
    }

    /// Never: blank is always there.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The code of a text, if it has one.
    pub fn find(&self, text: &str) -> Option<u32> {
        if text.is_empty() {
            return Some(0);
        }
        let hash = self.hasher.hash_one(text);
        self.index.find(hash, |code| self.text(*code) == text).copied()
    }

    /// The code of a text, given out if new. Past 4 GiB of text or 2^32 texts, new texts become blank.
    pub fn code(&mut self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        let hash = self.hasher.hash_one(text);
        if let Some(code) = self.index.find(hash, |code| self.text(*code) == text) {
            return *code;
        }
        let (Ok(end), Ok(code)) = (
            u32::try_from(self.arena.len().saturating_add(text.len())),
            u32::try_from(self.ends.len().saturating_add(1)),
        ) else {
            return 0;
        };
        self.arena.push_str(text);
        self.ends.push(end);
        let Self { arena, ends, index, hasher } = self;
        index.insert_unique(hash, code, |known| hasher.hash_one(slice(arena, ends, *known)));
        code
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.arena
            .capacity()
            .saturating_add(self.ends.capacity().saturating_mul(4))
            .saturating_add(self.index.capacity().saturating_mul(5))
    }
}

#[inline]
fn slice<'a>(arena: &'a str, ends: &[u32], code: u32) -> &'a str {
    let Some(last) = (code as usize).checked_sub(1) else { return "" };
    let Some(end) = ends.get(last) else { return "" };
    let start = last.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    arena.get(start as usize..*end as usize).unwrap_or("")
}

/// What became of one field of a table, for the inventory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldReport {
    /// The field's name here.
    pub field: String,
    /// The header it was read from.
    pub header: String,
    /// How the header was matched: `preset`, `mapping` or `name`.
    pub matched_by: String,
    /// Cells with a value.
    pub filled: u64,
    /// Blank cells.
    pub blank: u64,
    /// Cells that could not be read.
    pub unreadable: u64,
    /// A few of those.
    pub examples: Vec<RowReference>,
}

/// A header that nothing was read from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnmatchedHeader {
    /// As it stands in the source.
    pub header: String,
    /// A field it may be meant for, never taken by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

/// A table of one kind, with what could not be used of its source.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// As [`schema::TABLES`] names it.
    pub name: String,
    /// File name or address.
    pub source: String,
    /// The preset that recognised the headers, if one did.
    pub preset: Option<String>,
    /// The encoding that was taken for want of a better one, if one was.
    pub encoding: Option<&'static str>,
    /// Rows kept.
    pub rows: usize,
    /// Line of each row in the source, from 1.
    pub lines: Vec<u32>,
    /// Columns by field name. Stage timestamps are fields `stage:<stage id>`.
    pub columns: Map<String, Column>,
    /// Rows that could not be used at all. `rows + rejected = read`.
    pub rejected: Ledger,
    /// What became of each field.
    pub fields: Vec<FieldReport>,
    /// Headers nothing was read from.
    pub unmatched: Vec<UnmatchedHeader>,
}

impl Table {
    /// Rows in the source.
    pub fn read(&self) -> u64 {
        (self.rows as u64).saturating_add(self.rejected.total())
    }

    /// A text column.
    pub fn text(&self, field: &str) -> Option<&TextColumn> {
        match self.columns.get(field) {
            Some(Column::Text(column)) => Some(column),
            _ => None,
        }
    }

    /// A column of instants.
    pub fn time(&self, field: &str) -> Option<&[i64]> {
        match self.columns.get(field) {
            Some(Column::Time(cells)) => Some(cells),
            _ => None,
        }
    }

    /// A column of amounts or numbers, in millionths.
    pub fn money(&self, field: &str) -> Option<&[i64]> {
        match self.columns.get(field) {
            Some(Column::Money(cells)) => Some(cells),
            _ => None,
        }
    }

    /// A column of flags.
    pub fn flag(&self, field: &str) -> Option<&[i64]> {
        match self.columns.get(field) {
            Some(Column::Flag(cells)) => Some(cells),
            _ => None,
        }
    }

    /// Line of a row in the source, from 1.
    pub fn line(&self, row: usize) -> u64 {
        self.lines.get(row).copied().map_or(0, u64::from)
    }

    /// Where a row stands, for a ledger.
    pub fn reference(&self, row: usize, field: &str) -> RowReference {
        RowReference {
            line: self.line(row),
            id: self
                .text("id")
                .or_else(|| self.text("contact_id"))
                .or_else(|| self.text("deal_id"))
                .map(|ids| ids.get(row).to_owned())
                .unwrap_or_default(),
            field: field.to_owned(),
            // What a fault of these is about; other fields may hold what is nobody's business.
            found: Some(field)
                .filter(|field| matches!(*field, "currency" | "stage"))
                .and_then(|field| self.text(field))
                .map(|column| crate::ingest::shown(column.get(row)))
                .unwrap_or_default(),
            ..RowReference::default()
        }
    }
}

/// All tables of one source, joined and ready to be asked.
#[derive(Debug, Clone, Default)]
pub struct Dataset {
    /// By name.
    pub tables: Map<String, Table>,
    /// Found once, for whoever asks for them next.
    entities: RefCell<Vec<Found>>,
    searching: RefCell<Option<Searching>>,
    joins: joins::Joins,
    /// What the charter says of texts.
    verdicts: joins::Joins,
    begun: RefCell<Vec<joins::Begun>>,
}

/// As-of instant, match fields, and the entities.
type Found = (i64, Vec<String>, Option<Rc<Entities>>);
/// As-of instant, match fields, and how far the search for entities is.
type Searching = (i64, Vec<String>, Search);

/// Entities kept, of five bytes for each contact: widgets may look from several instants in turn.
const MOST_ENTITIES: usize = 4;

impl Dataset {
    /// A table by name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(name)
    }

    /// Data from their tables, by name.
    pub fn new(tables: Map<String, Table>) -> Self {
        Self { tables, ..Self::default() }
    }

    /// Which contacts made by an instant are the same person; nothing where no match field is there to tell. Found
    /// over the whole table, whatever part of it is looked at, and kept.
    pub fn entities(&self, standard: &DataStandard, as_of: i64) -> Option<Rc<Entities>> {
        while !self.find_entities(standard, as_of, &mut { usize::MAX }) {}
        self.known_entities(standard, as_of).flatten()
    }

    fn known_entities(&self, standard: &DataStandard, as_of: i64) -> Option<Option<Rc<Entities>>> {
        let kept = self.entities.borrow();
        let found = kept.iter().find(|(at, fields, _)| *at == as_of && *fields == standard.match_fields);
        found.map(|(_, _, found)| found.clone())
    }

    /// Looks for the entities, for so many rows and comparisons; says whether they are found. One search at a time: what
    /// has begun is ended first.
    pub(crate) fn find_entities(&self, standard: &DataStandard, as_of: i64, budget: &mut usize) -> bool {
        loop {
            if self.known_entities(standard, as_of).is_some() {
                return true;
            }
            let none = Table::default();
            let table = self.table("contacts").unwrap_or(&none);
            let mut searching = self.searching.borrow_mut();
            let begin = || (as_of, standard.match_fields.clone(), Search::new(table, standard, as_of));
            if !searching.get_or_insert_with(begin).2.step(table, budget) {
                return false;
            }
            let Some((at, fields, search)) = searching.take() else { return false };
            let mut kept = self.entities.borrow_mut();
            if kept.len() >= MOST_ENTITIES {
                kept.remove(0);
            }
            kept.push((at, fields, search.entities().map(Rc::new)));
        }
    }
}
