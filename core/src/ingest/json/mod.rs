//! JSON: rows as objects, one at a time.

mod flatten;
mod scan;

use super::cell::Rules;
use super::header::{Headers, Layout, Recognition};
use super::sheet::{Row, Sheet};
use crate::charter::Charter;
use crate::hash::Texts;
use crate::list::List;
use crate::time::Zone;
use flatten::flatten;
use hashbrown::HashMap;
use scan::{Piece, Scanner};
use std::rc::Rc;

/// So many objects, or so many bytes of them, are looked at before the table is decided.
const HEAD_OBJECTS: usize = 200;
const HEAD_BYTES: usize = 1 << 20;

/// Whether a file's first bytes are JSON.
pub fn is_json(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    match head.split_first() {
        Some((b'{', _)) => true,
        Some((b'[', rest)) => matches!(rest.trim_ascii_start().first(), Some(b'{' | b'[' | b']' | b'"') | None),
        _ => false,
    }
}

/// The cells of one object, by number of the header.
#[derive(Debug, Default)]
struct Cells {
    text: String,
    /// Where each begins and ends, and whether it is a number.
    spans: Vec<(usize, usize, bool)>,
}

impl Cells {
    fn set(&mut self, header: usize, cell: &str, is_number: bool) {
        let start = self.text.len();
        self.text.push_str(cell);
        if self.spans.len() <= header {
            self.spans.resize(header.saturating_add(1), (0, 0, false));
        }
        if let Some(span) = self.spans.get_mut(header) {
            *span = (start, self.text.len(), is_number);
        }
    }
}

impl Row for Cells {
    fn len(&self) -> usize {
        self.spans.len()
    }

    fn cell(&self, index: usize) -> &str {
        self.spans.get(index).and_then(|(start, end, _)| self.text.get(*start..*end)).unwrap_or("")
    }

    fn is_number(&self, index: usize) -> bool {
        self.spans.get(index).is_some_and(|(.., is_number)| *is_number)
    }
}

/// The names met so far, in order of appearance.
#[derive(Debug, Default)]
struct Keys {
    names: Vec<String>,
    numbers: HashMap<String, usize, Texts>,
    /// The number after the last one: objects of a file mostly have the same names in the same order.
    next: usize,
}

impl Keys {
    fn number(&mut self, name: &str) -> usize {
        let number = if self.names.get(self.next).is_some_and(|known| known == name) {
            self.next
        } else {
            *self.numbers.entry_ref(name).or_insert_with(|| {
                self.names.push(name.to_owned());
                self.names.len().saturating_sub(1)
            })
        };
        self.next = number.saturating_add(1);
        number
    }

    /// Forgets all names but the first so many.
    fn keep(&mut self, count: usize) {
        self.names.truncate(count);
        self.numbers.retain(|_, number| *number < count);
    }
}

/// A row before the table is known.
#[derive(Debug)]
enum Waiting {
    Row(Cells),
    Broken(String),
}

/// The names met, and what was made of them, where that was too little.
type NotRecognised = (Vec<String>, Recognition);

/// A JSON file.
#[derive(Debug)]
pub struct JsonFile {
    scanner: Scanner,
    rows: Rows,
}

#[derive(Debug)]
struct Rows {
    charter: Rc<Charter>,
    zone: Zone,
    headers: Headers,
    keys: Keys,
    waiting: Vec<(u64, Waiting)>,
    waiting_bytes: usize,
    known: Option<(Layout, Sheet)>,
    failed: Option<NotRecognised>,
    cells: Cells,
}

impl JsonFile {
    pub fn new(charter: &Rc<Charter>, zone: &Zone, headers: Headers) -> Self {
        Self {
            scanner: Scanner::new(),
            rows: Rows {
                charter: Rc::clone(charter),
                zone: zone.clone(),
                headers,
                keys: Keys::default(),
                waiting: Vec::new(),
                waiting_bytes: 0,
                known: None,
                failed: None,
                cells: Cells::default(),
            },
        }
    }

