//! The edge towards browsers: from a request for a page to a unit of work and back.
//!
//! ```text
//! request ─► dress: who reads? ─► Visit<P> | Submit<P, F> ─► db.read / db.write(operation) ─► Sheet in its shell
//! ```
//!
//! [`Visit<P>`] is a page that needs `P`, [`Submit<P, F>`] a form; [`Guest`] and [`GuestSubmit`] are the same for
//! anybody. A handler returns what `show`, `leave` or `go` gave, or a [`Refused`](crate::kit::Refused), which
//! [`dress`] turns into a page. Whether a form is one of ours is told by where the browser says that it comes from,
//! and by a token bound to the session.

mod cookies;
mod dress;
mod export;
mod portal;
mod reader;
mod send_file;
mod suggestion;
mod visit;

pub(crate) use cookies::{KEYS, LANGUAGE, SESSION, THEME};
pub(crate) use dress::{dress, wants_a_page};
pub(crate) use portal::{Item, Portal, Portals, Section};
pub(crate) use reader::{OFF, Reader, Theme, mark, own_path};
pub(crate) use send_file::SendFile;
pub(crate) use suggestion::{Suggestion, Typed};
pub(crate) use visit::{Form, Guest, GuestSubmit, Kept, Submit, Visit, is_of_pages};

crate::kit::codes! {
    FORM_STALE = 403 "form.stale" "The form was not sent from a page of this session";
    FORM_SENT = 409 "form.sent" "The form was sent already, and done";
    FORM_BROKEN = 400 "form.broken" "The form could not be read";
    CROSS_SITE = 403 "form.cross_site" "The form was sent from another site";
}
