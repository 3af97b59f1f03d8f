//! The README beside the demo data.

use super::anomalies::ALL;
use super::campaigns::{RETARGETING, UNBRANDED, UNCHECKED};
use super::charter::LAPSED;
use super::company::{CONTACTS, Company, DEALS};
use super::details::{MISROUTED_REGION, OTHER_ADDRESS, REGIONS, SAME_ADDRESS, SEGMENTS, WRONG_DESK};
use super::touches::BREACHES;

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
company, its customers, its tools and every person in these files are invented; e-mail addresses end in example.com,
example.org and example.net. Change the generator in `xtask/data/src/`, not the files.

| file | what |
|---|---|
| `contacts.csv` | {CONTACTS} contacts created from October 2024 to December 2025, as HubSpot exports them |
| `deals.csv` | {DEALS} deals, as HubSpot exports them |
| `deal_stage_events.csv` | when those deals entered each of their stages |
| `touches.csv` | forms, clicks, fairs, calls and mailings of those contacts, with UTM parameters |
| `campaigns.csv` | campaigns with the time of each step, five of them not live yet |
| `spend.csv`, `budgets.csv` | what was spent by month and campaign, and what was planned by quarter and channel |
| `forecasts.csv`, `actuals.csv` | four forecasts for each month since 2024, and what the books say since 2023 |
| `requests.csv`, `reports.csv` | what was asked of marketing operations, and the reports it owed |
| `platform_reports.csv` | leads, deals and revenue that four platforms claim for themselves, by month of 2025 |
| `tools.csv`, `capabilities.csv` | the stack of 40 tools, what each can do and whether it is used for that |
| `integrations.csv`, `automations.csv`, `ai_features.csv` | how the tools hang together, and what runs by itself in them |
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
    let (misrouted, tired) = (REGIONS[MISROUTED_REGION], SEGMENTS[3]);
    out.push_str(&format!(
        "
## What can be found out, on purpose

Each of these stands in the figures, and a test looks for it there.

| what | where |
|---|---|
| three tools send the marketing mailings: Tidal Automation, Postwing and Maildeck | `capabilities.csv` |
| nobody measured who uses Beacon Intent, or what for | `tools.csv`, `capabilities.csv` |
| the automation “Price enquiry alert” runs seven times as often as it was meant to | `automations.csv` |
| “Predictive lead score” works from telephone numbers, of which two in three are blank or useless | `ai_features.csv`, `contacts.csv` |
| the links of the social campaign of September 2025 were made by hand and break the UTM convention | `touches.csv` |
| on 18 November 2025 a mailing went to {BREACHES} contacts to whom nothing may be sent | `touches.csv`, `contacts.csv` |
| {SAME_ADDRESS} people are there twice with one e-mail address, {OTHER_ADDRESS} with two | `contacts.csv` |
| since June 2025 leads of the region “{misrouted}” go to {WRONG_DESK}’s desk, in America | `contacts.csv` |
| the segment “{tired}” gets every mailing and no longer opens any | `touches.csv` |
| “{RETARGETING}” stands last in most paths to a deal and first in none | `touches.csv` |
| the “Follow-up network” claims nearly every deal, whoever else paid for it | `platform_reports.csv` |
| since August 2025 forecasts are a third too high | `forecasts.csv` |
| {UNCHECKED} campaigns went live without a passed checklist, {UNBRANDED} without a brand review | `campaigns.csv` |
| two people are accountable for lead routing, and nobody for the suppression list | `charter.json` |
| the sign-off of `{LAPSED}` has lapsed, since its horizon was changed afterwards | `charter.json` |

Besides, in contacts and deals: one company whose name holds a line break ({}), names with letters beyond ASCII, and amounts
in EUR, GBP, USD and CHF.
",
        with_line_break.join(", ")
    ));
    out
}
