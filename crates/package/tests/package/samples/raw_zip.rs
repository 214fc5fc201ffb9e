//! Zips written by hand, so that they can say what no library would.

/// An entry, stored unless `method` says otherwise; `data` goes in as it is.
#[derive(Clone)]
pub(crate) struct RawEntry {
    pub(crate) name: Vec<u8>,
    pub(crate) data: Vec<u8>,
    pub(crate) method: u16,
    pub(crate) flags: u16,
    pub(crate) attributes: u32,
    /// Uncompressed, as declared.
    pub(crate) size: u32,
    pub(crate) crc32: u32,
    pub(crate) local_extra: Vec<u8>,
    pub(crate) central_extra: Vec<u8>,
    pub(crate) comment: Vec<u8>,
    /// Sizes follow the data instead of standing in the header.
    pub(crate) descriptor: bool,
}

impl RawEntry {
    pub(crate) fn stored(name: impl AsRef<[u8]>, data: impl AsRef<[u8]>) -> Self {
        let data = data.as_ref().to_vec();
        Self {
            name: name.as_ref().to_vec(),
            method: 0,
            flags: 0,
            attributes: 0x20,
            size: u32::try_from(data.len()).unwrap(),
            crc32: crc32(&data),
            data,
            local_extra: Vec::new(),
            central_extra: Vec::new(),
            comment: Vec::new(),
            descriptor: false,
        }
    }

    fn flags(&self) -> u16 {
        if self.descriptor { self.flags | 8 } else { self.flags }
    }

    fn sizes(&self) -> [u32; 3] {
        [self.crc32, u32::try_from(self.data.len()).unwrap(), self.size]
    }

    fn local(&self) -> Vec<u8> {
        let sizes = if self.descriptor { [0; 3] } else { self.sizes() };
        let mut record = b"PK\x03\x04".to_vec();
        for half in [45, self.flags(), self.method, 0x8F0D, 0x558D] {
            record.extend_from_slice(&u16::to_le_bytes(half));
        }
        for word in sizes {
            record.extend_from_slice(&word.to_le_bytes());
        }
        for length in [self.name.len(), self.local_extra.len()] {
            record.extend_from_slice(&u16::try_from(length).unwrap().to_le_bytes());
        }
        record.extend([&self.name, &self.local_extra, &self.data].into_iter().flatten());
        if self.descriptor {
            record.extend_from_slice(b"PK\x07\x08");
            for word in self.sizes() {
                record.extend_from_slice(&word.to_le_bytes());
            }
        }
        record
    }

    fn central(&self, offset: usize) -> Vec<u8> {
        let mut record = b"PK\x01\x02".to_vec();
        for half in [0x032D, 45, self.flags(), self.method, 0x8F0D, 0x558D] {
            record.extend_from_slice(&u16::to_le_bytes(half));
        }
        for word in self.sizes() {
            record.extend_from_slice(&word.to_le_bytes());
        }
        for length in [self.name.len(), self.central_extra.len(), self.comment.len(), 0, 0] {
            record.extend_from_slice(&u16::try_from(length).unwrap().to_le_bytes());
        }
        record.extend_from_slice(&self.attributes.to_le_bytes());
        record.extend_from_slice(&u32::try_from(offset).unwrap().to_le_bytes());
        record.extend([&self.name, &self.central_extra, &self.comment].into_iter().flatten());
        record
    }
}

pub(crate) fn write(entries: &[RawEntry]) -> Vec<u8> {
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        directory.extend(entry.central(zip.len()));
        zip.extend(entry.local());
    }
    let count = u16::try_from(entries.len()).unwrap().to_le_bytes();
    let start = u32::try_from(zip.len()).unwrap().to_le_bytes();
    let length = u32::try_from(directory.len()).unwrap().to_le_bytes();
    zip.extend(directory);
    zip.extend(
        [b"PK\x05\x06\0\0\0\0".as_slice(), &count, &count, &length, &start, b"\x07\0comment"].concat(),
    );
    zip
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(
            crc ^ u32::from(*byte),
            |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 },
        )
    };
    !bytes.iter().fold(u32::MAX, step)
}
