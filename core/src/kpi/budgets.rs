//! Plans against what was spent.

use super::amounts::Amounts;
use super::deals::{Fault, folded};
use super::revenue::{each_outlay, no_spend, noted};
use super::{Answer, Scan};
use crate::ledger::Reason;
use crate::list::{Joined, List};
use crate::measure::{Key, Measure};
use crate::sort::sorted;
use crate::sum::Sum;
use crate::table::{Table, TextColumn};

/// Divides the names and dates of a plan.
const DIVIDER: &str = "\u{1f}";

/// Start, end, channel and campaign of a plan.
type Span = (i64, i64, String, String);

/// Channel and campaign, and when how much was spent on them.
type Outlays = ([String; 2], Vec<(i64, i64)>);

/// What was planned, and what was spent on it.
pub(super) struct Budgets<'a> {
    scan: &'a Scan<'a>,
    amounts: Amounts<'a>,
    /// Every plan made by the as-of instant with that time, in order.
    plans: Vec<(Span, i64)>,
    /// By channel and campaign: when and how much.
    outlays: Vec<Outlays>,
    unread: i64,
    /// Whether anything is known of spend.
    known: bool,
    /// Every way in which a channel or campaign of a plan is written.
    spellings: Vec<&'a str>,
    /// Whether plans are by channel or campaign at all.
    divided: bool,
    /// Spend from here on is not reported yet.
    pub(super) until: i64,
}

/// One plan.
pub(super) struct Plan {
    pub(super) start: i64,
    pub(super) end: i64,
    pub(super) channel: String,
    pub(super) campaign: String,
    /// In millionths of the charter's currency; one line of it, where it has several.
    pub(super) amount: i64,
    made: i64,
}

impl Plan {
    fn span(&self) -> Span {
        (self.start, self.end, self.channel.clone(), self.campaign.clone())
    }
}

impl<'a> Budgets<'a> {
    pub(super) fn new(scan: &'a Scan<'a>) -> Self {
        let today = scan.clock.day_of(scan.as_of);
        let until = scan.clock.start_of_day(today.minus(scan.charter.revenue.reporting_lag_days.into()));
        let all = scan.dataset.table("budgets");
        let plans = all.map_or_else(Vec::new, |table| {
            let plan = |row: usize| Some((span(scan, table, row).ok()?, made(scan, table, row)));
            (0..table.rows).filter_map(plan).filter(|(_, made)| *made <= scan.as_of).list()
        });
        let texts = ["channel", "campaign"].map(|field| all.and_then(|table| table.text(field)));
        let spellings = texts.into_iter().flatten().flat_map(|TextColumn { dictionary, .. }| {
            (0..u32::try_from(dictionary.len()).unwrap_or(0)).map(|code| dictionary.text(code))
        });
        let mut outlays: Vec<Outlays> = Vec::new();
        let (unread, known) = each_outlay(scan, false, &mut |outlay| {
            let key = [folded(outlay.channel), folded(outlay.campaign)];
            match outlays.iter_mut().find(|(known, _)| *known == key) {
                Some((_, of)) => of.push((outlay.at, outlay.amount)),
                None => outlays.push((key, vec![(outlay.at, outlay.amount)])),
            }
        });
        Self {
            scan,
            amounts: Amounts::new(scan.table, scan.converter),
            plans: sorted(plans),
            outlays,
            unread,
            known,
            spellings: spellings.collect(),
            divided: ["channel", "campaign"].iter().any(|field| scan.table.text(field).is_some()),
            until,
        }
    }

    /// The plan of a row, if it begins in the period.
    pub(super) fn plan(&self, row: usize) -> Result<Plan, Fault> {
        let (start, end, channel, campaign) = span(self.scan, self.scan.table, row)?;
        self.scan.in_period(start).map_err(|reason| (reason, "start_at"))?;
        if end <= start {
            return Err((Reason::NegativeDuration, "end_at"));
        }
        if self.divided && channel.is_empty() && campaign.is_empty() {
            return Err((Reason::BlankField, "channel"));
        }
        let amount = self.amounts.of("amount", row, self.scan.clock.day_of(start))?;
        Ok(Plan { start, end, channel, campaign, amount, made: made(self.scan, self.scan.table, row) })
    }

    /// Whether a plan stood at an instant: made by then, and not yet replaced by a later one.
    pub(super) fn stood(&self, plan: &Plan, at: i64) -> Result<(), Fault> {
        if plan.made > at {
            return Err((Reason::OutsideWindow, "planned_at"));
        }
        let span = plan.span();
        let after = self.plans.partition_point(|(of, made)| (of, *made) <= (&span, at));
        let last = after.checked_sub(1).and_then(|last| self.plans.get(last));
        if last.is_some_and(|(of, made)| *of == span && *made > plan.made) {
            return Err((Reason::NotCounted, "planned_at"));
        }
        Ok(())
    }

