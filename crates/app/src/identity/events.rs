//! What identity announces.

use types::{ApiClientId, PublisherId, SigningKeyId, TenantId, Timestamp, UserId};

use crate::access::Role;
use crate::events::events;

events! {
    /// A tenant was admitted to the marketplace.
    TenantAdmitted "tenant.admitted" { tenant: TenantId, publisher_id: Option<PublisherId> }
    /// A user was added to the directory.
    UserCreated "user.created" { user: UserId }
    /// A user's name changed.
    UserRenamed "user.renamed" { user: UserId }
    /// A user was deactivated: no sign-in, no seats.
    UserDeactivated "user.deactivated" { user: UserId }
    /// A user was activated again.
    UserActivated "user.activated" { user: UserId }
    /// A user was deleted.
    UserDeleted "user.deleted" { user: UserId }
    /// A user's roles changed; these are the roles now.
    RolesChanged "user.roles_changed" { user: UserId, roles: Vec<Role> }
    /// A user's password was set; its sessions ended.
    PasswordSet "user.password_set" { user: UserId }
    /// Somebody who forgot a password asked for a link to a new one.
    PasswordResetBegun "user.password_reset_begun" { user: UserId }
    /// A user chose a language; empty for that of the organisation's country.
    LanguageChosen "user.language_chosen" { user: UserId, language: String }
    /// Somebody signed in.
    SignedIn "user.signed_in" { user: UserId }
    /// A personal access token was made.
    PersonalTokenCreated "personal_access_token.created" { user: UserId, name: String }
    /// A personal access token was deleted.
    PersonalTokenDeleted "personal_access_token.deleted" { user: UserId }
    /// An API client was made.
    ApiClientCreated "api_client.created" { client: ApiClientId, scopes: String }
    /// An API client was deleted.
    ApiClientDeleted "api_client.deleted" { client: ApiClientId }
    /// Keys were made that sign from this time on.
    KeysRotated "signing_keys.rotated" { keys: Vec<SigningKeyId>, signs_from: Timestamp }
    /// Keys were removed after everything they signed was over.
    KeysRemoved "signing_keys.removed" { keys: Vec<SigningKeyId> }
}
