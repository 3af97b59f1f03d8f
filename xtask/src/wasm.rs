//! From a crate to an optimised WebAssembly module with its JavaScript glue.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::binary::Binary;
use crate::locals;
use crate::npm;
use crate::order;
use crate::setup::WASM_TARGET;
use crate::snip;
use crate::step;
use crate::workspace;

/// One module a browser loads.
pub struct Module {
    /// The crate that is built.
    pub package: &'static str,
    /// The name of its files in the package.
    pub name: &'static str,
}

/// Both modules of the package.
pub const MODULES: [Module; 2] = [
    Module { package: "mops-engine", name: "mops_engine" },
    Module { package: "mops-widgets-module", name: "mops_widgets" },
];

/// How published modules are compiled beyond their profile: a panic is a trap and nothing more, since what it would say
/// has nowhere to go on a page; the stack ends below the first half mebibyte, so that the addresses of data take three
/// bytes instead of four; what `Debug` would write is left out, since people never see it; and a structure is copied by
/// one instruction, not by one for each of its words.
const COMPILE: &str = "-Zunstable-options -Cpanic=immediate-abort -Zlocation-detail=none \
    -Clink-arg=-zstack-size=524288 -Zfmt-debug=none -Cllvm-args=-max-store-memcpy=1";

/// The standard library is compiled with them, for size. Cargo and rustc offer that only to those who accept that it may
/// change with the next release: `RUSTC_BOOTSTRAP` says so, and keeps the compiler the one that everything else is built
/// with.
const STANDARD_LIBRARY: [&str; 2] = ["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"];

/// In the core, what touches every row is compiled for speed, function by function: `#[optimize(speed)]`. Within those,
/// `#[inline]` holds; everywhere else it is too large.
const SPEED: [&str; 3] =
    ["-Zprofile-rustflags", "--config", r#"profile.release.package.mops-core.rustflags=["--cfg=speed"]"#];

/// What wasm-opt is told: to optimise for size until nothing more is won, and to inline next to nothing, which compresses
/// better. Nothing lies in the first kibibyte of the memory, where the stack would end, so that a constant added to an
/// address may become part of the load itself. How far addresses are aligned is left out: browsers don't need to be told.
const OPTIMISE: [&str; 11] = [
    "-Oz",
    "--converge",
    "--low-memory-unused",
    "-ocimfs",
    "100",
    "-aimfs",
    "0",
    "-fimfs",
    "0",
    "--dealign",
    "--reorder-functions",
];

/// The file beside a published module that is the same module with the names of its functions.
const NAMED: &str = "named";

/// How the modules are compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build, for development.
    Dev,
    /// Small and fast, as published.
    Release,
}

impl Profile {
    /// The cargo profile, and the folder of its output.
    fn name(self) -> &'static str {
        match self {
            Self::Dev => "demo",
            Self::Release => "release",
        }
    }
}

/// Compiles both modules and gives the folders in which their files lie.
pub fn build(profile: Profile) -> Result<Vec<PathBuf>> {
    step::timed(&format!("Compile the modules ({} profile)", profile.name()), || {
        // One call for both: their last, single-threaded pass then runs side by side.
        let mut cargo = step::cargo();
        cargo.args(["build", "--quiet", "--locked", "--target", WASM_TARGET, "--profile", profile.name()]);
        for module in &MODULES {
            cargo.args(["--package", module.package]);
        }
        if profile == Profile::Release {
            cargo.args(STANDARD_LIBRARY).args(SPEED).env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", COMPILE);
        }
        step::run(&mut cargo)
    })?;
    MODULES.iter().map(|module| module.finish(profile)).collect()
}

impl Module {
    fn finish(&self, profile: Profile) -> Result<PathBuf> {
        let file = format!("{}.wasm", self.package.replace('-', "_"));
        let input = workspace::target().join(WASM_TARGET).join(profile.name()).join(file);
        let folder = workspace::scratch().join(profile.name()).join(self.name);
        let stamp = folder.join("stamp");
        let wanted = self.fingerprint(&input)?;
        if fs::read_to_string(&stamp).is_ok_and(|made| made == wanted) {
            return Ok(folder);
        }
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        step::timed(&format!("Bind {}", self.name), || self.bind(&input, &folder, profile))?;
        if profile == Profile::Release {
            step::timed(&format!("Optimise {}", self.name), || self.optimise(&folder))?;
        }
        fs::write(stamp, wanted)?;
        Ok(folder)
    }

    /// The published module as it was last built, with the names of its functions.
    pub fn named(&self) -> Result<Binary> {
        let file = workspace::scratch().join(Profile::Release.name()).join(self.name).join(NAMED);
        Binary::read(
            fs::read(&file).with_context(|| format!("{}: `cargo xtask package` makes it", workspace::shown(&file)))?,
        )
    }

    /// Changes whenever the output would.
    fn fingerprint(&self, input: &Path) -> Result<String> {
        let bytes = fs::read(input).with_context(|| workspace::shown(input))?;
        let lock = fs::read(workspace::root().join("package-lock.json"))?;
        let mut hasher = DefaultHasher::new();
        let makers = [
            include_str!("wasm.rs"),
            include_str!("snip.rs"),
            include_str!("locals.rs"),
            include_str!("order.rs"),
            include_str!("binary.rs"),
        ];
        (bytes, lock, self.name, makers).hash(&mut hasher);
        Ok(format!("{:016x}", hasher.finish()))
    }

    fn bind(&self, input: &Path, folder: &Path, profile: Profile) -> Result<()> {
        let mut bindgen = Bindgen::new();
        bindgen.input_path(input).out_name(self.name).typescript(false).omit_default_module_path(false).web(true)?;
        bindgen.remove_producers_section(profile == Profile::Release);
        bindgen.generate(folder)
    }

    fn optimise(&self, folder: &Path) -> Result<()> {
        let module = folder.join(format!("{}_bg.wasm", self.name));
        let optimised = folder.join("optimised.wasm");
        // Which needs the names that wasm-opt leaves out.
        snip::panics(&module)?;
        // The features that rustc and wasm-bindgen use are written into the module; wasm-opt reads them there.
        // Names are kept for `cargo xtask size --parts`, in a file that isn't published.
        let named = folder.join(NAMED);
        step::run(npm::wasm_opt().args(OPTIMISE).arg("--debuginfo").arg(&module).arg("-o").arg(&optimised))?;
        locals::number(&optimised)?;
        order::name(&optimised)?;
        let reorder = ["--reorder-functions-by-name", "--debuginfo"];
        step::run(npm::wasm_opt().args(reorder).arg(&optimised).arg("-o").arg(&named))?;
        fs::remove_file(optimised)?;
        Ok(fs::write(module, Binary::read(fs::read(named)?)?.nameless())?)
    }
}
