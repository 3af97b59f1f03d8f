//! What definitions say is held to their versions: sign-offs lapse when a version rises, and so words that change what
//! a figure means must not change without one.

use crate::kpi::definition::Fnv;
use crate::kpi::{Definition, registry};
use std::fmt::Write;
use std::hash::Hasher;

/// Id, version and digest of the words of every KPI, as they were last looked at by an author.
const LOCKED: &str = include_str!("meanings.txt");

/// Everything that a definition says of what it means, as one number.
fn digest(definition: &Definition) -> String {
    let Definition { formula, inputs, edge_cases, parameters, unit, direction, timing, .. } = definition;
    let mut text = format!("{unit:?} {direction:?} {timing:?}\n{formula}\n");
    for line in inputs.iter().chain(*edge_cases) {
        let _ = writeln!(text, "{line}");
    }
    for parameter in *parameters {
        let _ = writeln!(text, "{}: {}: {:?}", parameter.name, parameter.text, parameter.range);
    }
    let mut hash = Fnv::default();
    hash.write(text.as_bytes());
    format!("{:016x}", hash.finish())
}

/// What the author has to decide, one line for each definition whose words or version differ from the lock.
fn undecided(definitions: &[Definition], locked: &str) -> Vec<String> {
    let locked: Vec<Vec<&str>> = locked.lines().map(|line| line.split(' ').collect()).collect();
    let mut open = Vec::new();
    for definition in definitions {
        let Definition { id, version, .. } = definition;
        let (number, now) = (version.to_string(), digest(definition));
        let line = format!("`{id} {version} {now}` in core/src/kpi/tests/meanings.txt");
        match locked.iter().find(|line| line.first() == Some(id)).map(Vec::as_slice) {
            Some([_, version, was]) if *version == number && *was == now => {}
            Some([_, version, _]) if *version == number => open.push(format!(
                "{id}: its definition says something else than when version {version} was locked. Does the figure mean \
                 something else now? Then raise `version` in its definition, which lets sign-offs lapse, run this test \
                 again and write the line that it gives. Is it only the wording? Then write {line}."
            )),
            Some([_, before, _]) if before.parse().is_ok_and(|before: u32| before > *version) => {
                open.push(format!("{id}: version {before} is locked. A version only rises: use {before} or more."));
            }
            Some(_) => open.push(format!("{id}: it has a new version. Write {line}.")),
            None => open.push(format!("{id}: it is new. Write {line}.")),
        }
    }
    for line in locked {
        let id = line.first().copied().unwrap_or_default();
        if !definitions.iter().any(|definition| definition.id == id) {
            open.push(format!("{id}: there is no such KPI. Remove its line from core/src/kpi/tests/meanings.txt."));
        }
    }
    open
}

#[test]
fn words_change_only_when_an_author_has_decided_what_that_means() {
    let definitions: Vec<Definition> = registry().iter().map(|kpi| kpi.definition).collect();
    let open = undecided(&definitions, LOCKED);
    assert!(open.is_empty(), "\n{}\n", open.join("\n"));
}

#[test]
fn other_words_need_a_version_or_a_word() {
    let locked = Definition { formula: "wins ÷ deals", ..registry()[0].definition };
    let line = |definition: &Definition| format!("{} {} {}\n", definition.id, definition.version, digest(definition));
    let lock = line(&locked);
    assert_eq!(undecided(&[locked], &lock), Vec::<String>::new());

    let reworded = Definition { formula: "wins ÷ all deals", ..locked };
    let open = undecided(&[reworded], &lock).join("\n");
    assert!(open.contains("raise `version`") && open.contains(line(&reworded).trim()), "{open}");
    // Only the wording: the author says so in the lock.
    assert_eq!(undecided(&[reworded], &line(&reworded)), Vec::<String>::new());

    let raised = Definition { version: locked.version + 1, ..reworded };
    let open = undecided(&[raised], &lock).join("\n");
    assert!(open.contains("new version") && open.contains(line(&raised).trim()), "{open}");
    assert!(undecided(&[locked], &line(&raised)).join("\n").contains("only rises"));
    assert!(undecided(&[locked], "").join("\n").contains("it is new"));
    assert!(undecided(&[], &lock).join("\n").contains("no such KPI"));
    // Inputs, edges and parameters are part of the meaning.
    let edges = Definition { edge_cases: &["None."], ..locked };
    assert_ne!(digest(&edges), digest(&locked));
    let inputs = Definition { inputs: &["deals.amount"], ..locked };
    assert_ne!(digest(&inputs), digest(&locked));
    let parameters = Definition { parameters: &[], ..locked };
    assert_ne!(digest(&parameters), digest(&locked));
}
