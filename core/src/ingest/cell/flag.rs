//! Yes and no, as systems and spreadsheets write them in English, German, French and Spanish.

/// 1 for yes, 0 for no.
pub fn read(cell: &str) -> Option<i64> {
    const YES: [&str; 12] = ["true", "yes", "1", "y", "t", "1.0", "ja", "wahr", "oui", "vrai", "sí", "verdadero"];
    const NO: [&str; 11] = ["false", "no", "0", "n", "f", "0.0", "nein", "falsch", "non", "faux", "falso"];
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(cell));
    if is(&YES) {
        Some(1)
    } else if is(&NO) {
        Some(0)
    } else {
        None
    }
}
