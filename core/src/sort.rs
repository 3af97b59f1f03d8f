//! Sorting. The standard library's own sort takes 2 to 5 KB of a module for every type sorted, so all types share one:
//! that of their places.

use crate::kpi::scan::Rows;
use std::cmp::Ordering;

/// In ascending order.
pub(crate) fn sorted<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    let order = order(items.len(), &|one, other| items.get(one as usize).cmp(&items.get(other as usize)));
    arrange(order, &mut |one, other| items.swap(one, other));
    items
}

/// In ascending order of a rank; equal ones stay in the order in which they were.
pub(crate) fn ranked<T>(mut items: Vec<T>, rank: &dyn Fn(&T) -> i64) -> Vec<T> {
    let ranks: Vec<i64> = items.iter().map(rank).collect();
    let order = order(ranks.len(), &|one, other| ranks.get(one as usize).cmp(&ranks.get(other as usize)));
    arrange(order, &mut |one, other| items.swap(one, other));
    items
}

#[inline(never)]
fn order(many: usize, compare: &dyn Fn(u32, u32) -> Ordering) -> Vec<u32> {
    let mut places: Vec<u32> = (0..u32::try_from(many).unwrap_or(u32::MAX)).collect();
    sort_by(&mut places, compare);
    places
}

/// Brings to each place what stands at the place that the order names for it, along the cycles that these make.
#[inline(never)]
fn arrange(mut order: Vec<u32>, swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..order.len() {
        let mut at = start;
        while let Some(next) = order.get_mut(at).map(|next| std::mem::replace(next, at as u32) as usize)
            && next != start
        {
            swap(at, next);
            at = next;
        }
    }
}

/// Puts places in order by what stands there; equal ones stay in the order in which they were.
#[inline(never)]
pub(crate) fn sort_by(places: &mut [u32], compare: &dyn Fn(u32, u32) -> Ordering) {
    let mut sorting = Sorting::new(places.to_vec());
    while !sorting.step(&mut { usize::MAX }, compare) {}
    places.copy_from_slice(&sorting.from);
}

/// Places that are being put in order, a bounded number of comparisons at a time: runs of twice the length each are
/// merged from one list into another. The standard library made for size sorts by a heap, which can't be interrupted and
/// looks all over the memory.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sorting {
    from: Vec<u32>,
    to: Vec<u32>,
    /// How long the runs are that stand in order.
    run: usize,
    /// Where the two runs begin that are being merged, and the next place of each.
    base: usize,
    left: usize,
    right: usize,
    /// Whether the two runs were held against each other as they stand.
    looked: bool,
}

impl Sorting {
    /// Nothing compared yet.
    pub(crate) fn new(places: Vec<u32>) -> Self {
        Self { to: Vec::with_capacity(places.len()), from: places, run: 1, base: 0, left: 0, right: 1, looked: false }
    }

    /// The places; in order once a step has said so.
    pub(crate) fn places(self) -> Vec<u32> {
        self.from
    }

    /// Goes on for so many comparisons; says whether all places are in order.
    pub(crate) fn step(&mut self, budget: &mut usize, compare: &dyn Fn(u32, u32) -> Ordering) -> bool {
        let length = self.from.len();
        while self.run < length {
            let middle = self.base.saturating_add(self.run).min(length);
            let end = middle.saturating_add(self.run).min(length);
            let mut left = self.left;
            let mut right = self.right;
            // Two runs that follow one another as they stand are only copied.
            if !self.looked && *budget > 0 {
                self.looked = true;
                let last = self.from.get(middle.saturating_sub(1)).zip(self.from.get(middle));
                if last.is_none_or(|(one, other)| compare(*one, *other) != Ordering::Greater) {
                    self.to.extend_from_slice(self.from.get(left..end).unwrap_or_default());
                    (left, right) = (middle, end);
                }
                *budget = budget.saturating_sub(1);
            }
            while left < middle || right < end {
                if *budget == 0 {
                    (self.left, self.right) = (left, right);
                    return false;
                }
                *budget = budget.saturating_sub(1);
                let (one, other) = (self.from.get(left).copied(), self.from.get(right).copied());
                let (Some(one), other) = (one.filter(|_| left < middle), other.filter(|_| right < end)) else {
                    self.to.extend_from_slice(self.from.get(right..end).unwrap_or_default());
                    right = end;
                    continue;
                };
                match other {
                    None => {
                        self.to.extend_from_slice(self.from.get(left..middle).unwrap_or_default());
                        left = middle;
                    }
                    Some(other) if compare(one, other) == Ordering::Greater => {
                        self.to.push(other);
                        right = right.saturating_add(1);
                    }
                    Some(_) => {
                        self.to.push(one);
                        left = left.saturating_add(1);
                    }
                }
            }
            if end < length {
                self.base = end;
            } else {
                std::mem::swap(&mut self.from, &mut self.to);
                self.to.clear();
                self.run = self.run.saturating_mul(2);
                self.base = 0;
            }
            self.looked = false;
            self.left = self.base;
            self.right = self.base.saturating_add(self.run).min(length);
        }
        true
    }
}

/// Where the rows of each group begin, and the rows group by group; those of a group stay in the order in which they
/// came. A row without a group is left out. Two passes, whatever the number of groups.
#[cfg_attr(speed, optimize(speed))]
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
    use super::Sorting;
    use proptest::prelude::*;
    use std::cell::Cell;

    proptest! {
        /// As the standard library does it.
        #[test]
        fn ascending(items in proptest::collection::vec((0_u8..9, ".{0,2}"), 0..90)) {
            let mut expected = items.clone();
            expected.sort();
            prop_assert_eq!(super::sorted(items), expected);
        }

        /// In steps as in one go, equal ones in the order in which they were, and no step compares more than it may.
        #[test]
        fn in_steps(items in proptest::collection::vec(0_u8..20, 0..200), budget in 1_usize..9) {
            let places: Vec<u32> = (0..items.len() as u32).collect();
            let mut expected = places.clone();
            expected.sort_by_key(|place| items[*place as usize]);
            let compared = Cell::new(0);
            let compare = |one: u32, other: u32| {
                compared.set(compared.get() + 1);
                items[one as usize].cmp(&items[other as usize])
            };
            let mut sorting = Sorting::new(places);
            let mut left = budget;
            while !sorting.step(&mut left, &compare) {
                prop_assert!(compared.take() <= budget);
                left = budget;
            }
            prop_assert_eq!(sorting.places(), expected);
        }
    }
}
