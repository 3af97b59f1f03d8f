//! Elements as values. Views are built from these rather than with `view!` for two reasons: a static subtree of
//! `view!` is created through `template.innerHTML`, which a page that enforces Trusted Types refuses; and one type
//! for every element keeps the module small.

use crate::leptos::{AddAnyAttr, AnyView, IntoAny, Mountable, Render, RenderHtml};
use gloo_events::{EventListener, EventListenerOptions};
use send_wrapper::SendWrapper;
use std::cell::RefCell;
use std::rc::Rc;
use tachys::html::attribute::Attribute;
use tachys::hydration::Cursor;
use tachys::renderer::types;
use tachys::view::any_view::AnyViewState;
use tachys::view::{Position, PositionState};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./dom.js")]
extern "C" {
    fn make(name: &str, svg: bool, attributes: &str) -> types::Element;
}

/// Text to own. Unlike `Into<String>`, it copies in one place rather than wherever it is called.
pub trait Text {
    /// The text.
    fn own(self) -> String;
}

impl Text for String {
    #[inline(always)]
    fn own(self) -> String {
        self
    }
}

impl Text for &str {
    #[inline(never)]
    fn own(self) -> String {
        self.to_owned()
    }
}

type Handler = Box<dyn FnMut(web_sys::Event)>;
type Mounted = Box<dyn FnOnce(web_sys::Element)>;

/// An element to be. A pointer, because builders move it at every step.
pub struct Element(Box<Parts>);

