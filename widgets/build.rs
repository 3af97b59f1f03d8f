//! The style sheet of all widgets, without what only its writers need: a sixth of the text that the module carries.

use std::path::Path;
use std::{env, fs, io};

/// In the order in which later ones overrule earlier ones.
const SHEETS: [&str; 6] = ["tokens", "frame", "chart", "widgets", "board", "media"];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=css");
    let mut styles = String::new();
    for sheet in SHEETS {
        shorten(&fs::read_to_string(Path::new("css").join(sheet).with_extension("css"))?, &mut styles);
    }
    let out = env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?;
    fs::write(Path::new(&out).join("styles.css"), styles)
}

/// Leaves out comments and spaces that mean nothing. Strings hold none of the signs at which spaces are left out.
fn shorten(sheet: &str, out: &mut String) {
    let mut rest = sheet;
    while let Some((before, after)) = rest.split_once("/*") {
        words(before, out);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    words(rest, out);
}

fn words(text: &str, out: &mut String) {
    for letter in text.chars().map(|letter| if letter == '\n' { ' ' } else { letter }) {
        let last = out.chars().next_back().unwrap_or('{');
        match letter {
            ' ' if " {};,:>(".contains(last) => {}
            '{' | '}' | ';' | ',' | '>' | ')' => {
                out.truncate(out.trim_end_matches(' ').len());
                // The last declaration of a rule ends with the rule.
                if letter == '}' {
                    out.truncate(out.trim_end_matches(';').len());
                }
                out.push(letter);
            }
            _ => out.push(letter),
        }
    }
}
