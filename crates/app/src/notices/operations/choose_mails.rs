//! Choose which notices also come by mail.

use db::Tx;

use super::find::{may_choose, offered, user};
use crate::access::{Right, SelfView};
use crate::kit::{Expected, Fields, JsonColumn, Refused};
use crate::notices::events::MailsChosen;
use crate::notices::kind::NoticeKind;
use crate::notices::preferences::{Choice, Preferences};
use crate::notices::store;

/// Of the kinds that one's roles get, these come by mail and the others do not. What was chosen of other kinds
/// is kept for when the roles come back.
pub(crate) async fn choose_mails(
    tx: &mut Tx,
    right: &Right<SelfView>,
    by_mail: &[NoticeKind],
    expected: &Expected,
) -> Result<Preferences, Refused> {
    let user = user(right)?;
    let choice = store::find_choice(tx, &user).await?;
    expected.refuse_stale(choice.revision)?;
    let mut fields = Fields::default();
    for (at, kind) in by_mail.iter().enumerate() {
        if !may_choose(right, *kind) {
            let message = "is a kind of notice that none of your roles gets, or that always comes by mail";
            fields.wrong(&format!("by_mail[{at}]"), "notice.not_for_your_roles", message);
        }
    }
    fields.finish()?;
    let is_without = |kind: &&NoticeKind| {
        if may_choose(right, **kind) { !by_mail.contains(kind) } else { choice.without_mail.0.contains(kind) }
    };
    let without_mail: Vec<_> = NoticeKind::ALL.iter().filter(is_without).copied().collect();
    if without_mail == choice.without_mail.0 {
        return Ok(offered(right, &choice));
    }
    let choice = Choice { without_mail: JsonColumn(without_mail.clone()), revision: choice.revision + 1 };
    if !store::upsert_choice(tx, &right.tenant(), &user, &choice).await? {
        return Err(Refused::stale(choice.revision));
    }
    right.record(tx, &MailsChosen { user, without_mail })?;
    Ok(offered(right, &choice))
}
