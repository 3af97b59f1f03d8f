//! A first charter, drawn from the headers and values of the given files.

use super::guess;
use crate::arguments::Files;
use crate::failure::{Failure, misuse, unreadable};
use crate::load::{files, read};
use crate::words;
use mops_core::charter::platforms::{Counterpart, Platform, PlatformMetric};
use mops_core::charter::{Charter, DateOrder, DealStage, DealState, Lifecycle, Mapping, Stage};
use mops_core::ingest::assemble;
use mops_core::kpi;
use mops_core::query::Session;
use mops_core::table::Table;
use mops_core::table::schema::input;
use mops_core::time::Zone;
use serde::Serialize;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::rc::Rc;

/// Bytes in which the header must stand.
const HEAD: u64 = 1 << 16;

/// A charter with comments, in the order in which people read it.
#[derive(Serialize)]
struct Draft {
    #[serde(rename = "$comment")]
    comment: &'static str,
    organisation: String,
    time_zone: Option<String>,
    fiscal_year_start_month: u32,
    week_start: mops_core::charter::Weekday,
    currency: String,
    exchange_rates: Vec<mops_core::charter::ExchangeRate>,
    minimum_n: u64,
    lifecycle: Commented<Lifecycle>,
    deal_stages: Vec<Commented<DealStage>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    platforms: Vec<Commented<Platform>>,
    sources: BTreeMap<String, Commented<Columns>>,
    kpis: BTreeMap<&'static str, Commented<Kpi>>,
}

#[derive(Serialize)]
struct Commented<T> {
    #[serde(rename = "$comment", skip_serializing_if = "String::is_empty")]
    comment: String,
    #[serde(flatten)]
    inner: T,
}

#[derive(Serialize)]
struct Columns {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    columns: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_order: Option<DateOrder>,
}

/// What a person is asked to fill in.
#[derive(Serialize)]
struct Kpi {
    owner: Option<String>,
    target: Option<f64>,
}

const COMMENT: &str = "A starting point drawn from your files. Keys named $comment are notes and may stand anywhere; \
                       `mops charter check` finds faults, `mops explain` says what each KPI means. Set the \
                       organisation, the time zone in which your days begin, the currency of your reports with dated \
                       exchange_rates for the others ({\"currency\": \"USD\", \"from\": \"2026-01-01\", \"rate\": \
                       \"0.92\"}), and for each KPI who answers for it and what you aim at.";

const FIRST_STAGE: &str = "No column has the date of a stage, so stage:lead has that of the record: a guess that holds \
                           where every record is a lead from its first day. Otherwise take it out, or export the dates.";

/// Reads the files and writes the draft.
pub fn draft(given: &Files) -> Result<String, Failure> {
    let mut charter = Charter::default();
    let mut sources = BTreeMap::new();
    let mut tables = Vec::new();
    for (table, path) in files(given)? {
        let (read, guessed) = understand(table, &path, &charter)?;
        let mut comments = Vec::new();
        if !guessed.is_empty() {
            let mapping = Mapping { columns: guessed.clone().into_iter().collect(), ..Mapping::default() };
            charter.sources.insert(table.to_owned(), mapping);
            comments.push("Guessed from the headers: check each. Field on the left, header of the file on the right.");
        }
        let (read, guessed) = match first_stage(&read, &path, &charter, given, &guessed) {
            Some((dated, columns)) => {
                charter.sources.entry(table.to_owned()).or_default().columns = columns.clone().into_iter().collect();
                comments.push(FIRST_STAGE);
                (dated, columns)
            }
            None => (read, guessed),
        };
        let mut date_order = None;
        if words::asks_for(&read.fields, "decimal_sign") {
            comments.push(
                "Some amounts could be thousands or decimals, and are read as in English: add decimal_sign here, \",\" \
                 where 1.234 is a thousand and more, \".\" where it is one and a bit.",
            );
        }
        let read = if words::asks_for(&read.fields, "date_order") {
            let (better, order, comment) = order(read, &path, &charter)?;
            comments.push(comment);
            date_order = order;
            if order.is_some() {
                charter.sources.entry(table.to_owned()).or_default().date_order = order;
            }
            better
        } else {
            read
        };
        if !comments.is_empty() {
            let inner = Columns { columns: guessed, date_order };
            sources.insert(table.to_owned(), Commented { comment: comments.join(" "), inner });
        }
        tables.push(read);
    }
    let currency = currency(&tables).unwrap_or_else(|| charter.currency.clone());
    let (deal_stages, platforms) = (deal_stages(&charter, &tables), platforms(&tables));
    let draft = Draft {
        comment: COMMENT,
        organisation: String::new(),
        time_zone: Some(charter.time_zone.clone()),
        fiscal_year_start_month: charter.fiscal_year_start_month,
        week_start: charter.week_start,
        currency,
        exchange_rates: Vec::new(),
        minimum_n: charter.minimum_n,
        deal_stages,
        platforms,
        lifecycle: lifecycle(charter, tables)?,
        sources,
        kpis: kpi::registry()
            .iter()
            .map(|kpi| {
                let comment = format!("{}: {}", kpi.definition.name, kpi.definition.formula);
                (kpi.definition.id, Commented { comment, inner: Kpi { owner: None, target: None } })
            })
            .collect(),
    };
    let text = serde_json::to_string_pretty(&draft);
    text.map(|text| text + "\n").map_err(|error| misuse(format!("It can’t be written as JSON: {error}."), ""))
}

