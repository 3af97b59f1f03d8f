//! Hashing of texts, to find them again. The usual hasher, with what it makes its seed of, takes 3.5 KB of a module, and a
//! module has no randomness for that seed.

use std::hash::{BuildHasherDefault, Hasher};

/// Makes hashers of texts.
pub(crate) type Texts = BuildHasherDefault<TextHasher>;

/// Hashes one text: eight bytes at a time, each time multiplied so that all bits above a differing one differ, and folded
/// so that those below do.
#[derive(Debug, Default)]
pub(crate) struct TextHasher(u64);

impl Hasher for TextHasher {
    #[cfg_attr(speed, optimize(speed))]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks();
        let mut hash = bytes.len() as u64;
        for word in words {
            hash = stir(hash ^ u64::from_le_bytes(*word));
        }
        let mut last = 0;
        for byte in rest {
            last = last << 8 | u64::from(*byte);
        }
        self.0 = stir(stir(hash ^ last));
    }

    /// What `str` ends with, so that tuples of texts differ: there are none here.
    fn write_u8(&mut self, _: u8) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

#[inline]
fn stir(word: u64) -> u64 {
    let product = word.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    product ^ product >> 32
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::hash::BuildHasher;

    /// A table of 2^16 places looks at the lowest 16 bits and, there, at the highest seven. Of 50,000 texts, random bits
    /// would leave 65,536 × (1 − e^(−50,000 / 65,536)) = 34,981 places taken, within some hundred; and of texts
    /// that share a place, one in 128 pairs the same highest bits.
    #[test]
    fn texts_that_are_much_alike_are_spread() {
        let kinds: [fn(u32) -> String; 6] = [
            |at| at.to_string(),
            |at| format!("C{at:07}"),
            |at| format!("{at}@example.com"),
            |at| format!("person.{at}@a-longer-name-of-a-company.example"),
            |at| format!("{at:016x}"),
            |at| "a".repeat(at as usize % 500) + &"b".repeat(at as usize / 500),
        ];
        for kind in kinds {
            let hashes: Vec<u64> = (0..50_000).map(|at| Texts::default().hash_one(kind(at).as_str())).collect();
            let places: BTreeSet<u64> = hashes.iter().map(|hash| hash & 0xffff).collect();
            assert!(places.len() > 34_500, "{} places of {}", places.len(), kind(7));
            let tagged: BTreeSet<u64> = hashes.iter().map(|hash| hash & 0xffff | hash >> 57 << 16).collect();
            assert!(tagged.len() > 49_700, "{} of {}", tagged.len(), kind(7));
        }
    }
}
