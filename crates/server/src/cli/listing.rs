//! The page of an offer that customers read.

use serde::Serialize;

#[derive(Debug, clap::Args, Serialize)]
pub(crate) struct Listing {
    /// Id or offer id
    #[serde(skip)]
    pub(super) offer: String,
    /// Of the texts here, as in en or pt-BR; further languages go into a file for `offer apply`
    #[arg(long)]
    language: Option<String>,
    #[arg(long)]
    name: Option<String>,
    #[arg(long)]
    summary: Option<String>,
    /// `CommonMark`
    #[arg(long)]
    description: Option<String>,
    /// May be repeated, up to three times
    #[arg(long = "keyword", value_name = "KEYWORD")]
    keywords: Vec<String>,
    /// What it works with; may be repeated, up to three times
    #[arg(long = "product", value_name = "PRODUCT")]
    products: Vec<String>,
    #[arg(long)]
    help_url: Option<String>,
    #[arg(long)]
    support_url: Option<String>,
    #[arg(long)]
    privacy_url: Option<String>,
    /// Never shown to customers
    #[arg(long, value_name = "NAME;EMAIL;PHONE", value_parser = contact)]
    support_contact: Option<Contact>,
    /// Never shown to customers
    #[arg(long, value_name = "NAME;EMAIL;PHONE", value_parser = contact)]
    engineering_contact: Option<Contact>,
    /// The hash of an uploaded file: square PNG, 216 to 350 pixels a side
    #[arg(long, value_name = "HASH")]
    logo: Option<String>,
    /// PNG of 1280×720; may be repeated, up to five times
    #[arg(long = "screenshot", value_name = "HASH;CAPTION", value_parser = captioned)]
    screenshots: Vec<Captioned>,
    /// PDF; may be repeated, up to three times
    #[arg(long = "document", value_name = "HASH;TITLE", value_parser = captioned)]
    documents: Vec<Captioned>,
    /// May be repeated, up to four times
    #[arg(long = "video", value_name = "NAME;URL", value_parser = video)]
    videos: Vec<Video>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Captioned {
    file: String,
    caption: String,
}

fn captioned(text: &str) -> Result<Captioned, String> {
    let (file, caption) =
        text.split_once(';').ok_or("write the hash and what is said with a semicolon between")?;
    Ok(Captioned { file: file.trim().to_owned(), caption: caption.trim().to_owned() })
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Video {
    name: String,
    url: String,
}

fn video(text: &str) -> Result<Video, String> {
    let (name, url) = text.split_once(';').ok_or("write name and URL with a semicolon between")?;
    Ok(Video { name: name.trim().to_owned(), url: url.trim().to_owned() })
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
