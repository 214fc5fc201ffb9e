//! Freshness tokens.

use types::TenantId;

use crate::Malformed;

/// How far a write moved which logs: what the marketplace sends as `Freshness-Token`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Token(Vec<(TenantId, i64)>);

impl Token {
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let parts = text.split(',').filter(|part| !part.is_empty()).map(|part| {
            let (tenant, position) = part.split_once('@').ok_or(Malformed)?;
            Ok((TenantId::parse(tenant).map_err(|_| Malformed)?, position.parse().map_err(|_| Malformed)?))
        });
        parts.collect::<Result<_, _>>().map(Self)
    }

    pub(crate) fn of(&self, tenant: &TenantId) -> i64 {
        self.0.iter().find(|(known, _)| known == tenant).map_or(0, |(_, position)| *position)
    }

    pub(crate) fn of_the_marketplace(&self) -> i64 {
        self.of(&TenantId::from_bytes([0; 16]))
    }
}
