//! What deals have to do with marketing: where they came from, what touched them, and what was spent.

use super::amounts::{Amounts, Coded, coded};
use super::deals::{Deals, Fault, NO_DAY, folded, is_undated};
use super::judgement::UNDATED;
use super::scan::{Filter, Tally};
use super::stack::{evidence, share_of};
use super::{Answer, Frame, Parameter, Part, Range, Scan};
use crate::charter::money::date;
use crate::charter::revenue::{Revenue, RevenueTarget, SourcedBy};
use crate::charter::{Charter, DealState};
use crate::figure::{Quantity, Unit};
use crate::ledger::Reason;
use crate::list::List;
use crate::measure::{Key, Measure};
use crate::money::{UNIT, to_units};
use crate::period::Period;
use crate::sum::Sum;
use crate::table::joins::{Grouped, NONE, UNKNOWN};
use crate::table::{TextColumn, is_known};
use crate::time::Zone;
use std::rc::Rc;

/// Where deals came from: deal → first contact → source, by dictionary codes.
pub(super) struct Origins<'a> {
    /// The contacts of each deal, and the row of the first of each text; nothing where the deal's own source decides.
    contacts: Option<(&'a TextColumn, Rc<Vec<u32>>)>,
    /// Whether the deal's own source decides, or no contact is known.
    own: bool,
    pub(super) sources: Option<&'a TextColumn>,
    /// Whether a source is marketing's, by its code.
    marketing: Vec<Option<bool>>,
}

impl<'a> Origins<'a> {
    pub(super) fn new(scan: &Scan<'a>) -> Self {
        let revenue = &scan.charter.revenue;
        let by_deal = revenue.sourced_by == SourcedBy::Deal;
        let contacts = scan.dataset.table("contacts").filter(|_| !by_deal);
        let own = contacts.is_none_or(|table| table.text("id").is_none());
        let sources = if by_deal { scan.table.text("source") } else { contacts.and_then(|table| table.text("source")) };
        let wanted: Vec<String> = revenue.marketing_sources.iter().map(|source| folded(source)).list();
        let is_marketing = |text: &str| Some(wanted.contains(&folded(text)));
        let marketing = sources.map_or_else(Vec::new, |column| coded(column, &is_marketing).1);
        let listed = scan.table.text("contact_ids").filter(|_| !by_deal);
        let contacts = listed.map(|column| (column, scan.dataset.first_listed(scan.table, "contact_ids")));
        Self { contacts, own, sources, marketing }
    }

    /// The code of a deal's source, and whether that is marketing's.
    pub(super) fn of(&self, row: usize) -> Result<(u32, bool), Fault> {
        let at = match &self.contacts {
            None if self.own => row,
            None => return Err((Reason::NoEvidence, "contact_ids")),
            Some((column, rows)) => {
                let first = column.codes.get(row).and_then(|code| rows.get(*code as usize)).copied().unwrap_or(NONE);
                match first {
                    NONE => return Err((Reason::NoEvidence, "contact_ids")),
                    UNKNOWN => return Err((Reason::Unmatched, "contact_ids")),
                    first => first as usize,
                }
            }
        };
        let code = self.sources.and_then(|column| column.codes.get(at)).copied().filter(|code| *code > 0);
        let code = code.ok_or((Reason::NoEvidence, "source"))?;
        Ok((code, self.marketing.get(code as usize).copied().flatten() == Some(true)))
    }
}

