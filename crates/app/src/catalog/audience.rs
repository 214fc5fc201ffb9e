//! Whom a private plan is for (PLN-05).

use csv::{ReaderBuilder, Trim};
use types::{Name, TenantId};

use super::plan::AUDIENCE_BY_FILE;
use crate::kit::{Fields, Refused};

db::rows! {
    /// One tenant of an audience.
    pub(crate) struct AudienceMember in "plan_audiences" {
        pub tenant_id: TenantId,
        pub description: String,
    }
}

/// What a row may say of its kind.
const KIND: &str = "TenantID";
/// Wrong rows that are named; whoever mends these sees the next.
const NAMED: usize = 100;

/// Each tenant once, in the order of their ids; the last word on a tenant counts.
pub(crate) fn distinct(mut members: Vec<AudienceMember>) -> Vec<AudienceMember> {
    members.reverse();
    members.sort_by_key(|member| member.tenant_id);
    members.dedup_by_key(|member| member.tenant_id);
    members
}

/// Reads `ID,Description,Type`, UTF-8 with or without BOM; every wrong row is named at once.
pub(crate) fn read_csv(bytes: &[u8]) -> Result<Vec<AudienceMember>, Refused> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = ReaderBuilder::new().trim(Trim::All).flexible(true).from_reader(bytes);
    let (mut fields, mut members, mut wrong) = (Fields::default(), Vec::new(), 0);
    let headers: Vec<String> =
        reader.headers().map(|row| row.iter().map(str::to_lowercase).collect()).unwrap_or_default();
    if headers != ["id", "description", "type"] {
        fields.wrong("row 1", "audience.header", "must be ID,Description,Type");
        return Err(fields.refuse());
    }
    for (at, record) in reader.records().enumerate() {
        if at == AUDIENCE_BY_FILE {
            let message = format!("has more than {AUDIENCE_BY_FILE} rows");
            fields.wrong("file", "field.too_many", message);
            break;
        }
        let row = format!("row {}", at + 2);
        match member(&mut fields, &row, record.ok().as_ref()) {
            Some(member) => members.push(member),
            None => wrong += 1,
        }
        if wrong == NAMED {
            break;
        }
    }
    fields.finish()?;
    Ok(distinct(members))
}

fn member(fields: &mut Fields, row: &str, record: Option<&csv::StringRecord>) -> Option<AudienceMember> {
    let Some([id, description, kind]) = record
        .map(|record| record.iter().collect::<Vec<_>>())
        .and_then(|cells| <[&str; 3]>::try_from(cells).ok())
    else {
        fields.wrong(row, "audience.row", "must have three columns");
        return None;
    };
    if !kind.eq_ignore_ascii_case(KIND) {
        fields.wrong(row, "audience.type", format!("must be of the type {KIND}"));
        return None;
    }
    let tenant_id = fields.parse(row, id, TenantId::parse);
    let given = Some(description).filter(|text| !text.is_empty());
    let description = fields.optional(row, given, Name::<200>::parse);
    Some(AudienceMember {
        tenant_id: tenant_id?,
        description: description?.map_or_else(String::new, Name::into_string),
    })
}
