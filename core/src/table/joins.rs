//! Which rows of one table belong to which of another: found once for the data, for every measure that asks.

use super::{Dataset, Table, TextColumn, is_known};
use crate::kpi::scan::Rows;
use crate::list::Joined;
use crate::sort::grouped;
use crate::time::{Clock, Zone};
use std::cell::RefCell;
use std::rc::Rc;

/// No row.
pub(crate) const NONE: u32 = u32::MAX;
/// A row that isn't there.
pub(crate) const UNKNOWN: u32 = NONE - 1;

/// What was found so far, by name. At most four bytes for each touch and sixteen for each contact.
#[derive(Debug, Clone, Default)]
pub(super) struct Joins(RefCell<Vec<Found>>);

type Found = (String, Rc<Vec<u32>>);

/// A verdict on texts that is not through yet: its name, what was found, and the next text.
pub(super) type Begun = (String, Vec<u32>, u32);

/// What judging a text costs, in rows looked at.
const TEXT: usize = 16;

impl Joins {
    fn has(&self, name: &str) -> bool {
        self.0.borrow().iter().any(|(known, _)| *known == name)
    }

    fn get(&self, name: &str, make: &mut dyn FnMut() -> Vec<u32>) -> Rc<Vec<u32>> {
        let known = self.0.borrow().iter().find(|(known, _)| *known == name).map(|(_, found)| Rc::clone(found));
        known.unwrap_or_else(|| {
            let found = Rc::new(make());
            self.0.borrow_mut().push((name.to_owned(), Rc::clone(&found)));
            found
        })
    }
}

/// Which texts of a column pass a test: one bit for each.
#[derive(Debug, Clone, Default)]
pub(crate) struct Passing(Rc<Vec<u32>>);

impl Passing {
    /// Whether the text of a code does.
    #[inline]
    pub(crate) fn has(&self, code: u32) -> bool {
        self.0.get((code >> 5) as usize).is_some_and(|bits| bits >> (code & 31) & 1 == 1)
    }
}

/// The touches of each contact.
#[derive(Debug, Clone)]
pub(crate) struct Grouped {
    starts: Rc<Vec<u32>>,
    order: Rc<Vec<u32>>,
}

impl Grouped {
    /// The rows of the touches of a contact, by the code of its id among the touches.
    #[inline]
    pub(crate) fn of(&self, code: u32) -> &[u32] {
        let start = |code: usize| self.starts.get(code).map_or(0, |start| *start as usize);
        let code = code as usize;
        // Code 0 is blank: touches of nobody.
        let rows = self.order.get(start(code)..start(code.saturating_add(1))).filter(|_| code > 0);
        rows.unwrap_or_default()
    }
}

/// The days on which each contact was touched in one way.
#[derive(Debug, Clone)]
pub(crate) struct Days(Grouped);

impl Days {
    /// Those of a contact, by the code of its id among the touches; a day with several touches comes several times.
    #[inline]
    pub(crate) fn of(&self, code: u32) -> impl Iterator<Item = i64> + Clone {
        self.0.of(code).iter().map(|day| i64::from(*day as i32))
    }
}

impl Dataset {
    /// Which texts of a column pass a test of the charter in force, which has a name of its own: each is looked at
    /// once, whatever is asked later, and no more of them than the budget allows. Once that is used up, the answer may
    /// not be whole.
    pub(crate) fn passing(
        &self,
        table: &Table,
        name: &str,
        column: &TextColumn,
        test: &dyn Fn(&str) -> bool,
        budget: &mut usize,
    ) -> Passing {
        let count = u32::try_from(column.dictionary.len()).unwrap_or(u32::MAX);
        let find = |bits: &mut Vec<u32>, from: u32, budget: &mut usize| {
            bits.resize((count >> 5).saturating_add(1) as usize, 0);
            for code in from..count {
                if *budget == 0 {
                    return code;
                }
                *budget = budget.saturating_sub(TEXT);
                if let Some(bits) = bits.get_mut((code >> 5) as usize).filter(|_| test(column.dictionary.text(code))) {
                    *bits |= 1 << (code & 31);
                }
            }
            count
        };
        let mut bits = Vec::new();
        if !self.has(table) {
            find(&mut bits, 0, &mut { usize::MAX });
            return Passing(Rc::new(bits));
        }
        let mut begun = self.begun.borrow_mut();
        let (mut from, is_known) = (0, self.verdicts.has(name));
        if let Some(at) = begun.iter().position(|(of, ..)| of == name) {
            (_, bits, from) = begun.swap_remove(at);
        }
        if !is_known {
            from = find(&mut bits, from, budget);
            if from < count {
                begun.push((name.to_owned(), bits, from));
                return Passing(Rc::default());
            }
        }
        Passing(self.verdicts.get(name, &mut || std::mem::take(&mut bits)))
    }

