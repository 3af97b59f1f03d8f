//! What a charter must hold to be sound.