/// The platforms of the reports, each metric held against what its name sounds like.
fn platforms(tables: &[Table]) -> Vec<Commented<Platform>> {
    let table = tables.iter().find(|table| table.name == "platform_reports");
    let column = |field: &str| table.and_then(|table| table.text(field));
    let Some((ids, names)) = column("platform").zip(column("metric")) else { return Vec::new() };
    let mut found: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in 0..table.map_or(0, |table| table.rows) {
        let (id, name) = (ids.get(row), names.get(row));
        if !id.is_empty() && !name.is_empty() {
            found.entry(id).or_default().insert(name);
        }
    }
    let compared_to = |name: &str| {
        let sounds_like = |words: &[&str]| words.iter().any(|word| name.to_lowercase().contains(word));
        if sounds_like(&["revenue", "value", "amount"]) {
            Counterpart::Revenue
        } else if sounds_like(&["lead", "sign", "form"]) {
            Counterpart::Leads
        } else {
            Counterpart::Deals
        }
    };
    let metric = |name: &&str| PlatformMetric { metric: (*name).into(), compared_to: compared_to(name) };
    let platform = |(id, names): (&&str, &BTreeSet<&str>)| Commented {
        comment: "Name the sources that contacts have from it, who answers for its numbers, its window_days, its \
                  time_zone and, as definition, what it counts; check what each metric is compared to."
            .into(),
        inner: Platform { id: (*id).into(), metrics: names.iter().map(metric).collect(), ..Platform::default() },
    };
    found.iter().map(platform).collect()
}

/// Reads one file, guessing what headers mean that nothing recognises.
fn understand(table: &str, path: &Path, charter: &Charter) -> Result<(Table, BTreeMap<String, String>), Failure> {
    let zone = Zone::utc();
    let bar = indicatif::ProgressBar::hidden();
    let first = read(table, path, &Rc::new(charter.clone()), &zone, &bar);
    let (headers, taken) = match &first {
        Ok(read) => (
            read.unmatched.iter().map(|header| header.header.clone()).collect(),
            read.fields.iter().map(|field| field.field.clone()).collect(),
        ),
        Err(_) => (guess::header_line(&head(path)?), Vec::new()),
    };
    let Some(schema) = input(table) else { return Ok((first?, BTreeMap::new())) };
    let guessed = guess::columns(schema, &headers, &taken);
    let with = |columns: &BTreeMap<String, String>| {
        let mut mapped = charter.clone();
        let columns = columns.clone().into_iter().collect();
        mapped.sources.insert(table.to_owned(), Mapping { columns, ..Mapping::default() });
        read(table, path, &Rc::new(mapped), &zone, &bar)
    };
    let (mut table, mut guessed) = match (guessed.is_empty(), first) {
        (true, first) => (first?, guessed),
        (false, first) => match (with(&guessed), first) {
            (Ok(read), _) => (read, guessed),
            (Err(_), Ok(read)) => (read, BTreeMap::new()),
            (Err(_), Err(error)) => return Err(error.into()),
        },
    };
    // A header guessed from the file's raw bytes may have letters that only the reader knows.
    let left: Vec<String> = table.unmatched.iter().map(|header| header.header.clone()).collect();
    let known: Vec<String> = table.fields.iter().map(|field| field.field.clone()).collect();
    let more = guess::columns(schema, &left, &known);
    if !more.is_empty() {
        let columns = guessed.iter().chain(&more).map(|(field, header)| (field.clone(), header.clone())).collect();
        if let Ok(better) = with(&columns) {
            (table, guessed) = (better, columns);
        }
    }
    // Some systems keep won and lost in a column of its own, beside a stage that says nothing of it.
    if table.name == "deals" && !tells_outcomes(&table) {
        for status in table.unmatched.iter().map(|header| &header.header).filter(|header| guess::is_status(header)) {
            let mut columns = guessed.clone();
            columns.insert("stage".into(), status.clone());
            if let Ok(better) = with(&columns)
                && tells_outcomes(&better)
            {
                guessed = columns;
                return Ok((better, guessed));
            }
        }
    }
    Ok((table, guessed))
}

