//! Values in the sentences of a board. Cells hold numbers, which the reader's own language formats; a sentence can't.
//! Whole numbers only: formatting floats takes 8 KB of a module.

use crate::figure::{Figure, Unit};

/// A value with its unit: "46.8 %", "12,400 USD", "45 days".
pub(super) fn amount(value: f64, unit: Unit, currency: Option<&str>) -> String {
    let currency = currency.unwrap_or_default();
    let after = match unit {
        Unit::Rate => return format!("{} %", decimal(100.0 * value)),
        Unit::Money => currency,
        Unit::MoneyPerDay => return format!("{} {currency} a day", decimal(value)),
        Unit::MoneyPerYear => return format!("{} {currency} a year", decimal(value)),
        Unit::Days => "days",
        Unit::Minutes => "minutes",
        Unit::Hours => "hours",
        Unit::Months => "months",
        Unit::PerWeek => "a week",
        Unit::Score => "of 100",
        Unit::Ratio => "times",
        Unit::Records => "",
    };
    format!("{} {after}", decimal(value)).trim_end().to_owned()
}

/// A number with at most one decimal.
pub(super) fn decimal(value: f64) -> String {
    let tenths = libm::round(value * 10.0);
    let (whole, rest) = ((libm::trunc(tenths / 10.0)).abs() as u64, (tenths % 10.0).abs() as u64);
    let sign = if tenths < 0.0 { "-" } else { "" };
    let mut digits = whole.to_string();
    let mut at = digits.len();
    while at > 3 {
        at = at.saturating_sub(3);
        digits.insert(at, ',');
    }
    if rest == 0 { format!("{sign}{digits}") } else { format!("{sign}{digits}.{rest}") }
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
        assert_eq!(amount(0.4678, Unit::Rate, None), "46.8 %");
        assert_eq!(amount(1.0, Unit::Rate, None), "100 %");
        assert_eq!(amount(1_234_567.04, Unit::Money, Some("USD")), "1,234,567 USD");
        assert_eq!(amount(-0.04, Unit::Records, None), "0");
        assert_eq!(amount(-1234.56, Unit::Records, None), "-1,234.6");
        assert_eq!(amount(12.5, Unit::Days, None), "12.5 days");
        assert_eq!(amount(999.96, Unit::Ratio, None), "1,000 times");
    }
}
