//! Times ingest and queries over a file of contacts: `measure ingest|query FILE`. `cargo xtask bench` makes the file.

use std::error::Error;
use std::fs::{self, File};
use std::io::Read;
use std::time::Instant;

use mops_core::charter::Charter;
use mops_core::ingest::{Reader, assemble};
use mops_core::kpi;
use mops_core::query::{Query, Session};
use mops_core::time::Zone;

/// What a browser hands over at a time.
const CHUNK: usize = 1 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, path] = arguments.as_slice() else { return Err("measure ingest|query FILE".into()) };
    let (mut session, rows) = ingest(path)?;
    match what.as_str() {
        "ingest" => Ok(()),
        "query" => query(&mut session, rows),
        _ => Err("measure ingest|query FILE".into()),
    }
}

fn ingest(path: &str) -> Result<(Session, u64), Box<dyn Error>> {
    let (charter, zone) = (Charter::parse("{}").map_err(|errors| format!("{errors:?}"))?, Zone::utc());
    let mut file = File::open(path)?;
    let mut chunk = vec![0; CHUNK];
    let before = resident();
    let start = Instant::now();
    let mut reader = Reader::new(&charter, &zone, Some("contacts"), path);
    loop {
        let length = file.read(&mut chunk)?;
        if length == 0 {
            break;
        }
        reader.push(&chunk[..length]).map_err(|error| format!("{error:?}"))?;
    }
    let progress = reader.progress();
    let table = reader.finish().map_err(|error| format!("{error:?}"))?;
    let read = start.elapsed().as_secs_f64();
    let dataset = assemble(&charter, vec![table]).map_err(|error| format!("{error:?}"))?;
    let all = start.elapsed().as_secs_f64();
    let held = before.zip(resident()).map(|(before, after)| after.saturating_sub(before));
    let per_second = |seconds: f64| progress.rows as f64 / seconds;
    println!("native ingest of {} rows, {} MB", progress.rows, progress.bytes / 1_000_000);
    println!("  {:<28} {:>10.0} ms {:>12.0} rows/s", "read", read * 1000.0, per_second(read));
    println!("  {:<28} {:>10.0} ms {:>12.0} rows/s", "read and assembled", all * 1000.0, per_second(all));
    println!("  {:<28} {:>10}", "rejected rows", progress.rejected);
    match held {
        Some(bytes) => println!("  {:<28} {:>10} bytes", "memory held for a row", bytes / progress.rows.max(1)),
        None => println!("  {:<28} {:>10}", "memory held for a row", "unknown on this system"),
    }
    Ok((Session::new(charter, false, zone, dataset), progress.rows))
}

/// Each KPI three times: with nothing known, again with its measures kept, and after a filter by the owner of the
/// first row, with what that takes of all KPIs' time.
fn query(session: &mut Session, rows: u64) -> Result<(), Box<dyn Error>> {
    let owner = session.dataset().table("contacts").and_then(|table| table.text("owner"));
    let owner = owner.map(|owners| owners.get(0).to_owned()).unwrap_or_default();
    let mut lines = Vec::new();
    for kpi in kpi::registry() {
        let id = kpi.definition.id.to_string();
        let query = Query {
            view: "kpi".into(),
            metric: Some(id.clone()),
            as_of: "2026-01-01".into(),
            period: Some("2025".into()),
            compare: Some("previous".into()),
            ..Query::default()
        };
        let filtered = Query { filter: [("owner".to_owned(), vec![owner.clone()])].into(), ..query.clone() };
        let mut times = [0.0; 3];
        let mut said = None;
        for (time, query) in times.iter_mut().zip([&query, &query, &filtered]) {
            let start = Instant::now();
            said = session.answer(query).err();
            *time = start.elapsed().as_secs_f64() * 1000.0;
        }
        lines.push((id, times, said));
    }
    let all = lines.iter().map(|(_, [.., filtered], _)| filtered).sum::<f64>();
    println!("\n{:<30} {:>12} {:>12} {:>14} {:>7}   {rows} rows", "KPI", "first", "again", "after filter", "share");
    for (id, [first, again, filtered], said) in lines {
        let share = 100.0 * filtered / all;
        match said {
            None => println!("{id:<30} {first:>9.1} ms {again:>9.1} ms {filtered:>11.1} ms {share:>5.1} %"),
            Some(error) => println!("{id:<30} {:>12} {:>12} {:>14} {:>7}   {}", "–", "–", "–", "–", error.message),
        }
    }
    println!("{:<30} {:>12} {:>12} {all:>11.1} ms", "all", "", "");
    Ok(())
}

/// Bytes of this process in memory, where the system tells (Linux).
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}
