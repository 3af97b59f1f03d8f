//! Times ingest and queries over a folder of exports: `measure ingest|query FOLDER CHARTER`. `cargo xtask bench` makes
//! the folder.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::path::Path;
use std::rc::Rc;
use std::time::Instant;

use mops_core::charter::Charter;
use mops_core::ingest::{Reader, assemble};
use mops_core::kpi;
use mops_core::query::{Query, Session};
use mops_core::table::Table;
use mops_core::time::Zone;

/// What a browser hands over at a time.
const CHUNK: usize = 1 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, folder, charter, only @ ..] = arguments.as_slice() else { return Err(USAGE.into()) };
    let folder = Path::new(folder);
    let charter = Rc::new(Charter::parse(&fs::read_to_string(charter)?).map_err(|errors| format!("{errors:?}"))?);
    match what.as_str() {
        "ingest" => {
            write_json(folder)?;
            for name in ["contacts.json", "contacts.ndjson"] {
                file(&folder.join(name), "contacts", &charter, &Zone::utc())?;
            }
            ingest(folder, &["contacts"], charter).map(|_| ())
        }
        "query" => query(&mut ingest(folder, &["contacts", "deals", "touches"], charter)?, folder, only),
        _ => Err(USAGE.into()),
    }
}

const USAGE: &str = "measure ingest|query FOLDER CHARTER [PART OF A NAME …]";

/// The contacts as a JSON array and as one object a line, unless they are there.
fn write_json(folder: &Path) -> Result<(), Box<dyn Error>> {
    if folder.join("contacts.ndjson").is_file() {
        return Ok(());
    }
    let mut lines = BufReader::new(File::open(folder.join("contacts.csv"))?).lines();
    let header = lines.next().ok_or("no header")??;
    let names: Vec<String> = header.split(',').map(|name| serde_json::json!(name).to_string()).collect();
    let mut array = BufWriter::new(File::create(folder.join("contacts.json"))?);
    let mut by_line = BufWriter::new(File::create(folder.join("contacts.unfinished"))?);
    let mut before = "[";
    for line in lines {
        let (line, mut quoted) = (line?, false);
        let cells = line.split(|letter| {
            quoted ^= letter == '"';
            letter == ',' && !quoted
        });
        let cell = |(name, cell): (&String, &str)| format!("{name}:{}", serde_json::json!(cell.trim_matches('"')));
        let members: Vec<String> = names.iter().zip(cells).map(cell).collect();
        let object = members.join(",");
        write!(array, "{before}{{{object}}}")?;
        writeln!(by_line, "{{{object}}}")?;
        before = ",\n";
    }
    writeln!(array, "]")?;
    array.flush()?;
    by_line.flush()?;
    // Whole by now: an interrupted run leaves nothing to be taken for the file.
    fs::rename(folder.join("contacts.unfinished"), folder.join("contacts.ndjson"))?;
    Ok(())
}

fn ingest(folder: &Path, tables: &[&str], charter: Rc<Charter>) -> Result<Session, Box<dyn Error>> {
    let zone = Zone::utc();
    let before = resident();
    let start = Instant::now();
    let mut read = Vec::new();
    for name in tables {
        read.push(file(&folder.join(name).with_extension("csv"), name, &charter, &zone)?);
    }
    let rows = read.iter().map(|table| table.rows as u64).sum::<u64>();
    let dataset = assemble(&charter, read).map_err(|error| format!("{error:?}"))?;
    let seconds = start.elapsed().as_secs_f64();
    println!("  {:<28} {:>10.0} ms {:>12.0} rows/s", "read and assembled", seconds * 1000.0, rows as f64 / seconds);
    match before.zip(resident()).map(|(before, after)| after.saturating_sub(before)) {
        Some(bytes) => println!("  {:<28} {:>10} bytes", "memory held for a row", bytes / rows.max(1)),
        None => println!("  {:<28} {:>10}", "memory held for a row", "unknown on this system"),
    }
    Ok(Session::new(charter, true, zone, dataset))
}

