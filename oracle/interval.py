"""Intervals and survival curves, from scipy, statsmodels and lifelines."""

import math
import warnings

import numpy
from lifelines import KaplanMeierFitter
from scipy.stats import binom, norm
from statsmodels.duration.survfunc import CumIncidenceRight
from statsmodels.stats.proportion import proportion_confint

warnings.filterwarnings("ignore")
Z = norm.ppf(0.975)


def wilson(successes, total):
    """The 95% Wilson interval; none without records."""
    if total == 0:
        return None
    low, high = proportion_confint(successes, total, alpha=0.05, method="wilson")
    return [max(0.0, float(low)), min(1.0, float(high))]


def rate(successes, total, interval=True):
    """A share of records as an expected figure."""
    figure = {"value": successes / total if total else None, "numerator": successes, "denominator": total}
    if interval:
        figure["interval"] = wilson(successes, total)
    return figure


def median(values):
    """The middle one, or the mean of the two middle ones."""
    values = sorted(values)
    if not values:
        return None
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def order_statistics(values, share=0.5):
    """The distribution-free 95% interval of a quantile: none where too few values bound it."""
    values, n = sorted(values), len(values)
    low = int(binom.ppf(0.025, n, share)) if n else 0
    while low > 0 and binom.cdf(low - 1, n, share) > 0.025:
        low -= 1
    high = next((rank for rank in range(1, n + 1) if binom.cdf(rank - 1, n, share) >= 0.975), None)
    if low < 1 or high is None:
        return None
    return [values[low - 1], values[high - 1]]


def first(times, curve, level):
    """When a falling curve gets below a level: see `Survival.first`."""
    resting = None
    for time, value in zip(times, curve):
        if value < level - 1e-9:
            return time if resting is None else (resting + time) / 2
        if resting is None and value <= level + 1e-9:
            resting = time
    return None if resting is None else (resting + times[-1]) / 2


class Survival:
    """A Kaplan-Meier curve with log-transformed limits, as R's survfit draws them by default."""

    def __init__(self, times, events):
        self.fit = KaplanMeierFitter().fit(times, events)
        table = self.fit.event_table
        self.times = [float(time) for time in table.index]
        survival, variance = 1.0, 0.0
        self.survival, self.low, self.high = [], [], []
        for time, died, at_risk in zip(self.times, table["observed"], table["at_risk"]):
            survival = float(self.fit.predict(time))
            variance = variance + died / (at_risk * (at_risk - died)) if at_risk > died else math.inf
            reach = Z * math.sqrt(variance)
            self.survival.append(survival)
            self.low.append(survival * math.exp(-reach) if math.isfinite(reach) else math.nan)
            self.high.append(min(1.0, survival * math.exp(reach)) if math.isfinite(reach) else math.nan)

    def at(self, time):
        """(survival, low, high) on a day."""
        index = max(i for i, known in enumerate(self.times) if known <= time)
        return self.survival[index], self.low[index], self.high[index]

    def first(self, curve, level):
        """When a curve first falls below a level; where it rests on the level, the middle of that stretch, which ends
        at the last day that anybody was watched."""
        return first(self.times, curve, level)


def incidence(times, causes, cause):
    """Aalen-Johansen: times, cumulative incidence of a cause and its standard error."""
    fit = CumIncidenceRight(numpy.asarray(times, float), numpy.asarray(causes))
    return fit.times, fit.cinc[cause - 1], fit.cinc_se[cause - 1]
