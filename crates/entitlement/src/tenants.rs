//! Every tenant that is loaded, found by its id, never moved and never taken out.

use std::sync::{Mutex, OnceLock, PoisonError};

use types::TenantId;

use crate::people::People;
use crate::rights::Rights;

/// Tenants in the first chunk; each has twice as many as the one before.
const FIRST: usize = 64;
const CHUNKS: usize = 26;
/// Whose words the tenants' are; users' are those of tenants, which count from 1.
const DIRECTORY: u32 = 0;

/// Tenants by their number, which begins with 1, and the numbers by their ids.
#[derive(Debug)]
pub(crate) struct Tenants {
    numbers: People,
    chunks: [OnceLock<Box<[Place]>>; CHUNKS],
    /// The number of the last.
    adding: Mutex<u32>,
}

/// Two lines of cache, no less and no more.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Place(OnceLock<(TenantId, Rights)>);

impl Default for Tenants {
    fn default() -> Self {
        Self { numbers: People::of_all(), chunks: [const { OnceLock::new() }; CHUNKS], adding: Mutex::new(0) }
    }
}

impl Tenants {
    #[inline]
    pub(crate) fn get(&self, tenant: &TenantId) -> Option<&Rights> {
        let number = self.numbers.word(DIRECTORY, u128::from_be_bytes(*tenant.as_bytes()))?;
        self.place(usize::try_from(number).ok()?)?.0.get().map(|(_, rights)| rights)
    }

    pub(crate) fn make_room(&self, tenants: usize) {
        self.numbers.make_room(tenants);
    }

    /// Puts a new tenant in place, made with its number; false, and nothing done, if it is there.
    pub(crate) fn add(&self, tenant: TenantId, rights: impl FnOnce(u32) -> Rights) -> bool {
        let mut last = self.adding.lock().unwrap_or_else(PoisonError::into_inner);
        if self.get(&tenant).is_some() {
            return false;
        }
        let number = *last + 1;
        let Some(place) = self.place(number as usize) else { return false };
        *last = number;
        place.0.get_or_init(|| (tenant, rights(number)));
        self.numbers.change(DIRECTORY, u128::from_be_bytes(*tenant.as_bytes()), |_| u64::from(number));
        true
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&TenantId, &Rights)> {
        let places = self.chunks.iter().filter_map(OnceLock::get).flatten();
        places.filter_map(|place| place.0.get()).map(|(tenant, rights)| (tenant, rights))
    }

    pub(crate) fn bytes(&self) -> usize {
        let chunks = self.chunks.iter().filter_map(OnceLock::get);
        self.numbers.bytes() + chunks.map(|chunk| size_of_val(&**chunk)).sum::<usize>()
    }

    #[inline]
    fn place(&self, number: usize) -> Option<&Place> {
        let at = number - 1 + FIRST;
        let chunk = (at / FIRST).ilog2();
        let begins = FIRST << chunk;
        let places = || (0..begins).map(|_| Place::default()).collect();
        self.chunks.get(chunk as usize)?.get_or_init(places).get(at - begins)
    }
}

#[cfg(test)]
mod tests {
    use types::Timestamp;

    use super::*;

    #[test]
    fn every_tenant_has_its_own_place() {
        let id = |number: u16| {
            let bytes = number.to_be_bytes();
            TenantId::new(Timestamp::default(), std::array::from_fn(|at| bytes[at % 2]))
        };
        let tenants = Tenants::default();
        assert!(tenants.get(&id(0)).is_none());
        for number in 0..1000 {
            assert!(tenants.add(id(number), Rights::new));
            assert!(!tenants.add(id(number), Rights::new), "once");
        }
        for number in 0..1000 {
            assert_eq!(tenants.get(&id(number)).unwrap().number, u32::from(number) + 1);
        }
        assert_eq!(tenants.iter().count(), 1000);
        assert_eq!(size_of::<Place>() % 128, 0);
    }
}
