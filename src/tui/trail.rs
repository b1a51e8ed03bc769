//! Where the reader came from: article › source › its source. Back and forward restore the place exactly.
//!
//! - A place is an offset into the text, not a line, so it survives a resize.
//! - A page that is in the trail already is gone to, never put in twice.

use super::columns::Column;
use crate::address;
use crate::news::{ArticleView, Target};
use crate::source::Role;
use std::collections::HashSet;
use std::sync::Arc;

/// Articles kept with the trail; older ones are laid out again when gone back to.
const KEPT: usize = 12;

/// Where in a step the reader was.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// [`crate::text::Line::offset`] of the first line in sight; `None`: at the very top.
    pub offset: Option<usize>,
    /// Key of the selected source.
    pub source: Option<String>,
    /// Which groups of the panel are unfolded or folded against their habit.
    pub turned: HashSet<Role>,
    pub panel_top: usize,
    pub in_panel: bool,
}

/// A step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub target: Target,
    /// For the way back in the top line, before the article is known.
    pub name: String,
    pub whole_page: bool,
    pub place: Place,
    pub view: Option<Arc<ArticleView>>,
}

impl Step {
    /// A step at its beginning.
    pub fn new(target: Target, name: String) -> Step {
        Step {
            target,
            name,
            whole_page: false,
            place: Place::default(),
            view: None,
        }
    }

    /// The column to be in.
    pub fn column(&self) -> Column {
        if self.place.in_panel {
            Column::Sources
        } else {
            Column::Article
        }
    }
}

/// The steps, and which of them is shown. Empty before anything is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trail {
    steps: Vec<Step>,
    at: usize,
}

impl Trail {
    /// The step shown.
    pub fn current(&self) -> Option<&Step> {
        self.steps.get(self.at)
    }

    /// The step shown, to be changed.
    pub fn current_mut(&mut self) -> Option<&mut Step> {
        self.steps.get_mut(self.at)
    }

    /// How many sources deep: 0 at an entry.
    pub fn depth(&self) -> usize {
        self.at
    }

    /// The steps up to the one shown.
    pub fn way(&self) -> &[Step] {
        &self.steps[..(self.at + 1).min(self.steps.len())]
    }

    /// Whether there is a step to go forward to.
    pub fn has_forward(&self) -> bool {
        self.at + 1 < self.steps.len()
    }

    /// A new trail, at its first step.
    pub fn begin(&mut self, step: Step) {
        self.steps = vec![step];
        self.at = 0;
    }

    /// Goes to a target: to the step that shows it already, else to a new one behind the shown one.
    pub fn go(&mut self, target: Target, name: String) {
        if let Some(known) = self
            .steps
            .iter()
            .position(|step| same(&step.target, &target))
        {
            self.at = known;
            return;
        }
        self.steps.truncate(self.at + 1);
        self.steps.push(Step::new(target, name));
        self.at = self.steps.len() - 1;
        if let Some(old) = self.steps.len().checked_sub(KEPT + 1) {
            self.steps[old].view = None;
        }
    }

    /// One step back; `false` at the first one.
    pub fn back(&mut self) -> bool {
        let can = self.at > 0;
        self.at -= usize::from(can);
        can
    }

    /// One step forward; `false` at the last one.
    pub fn forward(&mut self) -> bool {
        let can = self.has_forward();
        self.at += usize::from(can);
        can
    }
}

/// The same page under two addresses is the same; a copy that an archive keeps of it is another.
fn same(one: &Target, other: &Target) -> bool {
    match (one, other) {
        (
            Target::Page { key: one, url },
            Target::Page {
                key: other,
                url: at,
            },
        ) => one == other && is_copy(url) == is_copy(at),
        _ => one == other,
    }
}

fn is_copy(url: &str) -> bool {
    url::Url::parse(url).is_ok_and(|url| address::original(&url).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::EntryId;

    fn page(key: &str) -> Target {
        Target::Page {
            key: key.to_owned(),
            url: format!("https://{key}"),
        }
    }

    #[test]
    fn a_copy_in_an_archive_is_a_step_beside_the_page() {
        let mut trail = Trail::default();
        trail.begin(Step::new(page("a.example"), String::new()));
        let copy = Target::Page {
            key: "a.example".to_owned(),
            url: "https://web.archive.org/web/2id_/https://a.example".to_owned(),
        };
        trail.go(copy.clone(), String::new());
        assert_eq!(trail.depth(), 1);
        trail.go(page("a.example"), String::new());
        assert_eq!(trail.depth(), 0);
        trail.go(copy, String::new());
        assert_eq!(trail.depth(), 1);
    }

    #[test]
    fn back_and_forward_walk_the_same_way() {
        let mut trail = Trail::default();
        trail.begin(Step::new(Target::Entry(EntryId(1)), "entry".to_owned()));
        trail.go(page("a"), "a".to_owned());
        trail.go(page("b"), "b".to_owned());
        assert_eq!(trail.depth(), 2);
        assert!(trail.back() && trail.back() && !trail.back());
        assert!(trail.forward());
        assert_eq!(trail.current().map(|step| step.name.as_str()), Some("a"));
        trail.go(page("c"), "c".to_owned());
        assert!(!trail.forward(), "a new way cuts the old one off");
    }

    #[test]
    fn a_circle_of_citations_goes_back_to_the_step_that_is_there() {
        let mut trail = Trail::default();
        trail.begin(Step::new(page("a"), "a".to_owned()));
        trail.go(page("b"), "b".to_owned());
        trail.go(page("a"), "a".to_owned());
        assert_eq!((trail.depth(), trail.has_forward()), (0, true));
    }
}
