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
    let programs = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
    if let Some(found) = installed("CHROME", &programs)? {
        return Ok(found);
    }
    apt_install("Chromium", &["chromium", "fonts-dejavu-core"])?;
    installed("CHROME", &programs)?.context(
        "the browser tests need Chromium: on Debian `sudo apt-get update && sudo apt-get install -y chromium`; \
         elsewhere install Chrome or Chromium and name its program, as in `CHROME=/path/to/chrome cargo xtask test`",
    )
}

/// Firefox: the one `FIREFOX` names, one that is installed, or Debian's, installed now; nothing where none can be had.
pub fn firefox() -> Result<Option<PathBuf>> {
    let programs = ["firefox-esr", "firefox"];
    if let Some(found) = installed("FIREFOX", &programs)? {
        return Ok(Some(found));
    }
    if let Err(error) = apt_install("Firefox", &["firefox-esr"]) {
        step::failed(&format!("{error:#}"));
    }
    installed("FIREFOX", &programs)
}

/// The program that a variable of the environment names, or the first of these that is installed.
fn installed(variable: &str, programs: &[&str]) -> Result<Option<PathBuf>> {
    match env::var_os(variable).map(PathBuf::from) {
        Some(named) if !named.is_file() => bail!("{variable} names {}, which is not there", named.display()),
        Some(named) => Ok(Some(named)),
        None => Ok(programs.iter().find_map(|program| on_path(program))),
    }
}

/// Installs Debian packages, if this is such a system and we may.
fn apt_install(name: &str, packages: &[&str]) -> Result<()> {
    let is_root = step::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !is_root || on_path("apt-get").is_none() {
        return Ok(());
    }
    step::timed(&format!("Install {name}"), || {
        step::run(Command::new("apt-get").args(["update", "-qq"]))?;
        let mut apt = Command::new("apt-get");
        apt.env("DEBIAN_FRONTEND", "noninteractive");
        step::run(apt.args(["install", "-y", "-qq", "--no-install-recommends"]).args(packages))
    })
}

fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}
