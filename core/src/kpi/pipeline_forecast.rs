//! What the open pipeline will bring, from what became of deals of the same stage and age.

use super::deals::{Deals, Fault};
use super::forecast_reliability::{compared, wape};
use super::scan::Tally;
use super::stack::share_of;
use super::{Answer, Definition, Frame, Judgement, Kpi, Listed, Parameter, Part, Particulars, Range, Scan, Timing};
use crate::charter::{Charter, DealState};
use crate::figure::{Direction, Quantity, Unit};
use crate::ledger::Reason;
use crate::list::List;
use crate::map::Map;
use crate::measure::{Key, Measure};
use crate::money::to_units;
use crate::period::{Grain, Period, add_months, buckets};
use crate::sort::sorted;
use crate::stats::Z95;
use crate::stats::forecast_error::Errors;
use crate::sum::Sum;
use crate::time::{Zone, date_of_day};

/// `pipeline_forecast`.
pub static KPI: Kpi = Kpi {
    definition: Definition {
        id: "pipeline_forecast",
        version: 3,
        name: "Pipeline forecast",
        unit: Unit::Money,
        direction: Direction::Higher,
        formula: "Σ over stages and ages: amount of open deals × share of earlier deals of that stage and age that were won within the horizon",
        source: "ours; the variance of shares is the linearised one of ratios over clusters: Cochran 1977, “Sampling Techniques”",
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
            "The interval is the forecast ± 1.96 standard deviations (the normal quantile of 0.975), but no less than 0 and no more than all that is open. Their variance is that of outcomes, Σ over open deals of amount² × share × (1 − share), and that of the shares, Σ over deals learned from of r², r being Σ over its cases, and over the shares that each is counted in, of (1 if won, else 0, less the share) × the amounts that take this share ÷ its cases. So cases of one deal hang together, and deals don't.",
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
    let first = today.minus(i64::from(day)).plus(1);
    let back = |month: i64| {
        let day = add_months(first, i32::try_from(month).ok()?.checked_neg()?)?;
        Some((zone.start_of_day(day), zone.start_of_day(day.plus(horizon))))
    };
    (0..months).map_while(back).list()
}

/// The stage at a place in the charter if it is an open one, counted from 1; else 0, the unknown one.
fn open_stage(charter: &Charter, place: Option<usize>) -> usize {
    let open = place.filter(|place| charter.deal_stages.get(*place).is_some_and(|of| of.state == DealState::Open));
    open.map_or(0, |place| place.plus(1))
}

/// The stages that deals were in.
struct Stages<'a> {
    scan: &'a Scan<'a>,
    /// Code of the deal, instant, place of the stage: in order.
    entries: Vec<(u32, i64, usize)>,
}

impl<'a> Stages<'a> {
    fn new(scan: &'a Scan<'a>) -> Self {
        let mut entries = Vec::new();
        if let Some(table) = scan.dataset.table("deal_stage_events")
            && let (Some(deals), Some(stages)) = (table.text("deal_id"), table.text("stage"))
        {
            let (codes, places) = super::deals::stages(scan.charter, stages);
            for (row, deal) in deals.codes.iter().enumerate() {
                let place = codes.get(row).and_then(|code| *places.get(*code as usize)?);
                if let (Ok(at), Some(place)) = (scan.seen(table.time("at"), row), place) {
                    entries.push((*deal, at, place));
                }
            }
        }
        Self { scan, entries: sorted(entries) }
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
        let last = last.filter(|(of, ..)| *of == deal && deal > 0);
        open_stage(self.scan.charter, last.map(|(.., place)| *place))
    }
}

/// What is counted in each month: cases, those won, amounts of all open deals and of those won. Month 0 is now.
#[derive(Clone, Copy)]
enum Series {
    Cases,
    Won,
    Open,
    Brought,
}

const SERIES: usize = Series::Brought as usize + 1;

/// The series by month, and within each by cell: a stage and an age.
struct Grid {
    /// Months.
    wide: usize,
    cells: usize,
    values: Vec<u64>,
}

impl Grid {
    fn new(charter: &Charter, months: usize) -> Self {
        let wide = months.plus(1);
        let cells = cell(charter.deal_stages.len().plus(1), 0);
        Self { wide, cells, values: vec![0; SERIES.times(wide).times(cells)] }
    }

