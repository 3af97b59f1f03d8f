//! Amounts of money: decimal text to millionths, exactly.
//!
//! A currency sign or code before or after is no part of the number (`is_in` reads it); parentheses mean negative. Spaces
//! and apostrophes separate thousands. With both `.` and `,`, the later one is the decimal sign. With one of them alone, a sign that
//! stands several times separates thousands; a single comma is the decimal sign unless exactly three digits follow
//! what may be a group ("1,234" is one thousand, "0,125" and "12,5" are fractions); a single point always is the
//! decimal sign. What may be a group ("1.234" as well as "1,234") is open: the other amounts of its file decide, and
//! [`with_comma`] reads it otherwise. The charter's `decimal_sign` settles it for a whole table. Digits past the millionths
//! round half to even.

/// What an amount says of the decimal sign of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clue {
    /// Nothing: it has no sign, or the charter says which it is.
    None = 0,
    /// It is the point.
    Point = 1,
    /// It is the comma.
    Comma = 2,
    /// It may be either: the amount is read as if it were the point.
    Open = 4,
}

/// An open amount that was read with a decimal point, read with a comma. Its one sign has up to three digits before it, so
/// what is below a thousand had a point.
pub fn with_comma(millionths: i64) -> i64 {
    const THOUSAND: i64 = 1_000;
    if millionths.unsigned_abs() < 1_000_000_000 {
        millionths.saturating_mul(THOUSAND)
    } else {
        millionths.div_euclid(THOUSAND)
    }
}

/// Millionths, or nothing if the cell is no amount or too large.
pub fn read(cell: &str, decimal_sign: Option<char>) -> Option<i64> {
    Some(read_with_clue(cell, decimal_sign)?.0)
}

/// Millionths and what they say of the decimal sign, or nothing if the cell is no amount or too large.
pub fn read_with_clue(cell: &str, decimal_sign: Option<char>) -> Option<(i64, Clue)> {
    let mut rest = cell.trim();
    let mut negative = false;
    if let Some(inner) = rest.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        negative = true;
        rest = inner.trim();
    }
    let mut signed = false;
    // Signs and currencies stand in any order: −$5, $-5, EUR −5, 5- EUR.
    loop {
        let before = rest.len();
        rest = strip_currency(rest);
        if let Some(inner) = rest.strip_prefix(['-', '\u{2212}']) {
            if signed || negative {
                return None;
            }
            (signed, negative, rest) = (true, true, inner);
        } else if let Some(inner) = rest.strip_prefix('+') {
            if signed || negative {
                return None;
            }
            (signed, rest) = (true, inner);
        } else if let Some(inner) = rest.strip_suffix('-') {
            if signed || negative {
                return None;
            }
            (signed, negative, rest) = (true, true, inner);
        }
        rest = rest.trim();
        if rest.len() == before {
            break;
        }
    }
    let (number, exponent) = match rest.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, crate::json::whole(exponent)?),
        None => (rest, 0),
    };
    let (decimal, clue) = match decimal_sign {
        Some(sign) => (number.rfind(sign), Clue::None),
        None => decimal_position(number),
    };
    // Nobody parts thousands before a power of ten.
    let clue = if exponent == 0 { clue } else { Clue::None };
    let magnitude = magnitude(number, exponent, decimal)?;
    Some((if negative { magnitude.checked_neg()? } else { magnitude }, clue))
}

/// Whether an amount is digits alone, as most are: nothing beside them says a currency.
pub fn is_bare(cell: &str) -> bool {
    cell.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'-' | b' '))
}

/// Whether the currency sign or code beside an amount, if there is one, may stand for a currency.
pub fn is_in(cell: &str, currency: &str) -> bool {
    let fits = |letter: char| {
        match letter {
            // Dollars are many, and so are pounds and what else is written with their signs.
            '$' | '\u{ff04}' => {
                currency.ends_with('D') || "MXN BRL ARS CLP COP UYU DOP CUP".split(' ').any(|peso| peso == currency)
            }
            '£' | '\u{ffe1}' => currency.ends_with('P'),
            '€' => currency == "EUR",
            '¥' | '\u{ffe5}' => matches!(currency, "JPY" | "CNY"),
            '₹' => currency == "INR",
            '₩' => currency == "KRW",
            '₽' => currency == "RUB",
            '₺' => currency == "TRY",
            _ => true,
        }
    };
    cell.chars().all(fits) && code_of(cell).is_none_or(|code| code == currency)
}

