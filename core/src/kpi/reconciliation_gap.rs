//! What platforms claim, against what the CRM has.

use super::amounts::number;
use super::coverage::text;
use super::deals::{Deals, Fault, folded};
use super::revenue::Origins;
use super::scan::{Filter, Tally, stage_field};
use super::{
    Answer, Dates, Definition, Frame, Judgement, Kpi, Listed, Parameter, Part, Particulars, Range, Scan, Timing,
};
use crate::charter::platforms::{Counterpart, Platform};
use crate::figure::{Direction, Quantity, Unit};
use crate::ledger::Reason;
use crate::list::{Joined, List};
use crate::measure::{Key, Measure};
use crate::money::{UNIT, to_units};
use crate::period::Period;
use crate::sum::Sum;
use crate::table::{TextColumn, is_known};
use crate::time::{Clock, Zone};

/// `reconciliation_gap`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "reconciliation_gap",
        version: 2,
        name: "Reconciliation gap",
        unit: Unit::Rate,
        direction: Direction::Lower,
        formula: "Σ |claimed − ours| ÷ Σ ours over platforms, for the metric that the parameter names",
        source: "ours",
        table: "platform_reports",
        inputs: &[
            "platform_reports.platform",
            "platform_reports.metric",
            "platform_reports.start_at",
            "platform_reports.end_at",
            "platform_reports.value",
            "contacts.id",
            "contacts.source",
            "contacts.stage:<lead>",
            "deals.closed_at",
            "deals.created_at",
            "deals.amount",
            "deals.currency",
            "deals.stage",
            "deals.is_won",
            "deals.is_closed",
            "deals.contact_ids",
            "deals.source",
            "charter.platforms",
            "charter.revenue.sourced_by",
        ],
        edge_cases: &[
            "Ours is what the CRM has from the platform’s sources on the days of its reports, days of the platform’s time zone: contacts that became leads, deals won, or their amount. A deal’s source is that of its first contact, or its own where the charter says so. Filters don’t reach it.",
            "What has no time of day (a date, as every midnight of the charter’s zone is taken) is of that day in any zone. Without the offsets of a platform’s zone its gap is unknown.",
            "Claims over the same days add up, and ours counts once. Revenue is claimed in the charter’s currency.",
            "A report counts once its period is over, if that lies in the period asked for.",
            "Where ours has nothing the gap is unknown, never 0, and is not in the whole.",
            "Parts: for each metric the sum of all claims ÷ what the CRM has from any source on those days of the charter’s time zone: above 1 something is claimed twice. Within it each platform’s gap, (claimed − ours) ÷ ours.",
            "Claims that the charter doesn’t know, of a platform or of one of its metrics, are left out and named.",
        ],
        parameters: &[Parameter {
            name: "metric",
            range: Range::Choice(&["revenue", "deals", "leads"]),
            text: "what the whole is about",
        }],
        uses_lifecycle: false,
        timing: Timing::Period,
    },
    needs: Listed::Always(&["start_at", "end_at", "platform", "metric", "value"]),
    measure,
    judge,
    particulars: Particulars { dates: Dates::Any, ..Particulars::NONE },
};

/// Divides the names in a key.
const DIVIDER: char = '\u{1f}';

/// A claim: the platform's place in the charter, what it is held against, and its days.
type Claim = (usize, Counterpart, [i64; 2]);

/// An instant as the clock of a zone shows it, read as the charter's time. What has no time of day stays on its day.
fn shown(zone: &Zone, clock: &Clock<&Zone>, at: i64) -> i64 {
    if std::ptr::eq(zone, clock.zone()) || at == clock.start_of_day(clock.day_of(at)) {
        at
    } else {
        clock.instant_of(at.plus(zone.offset_at(at)))
    }
}

/// What the CRM has by metric and platform, summed between the instants at which reports begin and end.
struct Ours<'a> {
    clock: &'a Clock<&'a Zone>,
    instants: Vec<i64>,
    /// The zone of each platform, where it was given, and, last, the charter's, in which records of any source stand.
    zones: Vec<Option<&'a Zone>>,
    /// Whether each metric is known.
    known: [bool; 3],
    /// Records and, for revenue, money: by metric, then by zone, then by instant.
    sums: Vec<[i64; 2]>,
}

