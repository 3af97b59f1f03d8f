//! Sorting. The standard library's own sort takes 2 to 5 KB of a module for every type sorted, so all types share one:
//! that of their places.

use crate::kpi::scan::Rows;
use std::cmp::Ordering;

/// In ascending order.
pub(crate) fn sorted<T: Ord>(items: Vec<T>) -> Vec<T> {
    let mut places: Vec<u32> = (0..u32::try_from(items.len()).unwrap_or(u32::MAX)).collect();
    sort_by(&mut places, &|one, other| items.get(one as usize).cmp(&items.get(other as usize)));
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    places.into_iter().filter_map(|place| items.get_mut(place as usize)?.take()).collect()
}

/// Puts places in order by what stands there. Equal ones may come in any order.
#[inline(never)]
pub(crate) fn sort_by(places: &mut [u32], compare: &dyn Fn(u32, u32) -> Ordering) {
    places.sort_unstable_by(|one, other| compare(*one, *other));
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        /// As the standard library does it.
        #[test]
        fn ascending(items in proptest::collection::vec((0_u8..9, ".{0,2}"), 0..90)) {
            let mut expected = items.clone();
            expected.sort();
            prop_assert_eq!(super::sorted(items), expected);
        }
    }
}