    /// Forgets what another charter would say otherwise.
    pub(crate) fn forget_verdicts(&mut self) {
        self.verdicts = Joins::default();
        self.begun = RefCell::default();
    }

    /// The row of the contact that each code of a column of ids means, or [`NONE`].
    pub(crate) fn contact_rows(&self, table: &Table, field: &str) -> Rc<Vec<u32>> {
        let mut find = || {
            let ids = table.text(field);
            let mut rows = vec![NONE; ids.map_or(0, |ids| ids.dictionary.len())];
            let own = self.table("contacts").and_then(|contacts| contacts.text("id"));
            if let (Some(ids), Some(own)) = (ids, own) {
                for (row, code) in (0_u32..).zip(&own.codes) {
                    if let Some(place) = rows.get_mut(code_in(ids, own, *code) as usize) {
                        *place = row;
                    }
                }
            }
            // Blank is nobody's id.
            if let Some(blank) = rows.first_mut() {
                *blank = NONE;
            }
            rows
        };
        match (table.name.as_str(), field) {
            _ if !self.has(table) => Rc::new(find()),
            ("contacts", "id") => self.joins.get("contacts.id", &mut find),
            ("touches", "contact_id") => self.joins.get("touches.contact_id", &mut find),
            _ => Rc::new(find()),
        }
    }

    /// The code that the id of each of some records has among the touches; 0 where it has none.
    pub(crate) fn touch_codes(&self, records: &Table) -> Rc<Vec<u32>> {
        let mut find = || {
            let ids = self.table("touches").and_then(|touches| touches.text("contact_id"));
            let Some((ids, own)) = ids.zip(records.text("id")) else { return Vec::new() };
            own.codes.iter().map(|code| code_in(ids, own, *code)).collect()
        };
        if self.has(records) && records.name == "contacts" {
            self.joins.get("contacts in touches", &mut find)
        } else {
            Rc::new(find())
        }
    }

    /// The touches of each contact.
    pub(crate) fn touches_by_contact(&self) -> Grouped {
        let group = || {
            let Some(ids) = self.table("touches").and_then(|touches| touches.text("contact_id")) else {
                return Default::default();
            };
            let code = |row: usize| ids.codes.get(row).map(|code| *code as usize);
            grouped(&Rows::new(None, ids.codes.len()), &code, ids.dictionary.len())
        };
        self.grouped("touches", &group)
    }

    /// The contacts that each text of a column of ids lists, the first one leading, as their codes among the touches: 0
    /// for one without a touch.
    pub(crate) fn listed(&self, table: &Table, field: &str) -> Grouped {
        let list = || {
            let touched = self.table("touches").and_then(|touches| touches.text("contact_id"));
            let (mut starts, mut codes) = (Vec::new(), Vec::new());
            let column = table.text(field);
            for code in 0..column.map_or(0, |column| column.dictionary.len()) {
                starts.push(codes.len() as u32);
                let ids = column.map_or("", |column| column.dictionary.text(code as u32));
                let code = |id: &str| touched.and_then(|ids| ids.dictionary.find(id)).unwrap_or(0);
                codes.extend(ids_in(ids).map(code));
            }
            starts.push(codes.len() as u32);
            (starts, codes)
        };
        if self.has(table) {
            self.grouped(&["contacts in ", &table.name].joined(""), &list)
        } else {
            let (starts, order) = list();
            Grouped { starts: Rc::new(starts), order: Rc::new(order) }
        }
    }

