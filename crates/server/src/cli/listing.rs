//! The page of an offer that customers read.

use serde::Serialize;

#[derive(Debug, clap::Args, Serialize)]
pub(crate) struct Listing {
    /// Id or offer id
    #[serde(skip)]
    pub(super) offer: String,
    #[arg(long)]
    name: String,
    #[arg(long)]
    summary: String,
    /// `CommonMark`
    #[arg(long)]
    description: String,
    /// May be repeated, up to three times
    #[arg(long = "keyword", value_name = "KEYWORD")]
    keywords: Vec<String>,
    /// What it works with; may be repeated, up to three times
    #[arg(long = "product", value_name = "PRODUCT")]
    products: Vec<String>,
    #[arg(long)]
    help_url: String,
    #[arg(long)]
    support_url: String,
    #[arg(long)]
    privacy_url: String,
    /// Never shown to customers
    #[arg(long, value_name = "NAME;EMAIL;PHONE", value_parser = contact)]
    support_contact: Contact,
    /// Never shown to customers
    #[arg(long, value_name = "NAME;EMAIL;PHONE", value_parser = contact)]
    engineering_contact: Contact,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Contact {
    name: String,
    email: String,
    phone: String,
}

fn contact(text: &str) -> Result<Contact, String> {
    let parts: Vec<&str> = text.split(';').map(str::trim).collect();
    match parts[..] {
        [name, email, phone] => {
            Ok(Contact { name: name.to_owned(), email: email.to_owned(), phone: phone.to_owned() })
        }
        _ => Err("write name, e-mail address and telephone number with semicolons between".to_owned()),
    }
}
