//! Guesses for a first charter. They are written down for a person to check, never used by themselves.

use mops_core::charter::DealState;
use mops_core::table::schema::TableSchema;
use std::collections::BTreeMap;

/// Words that stand in headers of a field, best first, in English, German, French and Spanish. The whole header or its
/// end tells most. The playground guesses by the same list.
const WORDS: &str = include_str!("../../../demo/header-words.json");

/// Words in names of deal stages: any word of the name, or its end, for `lost` and `won`; how a word of it begins for
/// `early`. The playground guesses by the same.
const STAGE_WORDS: &str = include_str!("../../../demo/stage-words.json");

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
    let all: Vec<(String, Vec<String>)> = serde_json::from_str(WORDS).unwrap_or_default();
    for (field, words) in &all {
        let reads = schema.field(field).is_some_and(|field| field.read);
        if !reads || taken.contains(field) {
            continue;
        }
        let free = || headers.iter().filter(|header| !columns.values().any(|used| used == *header));
        let fits = |fit: &dyn Fn(&str, &str) -> bool| -> Option<String> {
            words.iter().find_map(|word| free().find(|header| fit(&plain(header), word)).cloned())
        };
        let header = fits(&|header, word| header == word)
            .or_else(|| fits(&|header, word| header.ends_with(&format!(" {word}"))));
        if let Some(header) = header {
            columns.insert(field.clone(), header);
        }
    }
    columns
}

/// Whether a header is the field's name but for a letter or two.
pub fn is_slip(header: &str, field: &str) -> bool {
    let [header, field] = [header, field.trim_start_matches("stage:")].map(|name| plain(name).replace(' ', ""));
    strsim::normalized_damerau_levenshtein(&header, &field) > 0.75
}

/// Whether a header is that of a state beside the stage.
pub fn is_status(header: &str) -> bool {
    let header = plain(header);
    ["status", "statut", "estado"].iter().any(|word| header.split(' ').next_back() == Some(word))
}

/// What a deal stage of this name most likely is.
pub fn state(stage: &str) -> DealState {
    let stage = plain(stage);
    let has =
        |kind| stage_words(kind).iter().any(|word| stage.split(' ').any(|part| part == word) || stage.ends_with(word));
    if has("lost") {
        DealState::Lost
    } else if has("won") {
        DealState::Won
    } else {
        DealState::Open
    }
}

/// Whether an open deal stage of this name most likely comes before a deal is qualified pipeline.
pub fn is_early(stage: &str) -> bool {
    let words = stage_words("early");
    plain(stage).split(' ').any(|part| words.iter().any(|word| part.starts_with(word)))
}

fn stage_words(kind: &str) -> Vec<String> {
    let all: BTreeMap<String, Vec<String>> = serde_json::from_str(STAGE_WORDS).unwrap_or_default();
    all.get(kind).cloned().unwrap_or_default()
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
    fn stages_before_a_deal_is_qualified() {
        for early in ["Prospecting", "Qualification", "New", "1 - Discovery call", "Erstgespräch", "Prospección"] {
            assert!(is_early(early), "{early}");
        }
        for later in ["Qualified", "Negotiation/Review", "Proposal Made", "Renewal", "Angebot", "Demo Scheduled"] {
            assert!(!is_early(later), "{later}");
        }
    }

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
    fn every_field_of_the_list_is_one_of_some_table() {
        let all: Vec<(String, Vec<String>)> = serde_json::from_str(WORDS).unwrap();
        for (field, words) in all {
            let known = mops_core::table::schema::TABLES.iter().any(|table| table.field(&field).is_some());
            assert!(known && words.iter().all(|word| plain(word) == *word), "{field}: {words:?}");
        }
    }

    #[test]
    fn exports_of_pipedrive_and_in_other_languages() {
        let check = |headers: &str, expected: &[(&str, &str)]| {
            let columns = columns(schema("deals").unwrap(), &header_line(headers), &[]);
            for (field, header) in expected {
                assert_eq!(columns.get(*field).map(String::as_str), Some(*header), "{field} of {headers}");
            }
        };
        check(
            "Deal - ID,Deal - Owner,Deal - Value,Deal - Deal created,Deal - Expected close date,Deal - Deal closed on\n",
            &[
                ("id", "Deal - ID"),
                ("owner", "Deal - Owner"),
                ("amount", "Deal - Value"),
                ("created_at", "Deal - Deal created"),
                ("closed_at", "Deal - Deal closed on"),
                ("expected_close_at", "Deal - Expected close date"),
            ],
        );
        check(
            "Identifiant;Phase;Montant;Devise;Date de création;Date de clôture;Propriétaire;Gagnée;Fermée\n",
            &[
                ("id", "Identifiant"),
                ("amount", "Montant"),
                ("currency", "Devise"),
                ("created_at", "Date de création"),
                ("closed_at", "Date de clôture"),
                ("owner", "Propriétaire"),
                ("is_won", "Gagnée"),
                ("is_closed", "Fermée"),
            ],
        );
        check(
            "Datensatz-ID;Deal-Inhaber;Währung;Gewonnen;Geschlossen\n",
            &[
                ("id", "Datensatz-ID"),
                ("owner", "Deal-Inhaber"),
                ("currency", "Währung"),
                ("is_won", "Gewonnen"),
                ("is_closed", "Geschlossen"),
            ],
        );
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
