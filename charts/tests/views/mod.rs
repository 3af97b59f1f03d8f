//! Views made by hand, the ordinary ones and the awkward ones: for the tests and for the gallery.

#![allow(dead_code)]

mod boards;

use mops_charts::context::plain_value;
use mops_charts::{Context, Scene};
use mops_core::figure::{Figure, Status, Unit};
use mops_core::view::{
    ChangeVerdict, Cohort, CohortCell, CohortsView, Comparison, CurvePoint, FunnelStage, FunnelView, KpiView,
    PeriodView, TrendPoint,
};

pub const LONG: &str = "An unusually long name for a thing that somebody in the organisation once typed into a field \
    of the system and that nobody has shortened since, <b>with markup</b> & an ampersand";

pub const WIDTHS: [f64; 4] = [240.0, 400.0, 800.0, 1280.0];

pub fn figure(label: &str, unit: Unit, value: Option<f64>) -> Figure {
    Figure {
        id: "figure".into(),
        part: String::new(),
        label: label.into(),
        value,
        undefined: None,
        unit,
        currency: None,
        numerator: None,
        denominator: None,
        interval: None,
        bounds: None,
        read: 0,
        used: 412,
        excluded: Vec::new(),
        thin: false,
        note: None,
        unfiltered: Vec::new(),
        target: None,
        status: Status::NoTarget,
        definition: None,
        parts: Vec::new(),
    }
}

pub fn period(label: &str) -> PeriodView {
    PeriodView { id: label.into(), label: label.into(), start: None, end: None }
}

fn wilson(share: f64, of: f64) -> Option<[f64; 2]> {
    let (z, n) = (1.96_f64, of.max(1.0));
    let middle = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let half = z / (1.0 + z * z / n) * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    Some([middle - half, middle + half])
}

/// Stages with counts; the leak is the step after stage `leak`.
pub fn funnel_of(stages: &[(&str, u64)], leak: Option<usize>) -> FunnelView {
    let first = stages.first().map_or(0, |stage| stage.1) as f64;
    let of = |index: usize| {
        let (label, count) = stages[index];
        let next = stages.get(index + 1).filter(|_| count > 0).map(|next| next.1 as f64 / count as f64);
        FunnelStage {
            id: label.into(),
            label: label.into(),
            count: Some(count),
            compared_count: None,
            cumulative: (first > 0.0).then(|| count as f64 / first),
            next_rate: next,
            next_interval: next.filter(|rate| *rate <= 1.0).and_then(|rate| wilson(rate, count as f64)),
            compared_next_rate: None,
            next_target: None,
            median_days: None,
            customers_lost: None,
            is_leak: leak == Some(index),
            thin: count < 30,
        }
    };
    FunnelView {
        figure: figure("Lifecycle conversion", Unit::Rate, None),
        semantics: "all_stages".into(),
        stages: (0..stages.len()).map(of).collect(),
        leak: figure("Stage leak", Unit::Records, None),
    }
}

pub fn ordinary_funnel() -> FunnelView {
    let mut view = funnel_of(
        &[
            ("Lead", 5_012),
            ("Marketing qualified lead", 2_148),
            ("Sales qualified lead", 684),
            ("Opportunity", 391),
            ("Customer", 118),
        ],
        Some(1),
    );
    let more = [(4_480, 0.45, 3.0), (1_990, 0.42, 17.5), (752, 0.55, 21.0), (400, 0.3, 64.0), (110, 0.0, 0.0)];
    for (stage, (compared, target, days)) in view.stages.iter_mut().zip(more) {
        stage.compared_count = Some(compared);
        if target > 0.0 {
            stage.next_target = Some(target);
            stage.median_days = Some(days);
            stage.compared_next_rate = Some(target * 0.97);
        }
    }
    view.stages[1].customers_lost = Some(37.4);
    view
}

