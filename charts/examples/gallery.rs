//! Writes all scenes of the tests as SVG files into a folder: `cargo run -p mops-charts --example gallery -- DIR`.

#[path = "../tests/views/mod.rs"]
mod views;

use mops_charts::svg::{self, Palette};
use std::path::Path;

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).ok_or_else(|| std::io::Error::other("say which folder to write to"))?;
    std::fs::create_dir_all(&folder)?;
    for (theme, palette) in [("light", Palette::LIGHT), ("dark", Palette::DARK)] {
        for width in views::WIDTHS {
            for (direction, rtl) in [("ltr", false), ("rtl", true)] {
                for (name, scene) in views::scenes(width, rtl) {
                    let file = format!("{name}-{width}-{theme}-{direction}.svg");
                    std::fs::write(Path::new(&folder).join(file), svg::to_string(&scene, &palette))?;
                }
            }
        }
    }
    Ok(())
}
