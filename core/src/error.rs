//! What went wrong, where, and what to do about it.

use serde::Serialize;
use std::fmt;

/// One opaque error for the whole crate. Its parts are public to read, so that a widget, a terminal and a test
/// show the same words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Error {
    /// A stable word for programs: `bad_charter`, `bad_input`, `bad_query`, `missing_table`, …
    pub code: Code,
    /// What is wrong and why, in one sentence.
    pub message: String,
    /// Where: source, line, field or JSON pointer.
    #[serde(rename = "where", skip_serializing_if = "Place::is_nowhere")]
    pub place: Box<Place>,
    /// What to do about it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mend: String,
}

/// The kind of an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The charter does not say what it must, or contradicts itself.
    BadCharter,
    /// A file or value can't be read at all.
    BadInput,
    /// A query names what doesn't exist or can't be.
    BadQuery,
    /// A query needs a table that was not given.
    MissingTable,
}

/// A place in somebody's file.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// File or source name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Field or column name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// JSON pointer (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
}

impl Place {
    fn is_nowhere(&self) -> bool {
        *self == Self::default()
    }
}

impl Error {
    /// An error with a message only; the other parts are added with the methods below.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), place: Box::default(), mend: String::new() }
    }

    /// Names the file or source.
    pub fn in_source(mut self, source: impl Into<String>) -> Self {
        self.place.source = Some(source.into());
        self
    }

    /// Names the line, from 1.
    pub fn at_line(mut self, line: u64) -> Self {
        self.place.line = Some(line);
        self
    }

    /// Names the field.
    pub fn in_field(mut self, field: impl Into<String>) -> Self {
        self.place.field = Some(field.into());
        self
    }

    /// Names the place in a JSON document.
    pub fn at_pointer(mut self, pointer: impl Into<String>) -> Self {
        self.place.pointer = Some(pointer.into());
        self
    }

    /// Says what to do about it.
    pub fn mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = mend.into();
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(source) = &self.place.source {
            write!(f, "{source}")?;
            if let Some(line) = self.place.line {
                write!(f, ":{line}")?;
            }
            write!(f, ": ")?;
        } else if let Some(line) = self.place.line {
            write!(f, "line {line}: ")?;
        }
        if let Some(pointer) = self.place.pointer.as_ref().filter(|pointer| !pointer.is_empty()) {
            write!(f, "{pointer}: ")?;
        }
        if let Some(field) = &self.place.field {
            write!(f, "field “{field}”: ")?;
        }
        write!(f, "{}", self.message)?;
        if !self.mend.is_empty() {
            write!(f, " {}", self.mend)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}
