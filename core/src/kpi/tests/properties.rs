//! What must hold for every KPI of the registry, on data as bad as data get. A new KPI is in here by being listed.

use super::*;
use crate::charter::ParameterValue;
use crate::charter::money::Converter;
use crate::figure::Unit;
use crate::kpi::buckets::Buckets;
use crate::kpi::judgement::UNDATED;
use crate::kpi::sides::Reach;
use crate::kpi::{self, Filter, Frame, Kpi, Parameters, Scan, Timing, registry};
use crate::ledger::{Ledger, Reason, RowReference};
use crate::map::Map;
use crate::measure::{Key, Measure};
use crate::period::Period;
use crate::query::Question;
use crate::table::schema::{CHARTER_TABLES, Field, TABLES, TableSchema};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::rc::Rc;

/// A cell of a date: blank, unreadable, or a day of two years with or without an hour.
fn date() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just(String::new()),
        1 => Just("?".to_owned()),
        12 => (0_i64..730, 0_u32..3).prop_map(|(day, hour)| {
            let day = crate::time::iso_day(crate::time::day_of_date(2024, 6, 1).unwrap() + day);
            if hour == 0 { day } else { format!("{day}T{:02}:30:00Z", hour * 7) }
        }),
    ]
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    proptest::sample::select(words).prop_map(str::to_owned)
}

fn joined(cells: Vec<BoxedStrategy<String>>) -> BoxedStrategy<String> {
    cells.prop_map(|cells| cells.join("|")).boxed()
}

const STAGES: [&str; 7] = [
    "stage:subscriber",
    "stage:lead",
    "stage:marketing_qualified_lead",
    "stage:sales_qualified_lead",
    "stage:opportunity",
    "stage:customer",
    "stage:disqualified",
];

