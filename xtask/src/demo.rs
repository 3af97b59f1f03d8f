//! `cargo xtask demo`: from a fresh clone to the first page.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::serve::Static;
use crate::site;
use crate::wasm::Profile;

/// Arguments of `cargo xtask demo`.
#[derive(clap::Args)]
pub struct Arguments {
    /// The port on 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Don't open a browser
    #[arg(long)]
    no_open: bool,
    /// Build as published: small and fast, but slower to build
    #[arg(long)]
    release: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments) -> Result<()> {
    site::build(if arguments.release { Profile::Release } else { Profile::Dev })?;
    let server = Static::start(site::folder(), arguments.port)?;
    let address = server.address();
    println!("The demo is at {address}   (Ctrl+C stops it)");
    if !arguments.no_open {
        open(&address);
    }
    server.wait();
    Ok(())
}

/// Opens the reader's browser where there is one; the address was printed in any case.
fn open(address: &str) {
    let (program, arguments): (_, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let _ = Command::new(program)
        .args(arguments)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
}
