//! The use cases of identity.

pub(crate) mod api_client;
pub(crate) mod authenticate;
pub(crate) mod create_operator;
pub(crate) mod create_tenant;
#[cfg(feature = "measure")]
pub(crate) mod create_many;
pub(crate) mod create_user;
pub(crate) mod edit_user;
pub(crate) mod find;
pub(crate) mod personal_access_token;
pub(crate) mod reset_password;
pub(crate) mod rotate_keys;
pub(crate) mod set_up;
pub(crate) mod sign_in;
pub(crate) mod visitor;
