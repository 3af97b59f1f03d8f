//! Dividing a whole into parts that add up to it again.

use crate::list::List;
use crate::sort::sort_by;

/// Divides a total by weights, to the last unit, by largest remainder; of equal remainders the first goes up. Nothing
/// but zeros where no weight is above 0.
pub fn apportion(total: i64, weights: &[u64]) -> Vec<i64> {
    let all = weights.iter().fold(0_i128, |sum, weight| sum.saturating_add((*weight).into()));
    if all == 0 {
        return vec![0; weights.len()];
    }
    // One that weighs as much as all has all.
    if let Some(only) = weights.iter().position(|weight| i128::from(*weight) == all) {
        return (0..weights.len()).map(|index| if index == only { total } else { 0 }).list();
    }
    let (mut parts, mut remainders) = (Vec::with_capacity(weights.len()), Vec::with_capacity(weights.len()));
    let mut rest = i128::from(total);
    for weight in weights {
        let (part, remainder) = divide(total, *weight, all);
        rest = rest.saturating_sub(part);
        remainders.push(remainder);
        parts.push(i64::try_from(part).unwrap_or(0));
    }
    if rest == 0 {
        return parts;
    }
    let mut places: Vec<u32> = (0..u32::try_from(parts.len()).unwrap_or(u32::MAX)).list();
    sort_by(&mut places, &|one, other| remainders.get(other as usize).cmp(&remainders.get(one as usize)));
    for place in places.into_iter().take(usize::try_from(rest).unwrap_or(0)) {
        if let Some(part) = parts.get_mut(place as usize) {
            *part = part.saturating_add(1);
        }
    }
    parts
}

/// Quotient and remainder of a product. Most fit into 64 bits, which a machine multiplies and divides itself.
fn divide(total: i64, weight: u64, by: i128) -> (i128, i128) {
    if let (Ok(total), Ok(by)) = (u64::try_from(total), u64::try_from(by))
        && total.leading_zeros().saturating_add(weight.leading_zeros()) >= u64::BITS
    {
        let product = total.wrapping_mul(weight);
        return (product.checked_div(by).unwrap_or(0).into(), product.checked_rem(by).unwrap_or(0).into());
    }
    let product = i128::from(total).saturating_mul(i128::from(weight));
    (product.div_euclid(by), product.rem_euclid(by))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn largest_remainder() {
        assert_eq!(apportion(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(apportion(10, &[5, 3, 2]), [5, 3, 2]);
        assert_eq!(apportion(1, &[1, 2]), [0, 1]);
        assert_eq!(apportion(7, &[0, 0]), [0, 0]);
    }

    proptest! {
        #[test]
        fn adds_up(total in 0_i64..i64::MAX, weights in proptest::collection::vec(0_u64..1 << 40, 1..30)) {
            let parts = apportion(total, &weights);
            let whole: i128 = parts.iter().map(|part| i128::from(*part)).sum();
            prop_assert_eq!(whole, if weights.iter().any(|weight| *weight > 0) { total.into() } else { 0 });
            prop_assert!(parts.iter().all(|part| *part >= 0));
        }
    }
}