pub fn funnels() -> Vec<(&'static str, FunnelView)> {
    let many = [
        "Subscriber",
        "Lead",
        "Engaged",
        "Marketing qualified",
        "Accepted",
        "Sales qualified",
        "Meeting held",
        "Opportunity",
        "Proposal",
        "Negotiation",
        "Customer",
        "Evangelist",
    ];
    let many: Vec<(&str, u64)> = many
        .iter()
        .zip([90_000, 41_000, 22_000, 9_000, 8_900, 4_000, 2_500, 900, 500, 90, 31, 2])
        .map(|(name, count)| (*name, count))
        .collect();
    let long: Vec<(&str, u64)> = vec![(LONG, 500), (LONG, 30), (LONG, 3)];
    let mut lost = funnel_of(&long, Some(0));
    lost.stages[0].customers_lost = Some(123_456.7);
    lost.stages[0].next_target = Some(0.9);
    vec![
        ("ordinary", ordinary_funnel()),
        ("plain", funnel_of(&[("Lead", 820), ("Qualified", 410), ("Customer", 40)], None)),
        ("empty", funnel_of(&[], None)),
        ("one-stage", funnel_of(&[("Lead", 12)], None)),
        ("all-zero", funnel_of(&[("Lead", 0), ("Qualified", 0), ("Customer", 0)], None)),
        ("all-equal", funnel_of(&[("Lead", 70), ("Qualified", 70), ("Customer", 70)], None)),
        ("growing", funnel_of(&[("Lead", 10), ("Qualified", 500), ("Customer", 40)], Some(1))),
        ("twelve-stages", funnel_of(&many, Some(7))),
        ("long-labels", lost),
        ("huge-and-tiny", funnel_of(&[("Lead", u64::MAX), ("Qualified", 9_000_000_000), ("Customer", 1)], Some(0))),
        ("hebrew", funnel_of(&[("ליד", 420), ("ליד מוסמך שיווקית", 133), ("לקוח", 21)], Some(0))),
    ]
}

const MONTHS: [&str; 12] = [
    "Jan 2025", "Feb 2025", "Mar 2025", "Apr 2025", "May 2025", "Jun 2025", "Jul 2025", "Aug 2025", "Sep 2025",
    "Oct 2025", "Nov 2025", "Dec 2025",
];

pub fn trend_of(values: &[Option<f64>], spread: f64) -> Vec<TrendPoint> {
    let last = values.len().saturating_sub(1);
    let point = |(index, value): (usize, &Option<f64>)| TrendPoint {
        period: period(MONTHS[index % 12]),
        value: *value,
        interval: value.filter(|_| spread > 0.0).map(|value| [value * (1.0 - spread), value * (1.0 + spread)]),
        used: 40,
        thin: false,
        unfinished: index == last && last > 3,
    };
    values.iter().enumerate().map(point).collect()
}

pub fn kpi_of(unit: Unit, values: &[Option<f64>], spread: f64) -> KpiView {
    let mut figure = figure("Win rate", unit, values.last().copied().flatten());
    figure.target = values.first().copied().flatten().map(|value| value * 1.1);
    KpiView {
        figure,
        comparison: Some(Comparison {
            value: values.get(1).copied().flatten(),
            interval: None,
            difference: None,
            relative: None,
            verdict: ChangeVerdict::Neutral,
            within_chance: None,
            data_from: None,
        }),
        maturing: false,
        trend: trend_of(values, spread),
        segments: Vec::new(),
        segment_field: None,
    }
}

