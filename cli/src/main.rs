//! `mops`: the same figures in a terminal.

mod arguments;
mod ask;
mod charter;
mod explain;
mod failure;
mod gate;
mod load;
mod report;
mod tables;
mod view;
mod words;
mod zone;

use arguments::{Arguments, Command};
use clap::Parser;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use failure::Failure;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = Arguments::try_parse().unwrap_or_else(|error| {
        let stray = (error.kind() == ErrorKind::UnknownArgument).then(|| error.get(ContextKind::InvalidArg)).flatten();
        match stray {
            // A table given without its option.
            Some(ContextValue::String(file)) if Path::new(file).exists() => {
                let what = format!("{} was given without the option of its table.", words::clean(file));
                let mend = "Say which table a file is, such as --deals FILE or --contacts FILE; a folder is given with \
                            --data DIR, and mops --help names the rest.";
                failure::tell(&failure::misuse(what, mend).0);
                std::process::exit(2)
            }
            _ => error.exit(),
        }
    });
    let outcome = match arguments.command {
        Command::Report(arguments) => report::run(&arguments),
        Command::View(arguments) => view::run(&arguments).map(fine),
        Command::Charter(command) => charter::run(&command),
        Command::Explain { kpi } => explain::run(kpi.as_deref()).map(fine),
    };
    match outcome {
        Ok((text, passed)) => match std::io::stdout().lock().write_all(text.as_bytes()) {
            // A reader such as `head` that has seen enough is no fault.
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                eprintln!("error: The output can’t be written: {error}.");
                ExitCode::from(2)
            }
            _ if passed => ExitCode::SUCCESS,
            _ => ExitCode::from(1),
        },
        Err(Failure(errors)) => {
            failure::tell(&errors);
            ExitCode::from(2)
        }
    }
}

fn fine(text: String) -> (String, bool) {
    (text, true)
}
