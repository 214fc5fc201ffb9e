//! Hold a package against the rules and against the offer it belongs to.

use std::io::{Read, Seek};

use ::package::Limits;
use ::package::store::{self, Expectations, Report};

use crate::catalog::draft::Setup;
use crate::catalog::{Offer, Plan};
use crate::kit::Refused;

/// What the offer demands, as its draft stands.
pub(crate) fn expectations(offer: &Offer, plans: &[Plan]) -> Expectations {
    let setup = offer.draft.0.setup.as_ref();
    Expectations {
        plans: plans.iter().map(|plan| plan.service_id.as_str().to_owned()).collect(),
        license_management: setup.is_some_and(Setup::license_management),
        allow_install_without_license: setup.is_some_and(Setup::allow_install_without_license),
    }
}

/// Reads the whole package, off the async threads.
pub(crate) async fn check<R>(package: R, expectations: Expectations) -> Result<(R, Report), Refused>
where
    R: Read + Seek + Send + 'static,
{
    let checked = tokio::task::spawn_blocking(move || {
        let mut package = package;
        let report = store::check(&mut package, Some(&expectations), &Limits::default());
        (package, report)
    });
    checked.await.map_err(Refused::internal)
}
