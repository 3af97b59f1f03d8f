//! Time to an event when some records have not had theirs yet.

use super::Z95;
use super::quantile::{Counts, total};
use crate::list::List;
use crate::sum::Sum;

/// Times to an event, as exact counts: each cause's events, and the records still waiting when last seen.
#[derive(Debug, Clone, Copy)]
pub struct Durations<'a> {
    /// Events of the cause of interest.
    pub events: &'a Counts,
    /// Events that make the one of interest impossible.
    pub competing: &'a Counts,
    /// Last seen without any.
    pub censored: &'a Counts,
}

/// The curve at one event time; it holds up to the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The time.
    pub time: i64,
    /// Records at risk just before. One censored at this very time is still at risk.
    pub at_risk: u64,
    /// Share that had the event by then.
    pub incidence: f64,
    /// 1 − incidence. Without competing events, the Kaplan–Meier survival.
    pub survival: f64,
    /// Standard error of either; nothing once everybody had the event (R and Stata print none there either).
    pub standard_error: Option<f64>,
    /// 95% limits of `survival` on the log scale, as R's `survfit` draws them by default, cut at 1.
    pub limits: Option<[f64; 2]>,
    /// Share that had a competing event by then.
    pub competing: f64,
}

/// Share that had the event, over time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Curve {
    /// One for each time at which any event happened.
    pub steps: Vec<Step>,
    /// Records.
    pub n: u64,
    /// The latest time anybody was seen.
    pub last: Option<i64>,
    /// How many were watched that long without any event, or had theirs at that very time.
    pub at_risk_at_end: u64,
    /// Whether everybody's event is known, so that the curve holds for good.
    pub complete: bool,
}

impl Curve {
    /// The Aalen–Johansen cumulative incidence; without competing events, 1 − the Kaplan–Meier survival. The
    /// standard error is Greenwood's, or with competing events the delta-method one that Greenwood's is the special
    /// case of (Marubini & Valsecchi 1995, §10.3).
    pub fn new(durations: Durations) -> Self {
        let Durations { events, competing, censored } = durations;
        let n = total(events).plus(total(competing)).plus(total(censored));
        let mut times: Vec<i64> = events.keys().chain(competing.keys()).copied().list();
        times.sort_unstable();
        times.dedup();
        let mut leavers = censored.iter().peekable();
        let mut left = 0_u64;
        let (mut free, mut incidence, mut rivals) = (1.0, 0.0, 0.0);
        // Running sums of the variance, which is a·F² − 2·b·F + c at incidence F.
        let (mut a, mut b, mut c) = (0.0, 0.0, 0.0);
        let mut steps = Vec::with_capacity(times.len());
        for time in times {
            while let Some((_, times)) = leavers.next_if(|(leaves, _)| **leaves < time) {
                left = left.plus(*times);
            }
            let at_risk = n.minus(left);
            let d = events.get(&time).copied().unwrap_or(0);
            let r = competing.get(&time).copied().unwrap_or(0);
            let (risk, own, all) = (at_risk as f64, d as f64, d.plus(r) as f64);
            incidence += free * own / risk;
            rivals += free * r as f64 / risk;
            let remaining = risk - all;
            // When everybody has left, nothing happens later, so the infinite term never counts.
            let greenwood = if remaining > 0.0 { all / (risk * remaining) } else { 0.0 };
            let step = free * own / (risk * risk);
            a += greenwood;
            b += incidence * greenwood + step;
            c += incidence * incidence * greenwood + 2.0 * incidence * step + free * step * (risk - own) / risk;
            free *= remaining / risk;
            let survival = if competing.is_empty() { free } else { (1.0 - incidence).max(0.0) };
            let variance = if competing.is_empty() {
                survival * survival * a
            } else {
                (a * incidence * incidence - 2.0 * b * incidence + c).max(0.0)
            };
            let standard_error = (survival > 0.0).then(|| libm::sqrt(variance));
            let limits = standard_error.map(|se| {
                let log = libm::log(survival);
                let half = Z95 * se / survival;
                [libm::exp(log - half), libm::exp(log + half).min(1.0)]
            });
            steps.push(Step {
                time,
                at_risk,
                incidence: if competing.is_empty() { 1.0 - survival } else { incidence },
                survival,
                standard_error,
                limits,
                competing: rivals,
            });
            left = left.plus(d).plus(r);
        }
        let last = [events, competing, censored].into_iter().filter_map(|counts| counts.keys().next_back()).max();
        let last_event = steps.last().map(|step| step.time);
        let complete = n > 0 && censored.keys().next_back().copied() < last_event;
        let at = |time: Option<&i64>| {
            let at = |counts: &Counts| time.and_then(|time| counts.get(time)).copied().unwrap_or(0);
            [events, competing, censored].map(at).into_iter().fold(0_u64, u64::saturating_add)
        };
        Self { steps, n, last: last.copied(), at_risk_at_end: at(last), complete }
    }

