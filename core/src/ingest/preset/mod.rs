//! Systems whose exports are recognised by their headers: one file each.

pub mod hubspot;
pub mod salesforce;

/// How a system names the fields of our tables.
#[derive(Debug)]
pub struct Preset {
    /// Its name in reports.
    pub name: &'static str,
    /// Header for field, by table. Where several headers fit one field, the first of them wins.
    pub tables: &'static [(&'static str, &'static [Header])],
    /// Headers of stage timestamps; `{}` stands for any name of the stage.
    pub stages: &'static [&'static str],
}

/// A header that a system writes.
#[derive(Debug)]
pub struct Header {
    /// Our field.
    pub field: &'static str,
    /// The header, as label or API name.
    pub header: &'static str,
    /// Whether it tells this system from others.
    pub telling: bool,
}

/// A header that gives the system away.
const fn telling(field: &'static str, header: &'static str) -> Header {
    Header { field, header, telling: true }
}

/// A header that others write as well.
const fn common(field: &'static str, header: &'static str) -> Header {
    Header { field, header, telling: false }
}

/// Every preset.
pub const PRESETS: &[&Preset] = &[&hubspot::HUBSPOT, &salesforce::SALESFORCE];
