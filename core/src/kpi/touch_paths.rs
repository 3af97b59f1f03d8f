//! The touches that led to a deal, in order: what attribution divides credit over.

use super::Scan;
use super::deals::Deals;
use super::revenue::contacts_of;
use crate::fold::lower;
use crate::sort::sorted;
use crate::table::{Table, TextColumn, is_known};
use crate::time::DAY;

/// A touch of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Touch {
    pub(crate) at: i64,
    /// Position of its channel among [`Paths::channels`].
    pub(crate) channel: usize,
}

/// Touches by contact, for the contacts of some deals.
pub(crate) struct Paths<'a> {
    scan: &'a Scan<'a>,
    contact_ids: Option<&'a TextColumn>,
    contacts: Option<&'a TextColumn>,
    /// Names of channels, in order.
    pub(crate) channels: Vec<&'a str>,
    /// By contact (a code of the touches' own dictionary) and time.
    touches: Vec<(u32, Touch)>,
    /// The contacts table, and the row of each code of its ids.
    leads: Option<(&'a Table, &'a [i64], Vec<usize>)>,
}

/// Sends and sign-offs from a list are no sign of interest.
const NO_TOUCH: [&str; 2] = ["email_sent", "unsubscribe"];

impl<'a> Paths<'a> {
    pub(crate) fn new(scan: &'a Scan<'a>) -> Self {
        let contact_ids = scan.table.text("contact_ids");
        let lead = super::scan::stage_field(&scan.charter.lifecycle.lead);
        let leads = scan.dataset.table("contacts").and_then(|table| {
            let (ids, entered) = (table.text("id")?, table.time(&lead)?);
            let mut rows = vec![usize::MAX; ids.dictionary.len()];
            for (row, code) in ids.codes.iter().enumerate() {
                if let Some(place) = rows.get_mut(*code as usize) {
                    *place = row;
                }
            }
            Some((table, entered, rows))
        });
        let mut paths = Self { scan, contact_ids, contacts: None, channels: Vec::new(), touches: Vec::new(), leads };
        if let Some(table) = scan.dataset.table("touches") {
            paths.read(table);
        }
        paths
    }

    fn read(&mut self, table: &'a Table) -> Option<()> {
        let (contacts, at, channels) = (table.text("contact_id")?, table.time("at")?, table.text("channel")?);
        let mut wanted = vec![false; contacts.dictionary.len()];
        for row in self.scan.rows() {
            for id in contacts_of(self.contact_ids?, row) {
                let code = contacts.dictionary.find(id).unwrap_or(0) as usize;
                if let Some(place) = wanted.get_mut(code).filter(|_| code > 0) {
                    *place = true;
                }
            }
        }
        // Codes depend on the order of rows, positions among the sorted names don't.
        let codes = 1..u32::try_from(channels.dictionary.len()).unwrap_or(u32::MAX);
        let names = sorted(codes.map(|code| (channels.dictionary.text(code), code)).collect());
        let mut position = vec![0; channels.dictionary.len()];
        for (index, (_, code)) in names.iter().enumerate() {
            if let Some(place) = position.get_mut(*code as usize) {
                *place = index;
            }
        }
        self.channels = names.into_iter().map(|(name, _)| name).collect();
        let (kinds, directions) = (table.text("kind"), table.text("direction"));
        let text = |column: Option<&'a TextColumn>, row| column.map_or("", |column| column.get(row));
        let mut touches = Vec::new();
        for row in 0..table.rows {
            let contact = contacts.codes.get(row).copied().unwrap_or(0);
            let channel = channels.codes.get(row).copied().unwrap_or(0);
            let when = at.get(row).copied().filter(|at| is_known(*at) && *at <= self.scan.as_of);
            let counts = wanted.get(contact as usize) == Some(&true)
                && channel > 0
                && !NO_TOUCH.contains(&text(kinds, row))
                && text(directions, row) != "outbound";
            if let Some(at) = when.filter(|_| counts) {
                let channel = position.get(channel as usize).copied().unwrap_or(0);
                touches.push((contact, Touch { at, channel }));
            }
        }
        self.touches = sorted(touches);
        self.contacts = Some(contacts);
        Some(())
    }

    /// The path of a deal that closed at an instant: touches of its contacts up to then, within some days.
    pub(crate) fn of(&self, row: usize, closed: i64, days: i64) -> Vec<Touch> {
        let Some((ids, contacts)) = self.contact_ids.zip(self.contacts) else { return Vec::new() };
        let from = closed.saturating_sub(days.saturating_mul(DAY));
        let mut path = Vec::new();
        let mut seen: Vec<u32> = Vec::new();
        for code in contacts_of(ids, row).filter_map(|id| contacts.dictionary.find(id)) {
            if seen.contains(&code) {
                continue;
            }
            seen.push(code);
            let first = self.touches.partition_point(|(contact, touch)| (*contact, touch.at) < (code, from));
            let own = self.touches.iter().skip(first);
            path.extend(own.take_while(|(contact, touch)| *contact == code && touch.at <= closed).map(|(_, at)| *at));
        }
        sorted(path)
    }

    /// The touches of a path at which its first contact became a lead and the deal was made: the last ones up to then.
    pub(crate) fn milestones(&self, deals: &Deals, row: usize, path: &[Touch]) -> [Option<usize>; 2] {
        let last = |at: Option<i64>| path.partition_point(|touch| Some(touch.at) <= at).checked_sub(1);
        let lead = self.leads.as_ref().and_then(|(table, entered, rows)| {
            let code = table.text("id")?.dictionary.find(contacts_of(self.contact_ids?, row).next()?)?;
            let row = rows.get(code as usize)?;
            entered.get(*row).copied().filter(|at| is_known(*at) && *at <= self.scan.as_of)
        });
        [lead.and_then(|at| last(Some(at))), deals.created(row).ok().and_then(|at| last(Some(at)))]
    }

    /// Whether a channel is no channel at all: people who came by themselves.
    pub(crate) fn is_direct(&self, touch: &Touch) -> bool {
        let name = self.channels.get(touch.channel).copied().unwrap_or("");
        matches!(lower(name).as_str(), "direct" | "(direct)" | "direct traffic")
    }
}