/// Data of every table of the schema, as rows of text: some in order, some in any. A new table is in here by being
/// listed.
#[derive(Debug, Clone)]
struct Data {
    tables: Vec<(&'static str, String, Vec<String>)>,
}

/// A cell of a field: words that some rule knows, so that rows meet each other, and what no rule knows.
fn cell(field: &Field) -> BoxedStrategy<String> {
    match (field.name, field.kind) {
        ("owner" | "first_owner", _) => word(&["", "Ana", "Ben", "Cem"]).boxed(),
        ("currency", _) => word(&["", "USD", "EUR", "JPY"]).boxed(),
        ("stage", _) => {
            word(&["", "closedwon", "closedwon", "closedlost", "Contract sent", "qualifiedtobuy", "no such stage"])
                .boxed()
        }
        ("contact_id" | "deal_id" | "tool" | "from" | "to", _) => {
            word(&["", "r0", "r1", "r2", "r3", "r9", "nobody"]).boxed()
        }
        ("layer", _) => word(&["people", "process", "platform", "proof"]).boxed(),
        ("state", _) => {
            word(&["", "signed", "lapsed", "unsigned", "stable", "stable", "workaround", "broken", "odd"]).boxed()
        }
        ("consent_state", _) => word(&["", "given", "given", "withdrawn", "odd"]).boxed(),
        ("kind", _) => word(&["", "email_sent", "email_click", "call", "strategic", "reactive", "unsubscribe"]).boxed(),
        ("direction", _) => word(&["", "inbound", "outbound"]).boxed(),
        ("metric", _) => word(&["leads", "deals", "revenue", ""]).boxed(),
        ("inputs", _) => word(&["", "contacts.email", "contacts.source;deals.amount", "contacts.nothing"]).boxed(),
        ("contact_ids", _) => word(&["", "r0", "r1;r2", "r3;r0", "nobody"]).boxed(),
        ("email", _) => word(&["", "ana@example.com", "Ana@Example.com ", "ben@example.org", "not an address"]).boxed(),
        (_, Kind::Text) => word(&["", "alpha", "beta", "Beta", "gamma"]).boxed(),
        (_, Kind::Time) => date().boxed(),
        (_, Kind::Money) => {
            prop_oneof![word(&["", "?", "-5", "0"]), (1_u32..9_000).prop_map(|amount| format!("{amount}.25"))].boxed()
        }
        (_, Kind::Number) => prop_oneof![word(&["", "?", "-3", "0"]), (1_u32..40).prop_map(|n| n.to_string())].boxed(),
        (_, Kind::Flag) => word(&["", "", "", "?", "yes", "no"]).boxed(),
    }
}

fn rows(schema: &'static TableSchema) -> BoxedStrategy<(&'static str, String, Vec<String>)> {
    let fields: Vec<&Field> = schema.fields.iter().filter(|field| field.read && field.name != "id").collect();
    let mut head: Vec<&str> = fields.iter().map(|field| field.name).collect();
    let cells: Vec<_> = fields.iter().map(|field| cell(field)).collect();
    let row = if schema.name == "contacts" {
        head.extend(STAGES);
        let wild = joined(vec![date().boxed(); 7]);
        // Steps forward from a start, then nothing: what most records do.
        let tame = (0_i64..600, proptest::collection::vec(0_i64..60, 0..6)).prop_map(|(start, steps)| {
            let first = crate::time::day_of_date(2024, 6, 1).unwrap() + start;
            let mut day = first;
            let mut cells = vec![crate::time::iso_day(first)];
            for step in &steps {
                day += step;
                cells.push(crate::time::iso_day(day));
            }
            cells.resize(7, String::new());
            cells[6] = String::new();
            cells.join("|")
        });
        joined(vec![joined(cells), prop_oneof![wild, tame].boxed()])
    } else {
        joined(cells)
    };
    let head = format!("id|{}", head.join("|"));
    proptest::collection::vec(row, 0..MOST_ROWS).prop_map(move |rows| (schema.name, head.clone(), rows)).boxed()
}

const MOST_ROWS: usize = 40;

fn data() -> impl Strategy<Value = Data> {
    TABLES.iter().chain(CHARTER_TABLES).map(rows).collect::<Vec<_>>().prop_map(|tables| Data { tables })
}

impl Data {
    /// The rows of some indices, in that order; ids and lines stay with their rows.
    fn tables(&self, pick: impl Fn(usize) -> Vec<usize>) -> Vec<Table> {
        self.tables
            .iter()
            .map(|(name, head, rows)| {
                let picked: Vec<usize> = pick(rows.len()).into_iter().filter(|row| *row < rows.len()).collect();
                let body: Vec<String> = picked.iter().map(|row| format!("r{row}|{}", rows[*row])).collect();
                let mut table = table(name, &format!("{head}\n{}", body.join("\n")));
                // Two sources may well number their lines alike.
                table.lines = picked.iter().map(|row| (*row / 2) as u32 + 2).collect();
                table
            })
            .collect()
    }

    fn whole(&self) -> Vec<Table> {
        self.tables(|rows| (0..rows).collect())
    }
}

#[derive(Debug, Clone)]
struct Setting {
    period: &'static str,
    as_of: &'static str,
    filter: Map<String, Vec<String>>,
    any_stages: bool,
}

fn setting() -> impl Strategy<Value = Setting> {
    let period =
        proptest::sample::select(&["all", "2025", "2025-Q1", "2025-03", "last-12-months", "2024-11-05/2025-08-09"]);
    let as_of = proptest::sample::select(&["2024-09-01", "2025-02-10", "2025-07-01T12:00:00Z", "2027-01-01"]);
    let owners = proptest::option::of(proptest::sample::subsequence(vec!["", "Ana", "Ben"], 0..3));
    // Deals and spend have campaigns, contacts have none.
    let campaigns = proptest::option::of(proptest::sample::subsequence(vec!["", "alpha", "beta"], 0..3));
    (period, as_of, owners, campaigns, any::<bool>()).prop_map(|(period, as_of, owners, campaigns, any_stages)| {
        let values = |values: Vec<&str>| values.into_iter().map(str::to_owned).collect();
        let owners = owners.map(|owners| ("owner".to_owned(), values(owners)));
        let campaigns = campaigns.map(|campaigns| ("campaign".to_owned(), values(campaigns)));
        Setting { period, as_of, filter: owners.into_iter().chain(campaigns).collect(), any_stages }
    })
}

fn rates() -> Charter {
    let metrics = ["leads", "deals", "revenue"].map(|metric| json!({"metric": metric, "compared_to": metric}));
    charter(json!({
        "minimum_n": 5,
        "exchange_rates": [{"currency": "EUR", "from": "2025-01-01", "rate": "1.0837"}],
        "platforms": [
            {"id": "alpha", "sources": ["alpha", "beta"], "metrics": metrics},
            {"id": "beta", "sources": ["gamma"], "metrics": [metrics[2]]},
        ],
    }))
}

struct Bench {
    charter: Charter,
    converter: Converter,
    zone: Zone,
    as_of: i64,
    period: Period,
    setting: Setting,
    /// What a KPI sees of other tables.
    dataset: Dataset,
}

impl Bench {
    fn new(setting: &Setting, data: &Data) -> Self {
        let (charter, zone) = (rates(), Zone::utc());
        let tables = data.whole().into_iter().map(|table| (table.name.clone(), table)).collect();
        let dataset = Dataset::new(tables);
        let as_of = period::as_of(setting.as_of, &zone).unwrap();
        let period = period::parse(setting.period, as_of, &charter, &zone).unwrap();
        Self { converter: Converter::new(&charter), charter, zone, as_of, period, setting: setting.clone(), dataset }
    }

