//! Forms that send a file: `multipart/form-data`, the file last, so that it can be read while it comes.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use multer::Multipart;

use super::FORM_BROKEN;
use super::visit::{Visit, checked, refuse_cross_site, visit};
use crate::App;
use crate::access::Permission;
use crate::kit::Refused;
use crate::kit::page::{Entered, Input};

/// Bytes of a field that is no file.
const FIELD_MAX: usize = 64 * 1024;
/// Fields beside the file.
const FIELDS_MAX: usize = 50;

/// A form with a file, sent by somebody who may do `P` from one of our own pages.
pub(crate) struct SendFile<P> {
    pub visit: Visit<P>,
    pub form: Result<Input, Refused>,
    pub entered: Entered,
    /// Nothing where no file was chosen; it is read from the connection.
    pub file: Option<Body>,
}

impl<P: Permission> FromRequest<App> for SendFile<P> {
    type Rejection = Refused;

    async fn from_request(request: Request, app: &App) -> Result<Self, Refused> {
        let (parts, body) = request.into_parts();
        refuse_cross_site(&parts.headers)?;
        let visit: Visit<P> = visit(&parts, app)?;
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let boundary = multer::parse_boundary(kind.unwrap_or_default()).map_err(broken)?;
        let mut multipart = Multipart::new(body.into_data_stream(), boundary);
        let (mut pairs, mut file) = (Vec::new(), None);
        while let Some(field) = multipart.next_field().await.map_err(broken)? {
            match field.file_name() {
                Some("") => {}
                Some(_) => {
                    file = Some(Body::from_stream(field));
                    break;
                }
                None if pairs.len() < FIELDS_MAX => pairs.push(text(field).await?),
                None => return Err(FORM_BROKEN.because("It has too many fields.")),
            }
        }
        let (form, entered) = checked(&visit.reader, Input::of(pairs));
        Ok(Self { visit, form, entered, file })
    }
}

async fn text(mut field: multer::Field<'static>) -> Result<(String, String), Refused> {
    let name = field.name().unwrap_or_default().to_owned();
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > FIELD_MAX {
            return Err(FORM_BROKEN.because(format!("A field may have {FIELD_MAX} bytes.")));
        }
    }
    Ok((name, String::from_utf8_lossy(&bytes).replace("\r\n", "\n")))
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn broken(error: multer::Error) -> Refused {
    FORM_BROKEN.because(format!("It could not be read: {error}. Send it again."))
}
