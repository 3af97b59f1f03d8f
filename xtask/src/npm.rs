//! The tools that come from npm.

use std::process::Command;

use crate::workspace;

/// `wasm-opt` of the package `binaryen`.
pub fn wasm_opt() -> Command {
    let mut command = Command::new("node");
    command.arg(workspace::root().join("node_modules/binaryen/bin/wasm-opt"));
    command
}

/// esbuild; its package starts the binary for this platform.
pub fn esbuild() -> Command {
    let mut command = Command::new("node");
    command.arg(workspace::root().join("node_modules/esbuild/bin/esbuild"));
    command
}
