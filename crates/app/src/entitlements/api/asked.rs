//! What is asked: bodies that borrow their texts.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use entitlement::Target;
use serde::de::Visitor;
use serde::{Deserialize, Deserializer};
use types::{ServiceId, TenantId, UserId};
use utoipa::ToSchema;

use crate::entitlements::TARGET_MISSING;
use crate::identity::operations::find::UserRef;
use crate::kit::{Fields, Refused};

/// Questions of one batch at most.
pub(super) const MANY: usize = 1000;

/// Bodies that ask about a service id or a component, whatever else they say.
macro_rules! check_bodies {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident),* })*) => {$(
        $(#[$doc])*
        #[derive(Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct $name<'b> {
            $($(#[$field_doc])* #[serde(borrow)] #[schema(value_type = String)] pub(super) $field: Text<'b>,)*
            /// `publisherid.offerid.planid`.
            #[serde(borrow, default)]
            #[schema(value_type = Option<String>, max_length = 300)]
            service_id: Option<Text<'b>>,
            /// The unique name of an app of the package.
            #[serde(borrow, default)]
            #[schema(value_type = Option<String>, max_length = 300)]
            component: Option<Text<'b>>,
            /// `publisherid.offerid`, where several offers have a component of this name.
            #[serde(borrow, default)]
            #[schema(value_type = Option<String>, max_length = 100)]
            offer: Option<Text<'b>>,
        }

        impl Asked for $name<'_> {
            fn target(&self) -> Result<Target<'_>, Refused> {
                target(self.service_id.as_deref(), self.component.as_deref(), self.offer.as_deref())
            }
        }
    )*};
}

/// Something that names what is asked about.
pub(super) trait Asked {
    fn target(&self) -> Result<Target<'_>, Refused>;
}

check_bodies! {
    SelfCheck {}

    UserCheck {
        /// Id or e-mail address.
        #[schema(max_length = 254)]
        user
    }

    CustomerCheck {
        /// The customer's tenant id.
        #[schema(max_length = 36)]
        tenant,
        /// The user's id, which the app learned when the user signed in.
        #[schema(max_length = 36)]
        user
    }
}

/// A text of the body, copied only where it is written with escapes; an `Option<Cow>` always is.
pub(super) struct Text<'b>(Cow<'b, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de: 'b, 'b> Deserialize<'de> for Text<'b> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Text<'de>;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Reader)
    }
}

/// Several questions, answered in order (CHK-07).
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[serde(bound(deserialize = "C: Deserialize<'de>"))]
pub(crate) struct Batch<C> {
    #[schema(min_items = 1, max_items = 1000)]
    pub(super) checks: Vec<C>,
}

impl UserCheck<'_> {
    pub(super) fn user(&self) -> Result<UserRef, Refused> {
        let mut fields = Fields::default();
        fields.parse("user", &self.user, UserRef::parse).ok_or_else(|| fields.refuse())
    }
}

impl CustomerCheck<'_> {
    pub(super) fn who(&self) -> Result<(TenantId, UserId), Refused> {
        let mut fields = Fields::default();
        let tenant = fields.parse("tenant", &self.tenant, TenantId::parse);
        let user = fields.parse("user", &self.user, UserId::parse);
        tenant.zip(user).ok_or_else(|| fields.refuse())
    }
}

impl<C> Batch<C> {
    /// Refuses one that is empty or too long.
    pub(super) fn checks(self) -> Result<Vec<C>, Refused> {
        if (1..=MANY).contains(&self.checks.len()) {
            return Ok(self.checks);
        }
        let mut fields = Fields::default();
        fields.wrong("checks", "check.batch_size", format!("must be 1 to {MANY} questions"));
        Err(fields.refuse())
    }
}

/// Reads every question of a batch, or says what is wrong with all of them.
pub(super) fn each<'b, C, W, T>(
    checks: &'b [C],
    read: impl Fn(&'b C) -> (Result<W, Refused>, Result<T, Refused>),
) -> Result<Vec<(W, T)>, Refused> {
    let (mut asked, mut wrong) = (Vec::with_capacity(checks.len()), Vec::new());
    for (at, check) in checks.iter().enumerate() {
        match read(check) {
            (Ok(who), Ok(target)) => asked.push((who, target)),
            (who, target) => {
                for refused in who.err().into_iter().chain(target.err()) {
                    wrong.extend(refused.errors_within(&format!("checks[{at}]")));
                }
            }
        }
    }
    if wrong.is_empty() { Ok(asked) } else { Err(Refused::fields(wrong)) }
}

fn target<'b>(
    service_id: Option<&'b str>,
    component: Option<&'b str>,
    offer: Option<&'b str>,
) -> Result<Target<'b>, Refused> {
    let mut fields = Fields::default();
    match (service_id, component) {
        (Some(service_id), None) => {
            if offer.is_some() {
                fields.wrong("offer", "check.offer", "belongs to a component; a service id names its offer");
            }
            fields.check("service_id", ServiceId::accepts(service_id));
            fields.finish().map(|()| Target::Service(service_id))
        }
        (None, Some(unique_name)) => {
            if unique_name.is_empty() {
                fields.wrong("component", "check.component", "must not be empty");
            }
            if let Some(offer) = offer {
                fields.check("offer", ServiceId::accepts_offer(offer));
            }
            fields.finish().map(|()| Target::Component { unique_name, offer })
        }
        _ => Err(TARGET_MISSING.because("Send either service_id or component.")),
    }
}
