//! Search over what is live, in memory: pure, fed from outside.
//!
//! Every text of a listing is cut into words ([`words`]); a posting says how much a word says about a listing
//! (a word of the name more than one of the description). A query's words are looked up as they are, as
//! beginnings, and, where the index knows no such word, with typos. A listing is found if it has all of them;
//! where none has, any. Rare words count more.
//!
//! A listing that changes is added anew and its old postings are dead; when half of all are, the index is
//! built anew.

mod filter;
mod words;

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

pub(crate) use filter::{Entry, FacetCounts, Filters, LicensingOption};

use words::{Letters, tolerance, words};

/// Words of a query that are looked at.
const QUERY_WORDS: usize = 12;
/// Known words that one word of a query may stand for.
const EXPANSIONS: usize = 64;
/// What is left of a match that is a beginning only, and for each typo.
const BEGINNING: f64 = 0.7;
const TYPO: f64 = 0.5;

/// What a word says about a listing, by where it stands.
const NAME: f64 = 8.0;
const KEYWORD: f64 = 5.0;
const PUBLISHER: f64 = 4.0;
const SUMMARY: f64 = 3.0;
const DESCRIPTION: f64 = 1.0;

#[derive(Debug, Default)]
pub(crate) struct SearchIndex {
    /// By number; `None`: it was changed or left.
    documents: Vec<Option<Arc<Entry>>>,
    numbers: HashMap<String, usize>,
    /// Every known word, in order.
    vocabulary: BTreeMap<String, usize>,
    terms: Vec<Term>,
}

#[derive(Debug)]
struct Term {
    letters: Letters,
    /// Which listings, and how much the word says about each.
    postings: Vec<(u32, f64)>,
}

/// A listing that was found.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    pub entry: Arc<Entry>,
    score: f64,
}

impl Hit {
    /// Where the hit is in the order of hits.
    pub(crate) fn position(&self) -> (f64, &str) {
        (self.score, &self.entry.address)
    }

    fn order(&self, other: &Self) -> Ordering {
        before(self.position(), other.position())
    }
}

/// Whether there is a word in it: what has none is not searched for.
pub(crate) fn has_words(query: &str) -> bool {
    !words(query).is_empty()
}

/// Best first, then by address.
pub(crate) fn before((score, address): (f64, &str), (other_score, other): (f64, &str)) -> Ordering {
    other_score.total_cmp(&score).then_with(|| address.cmp(other))
}

/// What a search gave: every hit in order, and how many there would be behind each filter.
#[derive(Debug)]
pub(crate) struct Found {
    pub hits: Vec<Hit>,
    /// They have every word, not just any.
    pub whole: bool,
    pub facets: FacetCounts,
}

impl SearchIndex {
    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Puts a listing in, in the place of an earlier version of it.
    pub(crate) fn put(&mut self, entry: Entry) {
        self.remove(&entry.address);
        if self.documents.len() > 64 && self.documents.len() > self.numbers.len() * 2 {
            self.rebuild();
        }
        self.add(Arc::new(entry));
    }

    pub(crate) fn remove(&mut self, address: &str) {
        if let Some(number) = self.numbers.remove(address) {
            self.documents[number] = None;
        }
    }

    fn rebuild(&mut self) {
        let live = std::mem::take(self).documents;
        for entry in live.into_iter().flatten() {
            self.add(entry);
        }
    }

    fn add(&mut self, entry: Arc<Entry>) {
        let number = self.documents.len();
        let mut weights: HashMap<String, f64> = HashMap::new();
        for (text, weight) in entry.texts() {
            for word in words(&text) {
                *weights.entry(word).or_default() += weight;
            }
        }
        for (word, weight) in weights {
            let term = self.term(word);
            // Said twice is not said twice as much.
            self.terms[term]
                .postings
                .push((u32::try_from(number).unwrap_or(u32::MAX), weight / (weight + NAME)));
        }
        self.numbers.insert(entry.address.clone(), number);
        self.documents.push(Some(entry));
    }

    fn term(&mut self, word: String) -> usize {
        if let Some(term) = self.vocabulary.get(&word) {
            return *term;
        }
        self.terms.push(Term { letters: Letters::of(&word), postings: Vec::new() });
        self.vocabulary.insert(word, self.terms.len() - 1);
        self.terms.len() - 1
    }

    /// The listing at an address, `publisherid.offerid`.
    pub(crate) fn at(&self, address: &str) -> Option<Arc<Entry>> {
        let number = self.numbers.get(address)?;
        self.documents.get(*number)?.clone()
    }

