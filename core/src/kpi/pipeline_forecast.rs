//! What the open pipeline will bring, from what became of deals of the same stage and age.

use super::amounts::{Coded, coded};
use super::deals::{Deals, Fault, folded};
use super::forecast_reliability::{compared, wape};
use super::scan::Tally;
use super::stack::share_of;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Parameter, Part, Particulars, Range, Scan, Timing};
use crate::charter::{Charter, DealState};
use crate::figure::{Direction, Quantity, Unit};
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::money::to_units;
use crate::period::{Grain, Period, add_months, buckets};
use crate::sort::sorted;
use crate::stats::bootstrap::{RESAMPLES, middle, weights};
use crate::stats::forecast_error::Errors;
use crate::time::{Zone, date_of_day};

/// `pipeline_forecast`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "pipeline_forecast",
        version: 1,
        name: "Pipeline forecast",
        unit: Unit::Money,
        direction: Direction::Higher,
        formula: "Σ over stages and ages: amount of open deals × share of earlier deals of that stage and age that were won within the horizon",
        source: "ours; the weights of the resamples: Chamandy et al. 2012, “Estimating Uncertainty for Massive Data Streams”",
        table: "deals",
        inputs: &[
            "deals.id",
            "deals.created_at",
            "deals.closed_at",
            "deals.amount",
            "deals.currency",
            "deals.stage",
            "deals.is_won",
            "deals.is_closed",
            "deal_stage_events.deal_id",
            "deal_stage_events.stage",
            "deal_stage_events.at",
            "charter.deal_stages",
        ],
        edge_cases: &[
            "A case is a deal open at the start of one of the last months whose horizon is over by the as-of instant: made before, closed then or later. It counts as won if it was won within the horizon.",
            "Age is whole days since the deal was made: up to 30, 60, 90, 180, or over.",
            "The stage at an instant is that of the last entry in deal_stage_events before it (of entries at once, the stage latest in the charter); without entries the present one for the forecast, and for cases the one unknown stage, since the present stage says how a deal ended.",
            "A stage and age with too few cases takes the share of its age over all stages; one still with too few the share over all.",
            "Amounts are those of now, since earlier ones are not in the data: at the rate of the closing day, of open deals at that of the as-of day. Each stage and age is rounded half to even. A case without a usable amount still teaches; where no open deal has one, the forecast is unknown.",
            "The interval is the middle 95% of 100 resamples: each deal counts as often as its id’s Poisson weight says, and the outcomes of open deals vary about that as independent ones do.",
            "Back-test: at each earlier month’s start the same forecast from the cases whose horizon was over by then, against what its open deals brought within the horizon. Errors are WAPE, as in forecast_reliability.",
            "`probabilities` are amounts × the charter’s probability of the stage at that time; amounts without one count at the mean of the others. They say whether, not when. `seasonal_naive` is what the deals open a year before brought.",
        ],
        parameters: &[
            Parameter {
                name: "horizon_days",
                range: Range::Whole { default: 90, low: 1, high: 730 },
                text: "days within which an open deal must be won",
            },
            Parameter {
                name: "lookback_months",
                range: Range::Whole { default: 24, low: 2, high: 120 },
                text: "months whose deals are learned from",
            },
            Parameter {
                name: "cases_needed",
                range: Range::Whole { default: 100, low: 1, high: 100_000 },
                text: "cases without which there is no forecast",
            },
            Parameter {
                name: "cases_of_stage",
                range: Range::Whole { default: 20, low: 1, high: 100_000 },
                text: "cases without which a stage and age has no share of its own",
            },
        ],
        uses_lifecycle: false,
        timing: Timing::Snapshot,
    },
    needs: Listed::Always(&["created_at", "closed_at", "amount"]),
    measure,
    judge,
    particulars: Particulars { is_total: true, ..Particulars::NONE },
};

/// Ages: key, name for people, and the last day.
const AGES: [(&str, &str, i64); 5] = [
    ("to_30", "up to 30 days", 30),
    ("to_60", "31 to 60 days", 60),
    ("to_90", "61 to 90 days", 90),
    ("to_180", "91 to 180 days", 180),
    ("over_180", "over 180 days", i64::MAX),
];

