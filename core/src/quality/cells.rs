//! Cells against what the charter allows in their field.

use crate::charter::data_standard::two;
use crate::charter::{Charter, FieldRule, Shape};
use crate::list::List;
use crate::table::joins::Passing;
use crate::table::schema::schema;
use crate::table::{BLANK, Column, Dataset, Table, TextColumn, is_known};

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filled {
    /// Nothing.
    Blank,
    /// Something that can't be read or isn't allowed.
    Invalid,
    /// A value.
    Valid,
}

/// The cells of one field, with the rule for its values looked up once for each dictionary entry.
pub(crate) struct FieldCells<'a> {
    pub(crate) name: &'a str,
    /// Whether its values can be wrong: text without a rule can't.
    pub(crate) has_rule: bool,
    cells: Cells<'a>,
}

enum Cells<'a> {
    /// Which texts are valid; without a rule, all.
    Text(&'a [u32], Option<Passing>),
    Numbers(&'a [i64], [i64; 2]),
}

/// The fields of a table that have columns, in their order; stage times included, further match columns not. Judges no
/// more texts than the budget allows: see [`Dataset::passing`].
pub(crate) fn fields<'a>(
    dataset: &Dataset,
    charter: &'a Charter,
    table: &'a Table,
    budget: &mut usize,
) -> Vec<FieldCells<'a>> {
    let known = |name: &str| schema(&table.name).is_some_and(|schema| schema.field(name).is_some());
    let fields = table.columns.keys().filter(|name| known(name) || name.starts_with("stage:"));
    fields
        .filter_map(|name| {
            let named = |rule: &&FieldRule| two(&rule.field) == Some((table.name.as_str(), name.as_str()));
            let rule = charter.data_standard.rules.iter().find(named);
            FieldCells::of(table, name, rule, &mut |rule, column| {
                dataset.passing(table, &rule.field, column, &|text| fits(text, rule), budget)
            })
        })
        .list()
}

impl<'a> FieldCells<'a> {
    /// The same without a rule: whether they are filled. Nothing where the table has no such column.
    pub(crate) fn new(table: &'a Table, name: &'a str) -> Option<Self> {
        Self::of(table, name, None, &mut |_, _| Passing::default())
    }

    fn of(
        table: &'a Table,
        name: &'a str,
        rule: Option<&FieldRule>,
        judge: &mut dyn FnMut(&FieldRule, &TextColumn) -> Passing,
    ) -> Option<Self> {
        let column = table.columns.get(name)?;
        let unit = |limit: Option<i64>| limit.map(|limit| limit.saturating_mul(1_000_000));
        let cells = match column {
            Column::Text(column) => Cells::Text(&column.codes, rule.map(|rule| judge(rule, column))),
            Column::Money(cells) => {
                let low = rule.and_then(|rule| unit(rule.least)).unwrap_or(i64::MIN);
                Cells::Numbers(cells, [low, rule.and_then(|rule| unit(rule.most)).unwrap_or(i64::MAX)])
            }
            Column::Time(cells) | Column::Flag(cells) => Cells::Numbers(cells, [i64::MIN, i64::MAX]),
        };
        let has_rule = rule.is_some() || !matches!(column, Column::Text(_));
        Some(Self { name, has_rule, cells })
    }

    /// What stands in the cell of a row.
    #[inline]
    pub(crate) fn filled(&self, row: usize) -> Filled {
        match &self.cells {
            Cells::Text(codes, valid) => match codes.get(row).copied().unwrap_or(0) {
                0 => Filled::Blank,
                code if valid.as_ref().is_none_or(|valid| valid.has(code)) => Filled::Valid,
                _ => Filled::Invalid,
            },
            Cells::Numbers(cells, [low, high]) => match cells.get(row).copied().unwrap_or(BLANK) {
                BLANK => Filled::Blank,
                cell if is_known(cell) && *low <= cell && cell <= *high => Filled::Valid,
                _ => Filled::Invalid,
            },
        }
    }
}

fn fits(text: &str, rule: &FieldRule) -> bool {
    let allowed = rule.allowed.is_empty() || rule.allowed.iter().any(|allowed| allowed == text);
    allowed
        && match rule.shape {
            None => true,
            Some(Shape::Email) => is_email(text),
            Some(Shape::Phone) => is_phone(text),
        }
}

/// Near enough to RFC 5321 to tell an address from what is none: whether it takes mail, only sending tells.
fn is_email(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    let odd =
        |letter: char| letter.is_whitespace() || letter.is_control() || matches!(letter, '@' | '<' | '>' | ',' | ';');
    let labels = || domain.split('.');
    !name.is_empty()
        && name.len() <= 64
        && text.len() <= 254
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..")
        && !name.contains(odd)
        && labels().count() > 1
        && labels().all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-')
        })
        && labels().next_back().is_some_and(|top| top.chars().count() > 1 && !top.chars().all(|it| it.is_ascii_digit()))
}

fn is_phone(text: &str) -> bool {
    let (number, extension) = text.split_once(['x', 'X']).unwrap_or((text, ""));
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let sign = |letter: char| letter.is_ascii_digit() || matches!(letter, ' ' | '+' | '-' | '(' | ')' | '/' | '.');
    (7..=15).contains(&digits)
        && number.chars().all(sign)
        && number.rfind('+').is_none_or(|at| at == 0)
        && extension.chars().all(|letter| letter.is_ascii_digit() || letter == ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for text in ["ana@example.com", "a.b+c@mail.example.co.uk", "o'hara@müller.de"] {
            assert!(is_email(text), "{text}");
        }
        for text in [
            "ana",
            "ana@",
            "@example.com",
            "ana@example",
            "a@b@c.de",
            "a b@c.de",
            "a..b@c.de",
            "a@c..de",
            "a@1.2.3.4",
            "a@-c.de",
        ] {
            assert!(!is_email(text), "{text}");
        }
    }

    #[test]
    fn numbers() {
        for text in ["+49 30 1234567", "030/1234567", "(555) 123-4567", "555.123.4567 x12"] {
            assert!(is_phone(text), "{text}");
        }
        for text in ["12345", "call me", "1234567890123456", "030+1234567", "555-1234 ext"] {
            assert!(!is_phone(text), "{text}");
        }
    }
}
