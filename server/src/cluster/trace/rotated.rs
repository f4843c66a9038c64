//! A file that is rotated when it is large enough: `name` becomes `name.1`, and `name.1` becomes `name.2`.
//!
//! Other programs may remove rotated files. The writer gets the errors, and counts the lost entries.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::TraceLimits;

pub(super) struct Rotated {
    path: PathBuf,
    limits: TraceLimits,
    file: File,
    bytes: u64,
    /// Whether the last line is incomplete because the disk was full.
    is_torn: bool,
}

impl Rotated {
    /// Appends to `path`.
    pub(super) fn open(path: &Path, limits: TraceLimits) -> io::Result<Self> {
        let (file, bytes) = append(path)?;
        Ok(Self { path: path.to_owned(), limits, file, bytes, is_torn: false })
    }

    /// Rotates the file and begins a new file. The new file is opened first, and files move up only as far
    /// as the first free number: whatever fails, no kept file is lost, and the next try continues where
    /// the failed try stopped.
    fn put_aside(&mut self) -> io::Result<()> {
        let mut fresh = self.path.as_os_str().to_owned();
        fresh.push(".new");
        let fresh = PathBuf::from(fresh);
        let (file, bytes) = append(&fresh)?;
        let kept = self.limits.files;
        let free = (1..=kept).find(|number| !aside(&self.path, *number).exists());
        for number in (0..free.unwrap_or(kept)).rev() {
            there(fs::rename(aside(&self.path, number), aside(&self.path, number + 1)))?;
        }
        fs::rename(&fresh, &self.path)?;
        (self.file, self.bytes) = (file, bytes);
        self.is_torn = false;
        Ok(())
    }
}

impl Write for Rotated {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    /// Writes whole entries: a file is rotated only between entries.
    fn write_all(&mut self, entries: &[u8]) -> io::Result<()> {
        if is_another(&self.path, &self.file) {
            *self = Self::open(&self.path, self.limits)?;
        }
        if self.bytes > self.limits.file_bytes as u64 {
            // A file that can't be rotated keeps growing: its entries are worth more than the size limit.
            let _ = self.put_aside();
        }
        if self.is_torn {
            self.file.write_all(b"\n")?;
        }
        // Reset once all entries are written.
        self.is_torn = true;
        self.file.write_all(entries)?;
        self.bytes += entries.len() as u64;
        self.is_torn = false;
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Whether the file under this path is not the open file: another program has moved or deleted the open
/// file.
fn is_another(path: &Path, open: &File) -> bool {
    let there = match fs::metadata(path) {
        Ok(there) => there,
        Err(error) => return error.kind() == io::ErrorKind::NotFound,
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        open.metadata().is_ok_and(|open| (open.dev(), open.ino()) != (there.dev(), there.ino()))
    }
    #[cfg(not(unix))]
    {
        let _ = (there, open);
        false
    }
}

fn append(path: &Path) -> io::Result<(File, u64)> {
    let mut options = File::options();
    options.create(true).append(true);
    // The trace reveals who is where, and when: only this user may read the file.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    let bytes = file.metadata()?.len();
    Ok((file, bytes))
}

/// A missing file need not be moved.
fn there(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// The name of a rotated file; the greater the number, the older the file. 0 is the current file.
pub(crate) fn aside(file: &Path, number: usize) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    if number > 0 {
        name.push(format!(".{number}"));
    }
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(file: &Path) -> Vec<Option<String>> {
        (0..4).map(|number| fs::read_to_string(aside(file, number)).ok()).collect()
    }

    fn some<const N: usize>(texts: [&str; N]) -> Vec<Option<String>> {
        let texts = texts.map(|text| (!text.is_empty()).then(|| text.to_owned()));
        texts.into()
    }

    #[test]
    fn who_takes_files_away_does_not_stop_what_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("emservice.log");
        let limits = TraceLimits { file_bytes: 1, files: 2, ..TraceLimits::default() };
        let mut rotated = Rotated::open(&file, limits).unwrap();
        for text in ["one", "two", "three", "four"] {
            rotated.write_all(text.as_bytes()).unwrap();
        }
        assert_eq!(texts(&file), some(["four", "three", "two", ""]));
        fs::remove_file(aside(&file, 1)).unwrap();
        fs::remove_file(&file).unwrap();
        rotated.write_all(b"five").unwrap();
        assert_eq!(texts(&file), some(["five", "", "two", ""]));
        fs::write(aside(&file, 1), "somebody's").unwrap();
        rotated.write_all(b"six").unwrap();
        assert_eq!(texts(&file), some(["six", "five", "somebody's", ""]));
        // A file from an earlier run is continued, and its size counts.
        let mut rotated = Rotated::open(&file, limits).unwrap();
        rotated.write_all(b"seven").unwrap();
        assert_eq!(texts(&file), some(["seven", "six", "five", ""]));
    }

    #[test]
    fn a_file_that_was_moved_away_or_deleted_is_begun_anew_at_the_next_write() {
        let folder = tempfile::tempdir().unwrap();
        let (file, away) = (folder.path().join("emservice.log"), folder.path().join("away"));
        let mut rotated = Rotated::open(&file, TraceLimits::default()).unwrap();
        rotated.write_all(b"one").unwrap();
        fs::rename(&file, &away).unwrap();
        rotated.write_all(b"two").unwrap();
        rotated.write_all(b" three").unwrap();
        assert_eq!(fs::read_to_string(&away).unwrap(), "one");
        assert_eq!(fs::read_to_string(&file).unwrap(), "two three");
        fs::remove_file(&file).unwrap();
        fs::write(&file, "somebody's").unwrap();
        rotated.write_all(b" four").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "somebody's four");
    }

    #[test]
    fn no_kept_file_is_lost_while_no_other_one_can_be_opened() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("emservice.log");
        let limits = TraceLimits { file_bytes: 1, files: 2, ..TraceLimits::default() };
        let mut rotated = Rotated::open(&file, limits).unwrap();
        for text in ["one", "two", "three"] {
            rotated.write_all(text.as_bytes()).unwrap();
        }
        let in_the_way = folder.path().join("emservice.log.new");
        fs::create_dir(&in_the_way).unwrap();
        for text in [" four", " five"] {
            rotated.write_all(text.as_bytes()).unwrap();
        }
        assert_eq!(texts(&file), some(["three four five", "two", "one", ""]));
        fs::remove_dir(&in_the_way).unwrap();
        rotated.write_all(b"six").unwrap();
        assert_eq!(texts(&file), some(["six", "three four five", "two", ""]));
    }

    #[test]
    fn files_move_up_as_far_as_the_first_free_number() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("emservice.log");
        let limits = TraceLimits { file_bytes: 1, files: 3, ..TraceLimits::default() };
        let mut rotated = Rotated::open(&file, limits).unwrap();
        for text in ["one", "two", "three", "four"] {
            rotated.write_all(text.as_bytes()).unwrap();
        }
        fs::remove_file(aside(&file, 1)).unwrap();
        rotated.write_all(b"five").unwrap();
        assert_eq!(texts(&file), some(["five", "four", "two", "one"]));
    }

    #[test]
    fn no_file_is_kept_when_none_shall_be() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("emservice.log");
        let limits = TraceLimits { file_bytes: 1, files: 0, ..TraceLimits::default() };
        let mut rotated = Rotated::open(&file, limits).unwrap();
        rotated.write_all(b"one").unwrap();
        rotated.write_all(b"two").unwrap();
        assert_eq!(texts(&file), some(["two", "", "", ""]));
    }
}
