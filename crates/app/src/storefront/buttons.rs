//! What a viewer can do with an offer (STO-02); pure.

use crate::catalog::draft::Setup;
use crate::kit::text_enum;

text_enum! {
    ButtonAction {
        /// Leads to the install page.
        GetItNow = "get_it_now",
        FreeTrial = "free_trial",
        ContactMe = "contact_me",
    }
}

/// A button, and whether it acts for this viewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Button {
    pub action: ButtonAction,
    /// False: the viewer has to ask an administrator, or to sign in.
    pub acts: bool,
    /// Where it leads outside the marketplace.
    pub url: Option<String>,
}

/// What matters of the viewer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Standing {
    /// The tenant holds a seat of the offer.
    pub has_seat: bool,
    /// May get offers for the tenant.
    pub is_administrator: bool,
    /// The offer is not sold where the tenant is: what it has goes on, nothing is acquired (OFF-12).
    pub outside_markets: bool,
}

pub(crate) fn buttons(setup: &Setup, viewer: Standing) -> Vec<Button> {
    let plain = |action| Button { action, acts: true, url: None };
    let get = Button { action: ButtonAction::GetItNow, acts: viewer.is_administrator, url: None };
    let contact = plain(ButtonAction::ContactMe);
    if viewer.outside_markets {
        // Who has seats installs what it has.
        let has = setup.license_management() && viewer.has_seat;
        return if has { vec![get] } else { Vec::new() };
    }
    match setup {
        Setup::LicenseManagement { allow_install_without_license } => {
            if *allow_install_without_license || viewer.has_seat { vec![get, contact] } else { vec![contact] }
        }
        Setup::GetItNow => vec![get],
        Setup::FreeTrial { url, .. } => {
            vec![Button { url: Some(url.clone().into()), ..plain(ButtonAction::FreeTrial) }]
        }
        Setup::ContactMe => vec![contact],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// STO-02: every setup against every viewer.
    #[test]
    fn the_buttons_follow_setup_and_viewer() {
        let names = |setup: &Setup, has_seat, outside_markets| {
            let viewer = Standing { has_seat, is_administrator: true, outside_markets };
            buttons(setup, viewer).iter().map(|button| button.action.as_str()).collect::<Vec<_>>().join(" ")
        };
        let required = Setup::LicenseManagement { allow_install_without_license: false };
        let open = Setup::LicenseManagement { allow_install_without_license: true };
        assert_eq!(names(&required, false, false), "contact_me");
        assert_eq!(names(&required, true, false), "get_it_now contact_me");
        assert_eq!(names(&open, false, false), "get_it_now contact_me");
        assert_eq!(names(&required, true, true), "get_it_now");
        assert_eq!(names(&open, false, true), "");
        assert_eq!(names(&Setup::GetItNow, false, false), "get_it_now");
        assert_eq!(names(&Setup::ContactMe, false, false), "contact_me");
        let trial = Setup::FreeTrial { url: types::WebUrl::parse("https://try.example").unwrap(), months: 1 };
        assert_eq!(names(&trial, false, false), "free_trial");
        for (setup, acts) in [(&Setup::GetItNow, false), (&Setup::ContactMe, true)] {
            let user = buttons(setup, Standing::default());
            assert_eq!(user[0].acts, acts, "others are told to ask their administrator");
        }
    }
}
