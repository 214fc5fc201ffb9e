//! Lists as files: CSV, read page by page while it is sent, so that a file may be as long as its list.

use std::sync::Arc;

use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use db::{BoxFuture, Tx};
use types::{Cursor, Page, PageRequest};

use super::visit::Visit;
use crate::access::{Permission, Right};
use crate::edge::CsvFile;
use crate::kit::{Csv, MARK, Piece, Refused, in_pieces};

/// A page of rows that are texts.
type Rows = Result<Page<Vec<String>>, Refused>;

/// A list, and how much of it was read.
struct Export {
    list: Box<dyn Fn(PageRequest) -> BoxFuture<'static, Rows> + Send>,
    /// Read and not sent yet.
    held: Option<Bytes>,
    /// Where it goes on; nothing after the last page.
    next: Option<PageRequest>,
}

impl<P: Permission> Visit<P> {
    /// All of a list, under these headings. What refuses its first page is refused instead of a file.
    pub(crate) async fn export<F>(self, name: &str, columns: &[String], list: F) -> Result<Response, Refused>
    where
        F: for<'t> FnOnce(&'t mut Tx, &'t Right<P>, PageRequest) -> BoxFuture<'t, Rows>
            + Clone
            + Send
            + 'static,
    {
        let visit = Arc::new(self);
        let list = Box::new(move |page| -> BoxFuture<'static, Rows> {
            let (visit, list) = (Arc::clone(&visit), list.clone());
            Box::pin(async move { visit.read(move |tx, right| list(tx, right, page)).await })
        });
        let next = Some(PageRequest { limit: PageRequest::MAX, after: None });
        let mut export = Export { list, held: None, next };
        let mut head = Csv::default();
        head.row(columns.iter().cloned())?;
        let rows = export.read().await?.unwrap_or_default();
        export.held = Some(Bytes::from(MARK.to_owned() + &head.finish()? + &rows));
        let table = in_pieces(export, |export| Box::pin(export.step()));
        Ok(CsvFile { name: name.to_owned(), table }.into_response())
    }
}

impl Export {
    async fn step(mut self) -> Piece<Self> {
        if let Some(held) = self.held.take() {
            return Ok(Some((held, self)));
        }
        Ok(self.read().await?.map(|rows| (Bytes::from(rows), self)))
    }

    /// The rows of the next page; nothing after the last.
    async fn read(&mut self) -> Result<Option<String>, Refused> {
        let Some(page) = self.next.take() else { return Ok(None) };
        let found = (self.list)(page).await?;
        let after = found.next_cursor.and_then(|cursor| Cursor::parse(cursor.as_str()).ok());
        self.next = after.map(|after| PageRequest { limit: PageRequest::MAX, after: Some(after) });
        let mut csv = Csv::default();
        for row in found.items {
            csv.row(row)?;
        }
        csv.finish().map(Some)
    }
}
