//! Sums that stay at the greatest or least number instead of leaving their type's range. The standard library's
//! `saturating_` functions do the same, but are written out in each of hundreds of places; what touches every row uses
//! those.

/// Reckoning that never overflows.
pub(crate) trait Sum: Sized {
    /// The sum.
    fn plus(self, other: Self) -> Self;
    /// The difference.
    fn minus(self, other: Self) -> Self;
    /// The product.
    fn times(self, other: Self) -> Self;
}

macro_rules! sums {
    ($($type:ty)*) => {$(
        impl Sum for $type {
            #[inline(never)]
            fn plus(self, other: Self) -> Self {
                self.saturating_add(other)
            }

            #[inline(never)]
            fn minus(self, other: Self) -> Self {
                self.saturating_sub(other)
            }

            #[inline(never)]
            fn times(self, other: Self) -> Self {
                self.saturating_mul(other)
            }
        }
    )*};
}

sums! { i64 i128 u64 usize u32 }