    fn parameters(&self, kpi: &Kpi) -> Parameters {
        let mut parameters = Parameters::new(&kpi.definition, &self.charter);
        if self.setting.any_stages {
            parameters.set("semantics", "any_stages");
        }
        parameters
    }

    fn measure(&self, kpi: &Kpi, table: &Table) -> Measure {
        self.measure_rows(kpi, table, None)
    }

    fn measure_rows(&self, kpi: &Kpi, table: &Table, chosen: Option<&[u32]>) -> Measure {
        let mut measure = self.scan(kpi, table, chosen, kpi.measure);
        measure.reject(&table.rejected);
        measure
    }

    fn scan<T>(&self, kpi: &Kpi, table: &Table, chosen: Option<&[u32]>, count: impl FnOnce(&Scan) -> T) -> T {
        let filter = Filter::new(table, &self.setting.filter);
        let mut asked = self.setting.filter.clone();
        asked.retain(|field, _| table.text(field).is_some());
        count(&Scan {
            table,
            dataset: &self.dataset,
            charter: &self.charter,
            converter: &self.converter,
            clock: &crate::time::Clock::new(&self.zone),
            as_of: self.as_of,
            period: &self.period,
            filter: &filter,
            asked: (&asked, None),
            parameters: &self.parameters(kpi),
            rows: 0..table.rows,
            chosen,
        })
    }

    fn figure(&self, kpi: &Kpi, measure: &Measure, table: &Table) -> Figure {
        self.figure_from(kpi, measure, table, false)
    }

    /// The figure from a measure of some rows, while others are known to count in other periods; or from one of all.
    fn figure_from(&self, kpi: &Kpi, measure: &Measure, table: &Table, narrow: bool) -> Figure {
        let history = [(); 3].map(|()| Rc::new(measure.clone()));
        let figures = self.figures(kpi);
        let frame = Frame {
            charter: &self.charter,
            zone: &self.zone,
            as_of: self.as_of,
            period: &self.period,
            parameters: &self.parameters(kpi),
            table: Some(table),
            history: &history,
            figures: &figures,
            reach: &Reach { narrow, ..Reach::default() },
        };
        kpi::figure(kpi, measure, &frame)
    }

    /// The figures that a KPI is judged with, over the whole data.
    fn figures(&self, kpi: &Kpi) -> Vec<Rc<Figure>> {
        let wanted = kpi.particulars.figures.list(&self.charter, &self.parameters(kpi));
        let before = registry().iter().take_while(|other| other.definition.id != kpi.definition.id);
        let wanted = before.filter(|other| wanted.iter().any(|id| id == other.definition.id));
        wanted
            .map(|other| match self.dataset.table(other.definition.table) {
                Some(table) => Rc::new(self.figure(other, &self.measure(other, table), table)),
                None => Rc::new(self.composed(other)),
            })
            .collect()
    }

