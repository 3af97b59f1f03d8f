//! Columns from JavaScript: copied in bulk, never cell by cell.

use crate::source::{Source, json};
use js_sys::{Array, Float64Array, JsString, Reflect, Uint8Array, Uint32Array};
use mops_core::error::{Code, Error};
use mops_core::ingest::{self, InputColumn};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

/// Named columns from `[{name, kind, …}]`, as `engine/js/columns.js` makes them.
fn read(columns: &Array) -> Result<Vec<(String, InputColumn)>, Error> {
    columns.iter().map(|column| read_one(&column)).collect()
}

fn read_one(column: &JsValue) -> Result<(String, InputColumn), Error> {
    let name = text(column, "name")?;
    let cells = match text(column, "kind")?.as_str() {
        "coded" => InputColumn::Coded {
            codes: part::<Uint32Array>(column, "codes")?.to_vec(),
            values: split(&text(column, "text")?, &part::<Uint32Array>(column, "lengths")?.to_vec()),
        },
        "number" => InputColumn::Number(part::<Float64Array>(column, "data")?.to_vec()),
        "time" => InputColumn::Time(part::<Float64Array>(column, "data")?.to_vec()),
        "flag" => InputColumn::Flag(part::<Uint8Array>(column, "data")?.to_vec()),
        kind => return Err(fault(&format!("“{kind}” is no kind of column")).in_field(name)),
    };
    Ok((name, cells))
}

/// Values that crossed as one text with a NUL between any two; lengths are in UTF-16 code units, as JavaScript counts.
fn split(text: &str, lengths: &[u32]) -> Vec<String> {
    let mut rest = text.chars();
    lengths
        .iter()
        .map(|length| {
            let mut left = *length as usize;
            let mut value = String::with_capacity(left);
            while left > 0 {
                let Some(letter) = rest.next() else { break };
                value.push(letter);
                left = left.saturating_sub(letter.len_utf16());
            }
            rest.next();
            value
        })
        .collect()
}

fn part<T: JsCast>(column: &JsValue, name: &str) -> Result<T, Error> {
    Reflect::get(column, &name.into())
        .ok()
        .and_then(|value| value.dyn_into().ok())
        .ok_or_else(|| fault(&format!("a column has no “{name}”")))
}

fn text(column: &JsValue, name: &str) -> Result<String, Error> {
    part::<JsString>(column, name).map(String::from)
}

fn fault(message: &str) -> Error {
    Error::new(Code::BadInput, format!("Columns can't be taken: {message}."))
}

#[wasm_bindgen]
impl Source {
    /// Takes a whole table as columns. Gives rows read and rejected.
    pub fn columns(&self, table: &str, source: &str, columns: &Array) -> Result<Vec<f64>, JsValue> {
        let columns = read(columns).map_err(|error| json(&error.in_source(source)))?;
        let table =
            ingest::from_columns(&self.charter(), self.zone(), table, source, columns).map_err(|error| json(&error))?;
        let counts = vec![table.read() as f64, table.rejected.total() as f64];
        self.add(table);
        Ok(counts)
    }
}
