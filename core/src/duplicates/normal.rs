//! Values as they are compared: what people write in many ways, in one.

use crate::fold::lower;

/// Lower case, without what stands between `+` and `@`; a gateway's address may be a phone number, which begins so.
pub(super) fn email(text: &str) -> String {
    let text = lower(text.trim());
    let Some((name, domain)) = text.rsplit_once('@') else { return text };
    let name = name.split('+').next().filter(|name| !name.is_empty()).unwrap_or(name);
    format!("{name}@{domain}")
}

/// What stands after the `@`, in lower case.
pub(super) fn domain(text: &str) -> String {
    lower(text.trim()).rsplit_once('@').map(|(_, domain)| domain.to_owned()).unwrap_or_default()
}

/// The last nine digits: country and trunk prefixes come and go.
pub(super) fn phone(text: &str) -> String {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    let from = digits.len().saturating_sub(9);
    if digits.len() < 6 { String::new() } else { digits.iter().skip(from).collect() }
}

/// Letters and digits in lower case, words divided by one space.
pub(super) fn words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in lower(text).chars() {
        if letter.is_alphanumeric() {
            out.push(letter);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}