    /// The figure of a KPI that is made of others.
    fn composed(&self, kpi: &Kpi) -> Figure {
        let figures = self.figures(kpi);
        let frame = Frame {
            charter: &self.charter,
            zone: &self.zone,
            as_of: self.as_of,
            period: &self.period,
            parameters: &self.parameters(kpi),
            table: None,
            history: &[],
            figures: &figures,
            reach: &Default::default(),
        };
        let measure = kpi.particulars.compose.map(|compose| compose(&frame)).unwrap_or_default();
        kpi::figure(kpi, &measure, &frame)
    }
}

/// KPIs that count rows; the others are made of figures.
fn counting() -> impl Iterator<Item = &'static Kpi> {
    registry().iter().copied().filter(|kpi| kpi.particulars.compose.is_none())
}

fn of<'a>(tables: &'a [Table], kpi: &Kpi) -> &'a Table {
    tables.iter().find(|table| table.name == kpi.definition.table).unwrap()
}

/// The sums of a measure, but for what rows of no known date would add to them: only some rows know of those.
fn dated(measure: &Measure) -> Vec<(&Key, &i128)> {
    measure.sums.iter().filter(|(key, _)| key.1 != UNDATED).collect()
}

/// To the bit, with whatever a reader would see.
fn text(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn used_and_excluded_are_all_that_was_read(data in data(), setting in setting(), rejected in 0_u64..9) {
        let bench = Bench::new(&setting, &data);
        let mut tables = data.whole();
        for table in &mut tables {
            for line in 0..rejected {
                table.rejected.add(Reason::Malformed, line, || RowReference { line, ..RowReference::default() });
            }
        }
        for kpi in counting() {
            let table = of(&tables, kpi);
            let figure = bench.figure(kpi, &bench.measure(kpi, table), table);
            prop_assert_eq!(figure.read, table.read());
            balanced(&figure);
            let values = figure.value.iter().chain(figure.interval.iter().flatten());
            prop_assert!(values.into_iter().all(|value| value.is_finite()));
            for [low, high] in figure.interval.into_iter().chain(figure.bounds) {
                let value = figure.value.unwrap_or(low);
                prop_assert!(low <= value && value <= high, "{}: {low} {value} {high}", figure.id);
            }
        }
    }

    /// What a trend shows of a bucket is the same whether all rows are looked at or only those that may count.
    #[test]
    fn rows_of_other_periods_add_nothing(data in data(), setting in setting()) {
        let bench = Bench::new(&setting, &data);
        let tables = data.whole();
        // A trend's periods have a beginning.
        let narrows = |kpi: &&'static Kpi| kpi.narrows() && kpi.particulars.by_bucket.is_none();
        for kpi in counting().filter(|kpi| narrows(kpi) && bench.period.start.is_some()) {
            let table = of(&tables, kpi);
            let mut dates = crate::query::narrow::Dates::default();
            let rows = dates.rows(kpi, &bench.charter, &bench.parameters(kpi), table, None, &bench.period);
            let (whole, narrow) = (bench.measure(kpi, table), bench.measure_rows(kpi, table, rows.as_deref()));
            prop_assert_eq!(whole.used, narrow.used, "{}", kpi.definition.id);
            prop_assert_eq!(dated(&whole), dated(&narrow), "{}", kpi.definition.id);
            prop_assert_eq!(&whole.counts, &narrow.counts, "{}", kpi.definition.id);
            let [whole, narrow] = [&whole, &narrow].map(|measure| bench.figure_from(kpi, measure, table, true));
            prop_assert_eq!(text(&(whole.value, whole.interval, whole.thin)), text(&(narrow.value, narrow.interval, narrow.thin)), "{}", kpi.definition.id);
        }
    }

    /// Buckets that are counted in one pass with their period are what each is by itself, and leave it as it is.
    #[test]
    fn buckets_of_one_pass_are_what_each_is_alone(
        data in data(),
        setting in setting(),
        chosen in proptest::sample::subsequence((1..=12).collect::<Vec<u32>>(), 0..9),
    ) {
        let mut bench = Bench::new(&setting, &data);
        let tables = data.whole();
        let month = |month: &u32| {
            period::parse(&format!("2025-{month:02}"), bench.as_of, &bench.charter, &bench.zone).unwrap()
        };
        let months: Vec<Period> = chosen.iter().map(month).collect();
        let counting = counting().filter_map(|kpi| Some((kpi, kpi.particulars.by_bucket?)));
        let found: Vec<_> = counting.map(|(kpi, count)| {
            let table = of(&tables, kpi);
            // A history is seen at instants of its own, some periods at several, in any order.
            let (apart, again) = if kpi.particulars.history > 0 { (20 * crate::time::DAY, 3) } else { (0, 0) };
            let instants = months.iter().chain(months.iter().rev().take(again)).zip(1_i64..);
            let buckets = Buckets::new(instants.map(|(month, index)| (month, bench.as_of - apart * index)));
            (kpi, table, apart, bench.scan(kpi, table, None, |scan| count(scan, &buckets)))
        }).collect();
        let now = bench.as_of;
        let asked: Vec<Period> = months.iter().chain(months.iter().rev().take(3)).cloned().collect();
        for (at, period) in std::iter::once(bench.period.clone()).chain(asked).enumerate() {
            bench.period = period;
            for (kpi, table, apart, found) in &found {
                bench.as_of = now - apart * at as i64;
                let Some(found) = found.get(at) else { continue };
                let expected = bench.measure(kpi, table);
                if at == 0 {
                    prop_assert_eq!(&expected, found, "{}", kpi.definition.id);
                }
                prop_assert_eq!(expected.used, found.used, "{}", kpi.definition.id);
                prop_assert_eq!(&expected.sums, &found.sums, "{}", kpi.definition.id);
                prop_assert_eq!(&expected.counts, &found.counts, "{}", kpi.definition.id);
                let used = |measure: &Measure| -> Vec<u64> { measure.parts.values().map(|part| part.used).collect() };
                prop_assert_eq!(used(&expected), used(found), "{}", kpi.definition.id);
                let [expected, found] = [&expected, found].map(|measure| bench.figure_from(kpi, measure, table, true));
                prop_assert_eq!(text(&(expected.value, expected.interval, expected.thin)), text(&(found.value, found.interval, found.thin)));
            }
        }
    }

    #[test]
    fn what_is_made_of_figures_counts_them_all(data in data(), setting in setting()) {
        let bench = Bench::new(&setting, &data);
        for kpi in registry().iter().filter(|kpi| kpi.particulars.compose.is_some()) {
            let figure = bench.composed(kpi);
            balanced(&figure);
            if let (Some(value), Some([low, high])) = (figure.value, figure.bounds) {
                prop_assert!(low <= value && value <= high, "{}: {low} {value} {high}", figure.id);
            }
        }
    }

    #[test]
    fn shards_merge_to_the_whole(data in data(), setting in setting(), sides in proptest::collection::vec(any::<bool>(), 60)) {
        let bench = Bench::new(&setting, &data);
        let whole = data.whole();
        let shard = |side: bool| data.tables(|rows| (0..rows).filter(|row| sides[*row] == side).collect());
        let (left, right) = (shard(true), shard(false));
        for kpi in counting() {
            let table = of(&whole, kpi);
            let expected = bench.measure(kpi, table);
            let (left, right) = (bench.measure(kpi, of(&left, kpi)), bench.measure(kpi, of(&right, kpi)));
            for (first, second) in [(&left, &right), (&right, &left)] {
                let mut merged = first.clone();
                merged.merge(second);
                prop_assert_eq!(&merged, &expected, "{}", kpi.definition.id);
                prop_assert_eq!(text(&bench.figure(kpi, &merged, table)), text(&bench.figure(kpi, &expected, table)));
            }
        }
    }

    #[test]
    fn order_of_rows_does_not_matter(data in data(), setting in setting(), order in Just((0..60).collect::<Vec<usize>>()).prop_shuffle()) {
        let bench = Bench::new(&setting, &data);
        let (whole, shuffled) = (data.whole(), data.tables(|_| order.clone()));
        for kpi in counting() {
            prop_assert_eq!(bench.measure(kpi, of(&whole, kpi)), bench.measure(kpi, of(&shuffled, kpi)), "{}", kpi.definition.id);
        }
    }

    #[test]
    fn a_later_look_never_loses_a_conversion(data in data(), setting in setting(), days in 0_i64..400) {
        let (mut bench, tables) = (Bench::new(&setting, &data), data.whole());
        let converted = |bench: &Bench| -> Vec<(&str, f64)> {
            // A state is no conversion.
            let converts = |kpi: &Kpi| kpi.definition.unit == Unit::Rate && kpi.definition.timing != Timing::Snapshot;
            let rates = counting().filter(|kpi| kpi.definition.uses_lifecycle && converts(kpi));
            rates.map(|kpi| {
                let table = of(&tables, kpi);
                let figure = bench.figure(kpi, &bench.measure(kpi, table), table);
                (kpi.definition.id, figure.numerator.map_or(0.0, |numerator| numerator.value))
            }).collect()
        };
        let before = converted(&bench);
        bench.as_of += days * crate::time::DAY;
        for ((id, before), (_, after)) in before.into_iter().zip(converted(&bench)) {
            prop_assert!(before <= after, "{id}: {before} then {after}");
        }
    }

}