    /// The row of the first contact that each text of a column of ids lists; nothing for one that isn't there, and
    /// [`NONE`] where none is listed.
    pub(crate) fn first_listed(&self, table: &Table, field: &str) -> Rc<Vec<u32>> {
        let mut find = || {
            let contacts = self.table("contacts");
            let ids = contacts.and_then(|contacts| contacts.text("id"));
            let rows = contacts.map_or_else(Rc::default, |contacts| self.contact_rows(contacts, "id"));
            let row = |id: &str| rows.get(ids?.dictionary.find(id)? as usize).copied();
            let known = |id: &str| row(id).filter(|row| *row != NONE).unwrap_or(UNKNOWN);
            let first = |text: &str| ids_in(text).next().map_or(NONE, known);
            table.text(field).map_or_else(Vec::new, |column| column.each(first))
        };
        if self.has(table) {
            self.joins.get(&["first contacts in ", &table.name].joined(""), &mut find)
        } else {
            Rc::new(find())
        }
    }

    /// The days on which each contact was touched in one way, in order, by the code of its id: see [`Days`].
    pub(crate) fn touch_days(&self, kind: &str, clock: &Clock<&Zone>) -> Days {
        let touches = self.table("touches");
        let columns = touches.and_then(|touches| {
            let kinds = touches.text("kind")?;
            Some((touches.text("contact_id")?, touches.time("at")?, kinds, kinds.dictionary.find(kind)?))
        });
        let group = || {
            let Some((ids, at, kinds, kind)) = columns else { return Default::default() };
            let known = |row: usize| at.get(row).copied().filter(|at| is_known(*at));
            let code = |row: usize| {
                known(row).filter(|_| kinds.codes.get(row) == Some(&kind))?;
                ids.codes.get(row).map(|code| *code as usize)
            };
            let (starts, mut order) = grouped(&Rows::new(None, ids.codes.len()), &code, ids.dictionary.len());
            for row in &mut order {
                // No instant that can be read is further than that from 1970.
                *row = known(*row as usize).map_or(0, |at| clock.day_of(at)) as i32 as u32;
            }
            for ends in starts.windows(2) {
                let &[from, until] = ends else { continue };
                let days = order.get_mut(from as usize..until as usize).unwrap_or_default();
                // A day before 1970 is a negative one.
                days.sort_unstable_by_key(|day| *day as i32);
            }
            (starts, order)
        };
        let name = ["days of ", kind, " in ", &clock.zone().name].joined("");
        Days(self.grouped(&name, &group))
    }

    /// Groups that are kept under a name.
    fn grouped(&self, name: &str, group: &dyn Fn() -> (Vec<u32>, Vec<u32>)) -> Grouped {
        let mut made = None;
        let starts = self.joins.get(&["starts of ", name].joined(""), &mut || {
            let (starts, order) = group();
            made = Some(order);
            starts
        });
        let order = self.joins.get(name, &mut || made.take().unwrap_or_else(|| group().1));
        Grouped { starts, order }
    }

    /// Whether a table is the one of that name here, and not some rows of it.
    fn has(&self, table: &Table) -> bool {
        self.table(&table.name).is_some_and(|own| std::ptr::eq(own, table))
    }
}

/// The ids that a text lists, each once.
fn ids_in(text: &str) -> impl Iterator<Item = &str> {
    let ids = move || text.split([';', ',']).map(str::trim);
    ids()
        .enumerate()
        .filter(move |(at, id)| !id.is_empty() && !ids().take(*at).any(|before| before == *id))
        .map(|(_, id)| id)
}

/// The code that an id of one column has in another; 0 where it has none.
fn code_in(ids: &TextColumn, own: &TextColumn, code: u32) -> u32 {
    if std::ptr::eq(ids, own) { code } else { ids.dictionary.find(own.dictionary.text(code)).unwrap_or(0) }
}
