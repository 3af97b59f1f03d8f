//! Sorting where lists are short and code is what counts.

use crate::kpi::scan::Rows;
use std::collections::BinaryHeap;

/// In ascending order. The standard library's own sort is quicker on long lists and takes 5 KB of a module for every
/// type sorted; this one takes a tenth of that.
pub(crate) fn sorted<T: Ord>(items: Vec<T>) -> Vec<T> {
    BinaryHeap::from(items).into_sorted_vec()
}

/// Where the rows of each group begin, and the rows group by group; those of a group stay in the order in which they
/// came. A row without a group is left out. Two passes, whatever the number of groups.
pub(crate) fn grouped(rows: &Rows, group: &dyn Fn(usize) -> Option<usize>, groups: usize) -> (Vec<u32>, Vec<u32>) {
    // Each is counted in the place after its own, so that the sums say where each begins.
    let mut starts = vec![0_u32; groups.saturating_add(1)];
    for row in rows.clone() {
        if let Some(count) = group(row).and_then(|group| starts.get_mut(group.saturating_add(1))) {
            *count = count.saturating_add(1);
        }
    }
    let mut sum = 0_u32;
    for start in &mut starts {
        sum = sum.saturating_add(*start);
        *start = sum;
    }
    let mut order = vec![0; sum as usize];
    let mut next = starts.clone();
    for row in rows.clone() {
        let Some(next) = group(row).and_then(|group| next.get_mut(group)) else { continue };
        if let Some(slot) = order.get_mut(*next as usize) {
            *slot = u32::try_from(row).unwrap_or(u32::MAX);
        }
        *next = next.saturating_add(1);
    }
    (starts, order)
}