/// Touches by contact.
struct Touches<'a> {
    at: &'a [i64],
    /// Whether a touch's channel or campaign is named, and whether its kind or direction is no sign of interest.
    named: [Option<Coded<'a, bool>>; 2],
    unasked: [Option<Coded<'a, bool>>; 2],
    of: Grouped,
}

impl<'a> Touches<'a> {
    fn new(scan: &Scan<'a>) -> Option<Self> {
        let table = scan.dataset.table("touches")?;
        let at = table.text("contact_id").and(table.time("at"))?;
        // Looked up once for each text of the three columns.
        let lookup = |field: &str, meaning: &dyn Fn(&str) -> Option<bool>| -> Option<Coded<'a, bool>> {
            table.text(field).map(|column| coded(column, meaning))
        };
        let named = |text: &str| Some(!text.is_empty());
        let sent = |text: &str| Some(matches!(folded(text).as_str(), "email_sent" | "unsubscribe"));
        let outbound = |text: &str| Some(folded(text) == "outbound");
        let unasked = [lookup("kind", &sent), lookup("direction", &outbound)];
        let named = [lookup("channel", &named), lookup("campaign", &named)];
        Some(Self { at, named, unasked, of: scan.dataset.touches_by_contact() })
    }

    /// Whether a touch counts as marketing's influence.
    fn is_qualified(&self, row: usize) -> bool {
        let says = |column: &Option<Coded<bool>>| {
            column.as_ref().is_some_and(|(codes, meanings)| {
                codes.get(row).and_then(|code| meanings.get(*code as usize)).copied().flatten() == Some(true)
            })
        };
        self.named.iter().any(says) && !self.unasked.iter().any(says)
    }

    /// Qualifying touches of a contact in a window, and all of its touches there.
    #[cfg_attr(speed, optimize(speed))]
    fn within(&self, contact: u32, from: i64, until: i64) -> (u32, u32) {
        self.of.of(contact).iter().fold((0, 0), |(qualified, all), row| {
            let row = *row as usize;
            let inside = self.at.get(row).is_some_and(|at| is_known(*at) && from <= *at && *at <= until);
            let counts = inside && self.is_qualified(row);
            (u32::saturating_add(qualified, counts.into()), u32::saturating_add(all, inside.into()))
        })
    }
}

/// Which deals are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// Those created in the period, at the rate of that day.
    Created,
    /// Those won in the period, at the rate of that day.
    Won,
}

/// Attributes the amounts of deals. By source: `sourced`, `other`, `unknown_source` and `by_source`. By touches:
/// `influenced`, `fraction`, `uninfluenced`, `unknown_touches`. The rows by source are the whole's where both are wanted,
/// and those by touches the part's `influenced`.
pub(super) fn attributed(scan: &Scan, of: Of, by_source: bool, by_touch: bool) -> Measure {
    let deals = Deals::new(scan);
    let origins = by_source.then(|| Origins::new(scan));
    let touches = if by_touch { Touches::new(scan) } else { None };
    let listed = by_touch.then(|| scan.dataset.listed(scan.table, "contact_ids"));
    let has_contacts = scan.dataset.table("contacts").is_some_and(|contacts| contacts.text("id").is_some());
    let firsts = (by_touch && has_contacts).then(|| scan.dataset.first_listed(scan.table, "contact_ids"));
    let codes = scan.table.text("contact_ids").map_or(&[][..], |column| &column.codes);
    let window = i64::from(scan.charter.revenue.influence_window_days).saturating_mul(crate::time::DAY);
    let [mut whole, mut touched] = [(); 2].map(|()| Tally::new(scan.table));
    let sources = origins.as_ref().and_then(|origins| origins.sources);
    let mut sums = vec![0_i128; sources.map_or(0, |column| column.dictionary.len())];
    let mut measure = Measure::default();
    for row in scan.rows() {
        let at = match of {
            Of::Won => deals.won_in_period(row),
            Of::Created => deals.visible(row).and_then(|()| {
                let at = deals.created(row)?;
                scan.in_period(at).map_err(|reason| (reason, "created_at"))?;
                Ok(at)
            }),
        };
        // A deal that may have been created in the period is counted apart.
        let undated = of == Of::Created && is_undated(at);
        let part = if undated { UNDATED } else { "" };
        let day = if undated { Ok(NO_DAY) } else { at };
        let amount =
            day.and_then(|at| deals.amount(row, at).inspect_err(|_| measure.add(Key::part("unread", part), 1)));
        if let Some(origins) = &origins {
            let found = amount.and_then(|amount| {
                origins.of(row).inspect_err(|_| measure.add(Key::part("unknown_source", part), amount.into()))
            });
            whole.row(row, at.and(found));
            if let (Ok((code, marketing)), Ok(amount)) = (found, amount) {
                measure.add(Key::part(if marketing { "sourced" } else { "other" }, part), amount.into());
                if let Some(sum) = sums.get_mut(code as usize).filter(|_| !undated) {
                    *sum = sum.saturating_add(amount.into());
                }
            }
        }
        if by_touch {
            let found = amount.and_then(|amount| {
                let closed = deals.closed_at(row).filter(|at| *at <= scan.as_of);
                let open = matches!(deals.state(row), Ok(DealState::Open));
                let until = if open { scan.as_of } else { closed.unwrap_or(scan.as_of) };
                let people = listed.as_ref().zip(codes.get(row)).map_or(&[][..], |(listed, code)| listed.of(*code));
                // Of people whom nobody knows and nobody touched, the ids may be those of another system.
                let first = firsts.as_ref().zip(codes.get(row)).and_then(|(firsts, code)| firsts.get(*code as usize));
                let known = first != Some(&UNKNOWN) || people.iter().any(|code| *code > 0);
                let Some(touches) = touches.as_ref().filter(|_| known && !people.is_empty()) else {
                    measure.add(Key::part("unknown_touches", part), amount.into());
                    return Err((Reason::NoEvidence, "contact_ids"));
                };
                Ok(people.iter().fold((0_u32, 0_u32), |(qualified, all), contact| {
                    let (more, of) = touches.within(*contact, until.saturating_sub(window), until);
                    (qualified.saturating_add(more), all.saturating_add(of))
                }))
            });
            touched.row(row, at.and(found));
            if let (Ok((qualified, all)), Ok(amount)) = (found, amount) {
                let series = if qualified > 0 { "influenced" } else { "uninfluenced" };
                measure.add(Key::part(series, part), amount.into());
                let share = share_of(amount.into(), qualified.into(), all.into());
                measure.add(Key::part("fraction", part), share.into());
            }
        }
    }
    if by_source {
        whole.finish(&mut measure);
        if by_touch {
            touched.finish_part("influenced", &mut measure);
        }
    } else {
        touched.finish(&mut measure);
    }
    if let Some(column) = sources {
        for (code, sum) in sums.iter().enumerate().filter(|(_, sum)| **sum != 0) {
            measure.add(Key::part("by_source", column.dictionary.text(code as u32)), *sum);
        }
    }
    measure
}