    fn read(measure: &Measure, charter: &Charter, months: usize) -> Self {
        let mut grid = Self::new(charter, months);
        for cell in 0..grid.cells {
            let Some(column) = measure.histogram("grid", &cell.to_string()) else { continue };
            for (at, value) in column {
                let place = (*at as usize).times(grid.cells).plus(cell);
                if let Some(slot) = grid.values.get_mut(place) {
                    *slot = *value;
                }
            }
        }
        grid
    }

    fn write(&self, measure: &mut Measure) {
        for cell in 0..self.cells {
            let key = Key::part("grid", cell.to_string());
            for (at, value) in self.values.iter().skip(cell).step_by(self.cells).enumerate() {
                if *value > 0 {
                    measure.count(key.clone(), at as i64, *value);
                }
            }
        }
    }

    /// What a case can be: of a cell, and won or not.
    fn states(&self) -> usize {
        self.cells.times(2)
    }

    /// Where the cells of a month begin.
    fn start(&self, series: Series, at: usize) -> usize {
        (series as usize).times(self.wide).plus(at).times(self.cells)
    }

    fn add(&mut self, series: Series, at: usize, cell: usize, value: i64) {
        let place = self.start(series, at).plus(cell);
        if let Some(slot) = self.values.get_mut(place) {
            *slot = slot.plus(value.unsigned_abs());
        }
    }

    /// All cells of a month; none of one that is too long ago.
    fn cells(&self, series: Series, at: usize) -> &[u64] {
        let start = self.start(series, at);
        let inside = at < self.wide;
        self.values.get(start..start.plus(self.cells)).filter(|_| inside).unwrap_or_default()
    }

    /// Those of a stage, one for each age.
    fn ages(&self, series: Series, at: usize, stage: usize) -> &[u64] {
        self.cells(series, at).chunks(AGES.len()).nth(stage).unwrap_or_default()
    }
}

/// The number of a stage and age.
fn cell(stage: usize, age: usize) -> usize {
    stage.times(AGES.len()).plus(age)
}

fn sum(values: &[u64]) -> u64 {
    values.iter().fold(0, |sum, value| sum.plus(*value))
}

fn measure(scan: &Scan) -> Measure {
    let parameter = |name: &str| scan.parameters.whole(name);
    let months = cutoffs(scan.as_of, parameter("lookback_months"), parameter("horizon_days"), scan.clock.zone());
    let (deals, history) = (Deals::new(scan), Stages::new(scan));
    let mut grid = Grid::new(scan.charter, months.len());
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
    let (mut whole, mut learned) = (Tally::new(scan.table), Tally::new(scan.table));
    // The cases of a deal, each a cell and whether it was won, and how often two of these belong to one deal.
    let (mut cases, mut pairs) = (Vec::new(), Map::<i64, u64>::new());
    for row in scan.rows() {
        let (created, closed) = match life(row) {
            Ok(life) => life,
            Err((reason, field)) => {
                whole.leave_out(row, reason, field);
                learned.leave_out(row, reason, field);
                continue;
            }
        };
        let id = ids.map_or("", |ids| ids.get(row));
        let deal = history.deal(id);
        let amount = deals.amount(row, closed.map_or(scan.as_of, |(at, _)| at));
        cases.clear();
        for (month, (start, end)) in (1..).zip(&months) {
            if created >= *start {
                break;
            }
            if *end > scan.as_of || closed.is_some_and(|(at, _)| at < *start) {
                continue;
            }
            let won = closed.is_some_and(|(at, won)| won && at < *end);
            let cell = cell(history.at(deal, *start), age(created, *start));
            grid.add(Series::Cases, month, cell, 1);
            grid.add(Series::Open, month, cell, amount.unwrap_or(0));
            if won {
                grid.add(Series::Won, month, cell, 1);
                grid.add(Series::Brought, month, cell, amount.unwrap_or(0));
            }
            let case = cell.times(2).plus(won.into());
            for (other, times) in cases.iter().map(|other| (*other, 2)).chain([(case, 1)]) {
                let pair = case.min(other).times(grid.states()).plus(case.max(other));
                let count = pairs.entry(pair as i64).or_default();
                *count = count.plus(times);
            }
            cases.push(case);
        }
        match cases.last() {
            Some(_) => learned.use_row(),
            None => learned.leave_out(row, Reason::OutsideWindow, "created_at"),
        }
        match amount {
            _ if closed.is_some() => whole.leave_out(row, Reason::NotCounted, "closed_at"),
            Err((reason, field)) => {
                measure.add(Key::whole("unpriced"), 1);
                whole.leave_out(row, reason, field);
            }
            Ok(amount) => {
                whole.use_row();
                let stage = match history.at(deal, scan.as_of.plus(1)) {
                    0 => open_stage(scan.charter, deals.place(row)),
                    known => known,
                };
                let cell = cell(stage, age(created, scan.as_of));
                grid.add(Series::Cases, 0, cell, 1);
                grid.add(Series::Open, 0, cell, amount);
                let square = i128::from(amount).times(amount.into());
                measure.add(Key::part("squares", cell.to_string()), square);
            }
        }
    }
    whole.finish(&mut measure);
    learned.finish_part("history", &mut measure);
    grid.write(&mut measure);
    measure.counts.insert(Key::whole("pairs"), pairs);
    measure
}

