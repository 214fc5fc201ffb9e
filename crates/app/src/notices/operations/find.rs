//! One's own notices and preferences.

use db::{BoxFuture, Tx};
use types::{EventId, Page, PageRequest, UserId};

use crate::access::{Principal, Right, SelfView};
use crate::events::Actor;
use crate::kit::Refused;
use crate::notices::kind::NoticeKind;
use crate::notices::notice::Notice;
use crate::notices::preferences::{Choice, Preferences};
use crate::notices::store;

/// How many notices somebody has not read; a hundred stand for any more. For what surrounds every page.
pub(crate) fn unread<'t>(tx: &'t mut Tx, principal: &'t Principal) -> BoxFuture<'t, Result<i64, Refused>> {
    Box::pin(async move {
        match &principal.actor {
            Actor::User(user) => Ok(store::count_unread(tx, user).await?),
            Actor::Client(_) | Actor::System => Ok(0),
        }
    })
}

pub(super) fn user(right: &Right<SelfView>) -> Result<UserId, Refused> {
    right.user().ok_or_else(|| Refused::not_found("user"))
}

/// The newest first; also those whose kind one's roles get no more.
pub(crate) async fn notices(
    tx: &mut Tx,
    right: &Right<SelfView>,
    only_unread: bool,
    page: &PageRequest,
) -> Result<Page<Notice>, Refused> {
    let found = store::list_notices(tx, &right.tenant(), &user(right)?, only_unread, page).await?;
    Ok(Page::cut(found, page, |notice| notice.event_id.as_bytes().to_vec()))
}

pub(crate) async fn notice(tx: &mut Tx, right: &Right<SelfView>, id: &EventId) -> Result<Notice, Refused> {
    let found = store::find_notice(tx, &right.tenant(), &user(right)?, id).await?;
    found.ok_or_else(|| Refused::not_found("notice"))
}

pub(crate) async fn preferences(tx: &mut Tx, right: &Right<SelfView>) -> Result<Preferences, Refused> {
    let choice = store::find_choice(tx, &user(right)?).await?;
    Ok(offered(right, &choice))
}

/// Whether a kind of notice is one that one's roles get and may do without by mail.
pub(super) fn may_choose(right: &Right<SelfView>, kind: NoticeKind) -> bool {
    kind.is_optional() && right.principal().may(kind.needs())
}

/// The kinds that one may choose of, as chosen.
pub(super) fn offered(right: &Right<SelfView>, choice: &Choice) -> Preferences {
    let mine = NoticeKind::ALL.iter().filter(|kind| may_choose(right, **kind));
    let kinds = mine.map(|kind| (*kind, !choice.without_mail.0.contains(kind))).collect();
    Preferences { kinds, revision: choice.revision }
}