struct Parts {
    name: &'static str,
    svg: bool,
    attributes: Vec<(&'static str, String)>,
    styles: Vec<(&'static str, String)>,
    properties: Vec<(&'static str, Property)>,
    listeners: Vec<(&'static str, SendWrapper<Handler>)>,
    mounted: Option<SendWrapper<Mounted>>,
    children: Vec<AnyView>,
}

/// A live property, which an attribute does not set once a person has touched the control.
enum Property {
    Flag(bool),
    Text(String),
}

/// An HTML element.
#[inline(never)]
pub fn html(name: &'static str) -> Element {
    Element(Box::new(Parts {
        name,
        svg: false,
        attributes: Vec::new(),
        styles: Vec::new(),
        properties: Vec::new(),
        listeners: Vec::new(),
        mounted: None,
        children: Vec::new(),
    }))
}

/// An SVG element.
#[inline(never)]
pub fn svg(name: &'static str) -> Element {
    let mut element = html(name);
    element.0.svg = true;
    element
}

/// A `div` of a class.
#[inline(never)]
pub fn div(class: &str) -> Element {
    html("div").class(class)
}

/// A `span` of a class with its text.
pub fn span(class: &str, text: impl Text) -> Element {
    classed("span", class).text(text)
}

#[inline(never)]
fn classed(name: &'static str, class: &str) -> Element {
    html(name).class(class)
}

/// A `button` that does not submit, with its name for assistive technology.
#[inline(never)]
pub fn button(class: &str) -> Element {
    html("button").attribute("type", "button").class(class)
}

/// Text only assistive technology reads.
pub fn hidden(text: impl Text) -> Element {
    span("hidden", text)
}

/// A view that is drawn anew when a signal that it reads changes. Boxed, so that there is one kind of it: each is 4 KB.
pub fn follow(mut view: Box<dyn FnMut() -> AnyView + Send>) -> AnyView {
    (move || view()).into_any()
}

/// Nothing else happens to an event: neither around the element nor by the browser's own doing.
#[inline(never)]
pub fn consume(event: &web_sys::Event) {
    event.stop_propagation();
    event.prevent_default();
}

impl Element {
    /// Sets the class.
    #[inline(never)]
    pub fn class(self, class: &str) -> Self {
        self.set("class", class.own())
    }

    /// Names the region for `::part()`.
    #[inline(never)]
    pub fn part(self, part: &str) -> Self {
        self.set("part", part.own())
    }

    #[inline(never)]
    fn set(mut self, name: &'static str, value: String) -> Self {
        self.0.attributes.push((name, value));
        self
    }

    /// Sets an attribute.
    pub fn attribute(self, name: &'static str, value: impl Text) -> Self {
        self.set(name, value.own())
    }

    /// Sets an attribute where the condition holds.
    #[inline(never)]
    pub fn attribute_if(self, condition: bool, name: &'static str, value: &str) -> Self {
        if condition { self.set(name, value.own()) } else { self }
    }

    /// Sets a style property through the object model, which a policy without `'unsafe-inline'` allows.
    #[inline(never)]
    pub fn style(mut self, name: &'static str, value: String) -> Self {
        self.0.styles.push((name, value));
        self
    }

    /// Sets a live property to a flag.
    pub fn flag(mut self, name: &'static str, value: bool) -> Self {
        self.0.properties.push((name, Property::Flag(value)));
        self
    }

    /// Sets the live `value`.
    pub fn value(mut self, value: impl Text) -> Self {
        self.0.properties.push(("value", Property::Text(value.own())));
        self
    }

    /// Listens to an event.
    pub fn on(self, event: &'static str, handler: impl FnMut(web_sys::Event) + 'static) -> Self {
        self.listen(event, Box::new(handler))
    }

    #[inline(never)]
    fn listen(mut self, event: &'static str, handler: Handler) -> Self {
        self.0.listeners.push((event, SendWrapper::new(handler)));
        self
    }

    /// Is called with the element once it is made.
    pub fn mounted(mut self, mounted: impl FnOnce(web_sys::Element) + 'static) -> Self {
        self.0.mounted = Some(SendWrapper::new(Box::new(mounted)));
        self
    }

    /// Adds text.
    pub fn text(self, text: impl Text) -> Self {
        self.words(text.own())
    }

    #[inline(never)]
    fn words(self, text: String) -> Self {
        self.push(text.into_any())
    }

    /// Adds a child.
    pub fn child(self, child: impl IntoAny) -> Self {
        self.push(child.into_any())
    }

    #[inline(never)]
    fn push(mut self, child: AnyView) -> Self {
        self.0.children.push(child);
        self
    }

    /// Adds a child where there is one.
    pub fn maybe(self, child: Option<impl IntoAny>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Adds children.
    pub fn children(mut self, children: impl IntoIterator<Item = impl IntoAny>) -> Self {
        for child in children {
            self = self.child(child);
        }
        self
    }
}

struct Listener {
    event: &'static str,
    handler: Rc<RefCell<Handler>>,
    // Listens as long as it is kept.
    _listening: EventListener,
}

/// What became of an [`Element`] in the document.
pub struct ElementState {
    element: types::Element,
    name: &'static str,
    attributes: Vec<(&'static str, String)>,
    styles: Vec<(&'static str, String)>,
    listeners: Vec<Listener>,
    // Not a list's state: that keeps a comment in every element, to know where it ends.
    children: Vec<AnyViewState>,
}

impl ElementState {
    fn listen(&mut self, event: &'static str, handler: Handler) {
        let handler = Rc::new(RefCell::new(handler));
        let shared = handler.clone();
        let options = EventListenerOptions::enable_prevent_default();
        let listening = EventListener::new_with_options(&self.element, event, options, move |event| {
            // A handler that is running must not be entered again by an event it causes.
            if let Ok(mut handler) = shared.try_borrow_mut() {
                handler(event.clone());
            }
        });
        self.listeners.push(Listener { event, handler, _listening: listening });
    }

    fn set_children(&mut self, children: Vec<AnyView>) {
        for mut gone in self.children.drain(children.len().min(self.children.len())..) {
            gone.unmount();
        }
        for (index, child) in children.into_iter().enumerate() {
            if let Some(state) = self.children.get_mut(index) {
                child.rebuild(state);
            } else {
                let mut state = child.build();
                state.mount(&self.element, None);
                self.children.push(state);
            }
        }
    }

    fn set_properties(&self, properties: Vec<(&'static str, Property)>) {
        for (name, value) in properties {
            let value = match value {
                Property::Flag(flag) => JsValue::from_bool(flag),
                Property::Text(text) => JsValue::from_str(&text),
            };
            let name = JsValue::from_str(name);
            if js_sys::Reflect::get(&self.element, &name).is_ok_and(|now| now != value) {
                let _ = js_sys::Reflect::set(&self.element, &name, &value);
            }
        }
    }

    fn set_styles(&mut self, styles: Vec<(&'static str, String)>) {
        if styles == self.styles {
            return;
        }
        // Not a cast: HTML and SVG elements both have `style`, and web-sys knows it on each apart.
        if let Some(style) = js_sys::Reflect::get(&self.element, &JsValue::from_str("style"))
            .ok()
            .and_then(|style| style.dyn_into::<web_sys::CssStyleDeclaration>().ok())
        {
            for (name, _) in &self.styles {
                let _ = style.remove_property(name);
            }
            for (name, value) in &styles {
                let _ = style.set_property(name, value);
            }
        }
        self.styles = styles;
    }

    fn set_attributes(&mut self, attributes: Vec<(&'static str, String)>) {
        for (name, _) in &self.attributes {
            if !attributes.iter().any(|(kept, _)| kept == name) {
                let _ = self.element.remove_attribute(name);
            }
        }
        for (name, value) in &attributes {
            if !self.attributes.iter().any(|(known, before)| known == name && before == value) {
                let _ = self.element.set_attribute(name, value);
            }
        }
        self.attributes = attributes;
    }
}

/// Names and values in turn, with a NUL after each; within a value it would say nothing to anybody.
fn joined(attributes: &[(&'static str, String)]) -> String {
    let mut text = String::new();
    for (name, value) in attributes {
        text.push_str(name);
        text.push('\0');
        value.split('\0').for_each(|part| text.push_str(part));
        text.push('\0');
    }
    text
}

impl Render for Element {
    type State = ElementState;

    fn build(self) -> ElementState {
        let parts = *self.0;
        let mut state = ElementState {
            element: make(parts.name, parts.svg, &joined(&parts.attributes)),
            name: parts.name,
            attributes: parts.attributes,
            styles: Vec::new(),
            listeners: Vec::new(),
            children: Vec::new(),
        };
        state.set_children(parts.children);
        state.set_styles(parts.styles);
        state.set_properties(parts.properties);
        for (event, handler) in parts.listeners {
            state.listen(event, handler.take());
        }
        if let Some(mounted) = parts.mounted {
            mounted.take()(state.element.clone());
        }
        state
    }

    fn rebuild(self, state: &mut ElementState) {
        if self.0.name != state.name {
            let mut new = self.build();
            state.insert_before_this(&mut new);
            state.unmount();
            *state = new;
            return;
        }
        let parts = *self.0;
        state.set_children(parts.children);
        state.set_attributes(parts.attributes);
        state.set_styles(parts.styles);
        state.set_properties(parts.properties);
        let same = parts.listeners.len() == state.listeners.len()
            && parts.listeners.iter().zip(&state.listeners).all(|((event, _), old)| *event == old.event);
        if !same {
            state.listeners.clear();
        }
        for (index, (event, handler)) in parts.listeners.into_iter().enumerate() {
            match state.listeners.get(index) {
                Some(listener) => {
                    // Running just now: it keeps its handler until the next rebuild.
                    if let Ok(mut slot) = listener.handler.try_borrow_mut() {
                        *slot = handler.take();
                    }
                }
                None => state.listen(event, handler.take()),
            }
        }
    }
}

impl Mountable for ElementState {
    fn unmount(&mut self) {
        self.element.remove();
    }

    fn mount(&mut self, parent: &types::Element, marker: Option<&types::Node>) {
        let _ = parent.insert_before(&self.element, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        match self.element.parent_node().map(JsCast::unchecked_into::<types::Element>) {
            Some(parent) => {
                child.mount(&parent, Some(&self.element));
                true
            }
            None => false,
        }
    }

    fn elements(&self) -> Vec<types::Element> {
        vec![self.element.clone()]
    }
}

impl AddAnyAttr for Element {
    type Output<SomeNewAttr: Attribute> = Self;

    // Attributes spread from outside are none of ours: nothing here is a component that takes them.
    fn add_any_attr<NewAttr: Attribute>(self, _: NewAttr) -> Self
    where
        Self: RenderHtml,
    {
        self
    }
}

impl RenderHtml for Element {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    // Widgets are drawn in the browser only; a server sends the bare custom element.
    fn to_html_with_buf(
        self,
        _: &mut String,
        _: &mut Position,
        _: bool,
        _: bool,
        _: Vec<tachys::html::attribute::any_attribute::AnyAttribute>,
    ) {
    }

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> ElementState {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}