impl<'a> Ours<'a> {
    fn new(scan: &Scan<'a>, claims: &[Claim]) -> Self {
        let (clock, platforms) = (scan.clock, &scan.charter.platforms);
        let mut zones: Vec<_> = platforms.iter().map(|platform| clock.zone().named(&platform.time_zone)).list();
        zones.push(Some(clock.zone()));
        let mut instants = Vec::new();
        for (at, _, days) in claims {
            let zone = zones.get(*at).copied().flatten();
            for day in days {
                instants.push(*day);
                instants.push(zone.map_or(*day, |zone| shown(zone, clock, *day)));
            }
        }
        instants.sort_unstable();
        instants.dedup();
        let all = Counterpart::ALL.len().times(zones.len()).times(instants.len().plus(1));
        let mut ours = Self { clock, instants, zones, known: [false; 3], sums: vec![[0; 2]; all] };
        let leads = ours.leads(scan).is_some();
        let deals = ours.deals(scan).is_some();
        ours.known = [leads, deals, deals];
        ours
    }

    fn leads(&mut self, scan: &Scan) -> Option<()> {
        let table = scan.dataset.table("contacts")?;
        let entered = table.time(&stage_field(&scan.charter.lifecycle.lead))?;
        let sources = table.text("source")?;
        let owners = owners(sources, &scan.charter.platforms);
        for (at, code) in entered.iter().zip(&sources.codes) {
            if is_known(*at) && *at <= scan.as_of {
                self.add(&[Counterpart::Leads], &owners, *code, *at, 0);
            }
        }
        Some(())
    }

    fn deals(&mut self, scan: &Scan) -> Option<()> {
        let table = scan.dataset.table("deals")?;
        table.time("closed_at")?;
        let (filter, period) = (Filter::default(), Period::all());
        let scan = Scan { table, filter: &filter, period: &period, rows: 0..table.rows, chosen: None, ..scan.clone() };
        let (deals, origins) = (Deals::new(&scan), Origins::new(&scan));
        let owners = owners(origins.sources?, &scan.charter.platforms);
        for row in scan.rows() {
            let Ok(at) = deals.won_in_period(row) else { continue };
            let source = origins.of(row).map_or(0, |(source, _)| source);
            match deals.amount(row, at) {
                Ok(amount) => self.add(&[Counterpart::Deals, Counterpart::Revenue], &owners, source, at, amount),
                Err(_) => self.add(&[Counterpart::Deals], &owners, source, at, 0),
            }
        }
        Some(())
    }

    fn add(&mut self, metrics: &[Counterpart], owners: &[bool], source: u32, at: i64, amount: i64) {
        let any = self.zones.len().minus(1);
        for line in 0..=any {
            let own = (source as usize).times(any).plus(line);
            if line < any && owners.get(own) != Some(&true) {
                continue;
            }
            for what in metrics {
                let place = self.place(*what, line, at);
                if let Some([records, sum]) = place.and_then(|place| self.sums.get_mut(place)) {
                    *records = records.plus(1);
                    *sum = sum.plus(amount);
                }
            }
        }
    }

    /// Where the sums stand that begin or end with an instant, by the clock of a platform or, last, the charter's.
    fn place(&self, what: Counterpart, line: usize, at: i64) -> Option<usize> {
        let at = shown((*self.zones.get(line)?)?, self.clock, at);
        let slot = self.instants.partition_point(|instant| *instant <= at);
        let line = (what as usize).times(self.zones.len()).plus(line);
        Some(line.times(self.instants.len().plus(1)).plus(slot))
    }

    /// Records and money of a platform, or of any source, on some days.
    fn of(&self, what: Counterpart, line: usize, [start, end]: [i64; 2]) -> Option<[i64; 2]> {
        self.known.get(what as usize).filter(|known| **known)?;
        let inside = self.sums.get(self.place(what, line, start)?..self.place(what, line, end)?)?;
        let mut all = [0_i64; 2];
        for [records, sum] in inside {
            all = [all[0].plus(*records), all[1].plus(*sum)];
        }
        Some(all)
    }
}

