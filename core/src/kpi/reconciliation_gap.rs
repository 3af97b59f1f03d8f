//! What platforms claim, against what the CRM has.

use super::amounts::number;
use super::deals::{Deals, Fault, folded};
use super::revenue::Origins;
use super::scan::{Filter, Tally, stage_field};
use super::{
    Answer, Dates, Definition, Frame, Judgement, Kpi, Listed, Parameter, Part, Particulars, Range, Scan, Timing,
};
use crate::charter::platforms::{Counterpart, Platform};
use crate::figure::{Direction, Quantity, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::money::{UNIT, to_units};
use crate::period::Period;
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

/// The clock of a platform, which shows its own zone's time.
struct Watch<'a> {
    own: &'a Zone,
    clock: &'a Clock<&'a Zone>,
}

impl<'a> Watch<'a> {
    /// Nothing where its zone was not given.
    fn of(platform: &Platform, clock: &'a Clock<&'a Zone>) -> Option<Self> {
        Some(Self { own: clock.zone().named(&platform.time_zone)?, clock })
    }

    /// An instant as the platform's clock shows it, read as the charter's time. What has no time of day stays on its day.
    fn shown(&self, at: i64) -> i64 {
        if std::ptr::eq(self.own, self.clock.zone()) || at == self.clock.start_of_day(self.clock.day_of(at)) {
            at
        } else {
            self.clock.instant_of(at.saturating_add(self.own.offset_at(at)))
        }
    }
}

/// What the CRM has by metric and platform, summed between the instants at which reports begin and end.
struct Ours<'a> {
    instants: Vec<i64>,
    /// The clock of each platform and, last, the charter's.
    watches: Vec<Option<Watch<'a>>>,
    /// By metric, then by platform and last of any source; records and, for revenue, money.
    sums: [Vec<Vec<[i64; 2]>>; 3],
}

impl<'a> Ours<'a> {
    fn new(scan: &Scan<'a>, claims: &[Claim]) -> Self {
        let platforms = &scan.charter.platforms;
        let watches = platforms.iter().map(|platform| Watch::of(platform, scan.clock));
        let watches: Vec<Option<Watch>> =
            watches.chain([Some(Watch { own: scan.clock.zone(), clock: scan.clock })]).collect();
        let shown = |(at, _, days): &Claim| {
            let watch = watches.get(*at).and_then(Option::as_ref);
            days.map(|day| watch.map_or(day, |watch| watch.shown(day)))
        };
        let mut instants: Vec<i64> = claims.iter().flat_map(|claim| [claim.2, shown(claim)]).flatten().collect();
        instants.sort_unstable();
        instants.dedup();
        let empty = || vec![vec![[0; 2]; instants.len().saturating_add(1)]; platforms.len().saturating_add(1)];
        let mut ours = Self { sums: [empty(), empty(), empty()], instants, watches };
        let (leads, deals) = (ours.leads(scan).is_some(), ours.deals(scan).is_some());
        // Without its table nothing is known: no sums at all.
        for (lines, known) in ours.sums.iter_mut().zip([leads, deals, deals]).filter(|(_, known)| !known) {
            lines.retain(|_| known);
        }
        ours
    }

    fn leads(&mut self, scan: &Scan) -> Option<()> {
        let table = scan.dataset.table("contacts")?;
        let entered = table.time(&stage_field(&scan.charter.lifecycle.lead))?;
        let sources = table.text("source")?;
        let of = owners(sources, &scan.charter.platforms);
        for (at, code) in entered.iter().zip(&sources.codes).filter(|(at, _)| is_known(**at) && **at <= scan.as_of) {
            self.add(Counterpart::Leads, &of, *code, *at, 0);
        }
        Some(())
    }

