//! One source: inputs while they are read, then a session that answers.

use mops_core::charter::Charter;
use mops_core::error::{Code, Error};
use mops_core::ingest::{self, Reader};
use mops_core::query::{Query, Session};
use mops_core::table::Table;
use mops_core::time::Zone;
use mops_core::write::{self, Write};
use std::cell::{Cell, Ref, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// The inputs of one source and the answers from them.
#[wasm_bindgen]
pub struct Source {
    charter: RefCell<Rc<Charter>>,
    has_charter: Cell<bool>,
    zone: Zone,
    inputs: RefCell<Inputs>,
    session: RefCell<Option<Session>>,
}

/// Numbered by place, in the order in which they began, so that what ends first decides nothing.
type Inputs = Vec<Input>;

enum Input {
    Open(Box<Reader>),
    Read(Box<Table>),
    Closed,
}

#[wasm_bindgen]
impl Source {
    /// A source under a charter (JSON text; documented defaults where absent) and its time zone (JSON of [`Zone`]).
    #[wasm_bindgen(constructor)]
    pub fn new(charter: Option<String>, zone: &str) -> Result<Self, JsValue> {
        let has_charter = charter.is_some();
        let charter = match charter {
            Some(text) => Charter::parse(&text).map_err(|errors| json(&errors))?,
            None => Charter::default(),
        };
        let zone = Zone::parse(zone).map_err(|errors| json(&errors))?;
        let (charter, has_charter) = (RefCell::new(Rc::new(charter)), Cell::new(has_charter));
        Ok(Self { charter, has_charter, zone, inputs: RefCell::default(), session: RefCell::default() })
    }

    /// Begins an input; its table is recognised from its headers where none is named.
    pub fn begin(&self, table: Option<String>, source: &str) -> u32 {
        let reader = Reader::new(&self.charter(), &self.zone, table.as_deref(), source);
        let mut inputs = self.inputs.borrow_mut();
        inputs.push(Input::Open(Box::new(reader)));
        u32::try_from(inputs.len()).unwrap_or(u32::MAX).saturating_sub(1)
    }

    /// The next bytes of an input.
    pub fn push(&self, input: u32, bytes: &[u8]) -> Result<(), JsValue> {
        match self.inputs.borrow_mut().get_mut(input as usize) {
            Some(Input::Open(reader)) => reader.push(bytes).map_err(|error| json(&error)),
            _ => Err(json(&not_open(input))),
        }
    }

    /// Rows read and rejected so far.
    pub fn progress(&self, input: u32) -> Vec<f64> {
        match self.inputs.borrow().get(input as usize) {
            Some(Input::Open(reader)) => {
                let progress = reader.progress();
                vec![progress.rows as f64, progress.rejected as f64]
            }
            _ => Vec::new(),
        }
    }

    /// The input is complete. Gives the table it was recognised as.
    pub fn finish(&self, input: u32) -> Result<String, JsValue> {
        let mut inputs = self.inputs.borrow_mut();
        let place = inputs.get_mut(input as usize).ok_or_else(|| json(&not_open(input)))?;
        let reader = match std::mem::replace(place, Input::Closed) {
            Input::Open(reader) => reader,
            other => {
                *place = other;
                return Err(json(&not_open(input)));
            }
        };
        let table = reader.finish().map_err(|error| json(&error))?;
        let name = table.name.clone();
        *place = Input::Read(Box::new(table));
        Ok(name)
    }

    /// Joins what was read, so that it can be asked.
    pub fn assemble(&self) -> Result<(), JsValue> {
        let mut tables = Vec::new();
        for input in self.inputs.borrow_mut().iter_mut() {
            match std::mem::replace(input, Input::Closed) {
                Input::Read(table) => tables.push(*table),
                other => *input = other,
            }
        }
        let dataset = ingest::assemble(&self.charter(), tables).map_err(|error| json(&error))?;
        let session = Session::new(Rc::clone(&self.charter()), self.has_charter.get(), self.zone.clone(), dataset);
        self.session.replace(Some(session));
        Ok(())
    }

    /// Puts another charter (JSON text) in force over what was read. Says no where the files have to be read again.
    #[wasm_bindgen(js_name = setCharter)]
    pub fn set_charter(&self, charter: &str) -> Result<bool, JsValue> {
        let charter = Rc::new(Charter::parse(charter).map_err(|errors| json(&errors))?);
        let mut session = self.session.borrow_mut();
        let Some(session) = session.as_mut() else { return Ok(false) };
        if session.set_charter(Rc::clone(&charter)).is_err() {
            return Ok(false);
        }
        self.charter.replace(charter);
        self.has_charter.set(true);
        Ok(true)
    }

    /// Works on the answer to a query (JSON) for at most about `rows` rows; nothing means: call again.
    pub fn step(&self, query: &str, rows: usize) -> Result<Option<String>, JsValue> {
        let query = Query::parse(query).map_err(|errors| json(&errors))?;
        let mut session = self.session.borrow_mut();
        let session =
            session.as_mut().ok_or_else(|| json(&Error::new(Code::BadQuery, "Nothing has been read yet.")))?;
        let view = session.step(&query, rows).map_err(|error| json(&error))?;
        Ok(view.map(|view| write::text(&view)))
    }

    /// Works for at most about `rows` rows on what is likely to be asked next. Says whether there is more to do.
    pub fn ahead(&self, rows: usize) -> bool {
        self.session.borrow_mut().as_mut().is_some_and(|session| session.ahead(rows))
    }
}

impl Source {
    pub(crate) fn charter(&self) -> Ref<'_, Rc<Charter>> {
        self.charter.borrow()
    }

    pub(crate) fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Takes a table that was read elsewhere.
    pub(crate) fn add(&self, table: Table) {
        self.inputs.borrow_mut().push(Input::Read(Box::new(table)));
    }
}

pub(crate) fn json(error: &dyn Write) -> JsValue {
    write::text(error).into()
}

fn not_open(input: u32) -> Error {
    Error::new(Code::BadInput, format!("Input {input} is not open."))
}