/// The starts of the last months, latest first, with the end of the horizon of each.
fn cutoffs(as_of: i64, months: i64, horizon: i64, zone: &Zone) -> Vec<(i64, i64)> {
    let today = zone.day_of(as_of);
    let (_, _, day) = date_of_day(today);
    let first = today.saturating_sub(i64::from(day)).saturating_add(1);
    let back = |month: i64| {
        let day = add_months(first, i32::try_from(month).ok()?.checked_neg()?)?;
        Some((zone.start_of_day(day), zone.start_of_day(day.saturating_add(horizon))))
    };
    (0..months).map_while(back).collect()
}

/// The stages as they stand in a charter, by any of their names; 0 is the unknown one.
fn stage_of(charter: &Charter, text: &str) -> Option<usize> {
    let text = folded(text);
    let mut stages = charter.deal_stages.iter();
    let named = |name: &String| folded(name) == text;
    let at = stages.position(|stage| named(&stage.id) || named(&stage.label) || stage.aliases.iter().any(named));
    at.filter(|_| !text.is_empty()).map(|at| at.saturating_add(1))
}

/// Stages by deal and time, and the present ones.
struct Stages<'a> {
    scan: &'a Scan<'a>,
    /// Code of the deal, instant, stage: in order.
    entries: Vec<(u32, i64, usize)>,
    now: Option<Coded<'a, usize>>,
    open: Vec<bool>,
}

impl<'a> Stages<'a> {
    fn new(scan: &'a Scan<'a>) -> Self {
        let find = |text: &str| stage_of(scan.charter, text);
        let mut entries = Vec::new();
        if let Some(table) = scan.dataset.table("deal_stage_events")
            && let (Some(deals), Some(stages)) = (table.text("deal_id"), table.text("stage"))
        {
            let (codes, meanings) = coded(stages, &find);
            for (row, deal) in deals.codes.iter().enumerate() {
                let stage = codes.get(row).and_then(|code| meanings.get(*code as usize)).copied().flatten();
                if let (Ok(at), Some(stage)) = (scan.seen(table.time("at"), row), stage) {
                    entries.push((*deal, at, stage));
                }
            }
        }
        let open = scan.charter.deal_stages.iter().map(|stage| stage.state == DealState::Open);
        let open = std::iter::once(false).chain(open).collect();
        Self { scan, entries: sorted(entries), now: scan.table.text("stage").map(|column| coded(column, &find)), open }
    }

    /// The code of a deal among the entries.
    fn deal(&self, id: &str) -> u32 {
        let ids = self.scan.dataset.table("deal_stage_events").and_then(|table| table.text("deal_id"));
        ids.and_then(|ids| ids.dictionary.find(id)).unwrap_or(0)
    }

    /// The open stage of a deal just before an instant, 0 where it is unknown.
    fn at(&self, deal: u32, instant: i64) -> usize {
        let after = self.entries.partition_point(|entry| *entry < (deal, instant, 0));
        let last = after.checked_sub(1).and_then(|last| self.entries.get(last));
        let stage = last.filter(|(of, ..)| *of == deal && deal > 0).map_or(0, |(.., stage)| *stage);
        if self.open.get(stage) == Some(&true) { stage } else { 0 }
    }

    /// The same of an open deal at the as-of instant.
    fn present(&self, deal: u32, row: usize) -> usize {
        let known = self.at(deal, self.scan.as_of.saturating_add(1));
        let now = self.now.as_ref().and_then(|(codes, stages)| *stages.get(*codes.get(row)? as usize)?);
        let now = now.filter(|stage| self.open.get(*stage) == Some(&true));
        if known > 0 { known } else { now.unwrap_or(0) }
    }
}

/// Sums by stage, and within each by age and one thing more.
struct Sums<'a> {
    stages: &'a [String],
    /// How many of that one thing there are.
    wide: usize,
    cells: Vec<u64>,
}

impl Sums<'_> {
    fn slot(&mut self, stage: usize, at: usize, age: usize) -> Option<&mut u64> {
        let place = stage.checked_mul(self.wide)?.checked_add(at)?.checked_mul(AGES.len())?.checked_add(age)?;
        self.cells.get_mut(place)
    }

    fn add(&mut self, [stage, at, age]: [usize; 3], value: i64) {
        if let Some(slot) = self.slot(stage, at, age) {
            *slot = slot.saturating_add(value.unsigned_abs());
        }
    }

    fn finish(self, series: &'static str, measure: &mut Measure) {
        let each = self.wide.saturating_mul(AGES.len()).max(1);
        for (stage, cells) in self.stages.iter().zip(self.cells.chunks(each)) {
            for (place, value) in cells.iter().enumerate().filter(|(_, value)| **value > 0) {
                measure.count(Key::part(series, stage.as_str()), place as i64, *value);
            }
        }
    }
}