    fn deals(&mut self, scan: &Scan) -> Option<()> {
        let table = scan.dataset.table("deals")?;
        table.time("closed_at")?;
        let (filter, period) = (Filter::default(), Period::all());
        let scan = Scan { table, filter: &filter, period: &period, rows: 0..table.rows, chosen: None, ..scan.clone() };
        let (deals, origins) = (Deals::new(&scan), Origins::new(&scan));
        let of = owners(origins.sources?, &scan.charter.platforms);
        for row in scan.rows() {
            let Ok(at) = deals.won_in_period(row) else { continue };
            let source = origins.of(row).map_or(0, |(source, _)| source);
            self.add(Counterpart::Deals, &of, source, at, 0);
            if let Ok(amount) = deals.amount(row, at) {
                self.add(Counterpart::Revenue, &of, source, at, amount);
            }
        }
        Some(())
    }

    fn add(&mut self, what: Counterpart, of: &[Vec<usize>], source: u32, at: i64, amount: i64) {
        let any = self.watches.len().saturating_sub(1);
        for line in of.get(source as usize).into_iter().flatten().chain([&any]) {
            let Some(slot) = self.slot(*line, at) else { continue };
            let cells = self.sums.get_mut(what as usize).and_then(|lines| lines.get_mut(*line));
            if let Some([records, sum]) = cells.and_then(|cells| cells.get_mut(slot)) {
                *records = records.saturating_add(1);
                *sum = sum.saturating_add(amount);
            }
        }
    }

    /// How many reports begin or end up to an instant, by the clock of a platform or, last, the charter's.
    fn slot(&self, line: usize, at: i64) -> Option<usize> {
        let at = self.watches.get(line)?.as_ref()?.shown(at);
        Some(self.instants.partition_point(|instant| *instant <= at))
    }

    /// Records and money of a platform, or of any source, on some days.
    fn of(&self, what: Counterpart, platform: Option<usize>, [start, end]: [i64; 2]) -> Option<[i64; 2]> {
        let line = platform.unwrap_or(self.watches.len().checked_sub(1)?);
        let cells = self.sums.get(what as usize)?.get(line)?;
        let inside = cells.get(self.slot(line, start)?..self.slot(line, end)?)?;
        let add =
            |[records, sum]: [i64; 2], more: &[i64; 2]| [records.saturating_add(more[0]), sum.saturating_add(more[1])];
        Some(inside.iter().fold([0; 2], add))
    }
}

/// The platforms that each source is of, by its code.
fn owners(sources: &TextColumn, platforms: &[Platform]) -> Vec<Vec<usize>> {
    let codes = 0..u32::try_from(sources.dictionary.len()).unwrap_or(u32::MAX);
    let of = |code: u32| {
        let source = folded(sources.dictionary.text(code));
        let is = |platform: &Platform| !source.is_empty() && platform.sources.iter().any(|own| folded(own) == source);
        platforms.iter().enumerate().filter(|(_, platform)| is(platform)).map(|(at, _)| at).collect()
    };
    codes.map(of).collect()
}

