//! Words of a text, as they are compared: without case, accents and punctuation.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters of a word that count; the rest of longer ones is cut.
const LONGEST: usize = 64;

/// The words in their order. Hangul is taken apart into its letters, so that a syllable begun matches; where
/// words are not parted by blanks (Han, Kana), each two signs in a row are a word.
pub(super) fn words(text: &str) -> Vec<String> {
    let folded: String =
        text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let mut found = Vec::new();
    for run in folded.split(|c: char| !c.is_alphanumeric()).filter(|run| !run.is_empty()) {
        let mut plain = String::new();
        let mut signs: Vec<char> = Vec::new();
        for c in run.chars() {
            if is_sign(c) {
                flush(&mut plain, &mut found);
                signs.push(c);
            } else {
                pairs(&mut signs, &mut found);
                plain.push(c);
            }
        }
        flush(&mut plain, &mut found);
        pairs(&mut signs, &mut found);
    }
    found
}

fn is_sign(c: char) -> bool {
    matches!(u32::from(c), 0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0x2_0000..=0x3_FFFF)
}

fn flush(plain: &mut String, found: &mut Vec<String>) {
    if !plain.is_empty() {
        found.push(plain.chars().take(LONGEST).collect());
        plain.clear();
    }
}

fn pairs(signs: &mut Vec<char>, found: &mut Vec<String>) {
    match signs.as_slice() {
        [] => {}
        [only] => found.push(only.to_string()),
        several => found.extend(several.windows(2).map(|pair| pair.iter().collect::<String>())),
    }
    signs.clear();
}

/// How many letters may be wrong in a word of this length.
pub(super) fn tolerance(length: usize) -> usize {
    match length {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// A word as typos are looked for.
#[derive(Debug)]
pub(super) struct Letters {
    letters: Vec<char>,
    /// Which letters occur, folded onto 64 bits: one typo changes two of them at most.
    mask: u64,
}

impl Letters {
    pub(super) fn of(word: &str) -> Self {
        let letters: Vec<char> = word.chars().collect();
        let mask = letters.iter().fold(0, |mask, letter| mask | 1 << (u32::from(*letter) % 64));
        Self { letters, mask }
    }

    pub(super) fn len(&self) -> usize {
        self.letters.len()
    }

    /// Letters that were added, left out, mistaken, or swapped with their neighbour; `None`: more than `most`.
    pub(super) fn typos(&self, other: &Self, most: usize) -> Option<usize> {
        let (a, b) = (&self.letters, &other.letters);
        if a.len().abs_diff(b.len()) > most || (self.mask ^ other.mask).count_ones() as usize > 2 * most {
            return None;
        }
        let mut before: Vec<usize> = Vec::new();
        let mut last: Vec<usize> = (0..=b.len()).collect();
        for (i, letter) in a.iter().enumerate() {
            let mut row = vec![i + 1];
            for (j, against) in b.iter().enumerate() {
                let mistaken = last[j] + usize::from(letter != against);
                let mut best = mistaken.min(last[j + 1] + 1).min(row[j] + 1);
                if i > 0 && j > 0 && *letter == b[j - 1] && a[i - 1] == *against {
                    best = best.min(before[j - 1] + 1);
                }
                row.push(best);
            }
            before = std::mem::replace(&mut last, row);
        }
        last.last().copied().filter(|typos| *typos <= most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_without_case_accents_and_punctuation() {
        assert_eq!(words("Café-Manager 365, v2.0!"), ["cafe", "manager", "365", "v2", "0"]);
        assert_eq!(words("在庫管理"), ["在庫", "庫管", "管理"]);
        assert!(words("캠퍼스를")[0].starts_with(&words("캠퍼")[0]), "a word goes on, a syllable begins");
        assert_eq!(words(" … "), [""; 0]);
    }

    #[test]
    fn typos_are_counted() {
        let typos = |a: &str, b: &str| Letters::of(a).typos(&Letters::of(b), 2);
        assert_eq!(typos("inventory", "inventory"), Some(0));
        assert_eq!(typos("inventroy", "inventory"), Some(1), "neighbours swapped");
        assert_eq!(typos("invntory", "inventory"), Some(1));
        assert_eq!(typos("invemtori", "inventory"), Some(2));
        assert_eq!(typos("payroll", "inventory"), None);
    }
}