/// Whether each source, by its code, is one of each platform.
fn owners(sources: &TextColumn, platforms: &[Platform]) -> Vec<bool> {
    let mut owners = Vec::new();
    for code in 0..u32::try_from(sources.dictionary.len()).unwrap_or(u32::MAX) {
        let source = folded(sources.dictionary.text(code));
        for platform in platforms {
            owners.push(!source.is_empty() && platform.sources.iter().any(|own| folded(own) == source));
        }
    }
    owners
}

/// The days of a report that counts.
fn days(scan: &Scan, row: usize) -> Result<[i64; 2], Fault> {
    let date = |field: &'static str| scan.date(scan.table.time(field), row).map_err(|reason| (reason, field));
    let (start, end) = (date("start_at")?, date("end_at")?);
    if end <= start {
        return Err((Reason::NegativeDuration, "end_at"));
    }
    if end > scan.as_of {
        return Err((Reason::InFlight, "end_at"));
    }
    let inside =
        scan.period.start.is_none_or(|first| first <= start) && scan.period.end.is_none_or(|after| end <= after);
    if inside { Ok([start, end]) } else { Err((Reason::OutsidePeriod, "start_at")) }
}

fn measure(scan: &Scan) -> Measure {
    let (table, platforms) = (scan.table, &scan.charter.platforms);
    let mut tally = Tally::new(table);
    let mut measure = Measure::default();
    let mut claims: Vec<Claim> = Vec::new();
    for row in scan.rows() {
        let mut claim = || -> Result<(Claim, i64), Fault> {
            let days = days(scan, row)?;
            let (name, metric) = (text(table, "platform", row), text(table, "metric", row));
            if name.is_empty() || metric.is_empty() {
                return Err((Reason::BlankField, if name.is_empty() { "platform" } else { "metric" }));
            }
            let mut known = platforms.iter().enumerate();
            let Some((at, platform)) = known.find(|(_, platform)| folded(&platform.id) == folded(name)) else {
                measure.add(Key::part("undeclared", name), 1);
                return Err((Reason::Unmatched, "platform"));
            };
            let Some(own) = platform.metrics.iter().find(|own| folded(&own.metric) == folded(metric)) else {
                measure.add(Key::part("undeclared", [name, ": ", metric].joined("")), 1);
                return Err((Reason::Unmatched, "metric"));
            };
            let value = number(table.money("value"), row).map_err(|reason| (reason, "value"))?;
            Ok(((at, own.compared_to, days), value))
        };
        if let Some((claim, value)) = tally.row(row, claim()) {
            let (at, what, _) = claim;
            measure.add(Key::part("claimed", of(what, &at.to_string())), value.into());
            claims.push(claim);
        }
    }
    let ours = Ours::new(scan, &claims);
    for (at, what, days) in claims {
        for (line, name) in [(at, at.to_string()), (platforms.len(), String::new())] {
            if let Some([records, sum]) = ours.of(what, line, days) {
                let value = if what == Counterpart::Revenue { sum } else { records.times(UNIT) };
                let key = format!("{}{}{DIVIDER}{}", of(what, &name), days[0], days[1]);
                measure.note(Key::part("ours", key.as_str()), value);
                measure.note(Key::part("records", key), records);
            }
        }
    }
    tally.finish(&mut measure);
    measure
}

/// How keys begin: what is counted and the platform's place in the charter ("" for any source).
fn of(what: Counterpart, platform: &str) -> String {
    let what = what as usize;
    format!("{what}{DIVIDER}{platform}{DIVIDER}")
}

/// Totals noted of a metric and a platform, with the days they are of.
fn noted(measure: &Measure, series: &str, of: &str) -> Vec<(i64, [i64; 2])> {
    let days = |(name, total): (&str, i64)| {
        let (start, end) = name.strip_prefix(of)?.split_once(DIVIDER)?;
        Some((total, [start.parse().ok()?, end.parse().ok()?]))
    };
    measure.noted(series).into_iter().filter_map(days).list()
}

