//! Takes the words out of a module's panics.
//!
//! A panic ends in a trap, which is all that a page sees: what the standard library would write has nowhere to go. So
//! the functions that lead to the trap can be the trap, and what formats their messages goes with them.

use std::path::Path;

use anyhow::Result;
use walrus::{FunctionBuilder, FunctionId, FunctionKind, LocalFunction, Module};

/// Parts of the names of functions that never return.
const ENDS: [&str; 13] = [
    "]::panicking::panic",
    "::unwrap_failed",
    "::expect_failed",
    "::str::slice_error_fail",
    "::slice::index::slice_index_fail",
    "::cell::panic_already",
    "::assert_failed",
    "::panic_on_ord_violation",
    "::rust_begin_unwind",
    "::__rust_alloc_error_handler",
    "::alloc::handle_alloc_error",
    "::raw_vec::handle_error",
    "::raw_vec::capacity_overflow",
];

/// Rewrites a module that still has the names of its functions.
pub fn panics(file: &Path) -> Result<()> {
    let mut module = Module::from_file(file)?;
    let ends = |function: &&(FunctionId, &LocalFunction)| {
        let name = module.funcs.get(function.0).name.as_deref().unwrap_or_default();
        ENDS.iter().any(|end| name.contains(end)) && !name.contains("::panic_count::")
    };
    let found: Vec<FunctionId> =
        module.funcs.iter_local().filter(|function| ends(&function)).map(|(id, _)| id).collect();
    for id in found {
        let kind = module.types.get(module.funcs.get(id).ty());
        let (parameters, results) = (kind.params().to_vec(), kind.results().to_vec());
        let arguments = parameters.iter().map(|kind| module.locals.add(*kind)).collect();
        let mut trap = FunctionBuilder::new(&mut module.types, &parameters, &results);
        trap.func_body().unreachable();
        module.funcs.get_mut(id).kind = FunctionKind::Local(trap.local_func(arguments));
    }
    walrus::passes::gc::run(&mut module);
    module.emit_wasm_file(file)
}