    /// Takes the next text. The error holds the names met and what was made of them.
    pub fn push(&mut self, text: &[u8]) -> Result<(), NotRecognised> {
        let Self { scanner, rows } = self;
        scanner.push(text, &mut |line, piece| rows.take(line, piece));
        rows.failed.take().map_or(Ok(()), Err)
    }

    /// The table's layout, headers and rows.
    pub fn finish(mut self) -> Result<(Layout, Vec<String>, Sheet), NotRecognised> {
        let Self { scanner, rows } = &mut self;
        scanner.finish(&mut |line, piece| rows.take(line, piece));
        if rows.known.is_none() && rows.failed.is_none() {
            rows.decide();
        }
        match (self.rows.known, self.rows.failed) {
            (Some((layout, sheet)), None) => Ok((layout, self.rows.keys.names, sheet)),
            (_, Some(failed)) => Err(failed),
            (None, None) => Err((Vec::new(), self.rows.headers.recognise(&[]))),
        }
    }

    /// Rows kept and rejected so far.
    pub fn progress(&self) -> (u64, u64) {
        self.rows.known.as_ref().map_or((0, 0), |(_, sheet)| (sheet.rows() as u64, sheet.rejected()))
    }
}

impl Rows {
    fn take(&mut self, line: u64, piece: Piece<'_>) {
        if self.failed.is_some() {
            return;
        }
        self.cells.text.clear();
        self.cells.spans.clear();
        self.keys.next = 0;
        let broken = match piece {
            Piece::Broken(text) => Some(lossy(text)),
            Piece::Object(bytes) => {
                let text = String::from_utf8_lossy(bytes);
                let Self { cells, keys, .. } = self;
                let known = keys.names.len();
                let read = flatten(&text, &mut |name, cell, is_number| cells.set(keys.number(name), cell, is_number));
                read.err().map(|_| {
                    // What stood in a broken object before the fault is no header of the table.
                    keys.keep(known);
                    lossy(bytes)
                })
            }
        };
        if let Some((layout, sheet)) = &mut self.known {
            grow(layout, sheet, &self.headers, &self.keys);
            match broken {
                Some(text) => sheet.reject(line, &text),
                None => sheet.push(line, &self.cells, false),
            }
            return;
        }
        self.waiting_bytes = self.waiting_bytes.saturating_add(self.cells.text.len());
        let row = broken.map_or_else(|| Waiting::Row(std::mem::take(&mut self.cells)), Waiting::Broken);
        self.waiting.push((line, row));
        if self.waiting.len() >= HEAD_OBJECTS || self.waiting_bytes >= HEAD_BYTES {
            self.decide();
        }
    }

    fn decide(&mut self) {
        let names: Vec<&str> = self.keys.names.iter().map(String::as_str).list();
        match self.headers.recognise(&names) {
            Recognition::Found(layout) => {
                let rules = Rules::new(&self.charter, &self.zone, layout.schema.name);
                let mut sheet = Sheet::new(&layout, &self.keys.names, rules);
                for (line, row) in self.waiting.drain(..) {
                    match row {
                        Waiting::Row(cells) => sheet.push(line, &cells, false),
                        Waiting::Broken(text) => sheet.reject(line, &text),
                    }
                }
                self.known = Some((layout, sheet));
            }
            recognition => self.failed = Some((self.keys.names.clone(), recognition)),
        }
    }
}

/// Takes in names that first appear late: a field nothing was read from yet is read from now on.
fn grow(layout: &mut Layout, sheet: &mut Sheet, headers: &Headers, keys: &Keys) {
    while let Some(name) = keys.names.get(layout.targets.len()) {
        let target = headers.target(layout, name).filter(|target| !layout.has(&target.field));
        sheet.add_header(name, target.as_ref());
        layout.targets.push(target);
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.get(..256).unwrap_or(bytes)).into_owned()
}
