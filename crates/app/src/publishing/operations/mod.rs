//! The use cases of publishing.

pub(crate) mod cancel;
pub(crate) mod certify;
pub(crate) mod examine;
pub(crate) mod find;
pub(crate) mod go_live;
pub(crate) mod names;
pub(crate) mod plans;
pub(crate) mod publish;
pub(crate) mod stop;

use types::Text;

/// What a person adds to an action.
pub(crate) type Notes = Text<2000>;