/// The three capital letters beside an amount.
fn code_of(cell: &str) -> Option<&str> {
    let at = cell.find(|letter: char| letter.is_ascii_uppercase())?;
    let code = cell.get(at..at.checked_add(3)?)?;
    code.bytes().all(|byte| byte.is_ascii_uppercase()).then_some(code)
}

fn strip_currency(text: &str) -> &str {
    let text = text.trim();
    let is_sign = |letter: char| {
        matches!(letter, '$' | '¢' | '£' | '¤' | '¥' | '\u{20a0}'..='\u{20cf}' | '\u{ff04}' | '\u{ffe1}' | '\u{ffe5}')
    };
    let trimmed = text.trim_matches(is_sign);
    let is_code = |code: &str| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    if let Some((head, tail)) = trimmed.split_at_checked(3)
        && is_code(head)
    {
        return tail;
    }
    if let Some((head, tail)) = trimmed.len().checked_sub(3).and_then(|at| trimmed.split_at_checked(at))
        && is_code(tail)
    {
        return head;
    }
    trimmed
}

fn magnitude(number: &str, exponent: i32, decimal: Option<usize>) -> Option<i64> {
    let (whole, decimals) = match decimal {
        Some(at) => (number.get(..at)?, number.get(at.checked_add(1)?..)?),
        None => (number, ""),
    };
    if !decimals.bytes().all(|byte| byte.is_ascii_digit()) || !is_grouped(whole) {
        return None;
    }
    if whole.is_empty() && decimals.is_empty() {
        return None;
    }
    // The value is digits × 10^(exponent − decimals); millionths want 10^-6.
    let digits = whole.bytes().chain(decimals.bytes()).filter(u8::is_ascii_digit);
    let mut keep = i64::try_from(whole.bytes().filter(u8::is_ascii_digit).count())
        .ok()?
        .checked_add(i64::from(exponent))?
        .checked_add(6)?;
    if keep > 40 || exponent.unsigned_abs() > 400 {
        // Either too large or all zeros.
        return number.bytes().all(|byte| !(b'1'..=b'9').contains(&byte)).then_some(0);
    }
    let mut value: i64 = 0;
    let mut first_dropped = None;
    let mut more = false;
    // Where the exponent is so low that not even the first digit is a millionth, a zero leads.
    while keep < 0 {
        first_dropped = Some(0);
        keep = keep.checked_add(1)?;
        if keep == 0 {
            more = number.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
        }
    }
    for digit in digits {
        let digit = i64::from(digit.checked_sub(b'0')?);
        if keep > 0 {
            value = value.checked_mul(10)?.checked_add(digit)?;
            keep = keep.checked_sub(1)?;
        } else if first_dropped.is_none() {
            first_dropped = Some(digit);
        } else {
            more |= digit != 0;
        }
    }
    while keep > 0 {
        value = value.checked_mul(10)?;
        keep = keep.checked_sub(1)?;
    }
    let up = match first_dropped {
        Some(5) => more || value.rem_euclid(2) == 1,
        Some(digit) => digit > 5,
        None => false,
    };
    // The two lowest integers mean blank and unreadable.
    value.checked_add(i64::from(up)).filter(|value| *value < i64::MAX)
}

/// Where the decimal sign stands, if there is one, and what that says of the file.
fn decimal_position(number: &str) -> (Option<usize>, Clue) {
    let (point, comma) = (number.rfind('.'), number.rfind(','));
    let Some(last) = point.max(comma) else { return (None, Clue::None) };
    let (own, other) = if point > comma { (Clue::Point, Clue::Comma) } else { (Clue::Comma, Clue::Point) };
    if point.is_some() && comma.is_some() {
        return (Some(last), own);
    }
    let (whole, decimals) = number.split_at_checked(last).unwrap_or_default();
    if whole.contains(['.', ',']) {
        return (None, other);
    }
    if (1..=3).contains(&whole.len()) && !whole.starts_with('0') && decimals.len() == 4 {
        return (point, Clue::Open);
    }
    (Some(last), own)
}

/// Whether the whole part is digits, or digits in groups of three (or two, as in India, before the last three)
/// with one kind of separator.
fn is_grouped(whole: &str) -> bool {
    if whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let Some(separator) = whole.chars().find(|letter| !letter.is_ascii_digit()) else { return true };
    if !matches!(separator, '.' | ',' | '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}') {
        return false;
    }
    let Some((head, last)) = whole.rsplit_once(separator) else { return true };
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = head.split(separator);
    let first = groups.next().unwrap_or_default();
    last.len() == 3
        && digits(last)
        && (1..=3).contains(&first.len())
        && digits(first)
        && groups.all(|group| (group.len() == 3 || group.len() == 2) && digits(group))
}