/// Cases, and those of them won.
type Share = (u64, u64);

fn plus(share: &mut Share, (cases, won): Share) {
    *share = (share.0.plus(cases), share.1.plus(won));
}

/// What is learned: the cases of all cells, and for each cell its own, or those of its age, or all, and which of these
/// (0 to 2).
struct Learned {
    all: u64,
    shares: Vec<Share>,
    from: Vec<usize>,
}

impl Learned {
    /// From the sum of some months.
    fn new(grid: &Grid, over: &mut dyn Iterator<Item = usize>, least: u64) -> Self {
        let mut shares = vec![(0, 0); grid.cells];
        for at in over {
            let columns = grid.cells(Series::Cases, at).iter().zip(grid.cells(Series::Won, at));
            for (share, (cases, won)) in shares.iter_mut().zip(columns) {
                plus(share, (*cases, *won));
            }
        }
        let (mut all, mut of_age) = ((0, 0), [(0, 0); AGES.len()]);
        for ages in shares.chunks(AGES.len()) {
            for (sum, share) in of_age.iter_mut().zip(ages) {
                plus(sum, *share);
                plus(&mut all, *share);
            }
        }
        let mut from = Vec::with_capacity(shares.len());
        for ages in shares.chunks_mut(AGES.len()) {
            for (share, of_age) in ages.iter_mut().zip(of_age) {
                let choices = [*share, of_age, all];
                let enough = choices.iter().position(|share| share.0 >= least).unwrap_or(2);
                *share = choices.get(enough).copied().unwrap_or(all);
                from.push(enough);
            }
        }
        Self { all: all.0, shares, from }
    }

    /// The variance of what open deals bring, in squared millionths: that of their outcomes and that of the shares.
    fn variance(&self, measure: &Measure, grid: &Grid) -> f64 {
        let cells = grid.cells;
        // Which share a cell has: its own, that of its age, or that of all, each with a place of its own.
        let places =
            |cell: usize| [cell, cells.plus(cell.checked_rem(AGES.len()).unwrap_or(0)), cells.plus(AGES.len())];
        // By how much a case won adds to the forecast by each share, and how much any case takes from it.
        let mut slopes = vec![(0.0, 0.0); cells.plus(AGES.len()).plus(1)];
        let mut variance = 0.0;
        let open = grid.cells(Series::Open, 0).iter().zip(&self.shares).zip(&self.from);
        for (cell, ((open, (cases, won)), from)) in open.enumerate() {
            let each = *open as f64 / (*cases).max(1) as f64;
            let share = *won as f64 / (*cases).max(1) as f64;
            variance += measure.sum("squares", &cell.to_string()) as f64 * share * (1.0 - share);
            if let Some(slope) = places(cell).get(*from).and_then(|place| slopes.get_mut(*place)) {
                slope.0 += each;
                slope.1 += each * share;
            }
        }
        let states = grid.states();
        let moves = |state: usize| {
            let slope = places(state / 2).into_iter().filter_map(|place| slopes.get(place));
            slope.fold(0.0, |sum, (won, any)| sum + if state % 2 == 1 { won - any } else { -any })
        };
        for (pair, times) in measure.histogram("pairs", "").into_iter().flatten() {
            let pair = *pair as usize;
            let [one, other] =
                [pair.checked_div(states), pair.checked_rem(states)].map(|state| moves(state.unwrap_or(0)));
            variance += one * other * *times as f64;
        }
        variance.max(0.0)
    }
}