proptest! {
    // Each case answers six views twice, or every KPI up to six times.
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    /// What a session finds by its indexes, joins and earlier answers is what one plain pass over all rows finds.
    #[test]
    fn what_is_kept_changes_nothing(data in data(), settings in proptest::collection::vec(setting(), 1..4)) {
        let mut session = session(rates(), data.whole());
        for setting in settings {
            // What a charter lists stands in the session's tables, and which stages the data have dates of in its charter.
            let bench = |setting| Bench {
                charter: session.charter().clone(),
                dataset: session.dataset().clone(),
                ..Bench::new(setting, &data)
            };
            let (filtering, plain) = (bench(&setting), bench(&Setting { filter: Map::new(), ..setting.clone() }));
            for kpi in counting() {
                let filtered = schema(kpi.definition.table).is_some_and(|schema| schema.filtered);
                let bench = if filtered { &filtering } else { &plain };
                let Some(table) = bench.dataset.table(kpi.definition.table).cloned() else { continue };
                // Rows that are not the data's own, so that nothing kept is used.
                let expected = bench.measure(kpi, &table);
                for narrow in [true, false] {
                    let question = Question {
                        kpi,
                        period: bench.period.clone(),
                        as_of: bench.as_of,
                        parameters: bench.parameters(kpi),
                        asked: Rc::default(),
                        filter: Rc::new(bench.setting.filter.clone()),
                        except: None,
                        narrow,
                        counts: false,
                    };
                    let found = session.measured(&question);
                    if !narrow {
                        prop_assert_eq!(found.as_ref(), &expected, "{}", kpi.definition.id);
                    }
                    prop_assert_eq!(found.used, expected.used, "{}", kpi.definition.id);
                    prop_assert_eq!(dated(&found), dated(&expected), "{}", kpi.definition.id);
                    prop_assert_eq!(&found.counts, &expected.counts, "{}", kpi.definition.id);
                }
            }
        }
    }

    /// A segment is what a filter by its value leaves, in its parts too, and in the figures that it is made of.
    #[test]
    fn a_segment_is_the_figure_behind_a_filter(data in data(), setting in setting()) {
        let mut session = session(rates(), data.whole());
        let mut card = |kpi: &Kpi, filter: &Map<String, Vec<String>>, segment: Option<&str>| {
            let query = json!({
                "view": "kpi", "metric": kpi.definition.id, "period": setting.period, "as_of": setting.as_of,
                "filter": filter, "segment": segment,
            });
            let Body::Kpi(card) = session.answer(&super::query(query)).unwrap().body else { panic!("not a kpi view") };
            card
        };
        type Shown = (String, Option<f64>, Option<[f64; 2]>, u64);
        fn values(figure: &Figure) -> Vec<Shown> {
            let own = (figure.part.clone(), figure.value, figure.bounds, figure.used);
            std::iter::once(own).chain(figure.parts.iter().flat_map(values)).collect()
        }
        // The owner of a tool is not that of contacts, so a filter leaves tools as they are.
        for kpi in registry().iter().filter(|kpi| schema(kpi.definition.table).is_some_and(|table| table.filtered)) {
            for segment in card(kpi, &Map::new(), Some("owner")).segments {
                if segment.label.starts_with("other (") {
                    continue;
                }
                let filter = Map::from_iter([("owner".to_owned(), vec![segment.part.clone()])]);
                let (mut expected, mut found) = (values(&card(kpi, &filter, None).figure), values(&segment));
                // They are told apart by the value and by nothing.
                expected[0].0.clear();
                found[0].0.clear();
                prop_assert_eq!(found, expected, "{} of {}", kpi.definition.id, segment.part);
            }
        }
    }

    #[test]
    fn slices_answer_as_one_go(data in data(), setting in setting(), slice in 1_usize..50) {
        for view in ["kpi", "scorecard", "funnel", "cohorts", "filters", "inventory", "data_quality"] {
            let query = query(json!({
                "view": view, "metric": "win_rate", "metrics": ["win_rate", "stage_leak", "time_in_stage", "pipeline_velocity"], "period": setting.period,
                "as_of": setting.as_of, "compare": "previous", "filter": setting.filter, "segment": "owner",
            }));
            let (mut at_once, mut sliced) = (session(rates(), data.whole()), session(rates(), data.whole()));
            let expected = at_once.answer(&query).unwrap();
            let found = loop {
                if let Some(view) = sliced.step(&query, slice).unwrap() {
                    break view;
                }
            };
            prop_assert_eq!(text(&found), text(&expected));
        }
    }
}

