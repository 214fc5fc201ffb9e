//! How much a file made by somebody else may cost us.

/// Bounds on what is read. Sizes are bytes; every bound is inclusive.
///
/// Declared sizes are never trusted: inflating stops when a bound is reached, whatever the archive says.
/// In memory at any moment: at most [`Limits::held`] bytes of nested archives, their directories, and the few
/// documents of one solution with what is kept of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The file as it was uploaded.
    pub archive: u64,
    /// All entries of all levels together, inflated.
    pub inflated: u64,
    /// Entries of one archive.
    pub entries: usize,
    /// What may be read to learn what is in an archive: its directory and the search for it.
    pub directory: u64,
    /// Inflated by compressed, of one entry; entries below [`Limits::ratio_free`] are exempt.
    pub ratio: u64,
    /// Up to this size an entry may compress as well as it likes: short repetitive files do.
    pub ratio_free: u64,
    /// Compressed archives inside the archive have to be held in memory to be read (stored ones do not).
    pub held: u64,
    /// One XML document.
    pub xml: u64,
    /// Elements inside each other in one XML document.
    pub xml_depth: usize,
    /// Elements of one XML document that we look at; the others cost nothing.
    pub xml_elements: usize,
    /// One icon or terms file.
    pub attachment: u64,
}

const MEGABYTE: u64 = 1024 * 1024;

impl Default for Limits {
    fn default() -> Self {
        Self {
            archive: 250 * MEGABYTE,
            inflated: 2048 * MEGABYTE,
            entries: 10_000,
            directory: 16 * MEGABYTE,
            ratio: 200,
            ratio_free: 8 * MEGABYTE,
            held: 512 * MEGABYTE,
            xml: 64 * MEGABYTE,
            xml_depth: 256,
            xml_elements: 100_000,
            attachment: 8 * MEGABYTE,
        }
    }
}