fn measure(scan: &Scan) -> Measure {
    let table = scan.table;
    let (starts, ends, values) = (table.time("start_at"), table.time("end_at"), table.money("value"));
    let text = |field: &str, row: usize| table.text(field).map_or("", |column| column.get(row));
    let mut tally = Tally::new(table);
    let mut measure = Measure::default();
    let mut claims: Vec<Claim> = Vec::new();
    for row in scan.rows() {
        let days = || -> Result<[i64; 2], Fault> {
            let start = scan.date(starts, row).map_err(|reason| (reason, "start_at"))?;
            let end = scan.date(ends, row).map_err(|reason| (reason, "end_at"))?;
            if end <= start {
                return Err((Reason::NegativeDuration, "end_at"));
            }
            if end > scan.as_of {
                return Err((Reason::InFlight, "end_at"));
            }
            let inside = scan.period.start.is_none_or(|first| first <= start)
                && scan.period.end.is_none_or(|after| end <= after);
            if inside { Ok([start, end]) } else { Err((Reason::OutsidePeriod, "start_at")) }
        };
        let mut claim = || -> Result<(Claim, i64), Fault> {
            let days = days()?;
            let (name, metric) = (text("platform", row), text("metric", row));
            if name.is_empty() || metric.is_empty() {
                return Err((Reason::BlankField, if name.is_empty() { "platform" } else { "metric" }));
            }
            let found = scan.charter.platforms.iter().position(|platform| folded(&platform.id) == folded(name));
            let known = found.and_then(|at| Some((at, scan.charter.platforms.get(at)?)));
            let Some((at, platform)) = known else {
                measure.add(Key::part("undeclared", name), 1);
                return Err((Reason::Unmatched, "platform"));
            };
            let own = platform.metrics.iter().find(|own| folded(&own.metric) == folded(metric));
            let Some(own) = own else {
                measure.add(Key::part("undeclared", [name, ": ", metric].concat()), 1);
                return Err((Reason::Unmatched, "metric"));
            };
            let value = number(values, row).map_err(|reason| (reason, "value"))?;
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
        for (platform, name) in [(Some(at), at.to_string()), (None, String::new())] {
            if let Some([records, sum]) = ours.of(what, platform, days) {
                let value = if what == Counterpart::Revenue { sum } else { records.saturating_mul(UNIT) };
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
    measure.noted(series).into_iter().filter_map(days).collect()
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
        sum = sum.saturating_add((*total).into());
        until = *end;
    }
    Some(sum)
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let mut whole = Answer::undefined("no_counterpart", "No declared platform reports what ours can be held against.");
    let mut parts = Vec::new();
    for (what, id, label) in Counterpart::ALL {
        let unit = if what == Counterpart::Revenue { Unit::Money } else { Unit::Records };
        let quantity = |value: i128, label: &str| Quantity { value: to_units(value), unit, label: label.into() };
        let mut platforms = Vec::new();
        let (mut all, mut off, mut held, mut n) = (0_i128, 0_i128, 0_i128, 0_u64);
        for (at, platform) in frame.charter.platforms.iter().enumerate() {
            let of = of(what, &at.to_string());
            let claimed = measure.sums.get(&Key::part("claimed", of.as_str()));
            let Some(claimed) = claimed.copied() else { continue };
            all = all.saturating_add(claimed);
            let totals = noted(measure, "ours", &of);
            let ours = totals.iter().fold(0_i128, |sum, (total, _)| sum.saturating_add((*total).into()));
            let records = noted(measure, "records", &of).iter().fold(0_i64, |sum, (n, _)| sum.saturating_add(*n));
            let gap = claimed.saturating_sub(ours);
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
                off = off.saturating_add(gap.saturating_abs());
                held = held.saturating_add(ours);
                n = n.saturating_add(records);
                Answer::quotient(quantity(gap, "claimed beyond ours"), quantity(ours, "ours")).from_records(records)
            };
            let side = |key: &str, label: &str, answer: Answer| Part::new(key, label, unit, answer);
            let known = if totals.is_empty() { answer.clone() } else { Answer::new(to_units(ours), u64::MAX) };
            platforms.push(Part {
                parts: vec![
                    side("claimed", "Claimed", Answer::new(to_units(claimed), u64::MAX)),
                    side("ours", "Ours", known),
                ],
                ..Part::new(platform.id.as_str(), platform.label(), Unit::Rate, answer)
            });
        }
        if platforms.is_empty() {
            continue;
        }
        if id == frame.parameters.text("metric") && held > 0 {
            let sides = (quantity(off, "claimed beyond or short of ours"), quantity(held, "ours"));
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
        parts.push(Part { parts: platforms, ..Part::new(id, label, Unit::Ratio, answer) });
    }
    let undeclared = measure.sums.iter().filter(|(key, _)| key.0 == "undeclared");
    let count = |reports: i128| Answer::new(reports as f64, u64::MAX);
    let named = undeclared.clone().map(|(key, reports)| Part::new(&key.1, &key.1, Unit::Records, count(*reports)));
    let named: Vec<Part> = named.collect();
    if !named.is_empty() {
        let all = count(undeclared.map(|(_, reports)| *reports).sum());
        let label = "Reports that the charter doesn’t declare";
        parts.push(Part { parts: named, ..Part::new("undeclared", label, Unit::Records, all) });
    }
    Judgement { answer: whole, parts }
}
