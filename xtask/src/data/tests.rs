use super::*;

#[test]
fn committed_files_are_what_the_generator_makes() {
    for (name, text) in files() {
        let committed = std::fs::read_to_string(folder().join(name)).unwrap_or_default();
        assert!(committed == text, "demo/data/{name} differs from the generator's output: run `cargo xtask data`");
    }
}