    /// Adds a line to its plan's `budget`, and notes what was spent on the plan before an instant: once, however many
    /// lines it has.
    pub(super) fn add(&self, measure: &mut Measure, plan: &Plan, until: i64) -> String {
        let name = if plan.channel.is_empty() { &plan.campaign } else { &plan.channel };
        // Of several spellings the least one is shown, whatever the order of rows.
        let written = self.spellings.iter().filter(|text| folded(text) == *name).min().copied().unwrap_or_default();
        let key = [written, &plan.campaign, &plan.start.to_string(), &plan.end.to_string()].joined(DIVIDER);
        measure.add(Key::part("budget", key.as_str()), plan.amount.into());
        measure.note(Key::part("spent", key.as_str()), i64::try_from(self.spent(plan, until)).unwrap_or(i64::MAX));
        key
    }

    /// What was spent on a plan from its start to an instant.
    fn spent(&self, plan: &Plan, until: i64) -> i128 {
        let fits = self.outlays.iter().filter(|([channel, campaign], _)| {
            (plan.channel.is_empty() || *channel == plan.channel)
                && (plan.campaign.is_empty() || *campaign == plan.campaign)
        });
        let inside = fits.flat_map(|(_, of)| of).filter(|(at, _)| plan.start <= *at && *at < until);
        inside.fold(0_i128, |sum, (_, amount)| sum.plus((*amount).into()))
    }

    /// Notes what was spent in the period on channels and campaigns that no plan names, and what can't be read.
    pub(super) fn note_rest(&self, measure: &mut Measure) {
        let planned = |channel: &str, campaign: &str| {
            !self.divided
                || self.plans.iter().any(|((_, _, of, within), _)| {
                    (of.is_empty() || of == channel)
                        && (within.is_empty() || within == campaign)
                        && !(of.is_empty() && within.is_empty())
                })
        };
        let rest = self.outlays.iter().filter(|([channel, campaign], _)| !planned(channel, campaign));
        let inside = rest.flat_map(|(_, of)| of).filter(|(at, _)| self.scan.period.contains(*at) && *at < self.until);
        if self.known {
            measure.note(Key::whole("unbudgeted"), inside.fold(0_i64, |sum, (_, amount)| sum.plus(*amount)));
        }
        if self.divided && matches!(self.outlays.as_slice(), [(names, _)] if names.iter().all(String::is_empty)) {
            measure.note(Key::whole("unnamed"), 0);
        }
        measure.note(Key::whole("spend_unread"), self.unread);
    }
}

fn span(scan: &Scan, table: &Table, row: usize) -> Result<Span, Fault> {
    let date = |field: &'static str| scan.date(table.time(field), row).map_err(|reason| (reason, field));
    let text = |field: &str| table.text(field).map_or_else(String::new, |column| folded(column.get(row)));
    Ok((date("start_at")?, date("end_at")?, text("channel"), text("campaign")))
}

/// When a plan was made; before everything where nobody says.
fn made(scan: &Scan, table: &Table, row: usize) -> i64 {
    scan.date(table.time("planned_at"), row).unwrap_or(i64::MIN)
}

/// Why nothing can be said of what was spent on plans, if so.
pub(super) fn untold(measure: &Measure) -> Option<Answer> {
    if noted(measure, "unbudgeted").is_none() {
        return Some(no_spend(measure));
    }
    let why = "No row of spend says its channel or campaign, so none can be held against a budget.";
    noted(measure, "unnamed").map(|_| Answer::undefined("no_evidence", why))
}

/// The plans of a measure: name, budget, and what was spent.
pub(super) fn plans(measure: &Measure) -> Vec<(&str, i64, i64)> {
    let spent = measure.noted("spent").into_iter();
    let plan = spent.map(|(key, spent)| {
        let budget = i64::try_from(measure.sum("budget", key)).unwrap_or(i64::MAX);
        (key.split(DIVIDER).next().unwrap_or(key), budget, spent)
    });
    plan.list()
}

/// Amounts by name.
pub(super) type Sums<'a, const N: usize> = Vec<(&'a str, [i128; N])>;

/// Adds amounts to those of a name.
pub(super) fn add_to<'a, const N: usize>(sums: &mut Sums<'a, N>, name: &'a str, amounts: [i64; N]) {
    let amounts = amounts.map(i128::from);
    match sums.iter_mut().find(|(known, _)| *known == name) {
        Some((_, sum)) => sum.iter_mut().zip(amounts).for_each(|(sum, more)| *sum = sum.plus(more)),
        None => sums.push((name, amounts)),
    }
}