/// The sum over days that are covered once; nothing where reports overlap in part.
fn covered(totals: &[(i64, [i64; 2])]) -> Option<i128> {
    let mut sum = 0_i128;
    let mut until = i64::MIN;
    let next = |until: i64| {
        let after = totals.iter().filter(|(_, [start, _])| *start >= until);
        after.min_by_key(|(_, [start, end])| (*start, end.saturating_neg()))
    };
    while let Some((total, [start, end])) = next(until) {
        let split = |[first, after]: &[i64; 2]| (first < end && after > end) || (first < start && after > start);
        if totals.iter().any(|(_, days)| split(days)) {
            return None;
        }
        sum = sum.plus((*total).into());
        until = *end;
    }
    Some(sum)
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let mut whole = Answer::undefined("no_counterpart", "No declared platform reports what ours can be held against.");
    let mut parts = Vec::new();
    for (what, id, label) in Counterpart::ALL {
        let unit = if what == Counterpart::Revenue { Unit::Money } else { Unit::Records };
        let quantity = |value, label| Quantity::new(to_units(value), unit, label);
        let mut platforms = Vec::new();
        let (mut all, mut off, mut held, mut n) = (0_i128, 0_i128, 0_i128, 0_u64);
        for (at, platform) in frame.charter.platforms.iter().enumerate() {
            let of = of(what, &at.to_string());
            let claimed = measure.sums.get(&Key::part("claimed", of.as_str()));
            let Some(claimed) = claimed.copied() else { continue };
            all = all.plus(claimed);
            let totals = noted(measure, "ours", &of);
            let ours = totals.iter().fold(0_i128, |sum, (total, _)| sum.plus((*total).into()));
            let records = noted(measure, "records", &of).iter().fold(0_i64, |sum, (n, _)| sum.plus(*n));
            let gap = claimed.minus(ours);
            let answer = if frame.zone.named(&platform.time_zone).is_none() {
                let zone = &platform.time_zone;
                Answer::undefined(
                    "missing_zone",
                    format!("Its days are those of {zone}, whose offsets were not given."),
                )
            } else if totals.is_empty() {
                Answer::undefined("missing_table", "The table that it is held against is not there.")
            } else if ours == 0 {
                Answer::undefined("no_counterpart", "The CRM has nothing from its sources on those days.")
            } else {
                let records = u64::try_from(records).unwrap_or(0);
                off = off.plus(gap.saturating_abs());
                held = held.plus(ours);
                n = n.plus(records);
                Answer::quotient(quantity(gap, "claimed beyond the CRM"), quantity(ours, "in the CRM"))
                    .from_records(records)
            };
            let side = |key: &str, label: &str, answer: Answer| Part::new(key, label, unit, answer);
            let known = if totals.is_empty() { answer.clone() } else { Answer::new(to_units(ours), u64::MAX) };
            platforms.push(Part::new(platform.id.as_str(), platform.label(), Unit::Rate, answer).with(vec![
                side("claimed", "Claimed", Answer::new(to_units(claimed), u64::MAX)),
                side("ours", "Ours", known),
            ]));
        }
        if platforms.is_empty() {
            continue;
        }
        if id == frame.parameters.text("metric") && held > 0 {
            let sides = (quantity(off, "claimed beyond or short of the CRM"), quantity(held, "in the CRM"));
            whole = Answer::quotient(sides.0, sides.1).from_records(n);
        }
        let any = noted(measure, "ours", &of(what, ""));
        let answer = match covered(&any) {
            Some(total) if !any.is_empty() => Answer::quotient(
                quantity(all, "claimed by all platforms"),
                quantity(total, "in the CRM from any source"),
            )
            .from_records(u64::MAX),
            Some(_) => Answer::undefined("missing_table", "The table that claims are held against is not there."),
            None => {
                Answer::undefined("overlap", "Reports overlap in part, so the CRM’s total on their days is not known.")
            }
        };
        parts.push(Part::new(id, label, Unit::Ratio, answer).with(platforms));
    }
    let undeclared = measure.sums.iter().filter(|(key, _)| key.0 == "undeclared");
    let count = |reports: i128| Answer::new(reports as f64, u64::MAX);
    let named = undeclared.clone().map(|(key, reports)| Part::new(&key.1, &key.1, Unit::Records, count(*reports)));
    let named: Vec<Part> = named.list();
    if !named.is_empty() {
        let all = count(undeclared.map(|(_, reports)| *reports).sum());
        let label = "Reports that the charter doesn’t declare";
        parts.push(Part::new("undeclared", label, Unit::Records, all).with(named));
    }
    Judgement { answer: whole, parts }
}
