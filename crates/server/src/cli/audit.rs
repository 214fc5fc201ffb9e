//! `seatline audit …`: the trail, kept in a file and verified.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use db::ChainEntry;
use db::chain::Chain;
use serde::{Deserialize, Serialize};
use serde_json::json;
use types::{EventId, Timestamp};

use super::output::print;
use super::session::Session;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Write the trail to a file, an entry a line, and verify it meanwhile
    #[command(after_help = "Example:\n  seatline audit export --output trail.jsonl")]
    Export {
        /// File to write; it must not exist
        #[arg(long, value_name = "FILE")]
        output: PathBuf,
        /// Another organisation's trail (operator)
        #[arg(long, value_name = "TENANT")]
        tenant: Option<String>,
    },
    /// Follow the trail from its beginning: on the server, or in a file
    #[command(after_help = "Examples:\n  \
        seatline audit verify\n  \
        seatline audit verify --file trail.jsonl --expect 120:5df6e0e2761359d30a8275058e299fcc0381534545f55cf43e41983f5d4c9456")]
    Verify {
        /// A file that was exported; needs no server
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// Another organisation's trail (operator)
        #[arg(long, value_name = "TENANT", conflicts_with = "file")]
        tenant: Option<String>,
        /// A position and its link that were kept elsewhere: the trail must pass through them
        #[arg(long, value_name = "POSITION:LINK")]
        expect: Option<String>,
    },
}

/// A line of an exported trail: an entry, or at the end where it ends.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
enum Line {
    Entry(Entry),
    End(End),
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    position: i64,
    id: EventId,
    kind: String,
    at: Timestamp,
    body: String,
    link: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct End {
    head: i64,
    link: String,
}

#[derive(Debug, Deserialize)]
struct Page {
    items: Vec<Entry>,
    head: i64,
    link: String,
}

impl AuditCommand {
    pub(super) fn run(self, connection: &super::Connection) -> Result<(), Failure> {
        let json = connection.json;
        match self {
            Self::Export { output, tenant } => {
                let end = export(&connection.session()?, tenant.as_deref(), &output)?;
                report(json, &end, &format!("{}: ", output.display()))
            }
            Self::Verify { file, tenant, expect } => {
                let expect = expect.as_deref().map(parse_expected).transpose()?;
                let mut follower = Follower { expect, ..Follower::default() };
                let end = match file {
                    Some(file) => follow_file(&file, &mut follower)?,
                    None => walk(&connection.session()?, tenant.as_deref(), |entry| follower.step(entry))?,
                };
                follower.end(&end)?;
                report(json, &end, "")
            }
        }
    }
}

fn report(json: bool, end: &End, before: &str) -> Result<(), Failure> {
    let End { head, link } = end;
    if json {
        return print(&format!("{}\n", json!({ "intact": true, "head": head, "link": link })));
    }
    print(&format!("{before}{head} entries, intact. Keep this to prove it later: {head}:{link}\n"))
}

/// Reads a trail page by page up to where it ended when the reading began.
fn walk(
    session: &Session,
    tenant: Option<&str>,
    mut each: impl FnMut(&Entry) -> Result<(), Failure>,
) -> Result<End, Failure> {
    let mut end: Option<End> = None;
    let mut after = 0;
    loop {
        let mut query = vec![("after", after.to_string()), ("limit", "1000".to_owned())];
        query.extend(tenant.map(|tenant| ("tenant", tenant.to_owned())));
        let reply = session.get(&["audit"], &query)?;
        let page: Page = serde_json::from_str(&reply.body).map_err(Failure::other)?;
        let end = end.get_or_insert(End { head: page.head, link: page.link });
        let items = page.items.iter().filter(|entry| entry.position <= end.head);
        let mut read = 0;
        for entry in items {
            each(entry)?;
            (after, read) = (entry.position, read + 1);
        }
        if read == 0 || after == end.head {
            return Ok(End { head: end.head, link: end.link.clone() });
        }
    }
}

fn export(session: &Session, tenant: Option<&str>, output: &Path) -> Result<End, Failure> {
    let wrong = |error: std::io::Error| Failure::Other(format!("{}: {error}", output.display()));
    let mut file = BufWriter::new(File::create_new(output).map_err(wrong)?);
    let mut follower = Follower::default();
    let written = walk(session, tenant, |entry| {
        follower.step(entry)?;
        write_line(&mut file, entry).map_err(wrong)
    });
    let written = written.and_then(|end| {
        follower.end(&end)?;
        write_line(&mut file, &end).and_then(|()| file.flush()).map_err(wrong)?;
        Ok(end)
    });
    if written.is_err() {
        // A part of a trail must not pass for one.
        let _ = std::fs::remove_file(output);
    }
    written
}

fn write_line(file: &mut impl std::io::Write, line: &impl Serialize) -> std::io::Result<()> {
    serde_json::to_writer(&mut *file, line)?;
    file.write_all(b"\n")
}

fn follow_file(path: &Path, follower: &mut Follower) -> Result<End, Failure> {
    let wrong = |what: String| Failure::Other(format!("{}: {what}", path.display()));
    let file = BufReader::new(File::open(path).map_err(|error| wrong(error.to_string()))?);
    for (number, line) in file.lines().enumerate() {
        let line = line.map_err(|error| wrong(error.to_string()))?;
        let line = serde_json::from_str(&line);
        match line.map_err(|error| wrong(format!("line {}: {error}", number + 1)))? {
            Line::Entry(entry) => follower.step(&entry)?,
            Line::End(end) => return Ok(end),
        }
    }
    Err(wrong("it has no end: the export was cut off".to_owned()))
}

/// Follows the chain, past what is expected.
#[derive(Default)]
struct Follower {
    chain: Chain,
    expect: Option<(i64, Vec<u8>)>,
}

impl Follower {
    fn step(&mut self, entry: &Entry) -> Result<(), Failure> {
        let link = entry.link.as_deref().map(bytes).transpose()?;
        let Entry { position, id, kind, at, body, .. } = entry;
        let entry = ChainEntry {
            id: *id.as_bytes(),
            position: *position,
            kind: kind.clone(),
            body: body.clone(),
            at: at.micros(),
            link,
        };
        let link = self.chain.step(&entry).map_err(broken)?;
        if self.expect.as_ref().is_some_and(|(at, expected)| at == position && link == Some(expected)) {
            self.expect = None;
        }
        Ok(())
    }

    fn end(self, end: &End) -> Result<(), Failure> {
        if let Some((position, _)) = self.expect {
            return Err(Failure::Other(format!("the trail does not pass through that link at {position}")));
        }
        self.chain.end(end.head, &bytes(&end.link)?).map_err(broken)
    }
}

fn broken(broken: db::chain::Broken) -> Failure {
    Failure::Other(format!("the trail is broken: {broken}"))
}

fn parse_expected(text: &str) -> Result<(i64, Vec<u8>), Failure> {
    let read =
        text.split_once(':').and_then(|(position, link)| Some((position.parse().ok()?, bytes(link).ok()?)));
    read.ok_or_else(|| Failure::Usage("--expect is a position and a link, as export prints them".to_owned()))
}

fn bytes(text: &str) -> Result<Vec<u8>, Failure> {
    let wrong = || Failure::Other(format!("{text:?} is not a link: 64 hexadecimal digits"));
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) || !digits.iter().all(u8::is_ascii_hexdigit) {
        return Err(wrong());
    }
    let pair =
        |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok());
    digits.chunks(2).map(pair).collect::<Option<_>>().ok_or_else(wrong)
}
