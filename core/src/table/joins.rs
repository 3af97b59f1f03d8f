//! Which rows of one table belong to which of another: found once for the data, for every measure that asks.

use super::{Dataset, Table, TextColumn};
use crate::kpi::scan::Rows;
use crate::sort::grouped;
use std::cell::RefCell;
use std::rc::Rc;

/// No row.
pub(crate) const NONE: u32 = u32::MAX;

/// What was found so far, by name. At most four bytes for each touch and sixteen for each contact.
#[derive(Debug, Clone, Default)]
pub(super) struct Joins(RefCell<Vec<Found>>);

type Found = (&'static str, Rc<Vec<u32>>);

impl Joins {
    fn get(&self, name: &'static str, make: &mut dyn FnMut() -> Vec<u32>) -> Rc<Vec<u32>> {
        let known = self.0.borrow().iter().find(|(known, _)| *known == name).map(|(_, found)| Rc::clone(found));
        known.unwrap_or_else(|| {
            let found = Rc::new(make());
            self.0.borrow_mut().push((name, Rc::clone(&found)));
            found
        })
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

impl Dataset {
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
        let mut made = None;
        let starts = self.joins.get("starts of touches", &mut || {
            let (starts, order) = group();
            made = Some(order);
            starts
        });
        let order = self.joins.get("order of touches", &mut || made.take().unwrap_or_else(|| group().1));
        Grouped { starts, order }
    }

    /// Whether a table is the one of that name here, and not some rows of it.
    fn has(&self, table: &Table) -> bool {
        self.table(&table.name).is_some_and(|own| std::ptr::eq(own, table))
    }
}

/// The code that an id of one column has in another; 0 where it has none.
fn code_in(ids: &TextColumn, own: &TextColumn, code: u32) -> u32 {
    if std::ptr::eq(ids, own) { code } else { ids.dictionary.find(own.dictionary.text(code)).unwrap_or(0) }
}