/// Contacts without a date of any stage, with their own date for the first one: a list of leads often has no other.
fn first_stage(
    contacts: &Table,
    path: &Path,
    charter: &Charter,
    given: &Files,
    guessed: &BTreeMap<String, String>,
) -> Option<(Table, BTreeMap<String, String>)> {
    let is_dated = contacts.fields.iter().any(|field| field.field.starts_with("stage:") && field.filled > 0);
    let has_events = files(given).ok()?.iter().any(|(table, _)| *table == "stage_events");
    if contacts.name != "contacts" || is_dated || has_events {
        return None;
    }
    let created = contacts.fields.iter().find(|field| field.field == "created_at" && field.filled > 0)?;
    let mut columns = guessed.clone();
    for field in ["created_at".to_owned(), format!("stage:{}", charter.lifecycle.lead)] {
        columns.insert(field, created.header.clone());
    }
    let mut mapped = charter.clone();
    mapped.sources.entry(contacts.name.clone()).or_default().columns = columns.clone().into_iter().collect();
    let dated = read(&contacts.name, path, &Rc::new(mapped), &Zone::utc(), &indicatif::ProgressBar::hidden()).ok()?;
    Some((dated, columns))
}

/// Whether deals say of themselves, or by the names of their stages, which were won or lost.
fn tells_outcomes(deals: &Table) -> bool {
    let has = |field: &&str| deals.fields.iter().any(|known| known.field == **field);
    let stages = values(std::slice::from_ref(deals), "deals", "stage");
    ["is_won", "is_closed"].iter().all(has) || stages.iter().any(|(name, _)| guess::state(name) != DealState::Open)
}

/// The order of day and month under which more dates of a table can be read, where one is better than the other.
fn order(table: Table, path: &Path, charter: &Charter) -> Result<(Table, Option<DateOrder>, &'static str), Failure> {
    let under = |order: DateOrder| {
        let mut charter = charter.clone();
        charter.sources.entry(table.name.clone()).or_default().date_order = Some(order);
        read(&table.name, path, &Rc::new(charter), &Zone::utc(), &indicatif::ProgressBar::hidden())
    };
    let unreadable = |table: &Table| table.fields.iter().map(|field| field.unreadable).sum::<u64>();
    let (day_first, month_first) = (under(DateOrder::DayMonthYear)?, under(DateOrder::MonthDayYear)?);
    Ok(match unreadable(&day_first).cmp(&unreadable(&month_first)) {
        Ordering::Less => (day_first, Some(DateOrder::DayMonthYear), "date_order was guessed from days above 12."),
        Ordering::Greater => (month_first, Some(DateOrder::MonthDayYear), "date_order was guessed from days above 12."),
        Ordering::Equal => {
            let comment = "Some dates leave open whether day or month goes first, and are left out until you add \
                           date_order here: \"day_month_year\" or \"month_day_year\".";
            (table, None, comment)
        }
    })
}

fn head(path: &Path) -> Result<String, Failure> {
    let mut head = Vec::new();
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    file.take(HEAD).read_to_end(&mut head).map_err(|error| unreadable(path, &error))?;
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// Values of a column by descending count.
fn values(tables: &[Table], table: &str, field: &str) -> Vec<(String, u64)> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for column in tables.iter().filter(|known| known.name == table).filter_map(|known| known.text(field)) {
        for row in 0..column.codes.len() {
            let text = column.get(row);
            if !text.is_empty() {
                *counts.entry(text.to_owned()).or_default() += 1;
            }
        }
    }
    let mut values: Vec<(String, u64)> = counts.into_iter().collect();
    values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    values
}

fn currency(tables: &[Table]) -> Option<String> {
    let code = |(text, _): &(String, u64)| text.len() == 3 && text.bytes().all(|letter| letter.is_ascii_uppercase());
    values(tables, "deals", "currency").into_iter().find(code).map(|(text, _)| text)
}

fn same(stage: &str, names: &[&str]) -> bool {
    let squash = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    names.iter().any(|name| squash(name) == squash(stage))
}

