//! Everything that CI and people run: `cargo xtask --help`.

mod data;
mod npm;
mod package;
mod setup;
mod step;
mod wasm;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, serves, tests and measures mops-widgets.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the demo data into `demo/data/`, the same to the byte every time
    Data,
    /// Build the npm package into `dist/`
    Package(package::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Data => data::run(),
        Command::Package(arguments) => package::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            step::failed(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}
