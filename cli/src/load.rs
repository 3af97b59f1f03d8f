//! Reads charter and files.

use crate::arguments::{Data, Files};
use crate::failure::{Failure, misuse, unreadable};
use crate::words::clean;
use crate::zone::zones;
use indicatif::{ProgressBar, ProgressStyle};
use mops_core::charter::Charter;
use mops_core::error::{Code, Error};
use mops_core::ingest::{Reader, assemble};
use mops_core::query::Session;
use mops_core::table::schema::TABLES;
use mops_core::table::{Dataset, Table};
use mops_core::time::Zone;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Bytes read at a time.
const CHUNK: usize = 1 << 20;
/// Work below this many bytes is over before a bar would be seen.
const LONG: u64 = 8 << 20;

/// Everything a question needs.
pub struct Loaded {
    pub session: Session,
    pub zone: Zone,
}

/// Reads all that was given.
pub fn load(data: &Data) -> Result<Loaded, Failure> {
    let (charter, zone) = charter(data.charter.as_deref())?;
    let charter = Rc::new(charter);
    let tables = tables(&data.files, &charter, &zone)?;
    let dataset: Dataset = assemble(&charter, tables)?;
    let session = Session::new(charter, data.charter.is_some(), zone.clone(), dataset);
    Ok(Loaded { session, zone })
}

/// The charter of a file, or the defaults, with its zone.
pub fn charter(path: Option<&Path>) -> Result<(Charter, Zone), Failure> {
    let Some(path) = path else { return Ok((Charter::default(), Zone::utc())) };
    let named = |errors: Vec<Error>| -> Vec<Error> {
        errors.into_iter().map(|error| error.in_source(path.display().to_string())).collect()
    };
    let bytes = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_start_matches('\u{feff}');
    // The commonest wrong files, told as what they are.
    let what = match text.trim_start().bytes().next() {
        None => "the file is empty.",
        Some(b'{' | b'[') => "",
        Some(_) => "the file is no charter, which is one JSON object.",
    };
    if !what.is_empty() {
        let mend = "mops charter new drafts one from your files: mops charter new --deals deals.csv > charter.json.";
        return Err(Error::new(Code::BadCharter, what).in_source(path.display().to_string()).mend(mend).into());
    }
    let charter = Charter::parse(text).map_err(named)?;
    let zone = zones(&charter).map_err(|error| named(vec![error]))?;
    Ok((charter, zone))
}

/// The tables of all files.
pub fn tables(given: &Files, charter: &Rc<Charter>, zone: &Zone) -> Result<Vec<Table>, Failure> {
    let files = files(given)?;
    if let Some(folder) = &given.folder {
        let strange = strangers(folder, &files);
        if !strange.is_empty() {
            eprintln!(
                "note: not read, for no table is called so: {}. Give each with the option of its table, such as --deals.",
                clean(&strange.join(", "))
            );
        }
    }
    let total = files.iter().filter_map(|(_, path)| path.metadata().ok()).map(|file| file.len()).sum();
    let bar = if total < LONG { ProgressBar::hidden() } else { ProgressBar::new(total) };
    let style = ProgressStyle::with_template("{msg:24!} {bar:32} {bytes} of {total_bytes}, {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let tables =
        files.iter().map(|(table, path)| read(table, path, charter, zone, &bar)).collect::<Result<Vec<_>, _>>();
    bar.finish_and_clear();
    tables.map_err(|mut error| {
        // Headers that nothing recognises can be guessed, for a person to check.
        if error.mend.contains("under sources") {
            error.mend.push_str(" mops charter new drafts that from the file.");
        }
        error.into()
    })
}

/// Reads one file into its table.
pub fn read(table: &str, path: &Path, charter: &Rc<Charter>, zone: &Zone, bar: &ProgressBar) -> Result<Table, Error> {
    let source = path.display().to_string();
    bar.set_message(source.clone());
    let mut file = File::open(path).map_err(|error| unreadable(path, &error))?;
    let mut reader = Reader::new(charter, zone, Some(table), &source);
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = file.read(&mut chunk).map_err(|error| unreadable(path, &error))?;
        if length == 0 {
            return reader.finish();
        }
        reader.push(&chunk[..length])?;
        bar.inc(length as u64);
    }
}

/// Files of a folder that look like data and are named after no table. Charters are none.
fn strangers(folder: &Path, read: &[(&'static str, PathBuf)]) -> Vec<String> {
    let is_data = |name: &str| {
        let name = name.to_lowercase();
        [".csv", ".tsv", ".json", ".ndjson"].iter().any(|end| name.ends_with(end)) && !name.ends_with("charter.json")
    };
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.path().is_file() && !read.iter().any(|(_, path)| *path == entry.path()))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| is_data(name))
        .collect();
    names.sort();
    names
}

/// Every file with the table it holds.
pub fn files(given: &Files) -> Result<Vec<(&'static str, PathBuf)>, Failure> {
    let mut files = Vec::new();
    for schema in TABLES {
        let named = given.tables.0.iter().filter(|(table, _)| *table == schema.name);
        files.extend(named.cloned());
        if let Some(folder) = &given.folder {
            for extension in ["csv", "tsv", "json", "ndjson"] {
                let path = folder.join(format!("{}.{extension}", schema.name));
                if path.is_file() {
                    files.push((schema.name, path));
                }
            }
        }
    }
    if let Some(folder) = given.folder.as_ref().filter(|folder| !folder.is_dir()) {
        return Err(if folder.exists() {
            let mend = "Give a file with the option of its table, such as --deals.";
            misuse(format!("{} is no folder.", folder.display()), mend)
        } else {
            misuse(format!("There is no folder {}.", folder.display()), "Check the path.")
        });
    }
    if files.is_empty() {
        let names: Vec<String> = TABLES.iter().map(|schema| format!("{}.csv", schema.name)).collect();
        return Err(match &given.folder {
            Some(folder) => misuse(
                format!("The folder {} holds no table.", folder.display()),
                format!("Files there must be called after their tables: {} (or .json, .ndjson).", names.join(", ")),
            ),
            None => misuse("No file was given.", "Give --contacts, --deals or another table, or a folder with --data."),
        });
    }
    Ok(files)
}
