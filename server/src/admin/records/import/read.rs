//! Reads a file: its encoding, its separator, its first row and its rows.

use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{EUC_KR, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use terms::{ImportProblem, Named, RecordField, RecordKind};

/// The largest file, in bytes.
pub const MAX_IMPORT_BYTES: usize = 16 * 1024 * 1024;
/// The most rows of a file.
const MAX_IMPORT_ROWS: usize = 100_000;

/// The separators of cells, by how a spreadsheet names the format.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// The rows of a file, each with its line, and the fields of the cells.
pub(super) struct Rows {
    pub(super) fields: Vec<RecordField>,
    pub(super) rows: Vec<(u64, StringRecord)>,
}

pub(super) fn read(kind: RecordKind, bytes: &[u8]) -> Result<Rows, ImportProblem> {
    if bytes.len() > MAX_IMPORT_BYTES {
        return Err(ImportProblem::TooLarge);
    }
    let text = text(bytes)?;
    let mut reader = ReaderBuilder::new()
        .delimiter(separator(&text))
        .flexible(true)
        .has_headers(true)
        .from_reader(text.as_bytes());
    let head = reader.headers().map_err(|_| ImportProblem::NotText)?.clone();
    let fields = fields(kind, &head)?;
    let mut rows = Vec::new();
    for row in reader.into_records() {
        let row = row.map_err(|_| ImportProblem::NotText)?;
        // A spreadsheet keeps the separators of a row that somebody has emptied.
        if row.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if rows.len() == MAX_IMPORT_ROWS {
            return Err(ImportProblem::TooLarge);
        }
        rows.push((row.position().map_or(0, |position| line_at(&text, position)), row));
    }
    if rows.is_empty() { Err(ImportProblem::NoRows) } else { Ok(Rows { fields, rows }) }
}

/// The line on which a row begins. After CR LF, the reader has not counted the LF before the row yet.
fn line_at(text: &str, position: &csv::Position) -> u64 {
    let at = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    position.line() + u64::from(text.as_bytes().get(at) == Some(&b'\n'))
}

/// The text of a file: by its byte-order mark, else UTF-8, else UTF-16 by its zero bytes, else CP949.
fn text(bytes: &[u8]) -> Result<String, ImportProblem> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((encoding, _)) => encoding,
        None if has_zeros(bytes, 1) => UTF_16LE,
        None if has_zeros(bytes, 0) => UTF_16BE,
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => EUC_KR,
    };
    let (text, _, has_errors) = encoding.decode(bytes);
    if has_errors || text.contains('\0') {
        Err(ImportProblem::NotText)
    } else {
        Ok(text.into_owned())
    }
}

/// Whether most bytes at odd (1) or even (0) places are zero, as in UTF-16 of Latin letters.
fn has_zeros(bytes: &[u8], place: usize) -> bool {
    let pairs = bytes.chunks_exact(2).take(200);
    let (all, zeros) =
        pairs.fold((0, 0), |(all, zeros), pair| (all + 1, zeros + usize::from(pair[place] == 0)));
    zeros * 2 > all
}

/// The separator that the first line has most often.
fn separator(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |separator: &char| first.matches(*separator).count();
    let most = SEPARATORS.iter().rev().max_by_key(|separator| count(separator));
    u8::try_from(*most.unwrap_or(&',')).unwrap_or(b',')
}

fn fields(kind: RecordKind, head: &StringRecord) -> Result<Vec<RecordField>, ImportProblem> {
    let mut fields = Vec::new();
    for cell in head {
        let name = cell.trim().to_ascii_lowercase();
        let field = RecordField::from_name(&name).filter(|field| kind.fields().contains(field));
        let field = field.ok_or_else(|| ImportProblem::UnknownColumn(cell.trim().to_owned()))?;
        if fields.contains(&field) {
            return Err(ImportProblem::ColumnTwice(name));
        }
        fields.push(field);
    }
    match kind.fields().first() {
        Some(name) if !fields.contains(name) => {
            Err(ImportProblem::NoColumn(name.name().to_owned()))
        }
        _ => Ok(fields),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Result<Vec<(u64, Vec<String>)>, ImportProblem> {
        let rows = read(RecordKind::Phones, bytes)?.rows.into_iter();
        Ok(rows.map(|(line, row)| (line, row.iter().map(ToOwned::to_owned).collect())).collect())
    }

    #[test]
    fn files_of_spreadsheets_are_read_in_each_encoding_and_separator() {
        let wanted = vec![(2, vec!["SEP1".to_owned(), "3층, \"서쪽\"".to_owned()])];
        let comma = "name,description\r\nSEP1,\"3층, \"\"서쪽\"\"\"\r\n,\r\n";
        let utf16 = |text: &str, bom: bool| {
            let units = bom.then_some(0xfeff).into_iter().chain(text.encode_utf16());
            units.flat_map(u16::to_le_bytes).collect::<Vec<_>>()
        };
        assert_eq!(cells(comma.as_bytes()), Ok(wanted.clone()));
        assert_eq!(cells(format!("\u{feff}{comma}").as_bytes()), Ok(wanted.clone()));
        assert_eq!(
            cells(&utf16(
                &comma
                    .replace("name,", "name\t")
                    .replace("SEP1,", "SEP1\t")
                    .replace("\r\n,", "\r\n\t"),
                true
            )),
            Ok(wanted.clone())
        );
        assert_eq!(cells(&utf16(comma, false)), Ok(wanted.clone()));
        let semicolon =
            comma.replace("name,", "NAME ;").replace("SEP1,", "SEP1;").replace("\r\n,", "\r\n;");
        assert_eq!(cells(&EUC_KR.encode(&semicolon).0), Ok(wanted));
    }

    #[test]
    fn a_file_that_is_no_list_of_such_records_is_refused_with_its_reason() {
        for (text, expected) in [
            ("", ImportProblem::NoColumn("name".to_owned())),
            ("name\r\n", ImportProblem::NoRows),
            ("model\nx\n", ImportProblem::NoColumn("name".to_owned())),
            ("name,pin\nx,1\n", ImportProblem::UnknownColumn("pin".to_owned())),
            ("name,model,Name\nx,1,2\n", ImportProblem::ColumnTwice("name".to_owned())),
        ] {
            assert_eq!(cells(text.as_bytes()), Err(expected), "{text:?}");
        }
        assert_eq!(cells(&[0xff, 0x80, 0x81, 0xff]), Err(ImportProblem::NotText));
        assert_eq!(cells(&vec![b'x'; MAX_IMPORT_BYTES + 1]), Err(ImportProblem::TooLarge));
    }
}
