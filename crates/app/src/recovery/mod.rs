//! A new password for whoever forgot theirs: a link by mail, good for an hour and for one use.
//!
//! Whoever asks learns nothing about who has an account: the answer is the same, and the mail goes to the address
//! that was given, one for each organisation that knows it. The latest link takes the place of those before it;
//! a new password, however it came about, ends it. Asking is bounded as guessing is.
//!
//! Tables: none; the links are identity's ([`reset_password`](crate::identity::operations::reset_password)).
//!
//! Odd: this is a feature of its own because identity, on which mails rest, cannot write any.

mod operations;
pub(crate) mod pages;

#[cfg(test)]
mod tests;
