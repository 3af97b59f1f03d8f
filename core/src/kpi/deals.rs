//! What deals have in common: whether they are won, and what they are worth.

use super::Scan;
use super::amounts::{Amounts, Coded, coded};
use super::buckets::{Buckets, Counted, count, write_all};
use super::judgement::UNDATED;
use crate::charter::{Charter, DealStage, DealState};
use crate::fold::lower;
use crate::ledger::Reason;
use crate::measure::{Key, Measure};
use crate::table::{BLANK, TextColumn, is_known};

/// The deals of a scan, with stages and currencies looked up once for each dictionary entry.
pub(crate) struct Deals<'a> {
    scan: &'a Scan<'a>,
    created: Option<&'a [i64]>,
    closed: Option<&'a [i64]>,
    won: Option<&'a [i64]>,
    is_closed: Option<&'a [i64]>,
    amounts: Option<&'a [i64]>,
    stages: Option<Coded<'a, usize>>,
    money: Amounts<'a>,
}

/// Before every exchange rate: of a day that nobody knows, amounts in other currencies are unknown.
pub(super) const NO_DAY: i64 = i64::MIN;

/// Whether nobody knows when.
pub(super) fn is_undated<T>(dated: Result<T, Fault>) -> bool {
    matches!(dated, Err((Reason::BlankField | Reason::UnparsableDate, field)) if field.ends_with("_at"))
}

/// Why a deal is left out, and the field at fault.
pub(crate) type Fault = (Reason, &'static str);

impl<'a> Deals<'a> {
    pub(crate) fn new(scan: &'a Scan<'a>) -> Self {
        let table = scan.table;
        Self {
            scan,
            created: table.time("created_at"),
            closed: table.time("closed_at"),
            won: table.flag("is_won"),
            is_closed: table.flag("is_closed"),
            amounts: table.money("amount"),
            stages: table.text("stage").map(|column| stages(scan.charter, column)),
            money: Amounts::new(table, scan.converter),
        }
    }

    #[inline]
    fn stage(&self, row: usize) -> Result<&'a DealStage, Fault> {
        let code = self.stages.as_ref().and_then(|(codes, _)| codes.get(row)).copied().unwrap_or(0);
        match self.place(row).and_then(|place| self.scan.charter.deal_stages.get(place)) {
            Some(stage) => Ok(stage),
            None if code == 0 => Err((Reason::BlankField, "stage")),
            None => Err((Reason::UnknownStage, "stage")),
        }
    }

    /// The place in the charter of the deal's present stage.
    #[inline]
    pub(super) fn place(&self, row: usize) -> Option<usize> {
        let (codes, places) = self.stages.as_ref()?;
        *places.get(*codes.get(row)? as usize)?
    }

    /// Whether a deal may be looked at: in the filter, and made before the as-of instant as far as is known.
    #[inline]
    pub(crate) fn visible(&self, row: usize) -> Result<(), Fault> {
        if !self.scan.filter.passes(row) {
            return Err((Reason::OutsideFilter, ""));
        }
        match self.scan.seen(self.created, row) {
            Err(Reason::AfterAsOf) => Err((Reason::AfterAsOf, "created_at")),
            _ => Ok(()),
        }
    }

    /// Open, won or lost as the data stand now. Flags go before the stage; a won deal is closed.
    #[inline]
    pub(crate) fn state(&self, row: usize) -> Result<DealState, Fault> {
        let flag = |cells: Option<&[i64]>| {
            let cell = cells.and_then(|cells| cells.get(row)).copied().unwrap_or(BLANK);
            is_known(cell).then_some(cell != 0)
        };
        match (flag(self.won), flag(self.is_closed)) {
            (Some(true), _) => return Ok(DealState::Won),
            (_, Some(false)) => return Ok(DealState::Open),
            (Some(false), Some(true)) => return Ok(DealState::Lost),
            _ => {}
        }
        self.stage(row).map(|stage| stage.state)
    }

    /// Whether the deal's present stage counts as qualified.
    pub(crate) fn qualified(&self, row: usize) -> Result<bool, Fault> {
        self.stage(row).map(|stage| stage.qualified)
    }

    /// The instant a closed deal was closed at and whether it was won, if that is seen.
    #[cfg_attr(speed, optimize(speed))]
    pub(crate) fn closed(&self, row: usize) -> Result<(i64, bool), Fault> {
        self.visible(row)?;
        let won = match self.state(row)? {
            DealState::Open => return Err((Reason::InFlight, "")),
            DealState::Won => true,
            DealState::Lost => false,
        };
        let at = self.scan.seen(self.closed, row).map_err(|reason| {
            // Closed after the as-of instant: then it was still open.
            (if reason == Reason::AfterAsOf { Reason::InFlight } else { reason }, "closed_at")
        })?;
        Ok((at, won))
    }

    /// The same if it is in the period.
    pub(crate) fn closed_in_period(&self, row: usize) -> Result<(i64, bool), Fault> {
        let (at, won) = self.closed(row)?;
        self.scan.in_period(at).map_err(|reason| (reason, "closed_at"))?;
        Ok((at, won))
    }

    /// Days from when a deal was made to when it was closed.
    pub(super) fn days_to(&self, row: usize, closed: i64) -> Result<i64, Fault> {
        let created = self.created(row)?;
        if closed < created {
            Err((Reason::NegativeDuration, "closed_at"))
        } else {
            Ok(self.scan.days(created, closed))
        }
    }

    /// When a deal was won, if in the period.
    pub(super) fn won_in_period(&self, row: usize) -> Result<i64, Fault> {
        match self.closed_in_period(row)? {
            (at, true) => Ok(at),
            (_, false) => Err((Reason::NotCounted, "stage")),
        }
    }

    /// When the deal was made.
    pub(crate) fn created(&self, row: usize) -> Result<i64, Fault> {
        self.scan.seen(self.created, row).map_err(|reason| (reason, "created_at"))
    }

    /// When the deal was closed, whatever the as-of instant.
    pub(crate) fn closed_at(&self, row: usize) -> Option<i64> {
        self.closed.and_then(|cells| cells.get(row)).copied().filter(|cell| is_known(*cell))
    }

    /// Notes what a deal of no known date would add to a sum, at the rate of an instant's day.
    pub(super) fn undated(&self, row: usize, at: i64, series: &'static str, measure: &mut Measure) {
        if let Ok(amount) = self.amount(row, at) {
            measure.add(Key::part(series, UNDATED), amount.into());
            measure.add(Key::part("known", UNDATED), 1);
        }
    }

    /// The amount in millionths of the charter's currency, at the rate of an instant's day.
    pub(crate) fn amount(&self, row: usize, at: i64) -> Result<i64, Fault> {
        self.money.read(self.amounts, "amount", row, self.scan.clock.day_of(at))
    }
}

