//! Installs what is missing on a fresh machine.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail};

use crate::step;
use crate::workspace;

/// The target of the browser modules.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The standard library for WebAssembly, by rustup.
pub fn wasm_target() -> Result<()> {
    let sysroot = step::output(Command::new("rustc").args(["--print", "sysroot"]).current_dir(workspace::root()))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).join("lib").is_dir() {
        return Ok(());
    }
    step::timed("Install the WebAssembly target", || {
        step::run(Command::new("rustup").args(["target", "add", WASM_TARGET]).current_dir(workspace::root()))
            .context("rustup is needed for the target wasm32-unknown-unknown: https://rustup.rs")
    })
}

/// The source of the standard library, by rustup: published modules are built with their own.
pub fn standard_library() -> Result<()> {
    let sysroot = step::output(Command::new("rustc").args(["--print", "sysroot"]).current_dir(workspace::root()))?;
    if Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/Cargo.lock").is_file() {
        return Ok(());
    }
    step::timed("Install the source of the standard library", || {
        step::run(Command::new("rustup").args(["component", "add", "rust-src"]).current_dir(workspace::root()))
            .context("rustup is needed for the component rust-src: https://rustup.rs")
    })
}

/// The npm packages of the lock file.
pub fn npm_packages() -> Result<()> {
    for folder in [workspace::root().to_path_buf(), workspace::root().join("e2e")] {
        npm_packages_of(&folder)?;
    }
    Ok(())
}

fn npm_packages_of(folder: &Path) -> Result<()> {
    let Ok(lock) = fs::read_to_string(folder.join("package-lock.json")) else { return Ok(()) };
    let installed = folder.join("node_modules/.installed-lock.json");
    if fs::read_to_string(&installed).is_ok_and(|done| done == lock) {
        return Ok(());
    }
    node()?;
    step::timed(&format!("Install npm packages ({})", workspace::shown(&folder.join("package-lock.json"))), || {
        // No package of ours needs its install script, so none runs.
        step::run(Command::new("npm").args(["ci", "--ignore-scripts", "--loglevel=error"]).current_dir(folder))?;
        fs::write(&installed, lock)?;
        Ok(())
    })
}

fn node() -> Result<()> {
    let version = step::output(Command::new("node").arg("--version"))
        .context("Node.js 20 or newer is needed: https://nodejs.org, or on Debian `apt-get install nodejs npm`")?;
    let major = version.trim().trim_start_matches('v').split('.').next().and_then(|number| number.parse::<u32>().ok());
    match major {
        Some(major) if major >= 20 => Ok(()),
        _ => bail!("Node.js 20 or newer is needed, this is {}: https://nodejs.org", version.trim()),
    }
}

/// Chromium: the one `CHROME` names, one that is installed, or Debian's, installed now.
pub fn chromium() -> Result<PathBuf> {
    if let Some(named) = env::var_os("CHROME").map(PathBuf::from) {
        if named.is_file() {
            return Ok(named);
        }
        bail!("CHROME names {}, which is not there", named.display());
    }
    if let Some(found) = installed_chromium() {
        return Ok(found);
    }
    let root = step::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if root && on_path("apt-get").is_some() {
        step::timed("Install Chromium", || {
            let mut apt = Command::new("apt-get");
            step::run(apt.args(["update", "-qq"]))?;
            let mut apt = Command::new("apt-get");
            apt.env("DEBIAN_FRONTEND", "noninteractive");
            step::run(apt.args(["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"]))
        })?;
    }
    installed_chromium().context(
        "the browser tests need Chromium: on Debian `sudo apt-get update && sudo apt-get install -y chromium`; \
         elsewhere install Chrome or Chromium and name its program, as in `CHROME=/path/to/chrome cargo xtask test`",
    )
}

fn installed_chromium() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"].into_iter().find_map(on_path)
}

fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}
