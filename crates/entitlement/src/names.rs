//! Numbers for service ids and publisher ids: equal numbers are equal ids, for as long as the index lives.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

/// The number of an id.
pub(crate) type Number = u32;

#[derive(Debug, Default)]
pub(crate) struct Names(RwLock<Numbered>);

#[derive(Debug, Default)]
struct Numbered {
    numbers: HashMap<String, Number>,
    ids: Vec<String>,
}

impl Names {
    /// Its number, from now on if it had none.
    pub(crate) fn number(&self, id: &str) -> Number {
        self.known(id).unwrap_or_else(|| {
            let mut numbered = self.0.write().unwrap_or_else(PoisonError::into_inner);
            let Numbered { numbers, ids } = &mut *numbered;
            *numbers.entry(id.to_owned()).or_insert_with(|| {
                ids.push(id.to_owned());
                Number::try_from(ids.len() - 1).unwrap_or(Number::MAX)
            })
        })
    }

    pub(crate) fn known(&self, id: &str) -> Option<Number> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).numbers.get(id).copied()
    }

    pub(crate) fn id(&self, number: Number) -> Option<String> {
        let numbered = self.0.read().unwrap_or_else(PoisonError::into_inner);
        numbered.ids.get(number as usize).cloned()
    }

    /// Each id is there twice, once beside its number.
    pub(crate) fn bytes(&self) -> usize {
        let numbered = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let each = 2 * size_of::<String>() + size_of::<Number>();
        numbered.ids.iter().map(|id| 2 * id.len() + each).sum()
    }
}
