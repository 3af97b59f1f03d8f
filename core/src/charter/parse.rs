//! Reading a charter.
