//! What ends a run, and how it is told.

use crate::report::hang;
use console::{Style, Term};
use mops_core::error::{Code, Error};
use std::path::Path;

/// Faults of the input or of the use; never empty.
pub struct Failure(pub Vec<Error>);

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self(vec![error])
    }
}

impl From<Vec<Error>> for Failure {
    fn from(errors: Vec<Error>) -> Self {
        Self(errors)
    }
}

/// A fault in what was typed.
pub fn misuse(message: impl Into<String>, mend: impl Into<String>) -> Failure {
    Error::new(Code::BadQuery, message).mend(mend).into()
}

/// A file that the system won't give.
pub fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    let mend = match error.kind() {
        std::io::ErrorKind::NotFound => "Check the path.",
        std::io::ErrorKind::PermissionDenied => "Ask for the right to read it.",
        std::io::ErrorKind::IsADirectory => "Name a file, or give the folder with --data.",
        _ => "",
    };
    Error::new(Code::BadInput, format!("The file can’t be read: {error}."))
        .in_source(path.display().to_string())
        .mend(mend)
}

/// Tells every fault on standard error: place, fault, what to do.
pub fn tell(errors: &[Error]) {
    let red = Style::new().for_stderr().red().bold();
    let dim = Style::new().for_stderr().dim();
    for error in errors {
        let mend = &error.mend;
        let bare = Error { mend: String::new(), ..error.clone() };
        let term = Term::stderr();
        eprintln!("{} {}", red.apply_to("error:"), hang(&bare.to_string(), 7, &term));
        if !mend.is_empty() {
            eprintln!("{}", dim.apply_to(format!("       {}", hang(mend, 7, &term))));
        }
    }
}
