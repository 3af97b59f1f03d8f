//! Everything that CI and people run: `cargo xtask --help`.

mod bench;
mod binary;
mod demo;
mod editors;
mod locals;
mod npm;
mod oracle;
mod order;
mod package;
mod screenshots;
mod serve;
mod setup;
mod site;
mod size;
mod snip;
mod step;
mod test;
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
    /// Build the demo, serve it and open it in the browser
    Demo(demo::Arguments),
    /// Build the npm package into `dist/`
    Package(package::Arguments),
    /// Build the package and put it with the demo's pages into `site/`
    Site(site::Arguments),
    /// Serve `site/` as it is, under a strict content security policy
    Serve(serve::Arguments),
    /// Print what a reader downloads of `dist/`, held to `budgets.json`
    Size(size::Arguments),
    /// Check and test everything: format, lints, native, JavaScript and browser tests, sizes
    Test(test::Arguments),
    /// Measure time and memory over many rows
    Bench(bench::Arguments),
    /// Hold every figure against an independent calculation in Python and SQL
    Oracle(oracle::Arguments),
    /// Take pictures of every page and widget into `screenshots/`
    Screenshots(screenshots::Arguments),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Data => step::run(step::cargo().args(["run", "--quiet", "--locked", "--package", "mops-demo-data"])),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Site(arguments) => site::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Size(arguments) => size::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Screenshots(arguments) => screenshots::run(&arguments),
        Command::Oracle(arguments) => oracle::run(&arguments),
        Command::Package(arguments) => package::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            step::failed(&format!("{error:#}"));
            match error.downcast_ref() {
                Some(oracle::Impossible) => ExitCode::from(oracle::IMPOSSIBLE),
                None => ExitCode::FAILURE,
            }
        }
    }
}