pub fn trends() -> Vec<(&'static str, KpiView)> {
    let year = [0.21, 0.24, 0.22, 0.27, 0.29, 0.26, 0.31, 0.33, 0.30, 0.34, 0.36, 0.28];
    let money = year.map(|value| Some(value * 4.1e6));
    let year = year.map(Some);
    let mut gaps = year;
    for gap in [2, 3, 6, 8] {
        gaps[gap] = None;
    }
    vec![
        ("ordinary", kpi_of(Unit::Rate, &year, 0.12)),
        ("money", kpi_of(Unit::Money, &money, 0.0)),
        ("undefined-in-the-middle", kpi_of(Unit::Rate, &gaps, 0.1)),
        ("all-undefined", kpi_of(Unit::Rate, &[None; 12], 0.0)),
        ("empty", kpi_of(Unit::Rate, &[], 0.0)),
        ("one-point", kpi_of(Unit::Days, &[Some(17.0)], 0.2)),
        ("two-points", kpi_of(Unit::Records, &[Some(1.0), Some(2.0)], 0.0)),
        ("all-equal", kpi_of(Unit::Days, &[Some(17.0); 6], 0.0)),
        ("all-zero", kpi_of(Unit::Records, &[Some(0.0); 6], 0.0)),
        ("huge", kpi_of(Unit::Money, &[Some(1e15), Some(3e15), Some(2.5e15)], 0.0)),
        ("tiny", kpi_of(Unit::Rate, &[Some(1e-7), Some(3e-7), Some(2e-7)], 0.3)),
        ("extreme", kpi_of(Unit::Records, &[Some(-1e300), Some(f64::NAN), Some(1e300), Some(f64::INFINITY)], 0.5)),
        ("negative", kpi_of(Unit::MoneyPerDay, &[Some(-300.0), Some(120.0), Some(-40.0), Some(90.0)], 0.2)),
        ("nearly-equal", kpi_of(Unit::Money, &[Some(1e9), Some(1e9 + 1.0), Some(1e9 + 2.0)], 0.0)),
        (
            "many-points",
            kpi_of(Unit::Records, &(0..96).map(|at| Some(f64::from(at % 17) + 4.0)).collect::<Vec<_>>(), 0.1),
        ),
    ]
}

/// Label, value and interval.
type Segment<'a> = (&'a str, Option<f64>, Option<[f64; 2]>);

pub fn segment_views() -> Vec<(&'static str, KpiView)> {
    let of = |unit, values: &[Segment], target| {
        let mut view = kpi_of(unit, &[], 0.0);
        view.figure.target = target;
        view.segments = values
            .iter()
            .map(|(label, value, interval)| {
                let mut segment = figure(label, unit, *value);
                segment.interval = *interval;
                segment.thin = value.is_some_and(|value| value > 0.6 && value <= 1.0);
                segment
            })
            .collect();
        view
    };
    vec![
        (
            "ordinary",
            of(
                Unit::Rate,
                &[
                    ("Organic search", Some(0.31), Some([0.27, 0.35])),
                    ("Paid social", Some(0.18), Some([0.12, 0.26])),
                    ("Partner referral", Some(0.42), Some([0.33, 0.52])),
                    ("Trade fair", Some(0.67), Some([0.3, 0.9])),
                    ("", Some(0.09), Some([0.05, 0.14])),
                    ("Webinar", None, None),
                ],
                Some(0.35),
            ),
        ),
        ("empty", of(Unit::Rate, &[], None)),
        ("one", of(Unit::Days, &[("Only one", Some(17.0), None)], None)),
        ("all-equal", of(Unit::Money, &[("North", Some(5e5), None), ("South", Some(5e5), None)], Some(5e5))),
        ("all-undefined", of(Unit::Rate, &[("North", None, None), ("South", None, None)], None)),
        ("long-labels", of(Unit::Money, &[(LONG, Some(1_234_567_890.0), None), (LONG, Some(3.0), None)], Some(9e8))),
        ("negative", of(Unit::Money, &[("Gain", Some(5e4), None), ("Loss", Some(-2e4), Some([-3e5, 1e5]))], None)),
        (
            "extreme",
            of(
                Unit::Records,
                &[("Most", Some(1e300), Some([-1e300, f64::INFINITY])), ("None", Some(f64::NAN), None)],
                None,
            ),
        ),
    ]
}

pub fn cohorts_of(cohorts: usize, ages: usize, rate: f64, label: Option<&str>) -> CohortsView {
    let cell = |cohort: usize, age: usize| {
        let grown = rate * (1.0 - 0.7_f64.powi(age as i32 + 1)) * (1.0 + 0.04 * (cohort % 5) as f64);
        (cohort + age < cohorts).then_some(CohortCell { converted: (grown * 300.0) as u64, rate: grown.min(1.0) })
    };
    CohortsView {
        figure: figure("Velocity by cohort", Unit::Rate, None),
        matured: figure("Matured conversion", Unit::Rate, None),
        from_label: label.unwrap_or("Lead").into(),
        to_label: label.unwrap_or("Customer").into(),
        cohorts: (0..cohorts)
            .map(|cohort| Cohort {
                period: period(label.unwrap_or(MONTHS[cohort % 12])),
                size: 300 + 17 * cohort as u64,
                thin: cohort == 1,
                cells: (0..ages).map(|age| cell(cohort, age)).collect(),
            })
            .collect(),
        ages: (0..ages as u32).collect(),
        curve: Vec::new(),
        median_days: None,
    }
}

