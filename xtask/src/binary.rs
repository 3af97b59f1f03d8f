//! What there is to know of a compiled module: its functions, what they call, and its data.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use anyhow::{Context, Result, bail};
use wasmparser::{DataKind, ElementItems, ElementKind, KnownCustom, Name, Operator, Parser, Payload, TypeRef};

/// A function of a module.
#[derive(Default)]
pub struct Function {
    /// Its name as people write it; "" where the module has none for it.
    pub name: String,
    /// Where its body lies in the file; empty for an imported one.
    pub body: Range<usize>,
    /// How many of its local variables, the first, are its parameters; not counted for an imported one.
    pub parameters: usize,
    /// The functions that it calls or points at, by number.
    pub calls: Vec<usize>,
    /// Every constant in it that may be an address.
    pub constants: Vec<u32>,
}

/// A stretch of the memory that a module comes with.
pub struct Data {
    /// The address of its first byte.
    pub address: u32,
    /// Where it lies in the file.
    pub bytes: Range<usize>,
}

/// A module.
#[derive(Default)]
pub struct Binary {
    /// The file.
    pub bytes: Vec<u8>,
    /// How many of the functions are imported; they come first.
    pub imported: usize,
    /// All functions, by number.
    pub functions: Vec<Function>,
    /// The functions that are called from outside.
    pub exported: Vec<usize>,
    /// The functions that are called by a pointer, by the pointer's value.
    pub table: BTreeMap<u32, usize>,
    /// The memory it comes with.
    pub data: Vec<Data>,
    /// Where the names of the functions stand, which a browser can do without.
    pub names: Range<usize>,
}

impl Binary {
    /// Reads a module.
    pub fn read(bytes: Vec<u8>) -> Result<Self> {
        let mut binary = Self::default();
        let mut names = BTreeMap::new();
        let mut types = Vec::new();
        let mut parameters = VecDeque::new();
        // A section begins where the one before it ends.
        let mut before = 8;
        for payload in Parser::new(0).parse_all(&bytes) {
            let payload = payload?;
            let section = payload.as_section();
            match payload {
                Payload::TypeSection(section) => {
                    for kind in section.into_iter_err_on_gc_types() {
                        types.push(kind?.params().len());
                    }
                }
                Payload::FunctionSection(section) => {
                    for kind in section {
                        parameters.push_back(*types.get(kind? as usize).context("a function has no type")?);
                    }
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        if !matches!(import?.ty, TypeRef::Func(_)) {
                            bail!("it imports something else than a function");
                        }
                        binary.functions.push(Function::default());
                        binary.imported += 1;
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        if export.kind == wasmparser::ExternalKind::Func {
                            binary.exported.push(export.index as usize);
                        }
                    }
                }
                Payload::StartSection { func, .. } => binary.exported.push(func as usize),
                Payload::ElementSection(section) => {
                    for element in section {
                        let element = element?;
                        let ElementKind::Active { offset_expr, .. } = element.kind else { continue };
                        let first = constant(&offset_expr)?;
                        if let ElementItems::Functions(functions) = element.items {
                            for (place, function) in functions.into_iter().enumerate() {
                                binary.table.insert(first + place as u32, function? as usize);
                            }
                        }
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    let parameters = parameters.pop_front().context("a body belongs to no function")?;
                    let mut function = Function { body: body.range(), parameters, ..Function::default() };
                    for operator in body.get_operators_reader()? {
                        match operator? {
                            Operator::Call { function_index }
                            | Operator::ReturnCall { function_index }
                            | Operator::RefFunc { function_index } => function.calls.push(function_index as usize),
                            Operator::I32Const { value } => function.constants.push(value as u32),
                            Operator::I32Load { memarg }
                            | Operator::I64Load { memarg }
                            | Operator::F64Load { memarg }
                            | Operator::I32Load8U { memarg }
                            | Operator::I32Load8S { memarg }
                            | Operator::I32Load16U { memarg }
                            | Operator::I32Store { memarg }
                            | Operator::I64Store { memarg }
                            | Operator::I32Store8 { memarg } => function.constants.push(memarg.offset as u32),
                            _ => {}
                        }
                    }
                    binary.functions.push(function);
                }
                Payload::DataSection(section) => {
                    for data in section {
                        let data = data?;
                        if let DataKind::Active { offset_expr, .. } = data.kind {
                            let bytes = data.range.end - data.data.len()..data.range.end;
                            binary.data.push(Data { address: constant(&offset_expr)?, bytes });
                        }
                    }
                }
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(sections) = section.as_known() {
                        binary.names = before..section.range().end;
                        for section in sections {
                            if let Name::Function(map) = section? {
                                for naming in map {
                                    let naming = naming?;
                                    names.insert(naming.index as usize, naming.name.to_owned());
                                }
                            }
                        }
                    }
                }
                _ => {}
            }
            if let Some((_, range)) = section {
                before = range.end;
            }
        }
        for (index, name) in names {
            binary.functions.get_mut(index).context("a name belongs to no function")?.name = name;
        }
        binary.bytes = bytes;
        Ok(binary)
    }

    /// The module without the names of its functions.
    pub fn nameless(&self) -> Vec<u8> {
        [&self.bytes[..self.names.start], &self.bytes[self.names.end..]].concat()
    }

    /// The body of a function; empty for an imported one.
    pub fn body(&self, function: usize) -> &[u8] {
        &self.bytes[self.functions[function].body.clone()]
    }
}

/// The number that an offset is.
fn constant(expression: &wasmparser::ConstExpr) -> Result<u32> {
    match expression.get_operators_reader().read()? {
        Operator::I32Const { value } => Ok(value as u32),
        _ => bail!("an offset is not a constant"),
    }
}