fn money(key: &str, label: &str, answer: Answer) -> Part {
    Part::new(key, label, Unit::Money, answer)
}

/// A part that lists others.
fn list(key: &str, label: &str, parts: Vec<Part>, n: u64) -> Part {
    let count = Answer::new(parts.len() as f64, n);
    Part::new(key, label, Unit::Records, count).with(parts)
}

/// Ways to forecast: key and name of the forecast, key and name of its error.
const METHODS: [[&str; 4]; 3] = [
    ["", "", "error", "Error in the back-test"],
    ["probabilities", "By probabilities", "error_probabilities", "Error of probabilities"],
    ["seasonal_naive", "The year before", "error_seasonal_naive", "Error of the year before"],
];

fn judge(measure: &Measure, frame: &Frame) -> Judgement {
    let parameter = |name: &str| frame.parameters.whole(name);
    let (needed, least) = (parameter("cases_needed").unsigned_abs(), parameter("cases_of_stage").unsigned_abs());
    let months = cutoffs(frame.as_of, parameter("lookback_months"), parameter("horizon_days"), frame.zone);
    let stages = &frame.charter.deal_stages;
    let grid = Grid::read(measure, frame.charter, months.len());
    // What is known of the months whose horizon was over by an instant.
    let learn = |by: i64| {
        let mut over = (1..).zip(&months).filter(|(_, (_, end))| *end <= by).map(|(month, _)| month);
        Learned::new(&grid, &mut over, least)
    };
    let n = measure.used;
    let amount = |amount: i64| Answer::new(to_units(amount.into()), n);
    let known = |series: Series, month: usize| i64::try_from(sum(grid.cells(series, month))).unwrap_or(i64::MAX);
    // What open deals of some cells are expected to bring.
    let brings = |open: &[u64], shares: &[Share]| {
        let each = open.iter().zip(shares);
        each.fold(0_i64, |sum, (open, (cases, won))| sum.plus(share_of((*open).into(), (*won).into(), (*cases).into())))
    };
    let expected = |learned: &Learned, month: usize| {
        (learned.all >= needed).then(|| brings(grid.cells(Series::Open, month), &learned.shares))
    };
    let probable = |month: usize| {
        let [mut known, mut weighted] = [0.0; 2];
        for (stage, of_stage) in (1..).zip(stages) {
            if let Some(probability) = of_stage.probability {
                let amount = sum(grid.ages(Series::Open, month, stage)) as f64;
                known += amount;
                weighted += amount * probability;
            }
        }
        let all = sum(grid.cells(Series::Open, month)) as f64;
        (known > 0.0).then(|| libm::rint(weighted * (all / known)) as i64)
    };
    let unpriced = n == 0 && measure.sum("unpriced", "") > 0;
    let no_amount = || Answer::undefined("no_evidence", "No open deal has a usable amount.");
    let learned = learn(frame.as_of);
    let open = known(Series::Open, 0);
    let answer = match expected(&learned, 0) {
        None => Answer::undefined(
            "too_few",
            format!(
                "It needs at least {needed} cases to learn from, deals open at the start of a month whose next {} days are over; there are {}.",
                parameter("horizon_days"),
                learned.all
            ),
        ),
        Some(_) if unpriced => no_amount(),
        Some(value) => {
            let answer = amount(value);
            let reach = Z95 * libm::sqrt(learned.variance(measure, &grid)) / 1e6;
            let [value, open] = [value, open].map(|amount| to_units(amount.into()));
            let interval = [(value - reach).max(0.0), (value + reach).min(open)];
            let open = Quantity { value: open, unit: Unit::Money, label: "open pipeline".into() };
            answer.of(None, Some(open)).within(Some(interval))
        }
    };
    // The back-test, oldest month first: what each method said, and what came.
    let mut said = METHODS.map(|_| Vec::new());
    let mut windows = Vec::new();
    for (place, (start, _)) in months.iter().enumerate().rev() {
        let month = place.plus(1);
        let Some(forecast) = expected(&learn(*start), month).filter(|_| known(Series::Cases, month) > 0) else {
            continue;
        };
        let brought = known(Series::Brought, month);
        let before = month.plus(12);
        let naive = (known(Series::Cases, before) > 0).then(|| known(Series::Brought, before));
        let next = Period { start: Some(*start), end: Some(start.plus(1)), ..Period::all() };
        let named = buckets(&next, Grain::Month, frame.charter, frame.zone).pop();
        let label = named.map_or_else(String::new, |part| part.label.replace(" (part)", ""));
        let id = crate::time::iso_day(frame.zone.day_of(*start));
        let mut part = compared(&id, &label, [forecast, brought].map(i128::from), n);
        for ((value, [key, label, ..]), pairs) in
            [Some(forecast), probable(month), naive].into_iter().zip(METHODS).zip(&mut said)
        {
            let Some(value) = value else { continue };
            pairs.push((value, brought));
            // The forecast itself is in it already.
            if !key.is_empty() {
                part.parts.push(money(key, label, amount(value)));
            }
        }
        windows.push(part);
    }
    let probabilities = probable(0).map_or_else(
        || Answer::undefined("no_evidence", "The charter has no probability for the stages of open deals."),
        amount,
    );
    let mut parts = vec![
        money("open", "Open pipeline", if unpriced { no_amount() } else { amount(open) }),
        money("probabilities", "By probabilities of stages", probabilities),
    ];
    let silent = [
        "",
        "The stages that deals had then are unknown, or without a probability.",
        "No deals of a year before the months of the back-test are known.",
    ];
    for ((pairs, [.., key, label]), why) in said.into_iter().zip(METHODS).zip(silent) {
        let why = if windows.is_empty() {
            "No earlier month had enough cases to learn from and has its horizon over."
        } else {
            why
        };
        let errors = Errors::of(&pairs);
        let answer = if errors.n == 0 { Answer::undefined("no_evidence", why) } else { wape(&errors) };
        parts.push(Part::new(key, label, Unit::Rate, answer));
    }
    let taught = measure.parts.get("history").map_or(0, |rows| rows.used);
    parts.push(Part::new("history", "Deals learned from", Unit::Records, Answer::new(taught as f64, taught)));
    let mut by_stage = Vec::new();
    for (stage, shares) in learned.shares.chunks(AGES.len()).enumerate() {
        let [deals, open] = [Series::Cases, Series::Open].map(|series| grid.ages(series, 0, stage));
        if sum(deals) == 0 {
            continue;
        }
        let mut ages = Vec::new();
        for ((((cases, won), deals), open), (key, label, _)) in shares.iter().zip(deals).zip(open).zip(AGES) {
            if *deals == 0 {
                continue;
            }
            // Cases of one deal hang together, so there is no interval of a share.
            let share = Answer::ratio(*won, *cases, "won within the horizon", "cases");
            let open = i64::try_from(*open).unwrap_or(i64::MAX);
            let parts = vec![
                money("open", "Open", amount(open)),
                Part::new("deals", "Open deals", Unit::Records, Answer::new(*deals as f64, *deals)),
            ];
            ages.push(Part::new(key, label, Unit::Rate, share).with(parts));
        }
        let known = stage.checked_sub(1).and_then(|place| stages.get(place));
        let (key, label) = known.map_or(("unknown", "Unknown stage"), |known| {
            (known.id.as_str(), if known.label.is_empty() { &known.id } else { &known.label })
        });
        let answer = if learned.all >= needed {
            amount(brings(open, shares))
        } else {
            Answer::undefined("no_evidence", "There is too little history.")
        };
        by_stage.push(money(key, label, answer).with(ages));
    }
    parts.push(list("stages", "Stages", by_stage, n));
    parts.push(list("months", "Months of the back-test", windows, n));
    Judgement { answer, parts }
}
