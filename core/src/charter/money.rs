//! Other currencies in the charter's currency, exactly.

use super::Charter;
use crate::sort::sorted;
use crate::time::day_of_date;

/// Decimals of a rate.
const RATE_UNIT: i64 = 1_000_000_000;

/// The charter's exchange rates, prepared for many conversions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Converter {
    own: String,
    /// By currency: (first day, rate in billionths), in order.
    rates: Vec<(String, Vec<(i64, i64)>)>,
}

/// The rates of one currency.
#[derive(Debug, Clone, Copy)]
pub enum Rates<'a> {
    /// The charter's own currency.
    Own,
    /// Another one: (first day, rate in billionths), in order.
    Dated(&'a [(i64, i64)]),
}

impl Converter {
    /// Prepares a charter's rates. Rates that [`Charter::check`] objects to are left out.
    pub fn new(charter: &Charter) -> Self {
        let mut rates: Vec<(String, Vec<(i64, i64)>)> = Vec::new();
        for rate in &charter.exchange_rates {
            if let (Some(day), Some(billionths)) = (date(&rate.from), rate_of(&rate.rate)) {
                let currency = code(&rate.currency);
                match rates.iter_mut().find(|(known, _)| *known == currency) {
                    Some((_, dated)) => dated.push((day, billionths)),
                    None => rates.push((currency, vec![(day, billionths)])),
                }
            }
        }
        for (_, dated) in &mut rates {
            *dated = sorted(std::mem::take(dated));
        }
        Self { own: code(&charter.currency), rates }
    }

    /// The rates of a currency; "" is the charter's own. Nothing where the charter has none.
    pub fn rates(&self, currency: &str) -> Option<Rates<'_>> {
        let currency = code(currency);
        if currency.is_empty() || currency == self.own {
            return Some(Rates::Own);
        }
        self.rates.iter().find(|(known, _)| *known == currency).map(|(_, dated)| Rates::Dated(dated))
    }

    /// Converts millionths of a currency at the rate in force on a day. Nothing where there is no rate, or where
    /// the result is too large.
    pub fn convert(&self, millionths: i64, currency: &str, day: i64) -> Option<i64> {
        self.rates(currency)?.convert(millionths, day)
    }
}

impl Rates<'_> {
    /// Converts millionths at the rate in force on a day, rounding half to even.
    pub fn convert(self, millionths: i64, day: i64) -> Option<i64> {
        let dated = match self {
            Self::Own => return Some(millionths),
            Self::Dated(dated) => dated,
        };
        let after = dated.partition_point(|(from, _)| *from <= day);
        let (_, rate) = dated.get(after.checked_sub(1)?)?;
        let product = i128::from(millionths).checked_mul(i128::from(*rate))?;
        let unit = i128::from(RATE_UNIT);
        let whole = product.div_euclid(unit);
        let rest = product.rem_euclid(unit).checked_mul(2)?;
        let up = rest > unit || (rest == unit && whole.rem_euclid(2) == 1);
        i64::try_from(whole.checked_add(i128::from(up))?).ok()
    }
}

impl Charter {
    /// Converts millionths of a currency into the charter's at the rate in force on a day. For many conversions,
    /// keep a [`Converter`].
    pub fn convert(&self, millionths: i64, currency: &str, day: i64) -> Option<i64> {
        Converter::new(self).convert(millionths, currency, day)
    }
}

fn code(currency: &str) -> String {
    currency.trim().to_ascii_uppercase()
}

/// A rate in billionths, if it is positive decimal text with at most nine decimals.
pub(crate) fn rate_of(text: &str) -> Option<i64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || decimals.len() > 9 || !digits(whole) || !digits(decimals) || text.ends_with('.') {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let decimals: i64 = format!("{decimals:0<9}").parse().ok()?;
    whole.checked_mul(RATE_UNIT)?.checked_add(decimals).filter(|rate| *rate > 0)
}

/// The day of `2026-01-31`.
pub(crate) fn date(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let shaped = year.len() == 4 && month.len() == 2 && day.len() == 2 && parts.next().is_none();
    let number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u32>().ok())?;
    if !shaped {
        return None;
    }
    let year = i32::try_from(number(year)?).ok()?;
    if year == 0 { None } else { day_of_date(year, number(month)?, number(day)?) }
}