fn file(path: &Path, name: &str, charter: &Rc<Charter>, zone: &Zone) -> Result<Table, Box<dyn Error>> {
    let mut file = File::open(path)?;
    let mut chunk = vec![0; CHUNK];
    let start = Instant::now();
    let mut reader = Reader::new(charter, zone, Some(name), name);
    loop {
        let length = file.read(&mut chunk)?;
        if length == 0 {
            break;
        }
        reader.push(&chunk[..length]).map_err(|error| format!("{error:?}"))?;
    }
    let progress = reader.progress();
    let table = reader.finish().map_err(|error| format!("{error:?}"))?;
    let seconds = start.elapsed().as_secs_f64();
    let shown = path.file_name().unwrap_or_default().display();
    println!("native ingest of {} rows of {shown}, {} MB", progress.rows, progress.bytes / 1_000_000);
    println!("  {:<28} {:>10.0} ms {:>12.0} rows/s", "read", seconds * 1000.0, progress.rows as f64 / seconds);
    println!("  {:<28} {:>10}", "rejected rows", progress.rejected);
    Ok(table)
}

/// A question of the bench, by name.
type Named = (String, Query);

/// What is asked: every KPI, and every element of the demo's executive page.
fn questions() -> (Vec<Named>, Vec<Named>) {
    let base = Query {
        as_of: "2026-01-01".into(),
        period: Some("2025".into()),
        compare: Some("previous".into()),
        ..Query::default()
    };
    let card = |id: &str| Query { view: "kpi".into(), metric: Some(id.into()), ..base.clone() };
    let kpis = kpi::registry().iter().map(|kpi| kpi.definition.id);
    let kpis = kpis.map(|id| (id.to_owned(), card(id))).collect();
    let quarter = |id: &str| (format!("kpi {id}"), Query { period: Some("2025-Q4".into()), ..card(id) });
    let view = |name: &str| Query { view: name.into(), compare: None, ..base.clone() };
    let mut page: Vec<Named> = DEALS.into_iter().map(quarter).collect();
    page.push(("funnel".into(), view("funnel")));
    let by_source = Query { segment: Some("source".into()), compare: None, ..card("win_rate") };
    page.push(("kpi win_rate by source".into(), by_source));
    page.push(("cohorts".into(), view("cohorts")));
    let metrics = LIFECYCLE.into_iter().chain(DEALS).chain(["pipeline_velocity"]).map(str::to_owned).collect();
    page.push(("scorecard".into(), Query { metrics, ..view("scorecard") }));
    page.push(("filters".into(), view("filters")));
    (kpis, page)
}

const DEALS: [&str; 4] = ["pipeline_created", "win_rate", "average_deal", "sales_cycle"];
const LIFECYCLE: [&str; 3] = ["lead_to_customer", "conversion_matured", "time_in_stage"];
/// A narrow filter and a wide one: the values that the KPIs, then the page, then the page again are filtered by.
const FILTERS: [(&str, [&str; 3]); 2] =
    [("owner", ["Owner 1", "Owner 2", "Owner 3"]), ("source", ["Organic Search", "Referrals", "Paid Search"])];