/// The unknown stage, then those of the charter.
fn stages(charter: &Charter) -> Vec<String> {
    std::iter::once(String::new()).chain(charter.deal_stages.iter().map(|stage| stage.id.clone())).collect()
}

/// Series by month: cases, those won, amounts of all open deals and of those won. Month 0 is now.
const SERIES: [&str; 4] = ["cases", "won", "open", "brought"];
/// The first two by resample.
const RESAMPLED: [&str; 2] = ["cases_resampled", "won_resampled"];

fn measure(scan: &Scan) -> Measure {
    let parameter = |name: &str| scan.parameters.whole(name);
    let months = cutoffs(scan.as_of, parameter("lookback_months"), parameter("horizon_days"), scan.clock.zone());
    let (deals, history) = (Deals::new(scan), Stages::new(scan));
    let names = stages(scan.charter);
    let sums = |wide: usize| Sums {
        stages: &names,
        wide,
        cells: vec![0; names.len().saturating_mul(wide).saturating_mul(AGES.len())],
    };
    let mut by_month = SERIES.map(|_| sums(months.len().saturating_add(1)));
    let mut by_resample = RESAMPLED.map(|_| sums(RESAMPLES));
    let ids = scan.table.text("id");
    let closed_at = scan.table.time("closed_at");
    let life = |row: usize| -> Result<(i64, Option<(i64, bool)>), Fault> {
        deals.visible(row)?;
        let state = deals.state(row)?;
        let created = deals.created(row)?;
        if state == DealState::Open {
            return Ok((created, None));
        }
        let closed = scan.date(closed_at, row).map_err(|reason| (reason, "closed_at"))?;
        if closed < created {
            return Err((Reason::NegativeDuration, "closed_at"));
        }
        // Closed after the as-of instant: then it was still open.
        Ok((created, Some((closed, state == DealState::Won)).filter(|_| closed <= scan.as_of)))
    };
    let age = |created: i64, at: i64| {
        let days = scan.days(created, at);
        AGES.iter().position(|(.., last)| days <= *last).unwrap_or(0)
    };
    let mut measure = Measure::default();
    let [mut whole, mut learned] = [(); 2].map(|()| Tally::new(scan.table));
    for row in scan.rows() {
        let life = life(row);
        let id = ids.map_or("", |ids| ids.get(row));
        let taught = life.and_then(|(created, closed)| {
            let amount = deals.amount(row, closed.map_or(scan.as_of, |(at, _)| at)).unwrap_or(0);
            let deal = history.deal(id);
            let mut drawn = None;
            for (month, (start, end)) in months.iter().enumerate() {
                if created >= *start {
                    break;
                }
                if *end > scan.as_of || closed.is_some_and(|(at, _)| at < *start) {
                    continue;
                }
                let won = closed.is_some_and(|(at, won)| won && at < *end);
                let (stage, age) = (history.at(deal, *start), age(created, *start));
                let drawn = drawn.get_or_insert_with(|| weights(id));
                let by_month = by_month.iter_mut().zip([1, i64::from(won), amount, if won { amount } else { 0 }]);
                for (sums, value) in by_month {
                    sums.add([stage, month.saturating_add(1), age], value);
                }
                for (sums, counts) in by_resample.iter_mut().zip([true, won]) {
                    for (resample, weight) in drawn.iter().enumerate().filter(|_| counts) {
                        sums.add([stage, resample, age], (*weight).into());
                    }
                }
            }
            drawn.map(|_| ()).ok_or((Reason::OutsideWindow, "created_at"))
        });
        learned.row(row, taught);
        let open = life.and_then(|(created, closed)| match closed {
            Some(_) => Err((Reason::NotCounted, "closed_at")),
            None => match deals.amount(row, scan.as_of) {
                Ok(amount) => Ok((created, amount)),
                Err(fault) => {
                    measure.add(Key::whole("unpriced"), 1);
                    Err(fault)
                }
            },
        });
        if let Some((created, amount)) = whole.row(row, open) {
            let (stage, age) = (history.present(history.deal(id), row), age(created, scan.as_of));
            let [cases, _, open, _] = &mut by_month;
            cases.add([stage, 0, age], 1);
            open.add([stage, 0, age], amount);
            let square = i128::from(amount).saturating_mul(amount.into());
            let name = names.get(stage).cloned().unwrap_or_default();
            measure.add(Key::part(AGES.get(age).map_or("", |(key, ..)| key), name), square);
        }
    }
    whole.finish(&mut measure);
    learned.finish_part("history", &mut measure);
    for (sums, series) in by_month.into_iter().zip(SERIES).chain(by_resample.into_iter().zip(RESAMPLED)) {
        sums.finish(series, &mut measure);
    }
    measure
}