#[test]
fn every_definition_is_complete() {
    let mut ids = BTreeSet::new();
    for kpi in registry() {
        let definition = &kpi.definition;
        let id = definition.id;
        assert!(ids.insert(id), "{id} is listed twice");
        assert_eq!(kpi::find(id).map(|kpi| kpi.definition.id), Some(id));
        assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{id}");
        for text in [definition.name, definition.formula, definition.source] {
            assert!(!text.trim().is_empty(), "{id}");
        }
        assert!(!definition.inputs.is_empty() && !definition.edge_cases.is_empty(), "{id}");
        assert_eq!(schema(definition.table).is_some(), kpi.particulars.compose.is_none(), "{id}");
        for input in definition.inputs {
            let (table, field) = input.split_once('.').unwrap();
            let known = schema(table).is_some_and(|table| table.field(field).is_some_and(|field| field.read));
            assert!(known || table == "charter" || field.starts_with("stage:<"), "{id} reads {input}");
        }
        let charter = Charter::default();
        for parameter in definition.parameters {
            assert!(!parameter.text.is_empty() && !parameter.range_text().is_empty(), "{id}");
            let default = parameter.default_text(&charter.lifecycle);
            let value = default.parse().map_or_else(|_| ParameterValue::Text(default.clone()), ParameterValue::Number);
            assert_eq!(
                parameter.accept(&value, &charter.lifecycle),
                Some(default),
                "{id}: its default must be allowed"
            );
        }
        let needs = kpi.needs.list(&charter, &Parameters::new(definition, &charter));
        assert!(!needs.is_empty() || kpi.particulars.compose.is_some(), "{id} needs nothing");
    }
}