/// What is marketing's of an attributed amount: as a share of what is known, with bounds for what isn't.
pub(super) fn share(measure: &Measure, sides: [&'static str; 3], words: (&str, &str), n: u64) -> Answer {
    evidence(sides.map(|series| measure.sum(series, "")), UNIT.into(), Unit::Money, words).from_records(n)
}

/// The sides of an amount by its source.
pub(super) const BY_SOURCE: [&str; 3] = ["sourced", "other", "unknown_source"];
/// The sides of an amount by whether anything touched it.
pub(super) const BY_TOUCH: [&str; 3] = ["influenced", "uninfluenced", "unknown_touches"];

/// The same as an amount.
pub(super) fn amount(measure: &Measure, [yes, _, unknown]: [&'static str; 3], n: u64) -> Answer {
    let undated = measure.sum(yes, UNDATED).plus(measure.sum(unknown, UNDATED));
    let [yes, unknown, unread] = [yes, unknown, "unread"].map(|series| measure.sum(series, ""));
    let answer = if n == 0 && (unknown > 0 || unread > 0) {
        Answer::undefined(
            "no_evidence",
            "No deal of the period has both a usable amount and evidence of whether it is marketing’s.",
        )
    } else {
        Answer::new(to_units(yes), n)
    };
    let more = unknown.plus(undated);
    answer.bounded((more > 0).then(|| [yes, yes.plus(more)].map(to_units)))
}

/// A part of money for each source, in the order of their names.
pub(super) fn by_source(measure: &Measure) -> Vec<Part> {
    let sums = measure.sums.iter().filter(|(key, _)| key.0 == "by_source");
    sums.map(|(key, sum)| Part::new(&key.1, &key.1, Unit::Money, Answer::new(to_units(*sum), u64::MAX))).list()
}

/// Money that was spent.
pub(super) struct Outlay<'a> {
    /// In millionths of the charter's currency.
    pub(super) amount: i64,
    pub(super) at: i64,
    pub(super) channel: &'a str,
    pub(super) campaign: &'a str,
    pub(super) category: &'a str,
}

/// Looks at everything that was spent by the as-of instant and passes the filter, where records are `chosen` by it; says
/// how many rows can't be read, and whether anything is known of spend: not where there is none, or no row can be read.
pub(super) fn each_outlay(scan: &Scan, chosen: bool, look: &mut dyn FnMut(&Outlay)) -> (i64, bool) {
    let Some(table) = scan.dataset.table("spend") else { return (0, false) };
    let filter = if chosen { Filter::of(table, scan.asked) } else { Filter::default() };
    // A credit note lowers what was spent.
    let amounts = Amounts::new(table, scan.converter).signed();
    let text = |field: &str, row: usize| table.text(field).map_or("", |column| column.get(row));
    let dates = table.time("at");
    let (mut unread, mut read) = (0_i64, false);
    for row in (0..table.rows).filter(|row| filter.passes(*row)) {
        let amount = scan.seen(dates, row).and_then(|at| {
            let amount = amounts.of("amount", row, scan.clock.day_of(at)).map_err(|(reason, _)| reason)?;
            Ok((at, amount))
        });
        read |= amount.is_ok();
        match amount {
            Ok((at, amount)) => look(&Outlay {
                amount,
                at,
                channel: text("channel", row),
                campaign: text("campaign", row),
                category: text("category", row),
            }),
            Err(Reason::AfterAsOf) => {}
            Err(_) => unread = unread.saturating_add(1),
        }
    }
    (unread, read || unread == 0)
}

/// Whether a cost line is among some; `usual` decides where none are named.
pub(super) fn is_line(lines: &[String], category: &str, usual: bool) -> bool {
    if lines.is_empty() { usual } else { lines.iter().any(|line| folded(line) == folded(category)) }
}

/// Whether an outlay is a cost of marketing.
pub(super) fn is_marketing(revenue: &Revenue, outlay: &Outlay) -> bool {
    is_line(&revenue.marketing_cost_lines, outlay.category, folded(outlay.category) != "sales")
}

/// A period moved back by whole months.
pub(super) fn lagged(period: &Period, months: u32, zone: &Zone) -> Period {
    let back = |instant: i64| {
        let months = i32::try_from(months).unwrap_or(0).saturating_neg();
        crate::period::add_months(zone.day_of(instant), months).map_or(instant, |day| zone.start_of_day(day))
    };
    Period { start: period.start.map(back), end: period.end.map(back), ..period.clone() }
}

/// Notes what marketing spent in the period: `cost` in all, `cost_by_channel` (without case), and how many rows of spend
/// can't be read.
pub(super) fn note_spend(scan: &Scan, period: &Period, measure: &mut Measure) {
    let mut total = 0_i64;
    let mut channels: Vec<(String, i64)> = Vec::new();
    let (unread, known) = each_outlay(scan, true, &mut |outlay| {
        if period.contains(outlay.at) && is_marketing(&scan.charter.revenue, outlay) {
            total = total.saturating_add(outlay.amount);
            match channels.iter_mut().find(|(known, _)| folded(known) == folded(outlay.channel)) {
                Some((known, sum)) => {
                    *sum = sum.saturating_add(outlay.amount);
                    // Of several spellings the least one stays, whatever the order of rows.
                    if outlay.channel < known.as_str() {
                        *known = outlay.channel.into();
                    }
                }
                None => channels.push((outlay.channel.into(), outlay.amount)),
            }
        }
    });
    if known {
        measure.note(Key::whole("cost"), total);
    }
    measure.note(Key::whole("spend_unread"), unread);
    for (channel, sum) in channels {
        measure.note(Key::part("cost_by_channel", channel), sum);
    }
}

/// A total that was noted.
pub(super) fn noted(measure: &Measure, series: &str) -> Option<i64> {
    measure.noted(series).first().map(|(_, total)| *total)
}

/// What can't be said where nothing is known of spend.
pub(super) fn no_spend(measure: &Measure) -> Answer {
    match noted(measure, "spend_unread") {
        Some(1..) => Answer::undefined("no_evidence", "No row of spend can be read."),
        _ => Answer::undefined("missing_table", "It needs the table “spend”, which was not given."),
    }
}

/// What each of some records cost; unknown where no cost is recorded.
pub(super) fn per_record(measure: &Measure, cost: Option<i64>, n: u64, [of, by]: [&str; 2]) -> Answer {
    match cost {
        None => no_spend(measure),
        Some(0) => Answer::undefined("no_cost", "No cost is recorded for it."),
        Some(..0) => Answer::undefined("negative_cost", "Credit notes come to more than was spent."),
        Some(cost) => Answer::quotient(Quantity::money(cost.into(), of), Quantity::records(n, by)).from_records(n),
    }
}

/// The part that says how many rows of spend could not be read, where any.
pub(super) fn unread_part(measure: &Measure) -> Option<Part> {
    let unread = noted(measure, "spend_unread").filter(|unread| *unread > 0)?;
    let answer = Answer::new(unread as f64, u64::MAX);
    Some(Part::new("spend_unread", "Rows of spend that can’t be read", Unit::Records, answer))
}

/// The field that says where deals come from.
pub(super) fn origin(charter: &Charter) -> &'static str {
    if charter.revenue.sourced_by == SourcedBy::Deal { "source" } else { "contact_ids" }
}

