//! Replacing one entry of a zip while every other byte stays.
//!
//! Writing an archive anew with a library would lose what the library does not know: extra fields, flags, versions,
//! the order of things. So the new record goes where the old one was, and only the offsets behind it are moved.

use std::io::{Cursor, Read, Write};

use thiserror::Error;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, System, ZipArchive, ZipWriter};

use super::reading::CONFIG;

const LOCAL_HEADER: usize = 30;
const CENTRAL_HEADER: usize = 46;
const END_RECORD: usize = 22;
const DESCRIPTOR_FLAG: u16 = 1 << 3;
const DEFLATE: u16 = 8;
const VERSION_OF_DEFLATE: u16 = 20;

/// Why a zip cannot be edited.
#[derive(Debug, Error)]
pub enum EditError {
    #[error("the zip cannot be read: {0}")]
    Unreadable(#[from] zip::result::ZipError),
    #[error("the zip cannot be read: {0}")]
    Io(#[from] std::io::Error),
    #[error("the zip has no entry {0}")]
    NotFound(String),
    #[error("the zip's headers are not where its directory says")]
    Inconsistent,
    #[error("the zip uses the ZIP64 format, which is for files of more than 4 GB")]
    Zip64,
}

/// An entry's new content, deflated.
pub(crate) struct Deflated {
    crc32: u32,
    size: u32,
    data: Vec<u8>,
}

/// Deflates content as entries hold it; the same content gives the same bytes.
pub(crate) fn deflate_entry(content: &[u8]) -> Result<Deflated, EditError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .system(System::Dos);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("entry", options)?;
    writer.write_all(content)?;
    let mut zip = ZipArchive::new(writer.finish()?)?;
    let mut entry = zip.by_index_raw(0)?;
    let mut data = Vec::new();
    entry.read_to_end(&mut data)?;
    let size = u32::try_from(content.len()).map_err(|_| EditError::Zip64)?;
    Ok(Deflated { crc32: entry.crc32(), size, data })
}

/// The zip with the content of the entry of that raw name replaced.
pub(crate) fn replace_entry(zip: &[u8], name: &str, content: &Deflated) -> Result<Vec<u8>, EditError> {
    let archive = ZipArchive::with_config(CONFIG, Cursor::new(zip))?;
    let metadata = archive.metadata();
    let index = archive.index_for_name_raw(name.as_bytes()).ok_or(EditError::NotFound(name.to_owned()))?;
    let target = metadata.entry(index)?;
    let within = |value: u64| offset(value, zip.len());
    let start = within(target.header_start())?;
    let old = LocalRecord::read(zip, start, within(target.compressed_size())?)?;
    let record = old.with_content(zip, start, content)?;
    let end_record = end_record(zip, archive.comment().len())?;

    let mut edited = Vec::with_capacity(zip.len() + record.len());
    edited.extend_from_slice(&zip[..start]);
    edited.extend_from_slice(&record);
    edited.extend_from_slice(zip.get(old.end..).ok_or(EditError::Inconsistent)?);

    let moved = |position: usize| position - old.end + start + record.len();
    for index in 0..metadata.len() {
        let entry = metadata.entry(index)?;
        let central = within(entry.central_header_start())?;
        let header = within(entry.header_start())?;
        let overlaps = header > start && header < old.end;
        if overlaps || central < old.end || central + CENTRAL_HEADER > zip.len() {
            return Err(EditError::Inconsistent);
        }
        let central = moved(central);
        if header == start {
            patch_central(&mut edited, central, content)?;
        } else if header > start {
            put32(&mut edited, central + 42, offset32(moved(header))?);
        }
    }
    let directory = within(archive.central_directory_start())?;
    if directory < old.end {
        return Err(EditError::Inconsistent);
    }
    put32(&mut edited, moved(end_record) + 16, offset32(moved(directory))?);
    Ok(edited)
}

/// Where an entry's header, data and descriptor lie.
struct LocalRecord {
    data_start: usize,
    end: usize,
    flags: u16,
    version: u16,
}

impl LocalRecord {
    fn read(zip: &[u8], start: usize, compressed: usize) -> Result<Self, EditError> {
        let header = zip.get(start..start + LOCAL_HEADER).ok_or(EditError::Inconsistent)?;
        if !header.starts_with(b"PK\x03\x04") {
            return Err(EditError::Inconsistent);
        }
        if get32(header, 18) == u32::MAX || get32(header, 22) == u32::MAX {
            return Err(EditError::Zip64);
        }
        let flags = get16(header, 6);
        let data_start =
            start + LOCAL_HEADER + usize::from(get16(header, 26)) + usize::from(get16(header, 28));
        let data_end = data_start + compressed;
        let rest = zip.get(data_end..).ok_or(EditError::Inconsistent)?;
        let descriptor = match flags & DESCRIPTOR_FLAG {
            0 => 0,
            _ if rest.starts_with(b"PK\x07\x08") => 16,
            _ => 12,
        };
        Ok(Self { data_start, end: data_end + descriptor, flags, version: get16(header, 4) })
    }

    /// The record with other content: sizes stand in its header, so it needs no descriptor.
    fn with_content(&self, zip: &[u8], start: usize, content: &Deflated) -> Result<Vec<u8>, EditError> {
        let mut record = zip[start..self.data_start.min(zip.len())].to_vec();
        put16(&mut record, 4, self.version.max(VERSION_OF_DEFLATE));
        put16(&mut record, 6, self.flags & !DESCRIPTOR_FLAG);
        put16(&mut record, 8, DEFLATE);
        put32(&mut record, 14, content.crc32);
        put32(&mut record, 18, offset32(content.data.len())?);
        put32(&mut record, 22, content.size);
        record.extend_from_slice(&content.data);
        Ok(record)
    }
}

fn patch_central(zip: &mut [u8], header: usize, content: &Deflated) -> Result<(), EditError> {
    let version = get16(&zip[header..], 6).max(VERSION_OF_DEFLATE);
    let flags = get16(&zip[header..], 8) & !DESCRIPTOR_FLAG;
    put16(zip, header + 6, version);
    put16(zip, header + 8, flags);
    put16(zip, header + 10, DEFLATE);
    put32(zip, header + 16, content.crc32);
    put32(zip, header + 20, offset32(content.data.len())?);
    put32(zip, header + 24, content.size);
    Ok(())
}

/// Where the end record is, which must be the very end.
fn end_record(zip: &[u8], comment: usize) -> Result<usize, EditError> {
    let start = zip.len().checked_sub(END_RECORD + comment).ok_or(EditError::Inconsistent)?;
    if !zip[start..].starts_with(b"PK\x05\x06") {
        return Err(EditError::Inconsistent);
    }
    let is_zip64 = start.checked_sub(20).is_some_and(|locator| zip[locator..].starts_with(b"PK\x06\x07"));
    if is_zip64 { Err(EditError::Zip64) } else { Ok(start) }
}

fn offset(value: u64, length: usize) -> Result<usize, EditError> {
    usize::try_from(value).ok().filter(|value| *value <= length).ok_or(EditError::Inconsistent)
}

fn offset32(value: usize) -> Result<u32, EditError> {
    u32::try_from(value).ok().filter(|value| *value != u32::MAX).ok_or(EditError::Zip64)
}

fn get16(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn get32(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn put16(bytes: &mut [u8], at: usize, value: u16) {
    bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
}

fn put32(bytes: &mut [u8], at: usize, value: u32) {
    bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
}
