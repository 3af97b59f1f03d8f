//! Widgets that show marketing-operations views. The shell mounts them into shadow roots, hands them attributes and
//! states, and hears what a person does; they fetch nothing, store nothing and compute no figure.

mod chart;
mod context;
mod definition;
mod dom;
mod export;
mod format;
mod frame;
mod icon;
mod leptos;
mod measure;
mod port;
mod read;
mod state;
mod table;
mod text;
mod widget;

use context::Context;
use leptos::*;
use mops_core::list::List;
use port::Port;
use reactive_graph::owner::Owner;
use state::State;
use std::cell::RefCell;
use tachys::view::any_view::AnyViewState;
use wasm_bindgen::prelude::*;

/// A mounted widget. Every method takes `&self`: a listener that a method sets off may call another.
#[wasm_bindgen]
pub struct Widget {
    context: Context,
    mounted: RefCell<Option<(Owner, AnyViewState)>>,
    /// Told and not drawn yet.
    next: RefCell<Option<State>>,
    kind: &'static widget::Kind,
}

/// Mounts a widget into a shadow root. `port` is `{ act(action), locale? }`. Nothing for a tag that is not in [`tags`].
#[wasm_bindgen]
pub fn mount(tag: &str, root: web_sys::ShadowRoot, port: JsValue) -> Option<Widget> {
    let kind = widget::find(tag)?;
    // An error means that another widget has started it already.
    let _ = any_spawner::Executor::init_wasm_bindgen();
    // Not a child of whatever runs just now: the widget must not end with it.
    let owner = Owner::default();
    let (context, state) = owner.with(|| {
        let context = Context::new(root.clone(), port.unchecked_into::<Port>());
        let mut state = frame::root(context, kind).build();
        state.mount(root.unchecked_ref(), None);
        (context, state)
    });
    Some(Widget { context, mounted: RefCell::new(Some((owner, state))), next: RefCell::default(), kind })
}

/// The elements there are.
#[wasm_bindgen]
pub fn tags() -> Vec<String> {
    widget::KINDS.iter().map(|kind| kind.tag.to_owned()).list()
}

/// The style sheet of all widgets, for one constructed sheet on the page.
#[wasm_bindgen]
pub fn styles() -> String {
    include_str!(concat!(env!("OUT_DIR"), "/styles.css")).to_owned()
}

#[wasm_bindgen]
impl Widget {
    /// Sets the attributes that changed: an object of name → text, or null where the attribute is gone.
    pub fn set_attributes(&self, changed: JsValue) {
        let Some(object) = changed.dyn_ref::<js_sys::Object>() else { return };
        let mut next = self.context.attributes.get_untracked();
        for entry in js_sys::Object::entries(object) {
            let pair: js_sys::Array = entry.unchecked_into();
            let Some(name) = pair.get(0).as_string() else { continue };
            match pair.get(1).as_string() {
                Some(value) => next.insert(name, value),
                None => next.remove(&name),
            };
        }
        if self.context.attributes.with_untracked(|now| *now != next) {
            self.context.attributes.set(next);
        }
    }

    /// Takes a state, `{ phase, view?, error?, progress?, filters?, wordless? }`, to be drawn with [`Widget::draw`]: reading
    /// a large view and drawing it are too much for one task of the page. Where it can't be taken, says why.
    pub fn set_state(&self, state: JsValue) -> Option<String> {
        let next = match State::read(&state) {
            Err(error) => return Some([text::BAD_VIEW, &error].concat()),
            Ok(next) if next.view.as_ref().is_some_and(|view| !self.kind.shows(view)) => {
                return Some(text::WRONG_VIEW.to_owned());
            }
            Ok(next) => next,
        };
        let next = match self.next.take() {
            Some(mut before) => next.follow(&mut before),
            None => next,
        };
        self.next.replace(Some(next));
        None
    }

    /// Draws the state that was taken last, if it is not drawn yet.
    pub fn draw(&self) {
        let Some(next) = self.next.take() else { return };
        self.context.state.update(|now| *now = next.follow(now));
    }

    /// The text of the tables to take away, or nothing where there are none. A section's id, or "" for the whole.
    pub fn csv(&self, section: &str) -> Option<String> {
        untrack(|| export::csv(self.context, self.kind, section))
    }

    /// Takes the widget out of its root and ends all that belongs to it.
    pub fn unmount(&self) {
        if let Some((owner, mut state)) = self.mounted.take() {
            state.unmount();
            drop(state);
            owner.cleanup();
        }
    }
}
