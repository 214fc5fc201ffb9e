//! Put leads on their way, keep how attempts ended, and try again what was given up.

use db::Tx;
use types::{DeliveryId, LeadId, Timestamp};

use super::find;
use crate::access::{LeadEdit, Right};
use crate::events::{self, Actor, Recorder};
use crate::jobs::{When, enqueue, jittered};
use crate::kit::{Random, Refused};
use crate::leads::events::LeadDeliveryFailed;
use crate::leads::jobs::Deliver;
use crate::leads::payload::Sent;
use crate::leads::{Destination, DestinationKind, Lead, LeadDelivery, NOT_DEAD, letter, store};
use crate::mails::{NewMail, write_mail};
use crate::webhooks::{DeliveryState, wait};

pub(super) async fn enqueue_delivery(
    tx: &mut Tx,
    (random, now): (&Random, Timestamp),
    base_url: &str,
    lead: &Lead,
    destination: &Destination,
) -> Result<(), Refused> {
    let mail_id = match destination.kind {
        DestinationKind::Https => None,
        DestinationKind::Email => {
            let to = destination.recipient()?;
            let (tenant, language) = (lead.tenant_id, destination.language);
            let letter = letter::letter(lead, language, base_url)?;
            let mail = NewMail { tenant, to: &to, kind: "lead", language, letter };
            Some(write_mail(tx, random, now, mail).await?)
        }
    };
    let delivery = LeadDelivery {
        id: random.id(now),
        lead_id: lead.id,
        destination_id: destination.id,
        mail_id,
        state: DeliveryState::Pending,
        attempts: 0,
        status: None,
        error: None,
        due_at: now,
        created_at: now,
        finished_at: None,
    };
    store::insert_delivery(tx, &delivery).await?;
    if mail_id.is_none() {
        enqueue_deliver(tx, random, now, &delivery).await?;
    }
    Ok(())
}

async fn enqueue_deliver(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    delivery: &LeadDelivery,
) -> Result<(), Refused> {
    let destination = delivery.destination_id;
    let key = destination.to_string();
    Ok(enqueue(tx, random, &Deliver { destination }, When::now(now).key(&key)).await?)
}

pub(crate) async fn record_attempt(
    tx: &mut Tx,
    random: &Random,
    now: Timestamp,
    lead: &Lead,
    delivery: LeadDelivery,
    sent: Sent,
) -> Result<(), Refused> {
    let attempts = delivery.attempts + 1;
    let wait = wait(attempts).filter(|_| sent.error.is_some());
    let state = match wait {
        _ if sent.error.is_none() => DeliveryState::Delivered,
        Some(_) => DeliveryState::Pending,
        None => DeliveryState::Dead,
    };
    let due_at = now.plus_seconds(wait.map_or(0, |seconds| jittered(seconds, random)));
    let finished_at = (state != DeliveryState::Pending).then_some(now);
    let Sent { status, error } = sent;
    let ended = LeadDelivery { state, attempts, status, error, due_at, finished_at, ..delivery };
    if store::update_delivery(tx, &ended).await? && state == DeliveryState::Dead {
        let LeadDelivery { id: delivery, destination_id: destination, .. } = ended;
        let recorder = Recorder { actor: Actor::System, origin: None, at: now, random: random.clone() };
        let event = LeadDeliveryFailed { lead: lead.id, destination, delivery };
        events::record(tx, &recorder, &[lead.tenant_id], &event)?;
    }
    Ok(())
}

/// What was given up is tried for three more days. A mail is sent again by the operator.
pub(crate) async fn resend(
    tx: &mut Tx,
    right: &Right<LeadEdit>,
    lead: &LeadId,
    id: &DeliveryId,
) -> Result<LeadDelivery, Refused> {
    let found = find::deliveries(tx, right, lead).await?.into_iter().find(|delivery| delivery.id == *id);
    let delivery = found.ok_or_else(|| Refused::not_found("delivery"))?;
    if !store::revive(tx, lead, id, right.now()).await? {
        return Err(NOT_DEAD.because("Only what was given up at an endpoint is sent again."));
    }
    enqueue_deliver(tx, right.random(), right.now(), &delivery).await?;
    let (state, due_at) = (DeliveryState::Pending, right.now());
    Ok(LeadDelivery { state, due_at, attempts: 0, finished_at: None, ..delivery })
}
