//! Short lists. What the standard library writes for `collect` (the first item apart, room by a guess, room again inside
//! the loop) takes about 200 bytes in each of hundreds of places; a plain loop takes a third of that.

/// Iterators of few items, which become a list.
pub trait List: Iterator + Sized {
    /// The items, in order. Where there may be a million, `collect` finds room for all at once.
    fn list(self) -> Vec<Self::Item> {
        let mut list = Vec::new();
        for item in self {
            list.push(item);
        }
        list
    }
}

impl<I: Iterator> List for I {}

/// Texts, which become one. The standard library's `join` and `concat` reckon the length first, in 800 bytes for each type.
pub(crate) trait Joined {
    /// All of them, with something between each two.
    fn joined(&self, between: &str) -> String;
}

impl<T: AsRef<str>> Joined for [T] {
    #[inline(never)]
    fn joined(&self, between: &str) -> String {
        let mut whole = String::new();
        for (index, text) in self.iter().enumerate() {
            if index > 0 {
                whole.push_str(between);
            }
            whole.push_str(text.as_ref());
        }
        whole
    }
}
