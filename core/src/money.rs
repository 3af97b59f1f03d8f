//! Money as integer millionths of the currency unit, so that a sum depends on neither order nor sharding.

/// Millionths in one currency unit.
pub const UNIT: i64 = 1_000_000;

/// A sum of millionths as a number of currency units, for showing. The nearest `f64`: exact below 2^53 millionths
/// of whole cents, and never used for further sums.
#[inline(never)]
pub fn to_units(millionths: i128) -> f64 {
    let unit = i128::from(UNIT);
    let whole = millionths.checked_div(unit).unwrap_or(0);
    let rest = millionths.checked_rem(unit).unwrap_or(0);
    if rest == 0 { whole as f64 } else { millionths as f64 / UNIT as f64 }
}