/// Each question with nothing known, again with its measures kept, and after each filter; the page also after another
/// value of the last filter, once the session had time to work ahead. Writes the questions beside the data, so that the
/// engine's module is asked the same.
fn query(session: &mut Session, folder: &Path, only: &[String]) -> Result<(), Box<dyn Error>> {
    let (mut kpis, mut page) = questions();
    let asked = serde_json::json!({ "kpis": list(&kpis), "page": list(&page), "filters": FILTERS });
    fs::write(folder.join("questions.json"), asked.to_string())?;
    for list in [&mut kpis, &mut page] {
        list.retain(|(name, _)| only.is_empty() || only.iter().any(|part| name.contains(part)));
    }
    let floor = floor(session);
    println!("\none plain pass over a column of contacts: {floor:.2} ms");
    let filtered = |query: &Query, filter: usize, value: usize| {
        let (field, values) = FILTERS[filter];
        Query { filter: [(field.to_owned(), vec![values[value].to_owned()])].into(), ..query.clone() }
    };
    let ask = |session: &mut Session, questions: &[Named], value: usize| -> Vec<Vec<f64>> {
        let times = |(_, query): &Named| {
            let narrow = filtered(query, 0, value);
            [query, query, &narrow, &filtered(query, 1, value)].map(|query| time(session, query)).to_vec()
        };
        questions.iter().map(times).collect()
    };
    let mut lines = ask(session, &page, 1);
    let start = Work::now();
    while session.ahead(1 << 20) {}
    let ahead = start.milliseconds();
    for ((_, query), times) in page.iter().zip(&mut lines) {
        times.push(time(session, &filtered(query, 1, 2)));
    }
    print("executive page", &page, &lines, floor);
    println!("\nworking ahead on the other values of {}: {ahead:.0} ms", FILTERS[1].0);
    print("KPI", &kpis, &ask(session, &kpis, 0), floor);
    Ok(())
}

/// Milliseconds of each question; the share and the passes are those of the wide filter.
fn print(what: &str, questions: &[Named], lines: &[Vec<f64>], floor: f64) {
    if questions.is_empty() {
        return;
    }
    let heads = ["first", "again", FILTERS[0].0, FILTERS[1].0, "ahead"];
    let columns = lines.first().map_or(0, Vec::len);
    let all: Vec<f64> = (0..columns).map(|at| lines.iter().map(|times| times[at]).sum()).collect();
    print!("\n{what:<26}");
    heads.iter().take(columns).for_each(|head| print!("{head:>10}"));
    println!("   share  passes");
    for (name, times) in questions.iter().map(|(name, _)| name.as_str()).zip(lines).chain([("all", &all)]) {
        print!("{name:<26}");
        times.iter().for_each(|time| print!("{time:>10.2}"));
        println!("{:>6.1} %{:>8.1}", 100.0 * times[3] / all[3], times[3] / floor);
    }
}

fn list(questions: &[Named]) -> Vec<serde_json::Value> {
    let json = |query: &Query| {
        let Query { view, metric, metrics, as_of, period, compare, segment, .. } = query;
        serde_json::json!({ "view": view, "metric": metric, "metrics": metrics, "as_of": as_of, "period": period,
            "compare": compare, "segment": segment })
    };
    questions.iter().map(|(name, query)| serde_json::json!([name, json(query)])).collect()
}

/// Milliseconds of computing that an answer takes.
fn time(session: &mut Session, query: &Query) -> f64 {
    let start = Work::now();
    session.answer(query).expect("a question that can be answered");
    start.milliseconds()
}

/// A moment in this thread's own time, which others on the machine don't lengthen (Linux; elsewhere the clock on the wall).
struct Work(Option<u64>, Instant);

impl Work {
    fn now() -> Self {
        Self(Self::own(), Instant::now())
    }

    fn own() -> Option<u64> {
        fs::read_to_string("/proc/thread-self/schedstat").ok()?.split_whitespace().next()?.parse().ok()
    }

    fn milliseconds(&self) -> f64 {
        let wall = self.1.elapsed().as_secs_f64() * 1000.0;
        let own = self.0.zip(Self::own()).map(|(before, after)| after.saturating_sub(before) as f64 / 1e6);
        // The system counts in ticks of a few milliseconds.
        own.filter(|own| *own > 20.0).map_or(wall, |own| own.min(wall))
    }
}

/// Milliseconds of the least that can be done: counting the cells of one column that lie in a period.
fn floor(session: &Session) -> f64 {
    let cells = session.dataset().table("contacts").and_then(|table| table.time("created_at")).unwrap_or_default();
    let time = || {
        let start = Work::now();
        let within = cells.iter().filter(|cell| (1_735_689_600_000..1_767_225_600_000).contains(*cell)).count();
        std::hint::black_box(within);
        start.milliseconds()
    };
    (0..9).map(|_| time()).fold(f64::MAX, f64::min)
}

/// Bytes of this process in memory, where the system tells (Linux).
fn resident() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}
