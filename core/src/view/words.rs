//! Values in the sentences of a board. Cells hold numbers, which the reader's own language formats; a sentence can't.
//! Whole numbers only: formatting floats takes 8 KB of a module.

use crate::figure::{Figure, Unit};
use crate::list::{Joined, List};
use crate::sum::Sum;

/// A value with its unit, as the widgets write it in English: "46.8%", "€12,400/year", "45 days", "0.95×".
pub(super) fn amount(value: f64, unit: Unit, currency: Option<&str>) -> String {
    let after = match unit {
        Unit::Rate => return rounded(100.0 * value, 1) + "%",
        Unit::Ratio => return rounded(value, 2) + "×",
        Unit::Money => "",
        Unit::MoneyPerDay => "/day",
        Unit::MoneyPerYear => "/year",
        Unit::Days => " days",
        Unit::Minutes => " minutes",
        Unit::Hours => " hours",
        Unit::Months => " months",
        Unit::PerWeek => "/week",
        Unit::Score => " of 100",
        Unit::Records => "",
    };
    let money = matches!(unit, Unit::Money | Unit::MoneyPerDay | Unit::MoneyPerYear);
    let symbol = match currency.filter(|_| money) {
        Some("EUR") => "€".to_owned(),
        Some("USD") => "$".to_owned(),
        Some("GBP") => "£".to_owned(),
        Some(code) => format!("{code} "),
        None => String::new(),
    };
    // Cents of hundreds say nothing.
    let number = rounded(value, if money && value.abs() >= 100.0 { 0 } else { 1 });
    let (sign, digits) = number.strip_prefix('-').map_or(("", number.as_str()), |digits| ("-", digits));
    [sign, &symbol, digits, after].joined("")
}

/// A number with at most so many decimals (0 to 2).
fn rounded(value: f64, places: usize) -> String {
    let parts = [1_u64, 10, 100].get(places).copied().unwrap_or(1);
    let all = libm::round(value.abs() * parts as f64) as u64;
    let (whole, rest) = (all.checked_div(parts).unwrap_or(0), all.checked_rem(parts).unwrap_or(0));
    let mut digits = whole.to_string();
    let mut at = digits.len();
    while at > 3 {
        at = at.minus(3);
        digits.insert(at, ',');
    }
    if value < 0.0 && all > 0 {
        digits.insert(0, '-');
    }
    if rest > 0 {
        let rest = parts.plus(rest).to_string();
        digits.push('.');
        digits.push_str(rest.get(1..).unwrap_or_default().trim_end_matches('0'));
    }
    digits
}

/// Those of some sentences that there are, as one text.
pub(super) fn sentences(all: &[&str]) -> String {
    all.iter().filter(|text| !text.is_empty()).copied().list().joined(" ")
}

/// A number with at most one decimal.
pub(super) fn decimal(value: f64) -> String {
    rounded(value, 1)
}

/// A figure's value in words, with its bounds where not all is known.
pub(super) fn value(figure: &Figure) -> Option<String> {
    let amount = |value: f64| amount(value, figure.unit, figure.currency.as_deref());
    let value = amount(figure.value?);
    Some(match figure.bounds {
        Some([low, high]) => format!("{value} (between {} and {})", amount(low), amount(high)),
        None => value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_in_words() {
        assert_eq!(amount(0.4678, Unit::Rate, None), "46.8%");
        assert_eq!(amount(1.0, Unit::Rate, None), "100%");
        assert_eq!(amount(1_234_567.04, Unit::Money, Some("USD")), "$1,234,567");
        assert_eq!(amount(-1_234.6, Unit::MoneyPerYear, Some("EUR")), "-€1,235/year");
        assert_eq!(amount(12.25, Unit::Money, Some("CHF")), "CHF 12.3");
        assert_eq!(amount(-0.04, Unit::Records, None), "0");
        assert_eq!(amount(-1234.56, Unit::Records, None), "-1,234.6");
        assert_eq!(amount(12.5, Unit::Days, None), "12.5 days");
        assert_eq!(amount(999.996, Unit::Ratio, None), "1,000×");
        assert_eq!(amount(0.05, Unit::Ratio, None), "0.05×");
        assert_eq!(amount(f64::NAN, Unit::Days, None), "0 days");
    }
}
