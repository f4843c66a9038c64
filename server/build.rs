//! Names the build, and finds the console's files to embed.

use std::{
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

fn main() {
    let site =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("../target/site");
    say(&format!("rerun-if-changed={}", site.display()));
    let mut hasher = DefaultHasher::new();
    hash(&site, &mut hasher);
    say(&format!("rustc-env=SOJOURN_SITE={}", site.display()));
    say(&format!("rustc-env=SOJOURN_BUILD={:016x}", hasher.finish()));
}

/// Hashes every file's name and content; a site that is not built yet has none.
fn hash(folder: &Path, hasher: &mut impl Hasher) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            hash(&path, hasher);
        } else if let Ok(content) = fs::read(&path) {
            path.file_name().hash(hasher);
            content.hash(hasher);
        }
    }
}

fn say(directive: &str) {
    println!("cargo::{directive}");
}
