//! One option for the files of each table of the schema, so that a new table has its option by being listed.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, value_parser};
use mops_core::table::schema::TABLES;
use std::path::PathBuf;

/// Files by their table.
#[derive(Clone, Default)]
pub struct Tables(pub Vec<(&'static str, PathBuf)>);

/// `stage_events` is asked for as `--stage-events`.
pub fn option(table: &str) -> String {
    table.replace('_', "-")
}

impl Args for Tables {
    fn augment_args(command: Command) -> Command {
        TABLES.iter().fold(command, |command, table| {
            let mut help = table.text.to_owned();
            if let Some(first) = help.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            command.arg(
                Arg::new(table.name)
                    .long(option(table.name))
                    .value_name("FILE")
                    .help(help)
                    .help_heading("Tables (CSV, JSON, NDJSON; each may be given again)")
                    .action(ArgAction::Append)
                    .value_parser(value_parser!(PathBuf)),
            )
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Tables {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut tables = Self::default();
        tables.update_from_arg_matches(matches)?;
        Ok(tables)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        for table in TABLES {
            let paths = matches.get_many::<PathBuf>(table.name).into_iter().flatten();
            self.0.extend(paths.map(|path| (table.name, path.clone())));
        }
        Ok(())
    }
}
