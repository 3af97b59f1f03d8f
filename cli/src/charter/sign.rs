//! `mops charter sign`: who stands behind a definition as it is now.

use super::edit::set;
use crate::arguments::Files;
use crate::failure::{Failure, misuse, unreadable};
use crate::load::{charter, tables};
use crate::report::known;
use mops_core::charter::Charter;
use mops_core::error::{Code, Error};
use mops_core::figure::SignOffState;
use mops_core::ingest::assemble;
use mops_core::kpi::{self, Parameters};
use mops_core::query::Session;
use mops_core::time::Zone;
use serde_json::{Value, json};
use std::path::Path;
use std::rc::Rc;

/// Writes the hash of a definition into the charter, with who signed it and when. Which stages count without a
/// lifecycle in the charter is up to the data, so these are read where they are given.
pub fn sign(id: &str, by: &str, at: &str, path: &Path, files: &Files) -> Result<String, Failure> {
    known(id)?;
    let (charter, zone) = charter(Some(path))?;
    let charter = Rc::new(charter);
    let reads = !files.tables.0.is_empty() || files.folder.is_some();
    if reads {
        note_undated(&charter, zone, files)?;
    }
    let signer = charter.person(by);
    if !charter.people.is_empty() {
        let who = signer.map_or(by, |person| if person.name.is_empty() { &person.id } else { &person.name });
        match charter.may_sign(by) {
            Some(true) => {}
            Some(false) if signer.is_none() => {
                return Err(misuse(
                    format!("Nobody in the charter’s “people” is “{by}”."),
                    "Name one of them by id or name, or add them with “authority”: true.",
                ));
            }
            said => {
                let why = if said.is_none() {
                    "The charter does not say that"
                } else {
                    "The charter says no when asked whether"
                };
                return Err(misuse(
                    format!("{why} {who} has authority to sign."),
                    "Let somebody sign who has, or give them “authority”: true in “people”.",
                ));
            }
        }
    }
    let definition = definition(id, &charter)?;
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
    let record = [("by", by), ("at", at), ("hash", &definition.hash)];
    let signed = match charter.kpis.get(id).and_then(|settings| settings.sign_off.as_ref()) {
        Some(_) => record.iter().try_fold(text, |text, (field, value)| {
            set(&text, &["kpis", id, "sign_off", field], &Value::String((*value).to_owned()))
        }),
        None => set(&text, &["kpis", id, "sign_off"], &json!({"by": by, "at": at, "hash": definition.hash})),
    };
    let signed = signed.ok_or_else(|| odd(path))?;
    let written = Charter::parse(&signed).map_err(|errors| {
        errors.into_iter().map(|error| error.in_source(path.display().to_string())).collect::<Vec<_>>()
    })?;
    written.lifecycle.undated.replace(charter.lifecycle.undated.borrow().clone());
    if self::definition(id, &written)?.sign_off.state != SignOffState::Signed {
        return Err(odd(path));
    }
    std::fs::write(path, signed).map_err(|error| {
        Error::new(Code::BadInput, format!("The file can’t be written: {error}.")).in_source(path.display().to_string())
    })?;
    let mut said = format!(
        "{}: {by} signed {id} on {at}, as {} is defined now (hash {}).\n",
        path.display(),
        definition.name,
        definition.hash
    );
    if charter.people.is_empty() {
        said.push_str("The charter lists no people, so nobody’s authority was checked.\n");
    }
    if !reads && charter.lifecycle.is_usual && kpi::find(id).is_some_and(|kpi| kpi.definition.counts_stages()) {
        said.push_str(
            "The charter has no lifecycle, so this holds only in reports whose data have dates of every usual stage; \
             for others it shows as lapsed. Sign with the files that reports read (--contacts, --data), or write the \
             stages into the charter: mops charter new drafts them.\n",
        );
    }
    Ok(said)
}

/// A session notes in its charter which of the usual stages its data have no dates of.
fn note_undated(charter: &Rc<Charter>, zone: Zone, files: &Files) -> Result<(), Failure> {
    let dataset = assemble(charter, tables(files, charter, &zone)?)?;
    Session::new(Rc::clone(charter), true, zone, dataset);
    Ok(())
}

fn definition(id: &str, charter: &Charter) -> Result<mops_core::figure::DefinitionInForce, Failure> {
    let kpi = kpi::find(id).ok_or_else(|| misuse(format!("No KPI is called “{id}”."), ""))?;
    Ok(kpi.definition.in_force(charter, &Parameters::new(&kpi.definition, charter)))
}

fn odd(path: &Path) -> Failure {
    Error::new(Code::BadCharter, "the sign-off could not be written into it.")
        .in_source(path.display().to_string())
        .mend("Write it by hand; `mops report --format json` says the hash.")
        .into()
}
