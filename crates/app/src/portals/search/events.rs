//! What tells of events and of ties to others: webhooks and their deliveries, relationships, one's own notices. But for
//! webhooks they have no words of their own: they are found by their ids.

use db::Tx;
use types::{DeliveryId, EventId, PageRequest, RelationshipId, WebhookId};

use super::finder::{Finder, Hit, Hits, Kind, Sought, there};
use crate::access::{RelationshipView, Right, SelfView, WebhookManage};
use crate::identity::Tenant;
use crate::notices::operations::find as notices;
use crate::relationships::operations::find as relationships;
use crate::webhooks::Endpoint;
use crate::webhooks::operations::find as webhooks;

pub(super) static KINDS: &[Kind] = &[
    Kind::of::<Webhooks>("webhooks", "hook", None),
    Kind::of::<Deliveries>("deliveries", "history", None),
    Kind::of::<Relationships>("relationships", "link", None),
    Kind::of::<Notices>("notices", "bell", None),
];

struct Webhooks;

impl Finder for Webhooks {
    type Needs = WebhookManage;

    async fn named(tx: &mut Tx, right: &Right<WebhookManage>, sought: &Sought) -> Hits {
        let Ok(id) = WebhookId::parse(&sought.words) else { return Ok(Vec::new()) };
        let found = there(webhooks::endpoint(tx, right, &id).await)?;
        Ok(found.into_iter().map(Self::hit).collect())
    }

    async fn about(tx: &mut Tx, right: &Right<WebhookManage>, sought: &Sought) -> Hits {
        let all = webhooks::list_endpoints(tx, right, &Sought::first(PageRequest::MAX)).await?.items;
        let fits = all.into_iter().filter(|endpoint| sought.is_in(&[&endpoint.url, &endpoint.description]));
        Ok(fits.take(sought.limit).map(Self::hit).collect())
    }
}

impl Webhooks {
    fn hit(endpoint: Endpoint) -> Hit {
        let href = format!("/admin/webhooks/{}", endpoint.id);
        Hit { name: endpoint.url, line: endpoint.description, href }
    }
}

struct Deliveries;

impl Finder for Deliveries {
    type Needs = WebhookManage;

    async fn named(tx: &mut Tx, right: &Right<WebhookManage>, sought: &Sought) -> Hits {
        let Ok(id) = DeliveryId::parse(&sought.words) else { return Ok(Vec::new()) };
        let Some(found) = webhooks::any_delivery(tx, right, &id).await? else { return Ok(Vec::new()) };
        let href = format!("/admin/webhooks/{}/deliveries/{id}", found.endpoint_id);
        Ok(vec![Hit { name: found.kind, line: sought.t.moment(&found.created_at), href }])
    }
}

struct Relationships;

impl Finder for Relationships {
    type Needs = RelationshipView;

    async fn named(tx: &mut Tx, right: &Right<RelationshipView>, sought: &Sought) -> Hits {
        let Ok(id) = RelationshipId::parse(&sought.words) else { return Ok(Vec::new()) };
        let publisher = relationships::publisher_in(tx, right, &id).await?;
        let hit = |publisher: Tenant| Hit {
            name: publisher.name,
            line: publisher.publisher_id.map(|id| id.to_string()).unwrap_or_default(),
            href: format!("/admin/relationships#{id}"),
        };
        Ok(publisher.into_iter().map(hit).collect())
    }
}

/// One's own; the id is that of the event.
struct Notices;

impl Finder for Notices {
    type Needs = SelfView;

    async fn named(tx: &mut Tx, right: &Right<SelfView>, sought: &Sought) -> Hits {
        let Ok(id) = EventId::parse(&sought.words) else { return Ok(Vec::new()) };
        if right.user().is_none() {
            return Ok(Vec::new());
        }
        let Some(notice) = there(notices::notice(tx, right, &id).await)? else { return Ok(Vec::new()) };
        let name = notice.words(sought.t.language).subject;
        let page = notice.page.filter(|_| right.principal().may(notice.kind.needs()));
        let href = page.unwrap_or_else(|| "/account/notices".to_owned());
        Ok(vec![Hit { name, line: sought.t.day(&notice.told_at), href }])
    }
}