    /// Whether the curve is known at a time: somebody was watched that long, or nobody is left to watch.
    pub fn covers(&self, time: i64) -> bool {
        self.complete || self.last.is_some_and(|last| last >= time)
    }

    /// The step that holds at a time; nothing before the first event.
    pub fn at(&self, time: i64) -> Option<&Step> {
        self.steps.get(self.steps.partition_point(|step| step.time <= time).checked_sub(1)?)
    }

    /// The time by which a share had the event; nothing where the curve never gets there. R's convention: where the
    /// curve runs level at exactly that share, the middle of the level stretch.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        self.crossing(share, |step| Some(step.survival))
    }

    /// The 95% limits of [`Self::quantile`]: where the limits of the curve reach the share. The upper one is open
    /// where the curve's limit never gets there.
    pub fn quantile_limits(&self, share: f64) -> [Option<f64>; 2] {
        [
            self.crossing(share, |step| step.limits.map(|[low, _]| low)),
            self.crossing(share, |step| step.limits.map(|[_, high]| high)),
        ]
    }

    fn crossing(&self, share: f64, height: impl Fn(&Step) -> Option<f64>) -> Option<f64> {
        // The tolerance R uses: a survival of ½ is a product of rounded fractions.
        const TOLERANCE: f64 = 1.5e-8;
        let level = 1.0 - share;
        let mut heights = self.steps.iter().filter_map(|step| Some((step.time, height(step)?)));
        let (time, at) = heights.find(|(_, at)| *at <= level + TOLERANCE)?;
        if at < level - TOLERANCE {
            return Some(time as f64);
        }
        let end = heights.find(|(_, at)| *at < level - TOLERANCE).map(|(time, _)| time).or(self.last)?;
        Some((time as f64 + end as f64) / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::reference;
    use serde_json::Value;

    fn close(found: f64, expected: f64, tolerance: f64, what: &str) {
        assert!((found - expected).abs() < tolerance, "{what}: {found}, expected {expected}");
    }

    fn tally(rows: impl IntoIterator<Item = (i64, i64)>) -> [Counts; 2] {
        let mut counts = [Counts::new(), Counts::new()];
        for (time, event) in rows {
            *counts[event as usize].entry(time).or_default() += 1;
        }
        counts
    }

    fn kaplan_meier([censored, events]: &[Counts; 2]) -> Curve {
        Curve::new(Durations { events, competing: &Counts::new(), censored })
    }

    fn integers(value: &Value) -> Vec<i64> {
        value.as_array().unwrap().iter().map(|cell| cell.as_i64().unwrap()).collect()
    }

    fn data(name: &str) -> String {
        std::fs::read_to_string(format!("{}/tests/data/survival/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    }

    /// R survival and Stata, as tabulated in statsmodels' tests (`duration/tests/test_survfunc.py`).
    #[test]
    fn small_samples() {
        for case in reference()["km_small"].as_array().unwrap() {
            let curve = kaplan_meier(&tally(integers(&case["time"]).into_iter().zip(integers(&case["event"]))));
            let times: Vec<i64> = curve.steps.iter().map(|step| step.time).collect();
            assert_eq!(times, integers(&case["at"]));
            for (index, step) in curve.steps.iter().enumerate() {
                close(step.survival, case["survival"][index].as_f64().unwrap(), 1e-6, "survival");
                assert_eq!(step.at_risk, case["at_risk"][index].as_u64().unwrap());
                match case["se"][index].as_f64() {
                    Some(se) => close(step.standard_error.unwrap(), se, 1e-6, "standard error"),
                    None => assert_eq!(step.standard_error, None),
                }
            }
        }
    }

    /// Stata's stcompet, as tabulated in statsmodels' tests.
    #[test]
    fn cumulative_incidence() {
        let case = &reference()["cuminc_small"];
        let rows: Vec<(i64, i64)> = integers(&case["time"]).into_iter().zip(integers(&case["cause"])).collect();
        for cause in 1..=3 {
            let of = |wanted: &dyn Fn(i64) -> bool| {
                let mut counts = Counts::new();
                for (time, _) in rows.iter().filter(|(_, cause)| wanted(*cause)) {
                    *counts.entry(*time).or_default() += 1;
                }
                counts
            };
            let (events, competing, censored) =
                (of(&|found| found == cause), of(&|found| found != cause && found != 0), of(&|found| found == 0));
            let curve = Curve::new(Durations { events: &events, competing: &competing, censored: &censored });
            let expected = case["incidence"][cause.to_string()].as_array().unwrap();
            // One value for each distinct time, also where records only left.
            let mut times: Vec<i64> = rows.iter().map(|(time, _)| *time).collect();
            times.sort_unstable();
            times.dedup();
            assert_eq!(times.len(), expected.len());
            for (time, expected) in times.into_iter().zip(expected) {
                let incidence = curve.at(time).map_or(0.0, |step| step.incidence);
                close(incidence, expected.as_f64().unwrap(), 1e-7, "incidence");
            }
        }
    }

    /// R survminer on the lung data: medians with the log-transformed limits of `survfit`.
    #[test]
    fn lung() {
        let text = data("lung.csv");
        let (header, rows) = text.split_once('\n').unwrap();
        assert!(header.starts_with("inst,time,status,age,sex,"));
        for sex in ["1", "2"] {
            let case = &reference()["km_lung"][sex];
            let counts = tally(rows.lines().filter_map(|line| {
                let cells: Vec<&str> = line.split(',').collect();
                (cells[4] == sex).then(|| (cells[1].parse().unwrap(), cells[2].parse().unwrap()))
            }));
            assert_eq!(total(&counts[1]), case["events"].as_u64().unwrap());
            let curve = kaplan_meier(&counts);
            assert_eq!(curve.n, case["n"].as_u64().unwrap());
            assert_eq!(curve.quantile(0.5), case["median"].as_f64());
            assert_eq!(curve.quantile_limits(0.5), [case["median_low"].as_f64(), case["median_high"].as_f64()]);
            if sex == "1" {
                for (time, survival) in reference()["km_lung"]["male_survival"].as_object().unwrap() {
                    let step = curve.at(time.parse().unwrap()).unwrap();
                    close(step.survival, survival.as_f64().unwrap(), 5e-5, "male survival");
                }
            }
        }
    }

    /// Freireich 1963 (6-mercaptopurine against placebo), as tabulated widely.
    #[test]
    fn gehan() {
        let case = &reference()["km_gehan"];
        let group = |wanted: &str| {
            tally(data("gehan.dat").lines().filter_map(|line| {
                let cells: Vec<&str> = line.split_whitespace().collect();
                (cells[0] == wanted).then(|| (cells[1].parse().unwrap(), cells[2].parse().unwrap()))
            }))
        };
        let treated = kaplan_meier(&group("2"));
        let expected = case["six_mp_survival"].as_array().unwrap();
        assert_eq!(treated.steps.len(), expected.len());
        for (step, expected) in treated.steps.iter().zip(expected) {
            close(step.survival, expected.as_f64().unwrap(), 5e-5, "6-MP");
        }
        assert_eq!(treated.quantile(0.5), case["median_six_mp"].as_f64());
        assert_eq!(kaplan_meier(&group("1")).quantile(0.5), case["median_placebo"].as_f64());
        assert_eq!(treated.quantile_limits(0.5)[1], None, "the upper limit is never reached");
    }

    /// SAS on bone-marrow transplants, group ALL, as tabulated in statsmodels' tests.
    #[test]
    fn bone_marrow_transplants() {
        let curve = kaplan_meier(&tally(data("bmt.csv").lines().skip(1).filter_map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[0] == "ALL").then(|| (cells[1].parse().unwrap(), cells[2].parse().unwrap()))
        })));
        let expected = data("bmt_results.csv");
        let mut compared = 0;
        for line in expected.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let step = curve.at(cells[0].parse().unwrap()).unwrap();
            close(step.survival, cells[1].parse().unwrap(), 6e-6, "survival");
            close(step.standard_error.unwrap(), cells[2].parse().unwrap(), 6e-7, "standard error");
            compared += 1;
        }
        assert_eq!(compared, curve.steps.len());
    }

    /// The variance with competing events is Greenwood's where none compete, so both ways must agree on any data
    /// in which the only competing event comes after everything else.
    #[test]
    fn variance_reduces_to_greenwood() {
        let [censored, events] = tally([(1, 1), (2, 0), (2, 1), (4, 1), (4, 1), (5, 0), (7, 1), (9, 0), (10, 0)]);
        let with = [(10, 1)].into_iter().collect();
        let mut without = censored.clone();
        without.remove(&10);
        let plain = Curve::new(Durations { events: &events, competing: &Counts::new(), censored: &censored });
        let rivalled = Curve::new(Durations { events: &events, competing: &with, censored: &without });
        for (a, b) in plain.steps.iter().zip(&rivalled.steps) {
            close(a.incidence, b.incidence, 1e-12, "incidence");
            close(a.standard_error.unwrap(), b.standard_error.unwrap(), 1e-12, "standard error");
        }
    }

    #[test]
    fn nothing_and_level_stretches() {
        let none = kaplan_meier(&tally([]));
        assert_eq!((none.quantile(0.5), none.at(3), none.last), (None, None, None));
        // Half had it at 3, and nothing more happens before 5: R gives the middle.
        assert_eq!(kaplan_meier(&tally([(3, 1), (5, 1)])).quantile(0.5), Some(4.0));
        assert_eq!(kaplan_meier(&tally([(3, 0), (5, 0)])).quantile(0.5), None);
    }
}
