//! Rows by date: a trend looks only at the rows of each bucket, so that all its buckets together are one pass.

use crate::charter::Charter;
use crate::kpi::scan::{Rows, stage_field};
use crate::kpi::{self, Kpi, Parameters};
use crate::period::Period;
use crate::sort::grouped;
use crate::table::{Table, is_known};

/// The chosen rows of a table by each of its dates, made when first asked for.
#[derive(Debug, Default)]
pub(crate) struct Dates(Vec<(String, Index)>);

/// The rows of a table by one date.
#[derive(Debug)]
struct Index {
    /// The least number of a stretch of time.
    first: i64,
    /// Bits of an instant below the number of its stretch.
    shift: u32,
    /// Where the rows of each stretch begin.
    starts: Vec<u32>,
    rows: Vec<u32>,
}

/// Stretches of six days: little more than a month is looked at for a month.
const SHIFT: u32 = 29;
const MOST_STRETCHES: i64 = 1 << 16;

impl Index {
    #[cfg_attr(speed, optimize(speed))]
    fn new(cells: &[i64], chosen: Option<&[u32]>) -> Self {
        let rows = Rows::new(chosen, cells.len());
        let known = |row: usize| cells.get(row).copied().filter(|cell| is_known(*cell));
        let (mut low, mut high) = (i64::MAX, i64::MIN);
        for row in rows.clone() {
            let Some(cell) = known(row) else { continue };
            (low, high) = (low.min(cell), high.max(cell));
        }
        if low > high {
            (low, high) = (0, 0);
        }
        let mut shift = SHIFT;
        while (high >> shift).saturating_sub(low >> shift) >= MOST_STRETCHES {
            shift = shift.saturating_add(1);
        }
        let first = low >> shift;
        let stretches = usize::try_from((high >> shift).saturating_sub(first)).unwrap_or(0).saturating_add(1);
        let stretch = |row: usize| known(row).map(|cell| (cell >> shift).wrapping_sub(first) as usize);
        let (starts, rows) = grouped(&rows, &stretch, stretches);
        Self { first, shift, starts, rows }
    }

    /// The stretch of an instant; the first or last for one beyond them.
    fn stretch(&self, instant: i64) -> usize {
        let last = self.starts.len().saturating_sub(2);
        usize::try_from((instant >> self.shift).saturating_sub(self.first)).unwrap_or(0).min(last)
    }

    /// The stretches that a period touches: the first and the last of them.
    fn touched(&self, period: &Period) -> (usize, usize) {
        let low = period.start.map_or(0, |start| self.stretch(start));
        (low, period.end.map_or(usize::MAX, |end| self.stretch(end)).min(self.starts.len().saturating_sub(2)))
    }

    fn rows(&self, (low, high): (usize, usize)) -> &[u32] {
        let at = |stretch: usize| self.starts.get(stretch).map_or(0, |start| *start as usize);
        self.rows.get(at(low)..at(high.saturating_add(1))).unwrap_or_default()
    }
}

impl Dates {
    /// The rows that may count in a period: those with any of the KPI's dates in it, and a few around. Nothing where
    /// the KPI has no date.
    #[cfg_attr(speed, optimize(speed))]
    pub(crate) fn rows(
        &mut self,
        kpi: &Kpi,
        charter: &Charter,
        parameters: &Parameters,
        table: &Table,
        chosen: Option<&[u32]>,
        period: &Period,
    ) -> Option<Vec<u32>> {
        let mut dates = kpi.needs.list(charter, parameters);
        let is_one = kpi.particulars.dates == kpi::Dates::First;
        if is_one {
            dates.truncate(1);
        }
        for input in kpi.definition.inputs {
            let Some((of, field)) = input.split_once('.') else { continue };
            match field {
                _ if of != table.name || is_one => {}
                "stage:<each lifecycle stage>" => {
                    dates.extend(charter.lifecycle.stages.iter().map(|stage| stage_field(&stage.id)));
                }
                _ => dates.push(field.to_owned()),
            }
        }
        let mut rows = Vec::new();
        // One bit for each row of the table: a row with several dates in the period comes once.
        let mut marks = vec![0_u32; (table.rows >> 5).saturating_add(1)];
        let mut found = false;
        for date in dates {
            let Some(cells) = table.time(&date) else { continue };
            found = true;
            let known = self.0.iter().position(|(field, _)| *field == date);
            let at = known.unwrap_or_else(|| {
                self.0.push((date, Index::new(cells, chosen)));
                self.0.len().saturating_sub(1)
            });
            let Some((_, index)) = self.0.get(at) else { continue };
            for row in index.rows(index.touched(period)) {
                let bit = 1 << (row & 31);
                if let Some(marks) = marks.get_mut((row >> 5) as usize).filter(|marks| **marks & bit == 0) {
                    *marks |= bit;
                    rows.push(*row);
                }
            }
        }
        if !found {
            return None;
        }
        Some(rows)
    }
}