/// Cases and those won of a stage and age, or of what stands in for it.
type Share = (u64, u64);

/// What is learned: for each stage and age its cases, or those of its age, or all.
struct Learned {
    all: u64,
    shares: Vec<[Share; AGES.len()]>,
}

impl Learned {
    fn new(stages: usize, least: u64, count: &dyn Fn(usize, usize) -> Share) -> Self {
        let plus = |one: Share, other: Share| (one.0.saturating_add(other.0), one.1.saturating_add(other.1));
        let own: Vec<[Share; AGES.len()]> =
            (0..stages).map(|stage| std::array::from_fn(|age| count(stage, age))).collect();
        let of_age: [Share; AGES.len()] = std::array::from_fn(|age| {
            own.iter().filter_map(|ages| ages.get(age)).fold((0, 0), |sum, next| plus(sum, *next))
        });
        let all = of_age.iter().fold((0, 0), |sum, next| plus(sum, *next));
        let enough = |share: Share| Some(share).filter(|(cases, _)| *cases >= least);
        let pick = |ages: [Share; AGES.len()]| {
            let mut age = of_age.iter();
            ages.map(|own| {
                let of_age = age.next().copied().unwrap_or_default();
                enough(own).or(enough(of_age)).unwrap_or(all)
            })
        };
        Self { all: all.0, shares: own.into_iter().map(pick).collect() }
    }

