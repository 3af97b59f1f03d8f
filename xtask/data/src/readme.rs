//! The README beside the demo data.

use super::anomalies::ALL;
use super::company::{CONTACTS, Company, DEALS};

/// Says what the files are and what was planted.
pub fn text(company: &Company) -> String {
    let with_line_break: Vec<&str> = company
        .accounts
        .iter()
        .filter(|account| account.name.contains('\n'))
        .map(|account| account.name.split('\n').next().unwrap_or_default())
        .collect();
    let mut out = format!(
        "# Demo data: Larkfield Systems

Made by `cargo xtask data` with a fixed seed; a test holds the files to the generator's output, byte for byte. The
company, its customers and every person in these files are invented; e-mail addresses end in example.com and
example.org. Change the generator in `xtask/src/data/`, not the files.

| file | what |
|---|---|
| `contacts.csv` | {CONTACTS} contacts created from October 2024 to December 2025, as HubSpot exports them |
| `deals.csv` | {DEALS} deals, as HubSpot exports them |
| `charter.json` | the charter of Larkfield Systems; its exchange rates are invented |
| `maven-crm.charter.json` | a charter that maps a sales pipeline which no preset knows |

The export was taken at midnight on 1 January 2026 in Berlin, so questions about it are asked as of `2026-01-01`.
HubSpot already writes the long form of the stage times as columns (“Became a Lead Date” and so on), so there is no
file of stage events.

## What the year looks like

Leads follow the seasons, with fairs in March, May, September and October. Referrals are worth most, paid social
least. From July on, the step from marketing qualified to sales qualified loses more leads and takes longer. Leads of
the last months are still on their way.

## What is wrong with it, on purpose

Real exports have such faults. No record bears two of them, so each can be counted.

| table | number | what |
|---|---:|---|
"
    );
    for anomaly in ALL {
        out.push_str(&format!("| {} | {} | {} |\n", anomaly.table, anomaly.count, anomaly.text));
    }
    out.push_str(&format!(
        "
Besides, in both files: one company whose name holds a line break ({}), names with letters beyond ASCII, and amounts
in EUR, GBP, USD and CHF.
",
        with_line_break.join(", ")
    ));
    out
}