    /// Everything that fits; without words in the query, everything, latest first.
    pub(crate) fn search(&self, query: &str, filters: &Filters) -> Found {
        let mut asked = words(query);
        asked.truncate(QUERY_WORDS);
        let (scored, whole) = if asked.is_empty() { (self.everything(), true) } else { self.scored(&asked) };
        let seen = scored.into_iter().filter(|hit| filters.sees(&hit.entry));
        let (mut hits, facets) = filters.apply(seen, |hit| &hit.entry);
        hits.sort_by(Hit::order);
        Found { hits, whole, facets }
    }

    fn everything(&self) -> Vec<Hit> {
        // Younger scores more; hours are fine enough for an order that people see.
        let score = |entry: &Entry| float(u32::try_from(entry.live_since.micros() / 3_600_000_000));
        let hit = |entry: &Arc<Entry>| Hit { score: score(entry), entry: Arc::clone(entry) };
        self.documents.iter().flatten().map(hit).collect()
    }

    /// What has all of the words; else what has any, and that it is so.
    fn scored(&self, asked: &[String]) -> (Vec<Hit>, bool) {
        let mut scores: HashMap<u32, (usize, f64)> = HashMap::new();
        for word in asked {
            let mut best: HashMap<u32, f64> = HashMap::new();
            for (term, quality) in self.expand(word) {
                let postings = &self.terms[term].postings;
                let among = float(u32::try_from(self.documents.len()));
                let rarity = (1.0 + among / float(u32::try_from(postings.len().max(1)))).ln();
                for (number, weight) in postings {
                    let score = weight * rarity * quality;
                    let kept = best.entry(*number).or_default();
                    *kept = kept.max(score);
                }
            }
            for (number, score) in best {
                let (matched, sum) = scores.entry(number).or_default();
                *matched += 1;
                *sum += score;
            }
        }
        let live = |number: u32| self.documents.get(number as usize)?.as_ref();
        let all =
            scores.iter().any(|(number, (matched, _))| *matched == asked.len() && live(*number).is_some());
        let hits = scores
            .into_iter()
            .filter(|(_, (matched, _))| !all || *matched == asked.len())
            .filter_map(|(number, (_, score))| Some(Hit { entry: Arc::clone(live(number)?), score }));
        (hits.collect(), all)
    }

    /// The known words that a word of a query may stand for, and how good a match each is.
    fn expand(&self, word: &str) -> Vec<(usize, f64)> {
        let beginnings =
            self.vocabulary.range(word.to_owned()..).take_while(|(known, _)| known.starts_with(word));
        let mut found: Vec<(usize, f64)> = beginnings
            .take(EXPANSIONS)
            .map(|(known, term)| (*term, if known == word { 1.0 } else { BEGINNING }))
            .collect();
        if found.iter().any(|(term, _)| self.is_alive(*term)) {
            return found;
        }
        let letters = Letters::of(word);
        let most = tolerance(letters.len());
        if most > 0 {
            let typos = self.terms.iter().enumerate().filter_map(|(term, known)| {
                let typos = letters.typos(&known.letters, most)?;
                Some((term, TYPO.powi(i32::try_from(typos).unwrap_or(i32::MAX))))
            });
            found.extend(typos);
            found.sort_by(|(_, a), (_, b)| b.total_cmp(a));
            found.truncate(EXPANSIONS);
        }
        found
    }

    /// Whether a listing that is still there has the word.
    fn is_alive(&self, term: usize) -> bool {
        self.terms[term].postings.iter().any(|(number, _)| self.documents[*number as usize].is_some())
    }
}

/// What does not fit is as much as does.
fn float<E>(count: Result<u32, E>) -> f64 {
    f64::from(count.unwrap_or(u32::MAX))
}

impl Entry {
    /// What is searched, in every language, and how much each text says.
    fn texts(&self) -> Vec<(String, f64)> {
        let listing = &self.listing;
        let mut texts = vec![(self.publisher_name.clone(), PUBLISHER)];
        for said in std::iter::once(&listing.texts).chain(listing.translations.values()) {
            let fields = [(&said.name, NAME), (&said.summary, SUMMARY), (&said.description, DESCRIPTION)];
            texts.extend(fields.into_iter().filter_map(|(text, weight)| Some((text.clone()?, weight))));
            texts.extend(said.keywords.iter().map(|keyword| (keyword.clone(), KEYWORD)));
        }
        texts
    }
}

#[cfg(test)]
mod tests;
