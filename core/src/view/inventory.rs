//! View: what was read, recognised and rejected.

use super::{Finding, InventoryView, TableReport};
use crate::list::List;
use crate::query::Asker;
use crate::table::schema;

#[inline(never)]
pub(super) fn build(asker: &Asker, has_charter: bool) -> InventoryView {
    let report = |table: &crate::table::Table| TableReport {
        table: table.name.clone(),
        source: table.source.clone(),
        preset: table.preset.clone(),
        encoding: table.encoding.map(Into::into),
        read: table.read(),
        accepted: table.rows as u64,
        rejected: table.rejected.entries(),
        fields: table.fields.clone(),
        unmatched: table.unmatched.clone(),
    };
    let read = asker.dataset.tables.values().filter(|table| schema::input(&table.name).is_some());
    let finding = |found: crate::error::Error| Finding {
        pointer: found.place.pointer.unwrap_or_default(),
        message: found.message,
        mend: found.mend,
    };
    let findings = if has_charter { asker.charter.findings() } else { Vec::new() };
    InventoryView { tables: read.map(report).list(), has_charter, findings: findings.into_iter().map(finding).list() }
}
