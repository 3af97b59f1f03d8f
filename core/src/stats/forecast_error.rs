//! How far forecasts were off, in the measures of Hyndman & Athanasopoulos, *Forecasting: Principles and Practice*, 3rd
//! ed., §5.8.

use crate::sum::Sum;

/// Forecasts against what came, added up exactly in any whole unit.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Errors {
    /// Pairs.
    pub n: u64,
    /// Σ |forecast − actual|.
    pub off: i128,
    /// Σ (forecast − actual): above 0, more was forecast than came.
    pub over: i128,
    /// Σ actual.
    pub came: i128,
    /// Σ |forecast − actual| ÷ |actual|, unless an actual is 0.
    relative: f64,
    zero: bool,
}

impl Errors {
    /// Of pairs of forecast and actual, in a fixed order.
    pub fn of(pairs: &[(i64, i64)]) -> Self {
        let mut errors = Self::default();
        for (forecast, actual) in pairs {
            let (error, actual) = (i128::from(*forecast).minus((*actual).into()), i128::from(*actual));
            errors.n = errors.n.plus(1);
            errors.off = errors.off.plus(error.saturating_abs());
            errors.over = errors.over.plus(error);
            errors.came = errors.came.plus(actual);
            errors.relative += error.saturating_abs() as f64 / actual.saturating_abs().max(1) as f64;
            errors.zero |= actual == 0;
        }
        errors
    }

    /// Mean absolute percentage error, as a share. Nothing without pairs or where an actual is 0.
    pub fn mape(&self) -> Option<f64> {
        (self.n > 0 && !self.zero).then(|| self.relative / self.n as f64)
    }

    /// Mean absolute error.
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| self.off as f64 / self.n as f64)
    }

    /// Mean absolute scaled error: how many times as far off as the naive forecasts of earlier periods were (Hyndman &
    /// Koehler 2006). Nothing where those were never off.
    pub fn scaled(&self, naive: &Self) -> Option<f64> {
        Some(self.mean()? / naive.mean().filter(|mean| *mean > 0.0)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::reference;

    /// Monthly totals of international airline passengers, 1949 to 1960, in thousands: Box, Jenkins & Reinsel, *Time
    /// Series Analysis, Forecasting and Control*, 3rd ed. (1976), series G; `AirPassengers` in R.
    const AIR_PASSENGERS: [i64; 144] = [
        112, 118, 132, 129, 121, 135, 148, 148, 136, 119, 104, 118, // 1949
        115, 126, 141, 135, 125, 149, 170, 170, 158, 133, 114, 140, // 1950
        145, 150, 178, 163, 172, 178, 199, 199, 184, 162, 146, 166, // 1951
        171, 180, 193, 181, 183, 218, 230, 242, 209, 191, 172, 194, // 1952
        196, 196, 236, 235, 229, 243, 264, 272, 237, 211, 180, 201, // 1953
        204, 188, 235, 227, 234, 264, 302, 293, 259, 229, 203, 229, // 1954
        242, 233, 267, 269, 270, 315, 364, 347, 312, 274, 237, 278, // 1955
        284, 277, 317, 313, 318, 374, 413, 405, 355, 306, 271, 306, // 1956
        315, 301, 356, 348, 355, 422, 465, 467, 404, 347, 305, 336, // 1957
        340, 318, 362, 348, 363, 435, 491, 505, 404, 359, 310, 337, // 1958
        360, 342, 406, 396, 420, 472, 548, 559, 463, 407, 362, 405, // 1959
        417, 391, 419, 461, 472, 535, 622, 606, 508, 461, 390, 432, // 1960
    ];

    /// Seasonal naive forecasts: each value is that of a year before. The last two years are forecast from 1958, the
    /// years before them fitted.
    #[test]
    fn seasonal_naive_of_air_passengers() {
        let case = &reference()["seasonal_naive_airpassengers"];
        let (train, test) = AIR_PASSENGERS.split_at(120);
        let test = test.iter().enumerate().map(|(month, actual)| (train[108 + month % 12], *actual));
        let test = Errors::of(&test.collect::<Vec<_>>());
        let train = train.iter().zip(&train[12..]).map(|(before, actual)| (*before, *actual));
        let train = Errors::of(&train.collect::<Vec<_>>());
        let near = |found: Option<f64>, key: &str, digits: f64| {
            let (found, expected) = (found.unwrap(), case[key].as_f64().unwrap());
            assert!((found - expected).abs() <= 0.5 * digits, "{key}: {found}, expected {expected}");
        };
        assert_eq!((test.n, train.n), (24, 108));
        near(test.mean(), "test_mae", 0.01);
        near(test.mape().map(|share| 100.0 * share), "test_mape", 0.01);
        near(Some(100.0 * test.off as f64 / test.came as f64), "test_wape", 0.0001);
        near(train.mean(), "train_mae", 0.01);
        near(train.mape().map(|share| 100.0 * share), "train_mape", 0.01);
        // 71.25 ÷ 28.57…: far worse than it was fitted.
        assert!((test.scaled(&train).unwrap() - 71.25 / (train.off as f64 / 108.0)).abs() < 1e-12);
    }

    /// 8 for 10 and 6 for 5: off by 2 and 1, over by −1; 20% and 20%.
    #[test]
    fn by_hand() {
        let errors = Errors::of(&[(8, 10), (6, 5)]);
        assert_eq!((errors.n, errors.off, errors.over, errors.came), (2, 3, -1, 15));
        assert_eq!(errors.mape(), Some(0.2));
        assert_eq!(errors.scaled(&Errors::of(&[(1, 7)])), Some(1.5 / 6.0));
        assert_eq!(errors.scaled(&Errors::of(&[(7, 7)])), None);
        assert_eq!(Errors::of(&[(8, 10), (6, 0)]).mape(), None);
        assert_eq!(Errors::default().mape(), None);
    }
}