/// The deal stages found, those the defaults know with what they know. Open ones first, then won, then lost.
fn deal_stages(charter: &Charter, tables: &[Table]) -> Vec<Commented<DealStage>> {
    let found = values(tables, "deals", "stage");
    if found.is_empty() {
        return charter
            .deal_stages
            .iter()
            .map(|stage| Commented { comment: String::new(), inner: stage.clone() })
            .collect();
    }
    let mut stages: Vec<((u8, usize), Commented<DealStage>)> = Vec::new();
    for (name, count) in found {
        let known = charter.deal_stages.iter().position(|stage| same(&name, &[&stage.id, &stage.label]));
        let rows = if count == 1 { "1 deal".into() } else { format!("{count} deals") };
        let (comment, stage) = match known.and_then(|at| charter.deal_stages.get(at)) {
            Some(stage) => (rows, DealStage { aliases: aliases(stage, &name), ..stage.clone() }),
            None => {
                let state = guess::state(&name);
                let early = guess::is_early(&name);
                let note = match state {
                    DealState::Open if early => "; taken for open and not yet qualified pipeline, by its name",
                    DealState::Open => "; taken for open and qualified pipeline, by its name",
                    DealState::Won | DealState::Lost => "; won or lost was guessed from the name",
                };
                let stage = DealStage {
                    id: name.clone(),
                    label: name,
                    aliases: Vec::new(),
                    state,
                    qualified: state != DealState::Open || !early,
                    probability: None,
                };
                (rows + note, stage)
            }
        };
        let place = match stage.state {
            DealState::Open => 0,
            DealState::Won => 1,
            DealState::Lost => 2,
        };
        stages.push(((place, known.unwrap_or(usize::MAX)), Commented { comment, inner: stage }));
    }
    stages.sort_by_key(|(place, _)| *place);
    stages.into_iter().map(|(_, stage)| stage).collect()
}

fn aliases(stage: &DealStage, name: &str) -> Vec<String> {
    let known = [&stage.id, &stage.label].iter().any(|known| known.eq_ignore_ascii_case(name));
    if known { Vec::new() } else { vec![name.to_owned()] }
}

/// The usual stages as far as the files know them. One that has no dates where a later one has would leave every count
/// of stages unknown, so it is left out and named.
fn lifecycle(charter: Charter, tables: Vec<Table>) -> Result<Commented<Lifecycle>, Failure> {
    let mut found = values(&tables, "contacts", "stage");
    found.extend(values(&tables, "stage_events", "stage"));
    let charter = Rc::new(charter);
    let dataset = assemble(&charter, tables)?;
    let session = Session::new(Rc::clone(&charter), false, Zone::utc(), dataset);
    let fields = session.dataset().table("contacts").map_or(&[][..], |contacts| &contacts.fields);
    let dated: Vec<&str> =
        fields.iter().filter(|field| field.filled > 0).filter_map(|field| field.field.strip_prefix("stage:")).collect();
    let undated = charter.lifecycle.undated.borrow();

    let mut model = charter.lifecycle.clone();
    for (name, _) in &found {
        let known = guess::stage_in_german(name);
        if let Some(stage) = model.stages.iter_mut().find(|stage| known == Some(stage.id.as_str())) {
            stage.aliases.push(name.clone());
        }
    }
    let goes_by = |name: &str, stage: &Stage| {
        same(name, &[&stage.id, &stage.label]) || stage.aliases.iter().any(|alias| same(name, &[alias]))
    };
    if !(found.is_empty() && dated.is_empty()) {
        let (lead, customer) = (model.lead.clone(), model.customer.clone());
        let kept = |stage: &Stage| {
            !undated.contains(&stage.id)
                && ([&lead, &customer].contains(&&stage.id)
                    || dated.contains(&stage.id.as_str())
                    || found.iter().any(|(name, _)| goes_by(name, stage)))
        };
        model.stages.retain(kept);
        model.exits.retain(kept);
    }
    let mut comment = String::from(
        "Stages in order. lead and customer name two of them; exits are the ways out. target is the share that \
         should go on to the next stage, 0 to 1; aliases are further names in the data.",
    );
    for (role, id, nearest) in
        [("lead", &mut model.lead, model.stages.first()), ("customer", &mut model.customer, model.stages.last())]
    {
        if let Some(nearest) = nearest.filter(|_| undated.contains(id)) {
            comment
                .push_str(&format!(" {id} has no dates in your files, so {} stands for {role}: check it.", nearest.id));
            *id = nearest.id.clone();
        }
    }
    let left_out: Vec<&str> = charter
        .lifecycle
        .stages
        .iter()
        .filter(|stage| undated.contains(&stage.id))
        .map(|stage| stage.label.as_str())
        .collect();
    if !left_out.is_empty() {
        comment.push_str(&format!(
            " Left out, because your files have no dates for them: {}. Export those dates to count them.",
            left_out.join(", ")
        ));
    }
    let known = |name: &str| {
        let stages = || charter.lifecycle.stages.iter().filter(|stage| undated.contains(&stage.id));
        model.stages.iter().chain(&model.exits).chain(stages()).any(|stage| goes_by(name, stage))
    };
    let strange: Vec<String> = found.into_iter().map(|(name, _)| name).filter(|name| !known(name)).collect();
    if !strange.is_empty() {
        comment.push_str(&format!(
            " Your files also have: {}. Add each as a stage, as an alias or as an exit.",
            strange.join(", ")
        ));
    }
    model.undated.take();
    Ok(Commented { comment, inner: model })
}