/// The parameter that says what counts as marketing's.
pub(super) const BASIS: Parameter = Parameter {
    name: "attribution",
    range: Range::Choice(&["sourced", "influenced", "influenced_fractional"]),
    text: "which deals are marketing's: those from its sources, all it touched, or of these its share of the touches",
};

/// (won − cost) ÷ cost, where some more may be won.
pub(super) fn roi([won, unknown]: [i128; 2], margin: f64, cost: i128, n: u64) -> Answer {
    let margin = libm::rint(margin * UNIT as f64) as i128;
    let gain = |won: i128| to_units(i128::from(share_of(won, margin, UNIT.into())).saturating_sub(cost));
    let (least, most, cost) = (gain(won), gain(won.saturating_add(unknown)), to_units(cost));
    let money = |value, label| Quantity::new(value, Unit::Money, label);
    let answer = Answer::quotient(money(least, "attributed won amount less cost"), money(cost, "cost"));
    answer.from_records(n).spanning((unknown > 0 && cost > 0.0).then(|| [least / cost, most / cost]))
}

/// Notes which channels of spend are a source of a table's records.
pub(super) fn note_matched(scan: &Scan, table: &str, measure: &mut Measure) {
    let table = scan.dataset.table(table);
    let Some(column) = table.and_then(|table| table.text("source")) else { return };
    let codes = 1..u32::try_from(column.dictionary.len()).unwrap_or(u32::MAX);
    let known: Vec<String> = codes.map(|code| folded(column.dictionary.text(code))).list();
    let channels: Vec<String> = measure.noted("cost_by_channel").iter().map(|(name, _)| (*name).to_owned()).list();
    for name in channels {
        if !name.is_empty() && known.contains(&folded(&name)) {
            measure.note(Key::part("matched", name), 0);
        }
    }
}

/// What should be won in exactly the period asked for: one target, or several that together are the period.
pub(super) fn target(frame: &Frame) -> Option<i128> {
    let (start, end) = frame.period.start.zip(frame.period.end)?;
    let (mut at, end) = (frame.zone.day_of(start), frame.zone.day_of(end));
    let mut sum = 0_i128;
    let targets = &frame.charter.revenue.targets;
    let days = |target: &RevenueTarget| Some((date(&target.from)?, date(&target.until)?));
    // One for the very period goes before its pieces.
    let exact = targets.iter().find(|target| days(target) == Some((at, end)));
    if let Some(exact) = exact {
        return Some(libm::rint(exact.amount * UNIT as f64) as i128);
    }
    for _ in targets {
        if at >= end {
            break;
        }
        let next = targets.iter().filter_map(|target| Some((days(target)?, target.amount)));
        let fits = next.filter(|((from, until), _)| *from == at && *until > at && *until <= end);
        let ((_, until), amount) = fits.min_by_key(|((_, until), _)| *until)?;
        sum = sum.saturating_add(libm::rint(amount * UNIT as f64) as i128);
        at = until;
    }
    (at == end).then_some(sum)
}