    /// Each stage and age with its share.
    fn each(&self) -> impl Iterator<Item = (usize, usize, Share)> {
        let stages = self.shares.iter().enumerate();
        stages.flat_map(|(stage, ages)| ages.iter().enumerate().map(move |(age, share)| (stage, age, *share)))
    }
}

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let parameter = |name: &str| frame.parameters.whole(name);
    let (needed, least) = (parameter("cases_needed").unsigned_abs(), parameter("cases_of_stage").unsigned_abs());
    let months = cutoffs(frame.as_of, parameter("lookback_months"), parameter("horizon_days"), frame.zone);
    let names = stages(frame.charter);
    // Read into plain lists once: they are looked into tens of thousands of times.
    let read = |series: &'static str, wide: usize| {
        let each = wide.saturating_mul(AGES.len());
        let cells = names.iter().flat_map(|stage| {
            let mut cells = vec![0_u64; each];
            for (place, value) in measure.histogram(series, stage).into_iter().flat_map(|all| all.iter()) {
                if let Some(slot) = usize::try_from(*place).ok().and_then(|place| cells.get_mut(place)) {
                    *slot = *value;
                }
            }
            cells
        });
        (series, wide, cells.collect::<Vec<u64>>())
    };
    let by_month = SERIES.map(|series| read(series, months.len().saturating_add(1)));
    let all = by_month.into_iter().chain(RESAMPLED.map(|series| read(series, RESAMPLES)));
    let all: Vec<(&str, usize, Vec<u64>)> = all.collect();
    let of = |series: &'static str, stage: usize, at: usize, age: usize| {
        let (_, wide, cells) = all.iter().find(|(known, ..)| *known == series)?;
        let place = stage.checked_mul(*wide)?.checked_add(at).filter(|_| at < *wide)?;
        cells.get(place.checked_mul(AGES.len())?.checked_add(age)?).copied()
    };
    let of = |series: &'static str, stage: usize, at: usize, age: usize| of(series, stage, at, age).unwrap_or(0);
    // What is known of the months whose horizon was over by an instant.
    let learn = |by: i64| {
        let over: Vec<usize> = (1..).zip(&months).filter(|(_, (_, end))| *end <= by).map(|(month, _)| month).collect();
        let count = |stage: usize, age: usize| {
            let sum = |series| over.iter().fold(0_u64, |sum, month| sum.saturating_add(of(series, stage, *month, age)));
            (sum("cases"), sum("won"))
        };
        Learned::new(names.len(), least, &count)
    };
    let money = |amount: u64| i64::try_from(amount).unwrap_or(i64::MAX);
    // What the deals open in a month are expected to bring.
    let expected = |learned: &Learned, month: usize| {
        (learned.all >= needed).then(|| {
            let each = learned.each().map(|(stage, age, (cases, won))| {
                share_of(of("open", stage, month, age).into(), won.into(), cases.into())
            });
            each.fold(0_i64, i64::saturating_add)
        })
    };
    let total = |series, month: usize, stage: usize| {
        (0..AGES.len()).fold(0_u64, |sum, age| sum.saturating_add(of(series, stage, month, age)))
    };
    let sum = |series, month: usize| {
        (0..names.len()).fold(0_u64, |sum, stage| sum.saturating_add(total(series, month, stage)))
    };
    let probable = |month: usize| {
        let [mut known, mut weighted] = [0.0; 2];
        for (stage, of_stage) in (1..).zip(&frame.charter.deal_stages) {
            if let Some(probability) = of_stage.probability {
                let amount = total("open", month, stage) as f64;
                known += amount;
                weighted += amount * probability;
            }
        }
        (known > 0.0).then(|| libm::rint(weighted * (sum("open", month) as f64 / known)) as i64)
    };
    let learned = learn(frame.as_of);
    let n = measure.used;
    let open = sum("open", 0);
    let answer = match expected(&learned, 0) {
        None => Answer::undefined(
            "too_few",
            format!(
                "It needs at least {needed} cases to learn from, deals open at the start of a month whose next {} days are over; there are {}.",
                parameter("horizon_days"),
                learned.all
            ),
        ),
        Some(_) if n == 0 && measure.sum("unpriced", "") > 0 => {
            Answer::undefined("no_evidence", "No open deal has a usable amount.")
        }
        Some(value) => {
            let value = to_units(value.into());
            let [low, high] = resampled(measure, &names, least, &of).unwrap_or([value; 2]);
            let open = Quantity { value: to_units(open.into()), unit: Unit::Money, label: "open pipeline".into() };
            let answer = Answer::new(value, n).within(Some([low.min(value), high.max(value)]));
            Answer { denominator: Some(open), ..answer }
        }
    };
    let amount = |key: &str, label: &str, value: Option<i64>, why: &str| {
        let answer =
            value.map_or_else(|| Answer::undefined("no_evidence", why), |value| Answer::new(to_units(value.into()), n));
        Part::new(key, label, Unit::Money, answer)
    };
    // The back-test, oldest month first.
    let mut windows: Vec<(Part, [Option<i64>; 3], i64)> = Vec::new();
    for (month, (start, _)) in months.iter().enumerate().rev() {
        let month = month.saturating_add(1);
        let Some(forecast) = expected(&learn(*start), month).filter(|_| sum("cases", month) > 0) else { continue };
        let brought = money(sum("brought", month));
        let before = month.saturating_add(12);
        let naive = (sum("cases", before) > 0).then(|| money(sum("brought", before)));
        let methods = [Some(forecast), probable(month), naive];
        let next = Period { start: Some(*start), end: Some(start.saturating_add(1)), ..Period::all() };
        let named = buckets(&next, Grain::Month, frame.charter, frame.zone).pop();
        let label = named.map_or_else(String::new, |part| part.label.replace(" (part)", ""));
        let id = crate::time::iso_day(frame.zone.day_of(*start));
        let sides = [forecast, brought].map(i128::from);
        let mut part = compared(&id, &label, sides, n);
        let others = [("probabilities", "By probabilities"), ("seasonal_naive", "The year before")];
        let others = others.into_iter().zip([methods[1], methods[2]]);
        part.parts.extend(others.filter_map(|((key, label), value)| Some(amount(key, label, Some(value?), ""))));
        windows.push((part, methods, brought));
    }
    let error = |method: usize, key: &str, label: &str, why: &str| {
        let pairs = windows.iter().filter_map(|(_, methods, brought)| Some(((*methods.get(method)?)?, *brought)));
        let errors = Errors::of(&mut { pairs });
        let answer = if errors.n == 0 { Answer::undefined("no_evidence", why) } else { wape(&errors) };
        Part::new(key, label, Unit::Rate, answer)
    };
    let early = "No earlier month had enough cases to learn from and has its horizon over.";
    let mut parts = vec![
        amount("open", "Open pipeline", Some(money(open)), ""),
        amount(
            "probabilities",
            "By probabilities of stages",
            probable(0),
            "The charter has no probability for the stages of open deals.",
        ),
        error(0, "error", "Error in the back-test", early),
        error(
            1,
            "error_probabilities",
            "Error of probabilities",
            if windows.is_empty() {
                early
            } else {
                "The stages that deals had then are unknown, or without a probability."
            },
        ),
        error(
            2,
            "error_seasonal_naive",
            "Error of the year before",
            if windows.is_empty() { early } else { "No deals of a year before the months of the back-test are known." },
        ),
        Part::new("history", "Deals learned from", Unit::Records, {
            let taught = measure.parts.get("history").map_or(0, |rows| rows.used);
            Answer::new(taught as f64, taught)
        }),
    ];
    let by_stage = names.iter().enumerate().filter(|(stage, _)| total("cases", 0, *stage) > 0);
    let by_stage = by_stage.map(|(stage, name)| {
        let label = frame.charter.deal_stages.iter().find(|known| known.id == *name).map(|known| known.label.as_str());
        let label = label.filter(|label| !label.is_empty()).unwrap_or(if stage == 0 { "Unknown stage" } else { name });
        let mut brings = 0_i64;
        let ages = learned.each().filter(|(of_stage, age, _)| *of_stage == stage && of("cases", stage, 0, *age) > 0);
        let ages = ages.map(|(_, age, (cases, won))| {
            let open = of("open", stage, 0, age);
            brings = brings.saturating_add(share_of(open.into(), won.into(), cases.into()));
            let (key, label) = AGES.get(age).map_or(("", ""), |(key, label, _)| (key, label));
            // Cases of one deal hang together, so there is no interval of a share.
            let share = Answer::ratio(won, cases, "won within the horizon", "cases");
            let deals = of("cases", stage, 0, age);
            let inner = vec![
                amount("open", "Open", Some(money(open)), ""),
                Part::new("deals", "Open deals", Unit::Records, Answer::new(deals as f64, deals)),
            ];
            Part { parts: inner, ..Part::new(key, label, Unit::Rate, share) }
        });
        let ages: Vec<Part> = ages.collect();
        let key = if stage == 0 { "unknown" } else { name };
        let brings = (learned.all >= needed).then_some(brings);
        Part { parts: ages, ..amount(key, label, brings, "There is too little history.") }
    });
    let by_stage: Vec<Part> = by_stage.collect();
    let list = |key: &str, label: &str, of: Vec<Part>| {
        let count = Answer::new(of.len() as f64, n);
        Part { parts: of, ..Part::new(key, label, Unit::Records, count) }
    };
    parts.push(list("stages", "Stages", by_stage));
    parts.push(list("months", "Months of the back-test", windows.into_iter().map(|(part, ..)| part).collect()));
    Judgement { answer, parts }
}

