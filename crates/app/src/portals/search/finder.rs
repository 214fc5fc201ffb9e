//! What it takes to find one kind of thing: a right, and the operations that its list reads.

use db::{BoxFuture, Tx};
use types::PageRequest;

use crate::access::{Permission, Right, SelfView};
use crate::kit::page::Wording;
use crate::kit::{Beginning, Refused, Search};

/// Something that was found.
#[derive(Debug)]
pub(super) struct Hit {
    pub name: String,
    /// What it is, in a line.
    pub line: String,
    pub href: String,
}

pub(super) type Hits = Result<Vec<Hit>, Refused>;

/// What is looked for.
#[derive(Clone)]
pub(super) struct Sought {
    /// As typed, without blanks around it.
    pub words: String,
    pub search: Search,
    pub beginning: Beginning,
    pub t: Wording,
    /// Hits of a kind, at most.
    pub limit: usize,
}

/// Finds one kind of thing. What a list does not show is not found: both read by the same operations.
pub(super) trait Finder {
    /// As the list needs it; without it nothing is looked for.
    type Needs: Permission;

    /// What is meant by an id or a service id.
    fn named(tx: &mut Tx, right: &Right<Self::Needs>, sought: &Sought) -> impl Future<Output = Hits> + Send;

    /// What the words are about; nothing, of what has no words of its own.
    fn about(
        _tx: &mut Tx,
        _right: &Right<Self::Needs>,
        _sought: &Sought,
    ) -> impl Future<Output = Hits> + Send {
        std::future::ready(Ok(Vec::new()))
    }
}

/// What things are looked for by.
#[derive(Debug, Clone, Copy)]
pub(super) enum By {
    /// An id or a service id.
    Name,
    Words,
}

type Look = for<'t> fn(&'t mut Tx, &'t Right<SelfView>, &'t Sought, By) -> BoxFuture<'t, Hits>;

/// A kind of thing that can be found.
pub(super) struct Kind {
    /// Of its heading: the text `kind-<key>`.
    pub key: &'static str,
    pub icon: &'static str,
    /// The list that is searched by the same words, up to these.
    pub list: Option<&'static str>,
    pub look: Look,
}

impl Kind {
    pub(super) const fn of<F: Finder>(
        key: &'static str,
        icon: &'static str,
        list: Option<&'static str>,
    ) -> Self {
        Self { key, icon, list, look: look::<F> }
    }
}

fn look<'t, F: Finder>(
    tx: &'t mut Tx,
    right: &'t Right<SelfView>,
    sought: &'t Sought,
    by: By,
) -> BoxFuture<'t, Hits> {
    Box::pin(async move {
        let Ok(right) = right.also::<F::Needs>() else { return Ok(Vec::new()) };
        match by {
            By::Name => F::named(tx, &right, sought).await,
            By::Words => F::about(tx, &right, sought).await,
        }
    })
}

impl Sought {
    /// `None` for what nothing is looked for by: no text, or one that is too long.
    pub(super) fn parse(words: &str, t: Wording, limit: usize) -> Option<Self> {
        let words = words.trim();
        let (beginning, search) = (Beginning::parse(words)?, Search::parse(Some(words)).ok()?);
        Some(Self { words: words.to_owned(), search, beginning, t, limit })
    }

    /// Whether it is an id, of whatever kind: it means one thing or nothing.
    pub(super) fn is_id(&self) -> bool {
        let is_id = |(kind, digits): (&str, &str)| {
            kind.len() == 3 && digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
        };
        self.words.split_once('_').is_some_and(is_id)
    }

    /// As many of a list as are shown.
    pub(super) fn page(&self) -> PageRequest {
        PageRequest { limit: self.limit, after: None }
    }

    /// The first rows of a list that has no search of its own: such lists are short, or queues.
    pub(super) fn first(limit: usize) -> PageRequest {
        PageRequest { limit, after: None }
    }

    /// Whether any of these texts has the words in it.
    pub(super) fn is_in(&self, texts: &[&str]) -> bool {
        let words = self.words.to_lowercase();
        texts.iter().any(|text| text.to_lowercase().contains(&words))
    }
}

/// Nothing, of what is not there or not theirs to see.
pub(super) fn there<T>(found: Result<T, Refused>) -> Result<Option<T>, Refused> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(refused) if refused.is_not_found() => Ok(None),
        Err(refused) => Err(refused),
    }
}
