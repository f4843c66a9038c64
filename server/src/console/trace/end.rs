//! The end of the trace, read in pieces, which bounds the memory of a search.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};

use wire::trace::{Record, records, whole_records};

use super::MAX_FILES;
use crate::cluster::aside;

/// The bytes that are read at a time.
const PIECE_BYTES: u64 = 64 * 1024;
/// The longest record, in bytes; a longer record is taken for several.
const LONGEST_RECORD_BYTES: usize = 1024 * 1024;

/// The last bytes of the trace.
/// The files are open, so that a rotation meanwhile does not change them.
pub(super) struct End {
    /// The parts, the oldest first.
    parts: Vec<Part>,
    /// Whether the trace has older bytes.
    pub(super) is_cut: bool,
}

struct Part {
    file: File,
    from: u64,
    bytes: u64,
}

/// Opens the last `bytes` of the trace, which may reach into rotated files.
pub(super) fn end(file: &Path, bytes: u64) -> io::Result<End> {
    let mut end = End { parts: Vec::new(), is_cut: false };
    let mut wanted = bytes;
    for number in 0..=MAX_FILES {
        let file = match File::open(aside(file, number)) {
            // The current file may have been deleted: the next entry creates it anew.
            Err(error) if error.kind() == io::ErrorKind::NotFound && number == 0 => continue,
            Err(error) if error.kind() == io::ErrorKind::NotFound => break,
            opened => opened?,
        };
        let length = file.metadata()?.len();
        let bytes = length.min(wanted);
        wanted -= bytes;
        end.is_cut = bytes < length;
        end.parts.push(Part { file, from: length - bytes, bytes });
        if end.is_cut {
            break;
        }
    }
    end.parts.reverse();
    Ok(end)
}

impl End {
    /// Passes every record to `each`, in order, from the first whole line on.
    pub(super) fn walk(&mut self, mut each: impl FnMut(&Record<'_>)) -> io::Result<()> {
        let mut bytes = Vec::new();
        for Part { file, from, bytes: length } in &mut self.parts {
            // The first line may be cut.
            let mut is_half = *from > 0;
            file.seek(SeekFrom::Start(*from))?;
            let mut part = file.take(*length);
            while (&mut part).take(PIECE_BYTES).read_to_end(&mut bytes)? > 0 {
                if is_half {
                    let line = bytes.iter().position(|byte| *byte == b'\n');
                    is_half = line.is_none();
                    bytes.drain(..line.map_or(bytes.len(), |line| line + 1));
                }
                let mut whole = whole_records(&bytes);
                if whole == 0 && bytes.len() > LONGEST_RECORD_BYTES {
                    whole = bytes.len();
                }
                show(&bytes[..whole], &mut each);
                bytes.drain(..whole);
            }
        }
        show(&bytes, &mut each);
        Ok(())
    }
}

fn show(bytes: &[u8], each: &mut impl FnMut(&Record<'_>)) {
    records(&String::from_utf8_lossy(bytes)).for_each(|record| each(&record));
}