pub fn curve_of(days: &[f64], rate: f64, competing: bool, median: Option<f64>) -> CohortsView {
    let mut view = cohorts_of(0, 0, 0.0, None);
    let end = days.last().copied().unwrap_or(1.0).max(1.0);
    view.curve = days
        .iter()
        .enumerate()
        .map(|(index, day)| {
            let share = rate * (1.0 - (-3.0 * day / end).exp());
            let wide = 0.02 + 0.1 * day / end;
            CurvePoint {
                day: *day,
                rate: share,
                low: (index > 0).then(|| (share - wide).max(0.0)),
                high: (index > 0).then(|| (share + wide).min(1.0)),
                competing: competing.then(|| (share * 0.8).min(1.0 - share)),
                at_risk: 1_000 - index as u64,
            }
        })
        .collect();
    view.median_days = median;
    view
}

pub fn matrices() -> Vec<(&'static str, CohortsView)> {
    vec![
        ("ordinary", cohorts_of(12, 12, 0.32, None)),
        ("empty", cohorts_of(0, 0, 0.3, None)),
        ("one-cell", cohorts_of(1, 1, 0.3, None)),
        ("all-zero", cohorts_of(4, 4, 0.0, None)),
        ("twenty-four", cohorts_of(24, 24, 0.08, None)),
        ("long-labels", cohorts_of(3, 6, 0.5, Some(LONG))),
    ]
}

pub fn curves() -> Vec<(&'static str, CohortsView)> {
    let days: Vec<f64> = (0..60).map(|at| f64::from(at * at) / 20.0).collect();
    vec![
        ("ordinary", curve_of(&days, 0.38, true, None)),
        ("median", curve_of(&days, 0.82, false, Some(41.0))),
        ("empty", curve_of(&[], 0.3, false, None)),
        ("one-point", curve_of(&[0.0], 0.3, false, None)),
        ("two-points", curve_of(&[0.0, 3.0], 1.0, true, Some(1.0))),
        ("never", curve_of(&[0.0, 30.0, 400.0], 0.0, false, None)),
        ("extreme", curve_of(&[0.0, 1e12, f64::NAN, f64::INFINITY], 0.5, true, Some(1e15))),
    ]
}

/// All scenes at a width, by name.
pub fn scenes(width: f64, rtl: bool) -> Vec<(String, Scene)> {
    let format = |value, unit, style| plain_value(value, unit, style, "EUR");
    let context = Context { rtl, ..Context::plain(&format) };
    let mut scenes = Vec::new();
    for (name, view) in funnels() {
        scenes.push((format!("funnel-{name}"), mops_charts::funnel(&view, width, &context)));
    }
    for (name, view) in trends() {
        scenes.push((format!("trend-{name}"), mops_charts::trend(&view, width, 220.0, &context)));
        let (unit, target) = (view.figure.unit, view.figure.target);
        let line = mops_charts::sparkline(&view.trend, unit, target, width.min(240.0), 40.0, &context);
        scenes.push((format!("sparkline-{name}"), line));
    }
    for (name, view) in segment_views() {
        scenes.push((format!("segments-{name}"), mops_charts::segments(&view, width, &context)));
    }
    for (name, view) in matrices() {
        scenes.push((format!("matrix-{name}"), mops_charts::matrix(&view, width, &context)));
    }
    for (name, (nodes, links)) in boards::graphs() {
        scenes.push((format!("graph-{name}"), mops_charts::graph(&nodes, Some(&links), width, &context)));
    }
    for (name, section) in boards::lines() {
        scenes.push((format!("series-{name}"), mops_charts::series(&section, width, 220.0, &context)));
    }
    for (name, view) in curves() {
        scenes.push((format!("curve-{name}"), mops_charts::curve(&view, width, 240.0, &context)));
    }
    scenes
}
