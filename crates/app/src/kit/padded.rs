//! Values for a list of fixed length in a statement.

/// The first `length` values, the last one repeated to fill up: few texts, so few prepared statements.
pub fn padded<T>(values: &[T], length: usize) -> impl Iterator<Item = &T> {
    let last = values.last();
    values.iter().chain(std::iter::repeat_with(move || last).flatten()).take(length)
}
