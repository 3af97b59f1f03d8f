//! Views as the shell hands them over: plain objects of JavaScript.

use mops_core::list::List;
use mops_core::view::read::Source;
use std::cell::RefCell;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type Record;
    #[wasm_bindgen(method, structural, indexing_getter)]
    fn at(this: &Record, name: &JsValue) -> JsValue;
}

thread_local! {
    // Each name crosses into JavaScript once, for that takes longer than all else of reading a field. In order of where
    // the names stand in memory and of their lengths, which is as good as what they say.
    static NAMES: RefCell<Vec<(usize, JsValue)>> = const { RefCell::new(Vec::new()) };
}

fn with_name<T>(name: &'static str, then: impl FnOnce(&JsValue) -> T) -> T {
    let place = (name.as_ptr() as usize).wrapping_mul(64).wrapping_add(name.len());
    NAMES.with_borrow_mut(|names| {
        let at = names.partition_point(|(known, _)| *known < place);
        if names.get(at).is_none_or(|(known, _)| *known != place) {
            names.insert(at, (place, JsValue::from_str(name)));
        }
        then(&names[at].1)
    })
}

/// A value of JavaScript.
pub struct Plain(pub JsValue);

impl Source for Plain {
    #[inline(never)]
    fn member(&self, name: &'static str) -> Option<Self> {
        if !self.0.is_object() {
            return None;
        }
        let value = with_name(name, |name| self.0.unchecked_ref::<Record>().at(name));
        (!value.is_undefined()).then_some(Self(value))
    }

    fn members(&self) -> Option<Vec<(String, Self)>> {
        let entries = js_sys::Object::entries(self.0.dyn_ref::<js_sys::Object>()?);
        let entry = |entry: JsValue| {
            let pair: js_sys::Array = entry.unchecked_into();
            (pair.get(0).as_string().unwrap_or_default(), Self(pair.get(1)))
        };
        Some(entries.iter().map(entry).list())
    }

    #[inline(never)]
    fn items(&self) -> Option<Vec<Self>> {
        let items: &js_sys::Array = self.0.dyn_ref()?;
        Some(items.iter().map(Self).list())
    }

    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn text(&self) -> Option<String> {
        self.0.as_string()
    }

    fn flag(&self) -> Option<bool> {
        self.0.as_bool()
    }

    fn is_object(&self) -> bool {
        self.0.is_object()
    }

    fn is_null(&self) -> bool {
        self.0.is_null()
    }
}

#[cfg(test)]
mod tests;
