//! Yes and no.

/// 1 for yes, 0 for no.
pub fn read(cell: &str) -> Option<i64> {
    const YES: [&str; 6] = ["true", "yes", "1", "y", "t", "1.0"];
    const NO: [&str; 6] = ["false", "no", "0", "n", "f", "0.0"];
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(cell));
    if is(&YES) {
        Some(1)
    } else if is(&NO) {
        Some(0)
    } else {
        None
    }
}
