//! One JSON object to cells: nested objects become names with dots (`Owner.Name`), numbers keep their own digits.

use crate::json::{Cursor, Fault};

/// Objects nested deeper than this are not looked into.
const DEEPEST: usize = 16;

/// What is done with each cell: its name, its text, and whether it is a number.
type Each<'f> = &'f mut dyn FnMut(&str, &str, bool);

/// Hands on each cell of an object by name. HubSpot's `properties` count as the object's own; Salesforce's
/// `attributes`, which tell of the record's type, are passed over.
pub fn flatten(text: &str, each: Each<'_>) -> Result<(), Fault> {
    let mut cursor = Cursor::new(text);
    object(&mut cursor, &mut String::new(), 0, each)?;
    cursor.end()
}

fn object(cursor: &mut Cursor, path: &mut String, depth: usize, each: Each<'_>) -> Result<(), Fault> {
    cursor.object(&mut |cursor, name| {
        let nested = cursor.look() == Some(b'{');
        if nested && name == "attributes" {
            return cursor.skip().map(drop);
        }
        let before = path.len();
        if !(nested && depth == 0 && name == "properties") {
            if before > 0 {
                path.push('.');
            }
            path.push_str(&name);
        }
        if nested && depth < DEEPEST {
            object(cursor, path, depth.saturating_add(1), each)?;
        } else if cursor.look() == Some(b'"') {
            each(path, &cursor.string()?, false);
        } else {
            match cursor.skip()? {
                "null" | "[]" => each(path, "", false),
                value => each(path, value, value.starts_with(|letter: char| letter == '-' || letter.is_ascii_digit())),
            }
        }
        path.truncate(before);
        Ok(())
    })
}
