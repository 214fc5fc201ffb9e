//! What a lease says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use types::{LeaseId, ServiceId, TenantId, UserId};

use crate::FeatureValue;

/// Whom a lease is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    User(UserId),
    /// All users of the tenant; the app counts how many use it at once.
    Tenant,
}

/// The claims of a lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Lease {
    /// The marketplace, as its `base_url` says.
    pub issuer: String,
    /// The publisher's id.
    pub audience: String,
    pub id: LeaseId,
    pub tenant: TenantId,
    pub holder: Holder,
    pub services: Vec<LeasedService>,
    /// Unique names of the components that those open.
    pub components: Vec<String>,
    /// Seconds, as all times here.
    pub issued_at: i64,
    pub not_before: i64,
    pub expires_at: i64,
    /// The position of the tenant's log at which it was given.
    pub version: i64,
}

/// One service of a lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeasedService {
    pub id: ServiceId,
    pub features: BTreeMap<String, FeatureValue>,
    /// In a lease of a tenant: how many users may use it at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<u32>,
}

/// A lease as it travels.
#[derive(Serialize, Deserialize)]
struct Wire {
    iss: String,
    aud: String,
    jti: String,
    tenant: TenantId,
    sub: String,
    kind: Kind,
    services: Vec<LeasedService>,
    components: Vec<String>,
    iat: i64,
    nbf: i64,
    exp: i64,
    version: i64,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    User,
    Tenant,
}

impl TryFrom<Wire> for Lease {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        // One way to write an id: capital letters would pass for another lease.
        let id = LeaseId::parse(&wire.jti).ok().filter(|id| id.to_string() == wire.jti);
        let id = id.ok_or("jti is not a lease's id")?;
        let holder = match wire.kind {
            Kind::User => Holder::User(UserId::parse(&wire.sub).map_err(|_| "sub is not a user's id")?),
            Kind::Tenant if wire.sub == wire.tenant.to_string() => Holder::Tenant,
            Kind::Tenant => return Err("sub is not the tenant's id"),
        };
        if holder == Holder::Tenant && wire.services.iter().any(|service| service.seats.is_none()) {
            return Err("a service of a block does not say how many seats");
        }
        Ok(Self {
            issuer: wire.iss,
            audience: wire.aud,
            id,
            tenant: wire.tenant,
            holder,
            services: wire.services,
            components: wire.components,
            issued_at: wire.iat,
            not_before: wire.nbf,
            expires_at: wire.exp,
            version: wire.version,
        })
    }
}

impl From<Lease> for Wire {
    fn from(lease: Lease) -> Self {
        let (kind, sub) = match lease.holder {
            Holder::User(user) => (Kind::User, user.to_string()),
            Holder::Tenant => (Kind::Tenant, lease.tenant.to_string()),
        };
        Self {
            iss: lease.issuer,
            aud: lease.audience,
            jti: lease.id.to_string(),
            tenant: lease.tenant,
            sub,
            kind,
            services: lease.services,
            components: lease.components,
            iat: lease.issued_at,
            nbf: lease.not_before,
            exp: lease.expires_at,
            version: lease.version,
        }
    }
}
