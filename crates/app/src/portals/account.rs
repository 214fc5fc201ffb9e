//! One's own account: signing in and out, password, tokens, language and looks, notices. In no portal and in all.

use super::Pages;
use crate::{identity, notices, recovery};

/// What is mounted here.
pub(super) const PAGES: &[Pages] = &[
    identity::pages::routes,
    identity::pages::tokens::routes,
    recovery::pages::routes,
    notices::pages::routes,
];
