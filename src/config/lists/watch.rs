//! Whether files have changed, by their times and sizes: asked once a second, so it is cheap and needs no thread.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// How some files were when last looked at.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    files: Vec<(PathBuf, Option<(SystemTime, u64)>)>,
}

impl Watch {
    /// Remembers how these files are now; one that is missing counts too.
    pub fn new(files: &[PathBuf]) -> Watch {
        Watch {
            files: files
                .iter()
                .map(|file| (file.clone(), look(file)))
                .collect(),
        }
    }

    /// Whether any has changed since it was last asked; a change is told once.
    pub fn changed(&mut self) -> bool {
        let mut changed = false;
        for (file, known) in &mut self.files {
            let now = look(file);
            changed |= now != *known;
            *known = now;
        }
        changed
    }
}

/// The files, their times and sizes as a text: equal while nothing has changed.
pub fn stamp(files: &[PathBuf]) -> String {
    let mut stamp = String::new();
    for file in files {
        let _ = writeln!(stamp, "{} {:?}", file.display(), look(file));
    }
    stamp
}

fn look(file: &Path) -> Option<(SystemTime, u64)> {
    let about = fs::metadata(file).ok()?;
    Some((about.modified().ok()?, about.len()))
}

#[cfg(test)]
mod tests {
    use super::Watch;
    use std::fs;

    #[test]
    fn a_change_is_told_once() {
        let dir = tempfile::tempdir().expect("a directory");
        let file = dir.path().join("urls");
        let mut watch = Watch::new(std::slice::from_ref(&file));
        assert!(!watch.changed());
        fs::write(&file, "https://example.org/feed\n").expect("written");
        assert!(watch.changed());
        assert!(!watch.changed());
        fs::remove_file(&file).expect("removed");
        assert!(watch.changed());
    }
}
