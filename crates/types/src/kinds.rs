//! Every kind of thing that has an id, with its prefix.

/// Declares kinds of ids.
macro_rules! ids {
    ($($(#[$doc:meta])* $alias:ident = $kind:ident $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $kind {}
        impl crate::IdKind for $kind {
            const PREFIX: &'static str = $prefix;
        }
        $(#[$doc])*
        pub type $alias = crate::Id<$kind>;
    )*};
}

ids! {
    /// An organisation: publisher, customer, or both.
    TenantId = Tenant "ten";
    /// A person in the directory of one tenant.
    UserId = User "usr";
    /// Somebody's signed-in browser or command line.
    SessionId = Session "ses";
    /// A machine client of a tenant.
    ApiClientId = ApiClient "cli";
    /// A token that a person made for programs acting as that person.
    PersonalAccessTokenId = PersonalAccessToken "pat";
    /// The key that signs access tokens.
    SigningKeyId = SigningKey "key";
    /// One entry of a tenant's event log.
    EventId = Event "evt";
    /// Where a tenant wants its events sent.
    WebhookId = Webhook "whk";
    /// One event on its way to one webhook.
    DeliveryId = Delivery "dlv";
    /// One mail to one person.
    MailId = Mail "mai";
    /// Work that waits in the queue.
    JobId = Job "job";
    /// One product in the catalogue (the row; its *offer id* is an `OfferSlug`).
    OfferId = Offer "off";
    /// An edition of an offer (the row; its *plan id* is a `PlanSlug`).
    PlanId = Plan "pla";
    /// One uploaded package.
    PackageId = Package "pkg";
    /// One attempt to publish an offer.
    SubmissionId = Submission "sub";
    /// The registered sale of one offer to one customer.
    DealId = Deal "dea";
    /// A publisher's link that asks a customer for consent.
    InvitationId = Invitation "inv";
    /// A customer's consent to one publisher.
    RelationshipId = Relationship "rel";
    /// The seats of one plan that one deal grants.
    LicenseId = License "lic";
    /// All seats of one plan that one customer holds.
    PoolId = Pool "poo";
    /// A place of a customer's where apps run.
    EnvironmentId = Environment "env";
    /// An offer in an environment.
    InstallationId = Installation "ins";
    /// Somebody who asked a publisher to be contacted.
    LeadId = Lead "lea";
    /// A signed right to use something without asking, for a while.
    LeaseId = Lease "lse";
    /// Where a publisher's leads go.
    LeadDestinationId = LeadDestination "led";
    /// Why a user has a seat.
    PathId = Path "pat";
    /// Somebody who asks for a seat.
    SeatRequestId = SeatRequest "srq";
    /// A customer who asks for more licenses.
    LicenseRequestId = LicenseRequest "lrq";
    /// A list of seats to assign and to unassign.
    BatchId = Batch "bat";
    /// Users, and groups of users, of one tenant.
    GroupId = Group "grp";
}

/// The tenant that runs the marketplace: there from the first migration on.
pub const MARKETPLACE: TenantId = TenantId::from_bytes([0; 16]);

/// A user whom no tenant has: who is meant by an address that nobody has.
pub const NOBODY: UserId = UserId::from_bytes([0; 16]);