/// What the middle 95% of resamples span.
fn resampled(
    measure: &Measure,
    names: &[String],
    least: u64,
    of: &dyn Fn(&'static str, usize, usize, usize) -> u64,
) -> Option<[f64; 2]> {
    let mut totals = (0..RESAMPLES).map(|resample| {
        let count = |stage: usize, age: usize| {
            let [cases, won] = RESAMPLED.map(|series| of(series, stage, resample, age));
            (cases, won)
        };
        let (mut mean, mut variance, mut most) = (0.0, 0.0, 0.0);
        for (stage, age, (cases, won)) in Learned::new(names.len(), least, &count).each() {
            let share = won as f64 / cases.max(1) as f64;
            let open = of("open", stage, 0, age) as f64;
            let (key, name) = (AGES.get(age).map_or("", |(key, ..)| key), names.get(stage).map_or("", String::as_str));
            mean += open * share;
            most += open;
            variance += measure.sum(key, name) as f64 * share * (1.0 - share);
        }
        // Normal quantiles in steps of a hundredth (Tukey's lambda of 0.135): resamples come in no order of their own.
        let rank = (resample as f64 + 0.5) / RESAMPLES as f64;
        let normal = (libm::pow(rank, 0.135) - libm::pow(1.0 - rank, 0.135)) / 0.1975;
        (mean + normal * libm::sqrt(variance)).clamp(0.0, most) / 1e6
    });
    middle(&mut totals)
}
