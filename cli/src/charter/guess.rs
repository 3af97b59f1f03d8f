//! Guesses for a first charter. They are written down for a person to check, never used by themselves.

use mops_core::charter::DealState;
use mops_core::table::schema::TableSchema;
use std::collections::BTreeMap;

/// Words that stand in headers of a field, best first, in English and in German. The whole header or its end tells most.
const WORDS: &[(&str, &[&str])] = &[
    ("contact_id", &["contact id", "person id", "lead id", "record id", "who id", "kontakt id"]),
    (
        "id",
        &[
            "record id",
            "opportunity id",
            "deal id",
            "contact id",
            "lead id",
            "id",
            "datensatz id",
            "do not modify opportunity",
            "do not modify lead",
            "do not modify contact",
            "key",
            "number",
        ],
    ),
    ("at", &["timestamp", "entered at", "changed at", "date", "time", "at", "zeitstempel", "datum"]),
    (
        "created_at",
        &[
            "create date",
            "created",
            "created at",
            "created on",
            "engage date",
            "open date",
            "start date",
            "opened",
            "erstellungsdatum",
            "erstellt am",
        ],
    ),
    (
        "closed_at",
        &[
            "actual close date",
            "close date",
            "closed",
            "closed at",
            "closed on",
            "end date",
            "won date",
            "abschlussdatum",
        ],
    ),
    ("expected_close_at", &["expected close", "expected close date", "est close date", "forecast close"]),
    (
        "updated_at",
        &[
            "last modified",
            "modified",
            "modified on",
            "updated",
            "updated at",
            "update time",
            "änderungsdatum",
            "zuletzt geändert",
        ],
    ),
    ("amount", &["amount", "close value", "deal value", "value", "revenue", "price", "betrag"]),
    ("currency", &["currency", "currency code", "currency of value", "währung"]),
    ("stage", &["deal stage", "lifecycle stage", "stage", "status", "lifecycle phase", "deal phase", "phase"]),
    (
        "owner",
        &[
            "owner",
            "sales agent",
            "sales rep",
            "agent",
            "rep",
            "seller",
            "salesperson",
            "assigned to",
            "zuständiger mitarbeiter",
        ],
    ),
    ("source", &["lead source", "original source", "source", "channel", "origin", "quelle"]),
    (
        "account",
        &[
            "account",
            "account name",
            "company",
            "organisation",
            "organization",
            "client",
            "potential customer",
            "unternehmen",
            "firma",
        ],
    ),
    ("country", &["country", "country region", "land", "land region"]),
    ("product", &["product", "product name", "item", "produkt"]),
    ("email", &["email address", "e mail address", "e mail adresse"]),
    ("phone", &["phone number", "telefonnummer", "telefon"]),
];

/// What lifecycle stages are called in German, by our id.
pub fn stage_in_german(name: &str) -> Option<&'static str> {
    Some(match plain(name).as_str() {
        "abonnent" => "subscriber",
        "marketing qualifizierter lead" => "marketing_qualified_lead",
        "sales qualifizierter lead" => "sales_qualified_lead",
        "kunde" => "customer",
        _ => return None,
    })
}

/// Field → header, for headers that nothing else recognised.
pub fn columns(schema: &TableSchema, headers: &[String], taken: &[String]) -> BTreeMap<String, String> {
    let mut columns = BTreeMap::new();
    for (field, words) in WORDS.iter().filter(|(field, _)| schema.field(field).is_some_and(|field| field.read)) {
        if taken.iter().any(|known| known == field) {
            continue;
        }
        let free = || headers.iter().filter(|header| !columns.values().any(|used| used == *header));
        let fits = |fit: &dyn Fn(&str, &str) -> bool| -> Option<String> {
            words.iter().find_map(|word| free().find(|header| fit(&plain(header), word)).cloned())
        };
        let header = fits(&|header, word| header == word)
            .or_else(|| fits(&|header, word| header.ends_with(&format!(" {word}"))));
        if let Some(header) = header {
            columns.insert((*field).to_owned(), header);
        }
    }
    columns
}

/// What a deal stage of this name most likely is.
pub fn state(stage: &str) -> DealState {
    let stage = plain(stage);
    let has =
        |words: &[&str]| words.iter().any(|word| stage.split(' ').any(|part| part == *word) || stage.ends_with(word));
    if has(&["lost", "dead", "cancelled", "canceled", "rejected", "disqualified", "verloren"]) {
        DealState::Lost
    } else if has(&["won", "signed", "sold", "gewonnen"]) {
        DealState::Won
    } else {
        DealState::Open
    }
}

/// A name in lower case, its words apart by one space.
fn plain(name: &str) -> String {
    let spaced: String =
        name.to_lowercase().chars().map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The cells of the first line of a CSV file that is about as long as any: titles above a header are short. As far as
/// the file's first bytes go.
pub fn header_line(head: &str) -> Vec<String> {
    let head = head.trim_start_matches('\u{feff}');
    let signs = |line: &str| {
        [',', ';', '\t', '|']
            .map(|delimiter| (line.matches(delimiter).count(), delimiter))
            .into_iter()
            .max()
            .unwrap_or((0, ','))
    };
    let lines = || head.lines().take(40);
    let most = lines().map(|line| signs(line).0).max().unwrap_or(0);
    let line = lines().find(|line| signs(line).0 * 2 > most).or_else(|| lines().next()).unwrap_or_default();
    let cells = line.split(signs(line).1).map(|cell| cell.trim().trim_matches('"').to_owned());
    cells.filter(|cell| !cell.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mops_core::table::schema::schema;

    #[test]
    fn a_pipeline_that_no_preset_knows() {
        let headers = header_line(
            "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n1,2\n",
        );
        let columns = columns(schema("deals").unwrap(), &headers, &[]);
        for (field, header) in [
            ("id", "opportunity_id"),
            ("owner", "sales_agent"),
            ("product", "product"),
            ("account", "account"),
            ("stage", "deal_stage"),
            ("created_at", "engage_date"),
            ("closed_at", "close_date"),
            ("amount", "close_value"),
        ] {
            assert_eq!(columns[field], header);
        }
        assert_eq!(columns.len(), 8);
    }

    #[test]
    fn exports_of_dynamics_below_a_title() {
        let headers = header_line(
            "All opportunities, by month\n\n(Do Not Modify) Opportunity,(Do Not Modify) Modified On,Topic,Potential \
             Customer,Est. Close Date,Est. Revenue,Actual Close Date,Status,Owner,Created On\n1,2,3,4,5,6,7,8,9,10\n",
        );
        let columns = columns(schema("deals").unwrap(), &headers, &["owner".into()]);
        for (field, header) in [
            ("id", "(Do Not Modify) Opportunity"),
            ("updated_at", "(Do Not Modify) Modified On"),
            ("account", "Potential Customer"),
            ("expected_close_at", "Est. Close Date"),
            ("closed_at", "Actual Close Date"),
            ("amount", "Est. Revenue"),
            ("stage", "Status"),
            ("created_at", "Created On"),
        ] {
            assert_eq!(columns.get(field).map(String::as_str), Some(header), "{field}");
        }
    }

    #[test]
    fn states_from_names() {
        for (stage, expected) in [
            ("Closed Won", DealState::Won),
            ("closedlost", DealState::Lost),
            ("Engaging", DealState::Open),
            ("Contract sent", DealState::Open),
            ("Abgeschlossen und gewonnen", DealState::Won),
            ("Abgeschlossen und verloren", DealState::Lost),
        ] {
            assert_eq!(state(stage), expected, "{stage}");
        }
    }
}