/// Which of the charter's deal stages each text of a column names, by its place there.
pub(super) fn stages<'a>(charter: &Charter, column: &'a TextColumn) -> Coded<'a, usize> {
    let mut names = Vec::new();
    for (place, stage) in charter.deal_stages.iter().enumerate() {
        for name in [&stage.id, &stage.label].into_iter().chain(&stage.aliases) {
            names.push((folded(name), place));
        }
    }
    coded(column, &|text| {
        let text = folded(text);
        // A stage without a label is not named by a blank.
        names.iter().find(|(name, _)| *name == text && !text.is_empty()).map(|(_, place)| *place)
    })
}

/// How names are compared: without case and surrounding space.
pub(crate) fn folded(name: &str) -> String {
    lower(name.trim())
}

/// Counts won deals by what can be read of each, such as its amount, given when it was won.
pub(super) fn won_by_bucket(
    scan: &Scan,
    buckets: &Buckets,
    series: &'static str,
    read: &dyn Fn(&Deals, usize, i64) -> Result<i64, Fault>,
) -> Vec<Measure> {
    let deals = Deals::new(scan);
    let mut counted = Counted::new(scan, buckets);
    let mut histograms = buckets.each();
    for row in scan.rows() {
        let closed = deals.closed(row);
        let found = counted.value(row, closed.map(|(at, _)| at), "closed_at", &|at| match closed {
            Ok((_, true)) => read(&deals, row, at),
            _ => Err((Reason::NotCounted, "stage")),
        });
        if let Some((value, places)) = found {
            count(&mut histograms, places, value);
        }
    }
    let mut measures = buckets.each();
    counted.finish(&mut measures);
    write_all(histograms, &Key::whole(series), &mut measures);
    measures
}