/// A parameter, a stage or a version changes the hash; nothing else does.
#[test]
fn a_changed_definition_changes_its_hash() {
    let kpi = kpi::find("conversion_matured").unwrap();
    let hash = |charter: &Charter| kpi.definition.hash(charter, &Parameters::new(&kpi.definition, charter));
    let base = charter(json!({}));
    let signed = hash(&base);
    assert_eq!(signed.len(), 16);
    let mut other = base.clone();
    other.organisation = "Example".into();
    assert_eq!(hash(&other), signed);
    let longer = charter(json!({"kpis": {"conversion_matured": {"parameters": {"horizon_days": 120}}}}));
    assert_ne!(hash(&longer), signed);
    let mut fewer = base.clone();
    fewer.lifecycle.stages.remove(0);
    assert_ne!(hash(&fewer), signed);
    let mut version = kpi.definition;
    version.version += 1;
    assert_ne!(version.hash(&base, &Parameters::new(&version, &base)), signed);
}

#[test]
fn a_sign_off_lapses_with_its_definition() {
    let state = |hash: &str, horizon: u32| {
        let settings = json!({
            "parameters": {"horizon_days": horizon},
            "sign_off": {"by": "Ana", "at": "2025-12-01", "hash": hash},
        });
        let charter = charter(json!({"kpis": {"conversion_matured": settings}}));
        let figure = figure("conversion_matured", charter, Vec::new(), "all", "2026-01-01");
        (figure.definition.clone().unwrap().hash, figure.definition.unwrap().sign_off.state)
    };
    let (hash, lapsed) = state("0", 90);
    assert_eq!(lapsed, crate::figure::SignOffState::Lapsed);
    assert_eq!(state(&hash, 90).1, crate::figure::SignOffState::Signed);
    assert_eq!(state(&hash, 91).1, crate::figure::SignOffState::Lapsed);
}

