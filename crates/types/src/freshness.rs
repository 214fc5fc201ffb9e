//! The freshness token: how far a write moved which logs.

use std::fmt;

use crate::{TenantId, Violation};

/// How far logs had come: `<tenant>@<position>`, comma-separated. A check that carries it is decided at
/// that point or later (CHK-05).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Freshness(Vec<(TenantId, i64)>);

impl Freshness {
    /// Of logs that have come to these positions.
    pub fn at(positions: impl IntoIterator<Item = (TenantId, i64)>) -> Self {
        Self(positions.into_iter().collect())
    }

    pub fn parse(text: &str) -> Result<Self, Violation> {
        let wrong =
            || Violation::new("freshness.malformed", "is not a freshness token that this server gave out");
        if text.len() > 1024 {
            return Err(wrong());
        }
        text.split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(|part| {
                let (tenant, position) = part.split_once('@').ok_or_else(wrong)?;
                let position = position.parse().ok().filter(|position| *position >= 0);
                Ok((TenantId::parse(tenant).map_err(|_| wrong())?, position.ok_or_else(wrong)?))
            })
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The position of one tenant's log, the furthest of several, 0 where the token says nothing about it.
    pub fn position(&self, tenant: &TenantId) -> i64 {
        let of_tenant = self.0.iter().filter(|(known, _)| known == tenant);
        of_tenant.map(|(_, position)| *position).max().unwrap_or(0)
    }

    /// Whether it says something of one of these tenants, or asks for nothing.
    pub fn concerns(&self, mut tenants: impl Iterator<Item = TenantId>) -> bool {
        self.0.is_empty() || tenants.any(|tenant| self.0.iter().any(|(known, _)| *known == tenant))
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Freshness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (tenant, position)) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(",")?;
            }
            write!(f, "{tenant}@{position}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::Timestamp;

    use super::*;

    #[test]
    fn a_token_reads_back_and_nonsense_is_refused() {
        let tenant = |n| TenantId::new(Timestamp::from_micros(1), [n; 10]);
        let token = Freshness(vec![(tenant(1), 4), (tenant(2), 9)]);
        let read = Freshness::parse(&token.to_string()).unwrap();
        assert_eq!(read, token);
        assert_eq!((read.position(&tenant(2)), read.position(&tenant(3))), (9, 0));
        let concerns = |token: &Freshness, tenants: &[u8]| token.concerns(tenants.iter().map(|n| tenant(*n)));
        assert!(concerns(&read, &[3, 2]) && !concerns(&read, &[3]) && concerns(&Freshness::default(), &[3]));
        let joined = Freshness::parse(&format!("{0}@4, {0}@9,{0}@5", tenant(1))).unwrap();
        assert_eq!(joined.position(&tenant(1)), 9, "tokens may be joined");
        for broken in ["x", "ten_1@2", &format!("{}@x", tenant(1)), &format!("{}@-1", tenant(1)), "@"] {
            assert!(Freshness::parse(broken).is_err(), "{broken}");
        }
    }
}
