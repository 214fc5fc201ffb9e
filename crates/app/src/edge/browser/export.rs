//! Lists as files: CSV, read page by page while it is sent, so that a file may be as long as its list.

use axum::body::Bytes;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use db::{BoxFuture, Tx};
use types::{Cursor, Page, PageRequest};

use super::visit::Visit;
use crate::access::{Permission, Right};
use crate::kit::{Csv, Piece, Refused, in_pieces};

/// By it spreadsheets read what follows as UTF-8.
const MARK: &str = "\u{feff}";

/// A list of rows, and how much of it was read.
struct Export<P, F> {
    visit: Visit<P>,
    list: F,
    /// Read and not sent yet.
    held: Option<Bytes>,
    /// Where it goes on; nothing after the last page.
    next: Option<PageRequest>,
}

impl<P: Permission> Visit<P> {
    /// All of a list, under these headings. What refuses its first page is refused instead of a file.
    pub(crate) async fn export<F>(self, name: &str, columns: &[String], list: F) -> Result<Response, Refused>
    where
        F: for<'t> FnOnce(
                &'t mut Tx,
                &'t Right<P>,
                PageRequest,
            ) -> BoxFuture<'t, Result<Page<Vec<String>>, Refused>>
            + Clone
            + Send
            + 'static,
    {
        let mut head = Csv::default();
        head.row(columns.iter().cloned())?;
        let mut export = Export {
            visit: self,
            list,
            held: None,
            next: Some(PageRequest { limit: PageRequest::MAX, after: None }),
        };
        let rows = export.read().await?.unwrap_or_default();
        export.held = Some(Bytes::from(MARK.to_owned() + &head.finish()? + &rows));
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")),
        ];
        Ok((headers, in_pieces(export, |export| Box::pin(export.step()))).into_response())
    }
}

impl<P: Permission, F> Export<P, F>
where
    F: for<'t> FnOnce(
            &'t mut Tx,
            &'t Right<P>,
            PageRequest,
        ) -> BoxFuture<'t, Result<Page<Vec<String>>, Refused>>
        + Clone
        + Send
        + 'static,
{
    async fn step(mut self) -> Piece<Self> {
        if let Some(held) = self.held.take() {
            return Ok(Some((held, self)));
        }
        Ok(self.read().await?.map(|rows| (Bytes::from(rows), self)))
    }

    /// The rows of the next page; nothing after the last.
    async fn read(&mut self) -> Result<Option<String>, Refused> {
        let Some(page) = self.next.take() else { return Ok(None) };
        let list = self.list.clone();
        let found = self.visit.read(move |tx, right| list(tx, right, page)).await?;
        let after = found.next_cursor.and_then(|cursor| Cursor::parse(cursor.as_str()).ok());
        self.next = after.map(|after| PageRequest { limit: PageRequest::MAX, after: Some(after) });
        let mut csv = Csv::default();
        for row in found.items {
            csv.row(row)?;
        }
        csv.finish().map(Some)
    }
}