#[test]
fn a_missing_table_or_field_is_unknown() {
    for kpi in counting() {
        let id = kpi.definition.id;
        let without = figure(id, Charter::default(), Vec::new(), "all", "2026-01-01");
        if CHARTER_TABLES.iter().any(|table| table.name == kpi.definition.table) {
            let code = without.undefined.unwrap().code;
            assert!(matches!(code.as_str(), "not_in_charter" | "no_evidence"), "{id}: {code}");
            continue;
        }
        assert_eq!(without.undefined.map(|undefined| undefined.code).as_deref(), Some("missing_table"), "{id}");
        let others = kpi.particulars.tables.iter().map(|name| table(name, "id\n1"));
        let bare = others.chain([table(kpi.definition.table, "id\n1\n2")]).collect();
        let bare = figure(id, Charter::default(), bare, "all", "2026-01-01");
        assert_eq!(bare.undefined.map(|undefined| undefined.code).as_deref(), Some("missing_field"), "{id}");
        assert_eq!(bare.read, 2);
    }
}

#[test]
fn examples_are_the_lowest_lines_also_where_lines_repeat() {
    let mut ledger = Ledger::default();
    for id in ["c", "a", "b", "f", "e", "d"] {
        ledger.add(Reason::Malformed, 2, || RowReference { line: 2, id: id.into(), ..RowReference::default() });
    }
    let kept: Vec<String> = ledger.entries().remove(0).examples.into_iter().map(|kept| kept.id).collect();
    assert_eq!(kept, ["a", "b", "c", "d", "e"]);
}

#[test]
fn a_definition_changes_with_what_its_stages_mean() {
    let hashes = |value: Value| -> Vec<String> {
        let charter = charter(value);
        let hash = |kpi: &&Kpi| kpi.definition.hash(&charter, &Parameters::new(&kpi.definition, &charter));
        registry().iter().map(hash).collect()
    };
    let changed = |one: Value, other: Value| -> BTreeSet<&str> {
        let pairs = hashes(one).into_iter().zip(hashes(other));
        let differing = registry().iter().zip(pairs).filter(|(_, (one, other))| one != other);
        differing.map(|(kpi, _)| kpi.definition.id).collect()
    };
    let deal = |qualified: bool, label: &str| json!({"deal_stages": [{"id": "a", "label": label, "state": "open", "qualified": qualified}]});
    let deals = registry().iter().filter(|kpi| kpi.definition.inputs.contains(&"deals.stage"));
    let deals: BTreeSet<&str> = deals.map(|kpi| kpi.definition.id).collect();
    assert!(deals.contains("win_rate") && !deals.contains("pipeline_created"));
    assert_eq!(changed(deal(false, "A"), deal(true, "A")), deals);
    assert!(changed(deal(false, "A"), deal(false, "Another name")).is_empty());
    let model = |id: &str| json!({"lifecycle": {"stages": [{"id": "lead", "label": "Lead"}, {"id": id, "label": "Then"}, {"id": "customer", "label": "Customer"}], "lead": "lead", "customer": "customer"}});
    let contacts = registry().iter().filter(|kpi| kpi.definition.uses_lifecycle).map(|kpi| kpi.definition.id);
    assert_eq!(changed(model("mql"), model("mal")), contacts.collect());
}
