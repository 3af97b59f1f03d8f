//! What every part of a widget can reach.

use crate::format::Format;
use crate::leptos::*;
use crate::port::{Action, Port};
use crate::state::{Attributes, State};
use mops_core::map::Map;
use mops_core::view::View;
use wasm_bindgen::JsCast;

/// What stands open beneath the picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Panel {
    /// Nothing.
    #[default]
    None,
    /// The definition; of a row, where the widget has rows.
    Definition(usize),
    /// The data table.
    Table,
    /// What can be exported.
    Export,
}

/// A widget's signals and its ways out.
#[derive(Clone, Copy)]
pub struct Context {
    /// The element's attributes.
    pub attributes: RwSignal<Attributes>,
    /// What the shell told last.
    pub state: RwSignal<State>,
    /// Width of the content in pixels, 0 until measured.
    pub width: RwSignal<f64>,
    /// What stands open.
    pub panel: RwSignal<Panel>,
    /// Where the keyboard is within each picture.
    pub cursors: RwSignal<Map<&'static str, usize>>,
    /// The list that stands open, by name.
    pub open: RwSignal<String>,
    /// What is searched for in it.
    pub search: RwSignal<String>,
    port: StoredValue<Port, LocalStorage>,
    root: StoredValue<web_sys::ShadowRoot, LocalStorage>,
}

impl Context {
    /// Signals of a new widget.
    pub fn new(root: web_sys::ShadowRoot, port: Port) -> Self {
        Self {
            attributes: RwSignal::new(Attributes::new()),
            state: RwSignal::new(State::default()),
            width: RwSignal::new(0.0),
            panel: RwSignal::new(Panel::None),
            cursors: RwSignal::new(Map::new()),
            open: RwSignal::new(String::new()),
            search: RwSignal::new(String::new()),
            port: StoredValue::new_local(port),
            root: StoredValue::new_local(root),
        }
    }

    /// An attribute that is not empty.
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.attributes.with(|attributes| attributes.get(name).filter(|value| !value.is_empty()).cloned())
    }

    /// The heading: the `label` attribute, or what the view says.
    pub fn label(&self, otherwise: &str) -> String {
        self.attribute("label").unwrap_or_else(|| otherwise.to_owned())
    }

    /// How to write numbers and days of a view.
    pub fn format(&self, view: &View) -> Format {
        Format::new(self.locale(), &view.currency, &view.time_zone)
    }

    /// The locale asked for, or the shell's.
    pub fn locale(&self) -> Option<String> {
        self.attribute("locale").or_else(|| self.port.try_with_value(Port::default_locale).flatten())
    }

    /// Tells the shell what a person did.
    pub fn act(&self, action: &Action) {
        self.port.try_with_value(|port| port.send(action));
    }

    /// Opens a panel, or closes it where it stands open.
    pub fn toggle(&self, panel: Panel) {
        self.panel.try_update(|open| *open = if *open == panel { Panel::None } else { panel });
    }

    /// Closes what is open and gives the keyboard back to the button that opened it.
    pub fn close(&self) {
        self.panel.try_set(Panel::None);
        self.focus("[aria-expanded=true]");
    }

    /// The first element that a selector finds.
    pub fn find_any(&self, selector: &str) -> Option<web_sys::Element> {
        self.root.try_with_value(|root| root.query_selector(selector).ok().flatten()).flatten()
    }

    /// Moves the keyboard.
    pub fn focus(&self, selector: &str) {
        if let Some(element) = self.find_any(selector) {
            // HTML and SVG elements both have `focus`.
            let _ = element.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    }

    /// Whether the element reads from right to left.
    pub fn right_to_left(&self) -> bool {
        self.root
            .try_with_value(|root| {
                let style = window().get_computed_style(&root.host()).ok().flatten()?;
                style.get_property_value("direction").ok()
            })
            .flatten()
            .is_some_and(|direction| direction == "rtl")
    }

    /// Marks the element while something stands open in it, so that a page can lay out what is around it.
    pub fn mark(&self, open: Panel) {
        if let Some(host) = self.host() {
            let _ = host.toggle_attribute_with_force("data-open", open != Panel::None);
        }
    }

    /// The element itself.
    pub fn host(&self) -> Option<web_sys::Element> {
        self.root.try_with_value(web_sys::ShadowRoot::host)
    }
}
