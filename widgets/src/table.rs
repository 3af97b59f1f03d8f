//! The data behind a picture: shown as a table, taken away as CSV.

use crate::dom::{Element, div, hidden, html};
use crate::text;
use mops_core::list::List;

/// A cell: what a person reads and what a program reads.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text, from data or ours.
    Text(String),
    /// A number as written for people, and as it is.
    Number(String, f64),
    /// Unknown.
    Blank,
}

impl Cell {
    /// A number where there is one.
    pub fn number(value: Option<f64>, show: impl FnOnce(f64) -> String) -> Self {
        value.map_or(Self::Blank, |value| Self::Number(show(value), value))
    }
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    /// The section it holds; "" where a view has one table.
    pub id: String,
    /// What it is about.
    pub caption: String,
    /// Column headings; numbers stand at the end of their column.
    pub columns: Vec<String>,
    /// Cells by row; the first of each names the row.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// As elements, in a region that scrolls by itself and can be reached by keyboard.
    pub fn view(&self) -> Element {
        let numeric = |column: usize| {
            self.rows.iter().filter_map(|row| row.get(column)).any(|cell| matches!(cell, Cell::Number(..)))
        };
        let head = self.columns.iter().enumerate().map(|(index, name)| {
            html("th").attribute("scope", "col").attribute_if(numeric(index), "class", "number").text(name.as_str())
        });
        let rows = self.rows.iter().map(|row| {
            html("tr").children(row.iter().enumerate().map(|(index, cell)| {
                let element = if index == 0 { html("th").attribute("scope", "row") } else { html("td") };
                match cell {
                    Cell::Text(text) => element.text(text.as_str()),
                    Cell::Number(shown, _) => element.class("number").text(shown.as_str()),
                    Cell::Blank => element.attribute_if(numeric(index), "class", "number").text(text::NO_VALUE),
                }
            }))
        });
        div("scroll")
            .part("table")
            .attribute("tabindex", "0")
            .attribute("role", "group")
            .attribute("aria-label", self.caption.as_str())
            .child(
                html("table")
                    .child(html("caption").child(hidden(self.caption.as_str())))
                    .child(html("thead").child(html("tr").children(head)))
                    .child(html("tbody").children(rows)),
            )
    }

    /// As CSV (RFC 4180, UTF-8). A cell that a spreadsheet would take for a formula is defused with an apostrophe.
    pub fn csv(&self) -> String {
        let mut out = String::new();
        let head: Vec<Cell> = self.columns.iter().cloned().map(Cell::Text).list();
        for row in std::iter::once(&head).chain(&self.rows) {
            for (index, cell) in row.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                match cell {
                    Cell::Text(text) => field(&mut out, text),
                    Cell::Number(_, value) => out.push_str(&plain(*value)),
                    Cell::Blank => {}
                }
            }
            out.push_str("\r\n");
        }
        out
    }
}

/// A number for programs. The browser writes it: printing floats costs the module 8 KB.
#[cfg(target_family = "wasm")]
fn plain(value: f64) -> String {
    js_sys::Number::from(value).to_string_with_radix(10).map_or_else(|_| String::new(), String::from)
}

#[cfg(not(target_family = "wasm"))]
fn plain(value: f64) -> String {
    value.to_string()
}

fn field(out: &mut String, text: &str) {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let quoted = formula || text.contains(['"', ',', '\n', '\r', ';']);
    if quoted {
        out.push('"');
    }
    if formula {
        out.push('\'');
    }
    for character in text.chars() {
        if character == '"' {
            out.push('"');
        }
        out.push(character);
    }
    if quoted {
        out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defuses_what_a_spreadsheet_would_run() {
        let table = Table {
            columns: vec!["Owner".to_owned(), "Value".to_owned()],
            rows: vec![
                vec![Cell::Text("=HYPERLINK(\"x\")".to_owned()), Cell::Number("–2%".to_owned(), -0.02)],
                vec![Cell::Text("@a".to_owned()), Cell::Blank],
                vec![Cell::Text("+1".to_owned()), Cell::Text("-1".to_owned())],
                vec![Cell::Text("\t1".to_owned()), Cell::Text("Ana, Ben".to_owned())],
            ],
            ..Table::default()
        };
        assert_eq!(
            table.csv(),
            "Owner,Value\r\n\"'=HYPERLINK(\"\"x\"\")\",-0.02\r\n\"'@a\",\r\n\"'+1\",\"'-1\"\r\n\"'\t1\",\"Ana, Ben\"\r\n"
        );
    }
}
