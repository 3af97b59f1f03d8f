//! The touches that led to a deal, in order: what attribution divides credit over.

use super::Scan;
use super::amounts::{Coded, coded};
use super::deals::Deals;
use crate::fold::lower;
use crate::list::List;
use crate::sort::sorted;
use crate::table::joins::Grouped;
use crate::table::{Table, is_known};
use crate::time::DAY;
use std::rc::Rc;

/// A touch of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Touch {
    pub(crate) at: i64,
    /// Position of its channel among [`Paths::channels`].
    pub(crate) channel: usize,
}

/// The touches of deals' contacts.
pub(crate) struct Paths<'a> {
    scan: &'a Scan<'a>,
    contact_ids: &'a [u32],
    /// The contacts of each text of them.
    listed: Grouped,
    /// Names of channels, in order.
    pub(crate) channels: Vec<&'a str>,
    /// Whether each is no channel at all: people who came by themselves.
    direct: Vec<bool>,
    /// Position of each channel by its code.
    positions: Vec<usize>,
    at: &'a [i64],
    codes: &'a [u32],
    /// Whether a kind or direction is no sign of interest.
    unasked: [Option<Coded<'a, ()>>; 2],
    touches: Grouped,
    /// When each contact became a lead, and the row of the first contact of each text.
    leads: &'a [i64],
    firsts: Rc<Vec<u32>>,
}

/// The first instant of a path that goes back some days.
pub(crate) fn from(closed: i64, days: i64) -> i64 {
    closed.saturating_sub(days.saturating_mul(DAY))
}

/// Sends and sign-offs from a list are no sign of interest.
const NO_TOUCH: [&str; 2] = ["email_sent", "unsubscribe"];

impl<'a> Paths<'a> {
    pub(crate) fn new(scan: &'a Scan<'a>) -> Self {
        let contact_ids = scan.table.text("contact_ids").map_or(&[][..], |column| &column.codes);
        let lead = super::scan::stage_field(&scan.charter.lifecycle.lead);
        let leads = scan.dataset.table("contacts").and_then(|table| table.time(&lead)).unwrap_or_default();
        let listed = scan.dataset.listed(scan.table, "contact_ids");
        let firsts = scan.dataset.first_listed(scan.table, "contact_ids");
        let touches = scan.dataset.touches_by_contact();
        let (channels, direct, positions, unasked) = (Vec::new(), Vec::new(), Vec::new(), [None, None]);
        let (at, codes) = (&[][..], &[][..]);
        let mut paths =
            Self { scan, contact_ids, listed, channels, direct, positions, at, codes, unasked, touches, leads, firsts };
        if let Some(table) = scan.dataset.table("touches") {
            paths.read(table);
        }
        paths
    }

    fn read(&mut self, table: &'a Table) -> Option<()> {
        let (at, channels) = (table.time("at")?, table.text("channel")?);
        // Codes depend on the order of rows, positions among the sorted names don't.
        let codes = 1..u32::try_from(channels.dictionary.len()).unwrap_or(u32::MAX);
        let names = sorted(codes.map(|code| (channels.dictionary.text(code), code)).list());
        self.positions = vec![0; channels.dictionary.len()];
        for (index, (_, code)) in names.iter().enumerate() {
            if let Some(place) = self.positions.get_mut(*code as usize) {
                *place = index;
            }
        }
        self.channels = names.into_iter().map(|(name, _)| name).list();
        let direct = |name: &&str| matches!(lower(name).as_str(), "direct" | "(direct)" | "direct traffic");
        self.direct = self.channels.iter().map(direct).list();
        let unasked = |field: &str, words: &[&str]| {
            table.text(field).map(|column| coded(column, &|text| words.contains(&text).then_some(())))
        };
        self.unasked = [unasked("kind", &NO_TOUCH), unasked("direction", &["outbound"])];
        (self.at, self.codes) = (at, &channels.codes);
        Some(())
    }

    /// A touch that shows interest, seen by the as-of instant.
    #[inline]
    fn touch(&self, row: usize) -> Option<Touch> {
        let at = self.at.get(row).copied().filter(|at| is_known(*at) && *at <= self.scan.as_of)?;
        let channel = self.codes.get(row).copied().filter(|code| *code > 0)?;
        let is_unasked = |column: &Option<Coded<()>>| {
            let (codes, meanings) = column.as_ref()?;
            meanings.get(*codes.get(row)? as usize).copied().flatten()
        };
        if self.unasked.iter().any(|column| is_unasked(column).is_some()) {
            return None;
        }
        Some(Touch { at, channel: self.positions.get(channel as usize).copied().unwrap_or(0) })
    }

    /// The path of a deal that closed at an instant: touches of its contacts up to then, within some days.
    #[cfg_attr(speed, optimize(speed))]
    pub(crate) fn of(&self, row: usize, closed: i64, days: i64) -> Vec<Touch> {
        let from = from(closed, days);
        let mut path = Vec::new();
        for contact in self.contact_ids.get(row).map_or(&[][..], |code| self.listed.of(*code)) {
            let own = self.touches.of(*contact).iter().filter_map(|row| self.touch(*row as usize));
            path.extend(own.filter(|touch| (from..=closed).contains(&touch.at)));
        }
        if path.is_sorted() { path } else { sorted(path) }
    }

    /// The touches of a path at which its first contact became a lead and the deal was made: the last ones up to then.
    pub(crate) fn milestones(&self, deals: &Deals, row: usize, path: &[Touch]) -> [Option<usize>; 2] {
        let last = |at: Option<i64>| path.partition_point(|touch| Some(touch.at) <= at).checked_sub(1);
        let first = self.contact_ids.get(row).and_then(|code| self.firsts.get(*code as usize));
        let lead = first.and_then(|row| self.leads.get(*row as usize)).copied();
        let lead = lead.filter(|at| is_known(*at) && *at <= self.scan.as_of);
        [lead.and_then(|at| last(Some(at))), deals.created(row).ok().and_then(|at| last(Some(at)))]
    }

    /// Whether a channel is no channel at all: people who came by themselves.
    pub(crate) fn is_direct(&self, touch: &Touch) -> bool {
        self.direct.get(touch.channel).copied().unwrap_or(false)
    }
}
