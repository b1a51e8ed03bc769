//! A change of a text, made on what somebody else has made of the text since.

/// No more pairs of lines are compared than this: some 16 MB and a tenth of a second.
const MOST_PAIRS: usize = 16 << 20;

/// Makes the change from `is` to `to` on `there`, which has become of `is` by other changes. `None`: they are of the same
/// place.
pub fn merge(is: &str, to: &str, there: &str) -> Option<String> {
    let [is, to, there] = [is, to, there].map(lines);
    // What changes is one stretch of lines: from the first that differs to the last.
    let (begin, end) = same_ends(&is, &to);
    let (from, old_to) = (begin, is.len() - end);
    let new = &to[begin..to.len() - end];
    let at = places(&is, &there)?;
    let first = if from < old_to {
        let first = at[from]?;
        let whole = (from..old_to).all(|line| at[line] == Some(first + line - from));
        whole.then_some(first)?
    } else {
        // Nothing is taken away: the lines between which something comes must still be neighbours, or ends of the text.
        let before = from.checked_sub(1).map(|line| at[line]);
        let after = at.get(from).copied();
        match (before, after) {
            (Some(before), Some(after)) => {
                let next = before? + 1;
                (after? == next).then_some(next)?
            }
            (Some(before), None) => before? + 1,
            (None, Some(after)) => after?,
            (None, None) => 0,
        }
    };
    let mut merged: Vec<&str> = there[..first].to_vec();
    merged.extend(new);
    merged.extend(&there[first + old_to - from..]);
    Some(merged.concat())
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// How many lines are the same at the beginning, and how many of the others at the end.
fn same_ends(one: &[&str], other: &[&str]) -> (usize, usize) {
    let begin = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (one[begin..].iter().rev(), other[begin..].iter().rev());
    (begin, one.zip(other).take_while(|(a, b)| a == b).count())
}

/// Where each line of a text stands in another, by the longest row of lines that both have. `None`: too long to be told.
fn places(one: &[&str], other: &[&str]) -> Option<Vec<Option<usize>>> {
    let (begin, end) = same_ends(one, other);
    let mut at = vec![None; one.len()];
    for (line, place) in at.iter_mut().enumerate().take(begin) {
        *place = Some(line);
    }
    for line in 0..end {
        at[one.len() - 1 - line] = Some(other.len() - 1 - line);
    }
    let (a, b) = (
        &one[begin..one.len() - end],
        &other[begin..other.len() - end],
    );
    let width = b.len() + 1;
    if (a.len() + 1).checked_mul(width)? > MOST_PAIRS {
        return None;
    }
    // The length of the longest row from each pair of lines on.
    let mut longest = vec![0_u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i * width + j] = if a[i] == b[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() && j < b.len() {
        if a[i] == b[j] {
            at[begin + i] = Some(begin + j);
            (i, j) = (i + 1, j + 1);
        } else if longest[(i + 1) * width + j] >= longest[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::merge;
    use proptest::prelude::*;

    #[test]
    fn a_change_is_made_on_what_others_made_of_the_text_unless_it_is_of_the_same_place() {
        for (is, to, there, expected) in [
            // Others changed what stands before, or behind, or both.
            ("a\nb\nc\n", "a\nc\n", "x\na\nb\nc\n", Some("x\na\nc\n")),
            ("a\nb\nc\n", "a\nc\n", "a\nb\nc\ny\n", Some("a\nc\ny\n")),
            ("a\nb\nc\n", "a\nc\n", "x\nb\ny\n", Some("x\ny\n")),
            // What was taken away comes back between the same lines.
            (
                "a\nc\n",
                "a\nb\nc\n",
                "x\na\nc\ny\n",
                Some("x\na\nb\nc\ny\n"),
            ),
            ("a\n", "a\nb\n", "x\na\ny\n", Some("x\na\nb\ny\n")),
            ("a\nc\n", "a\nb\nc\n", "a\ny\nc\n", None),
            ("a\nc\n", "a\nb\nc\n", "y\nc\n", None),
            // The same place.
            ("a\nb\nc\n", "a\nc\n", "a\nB\nc\n", None),
            ("a\nb\nb2\nc\n", "a\nc\n", "a\nb\ny\nb2\nc\n", None),
            ("a\nb\n", "", "a\nb\nc\n", Some("c\n")),
            ("a", "b", "", None),
        ] {
            assert_eq!(
                merge(is, to, there).as_deref(),
                expected,
                "{is:?} {to:?} {there:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn without_other_changes_it_is_the_change_itself(is in "([ab]\n){0,6}", to in "([ab]\n){0,6}") {
            prop_assert_eq!(merge(&is, &to, &is), Some(to));
        }

        #[test]
        fn no_line_of_others_is_lost(is in "([a-d]\n){0,6}", to in "([a-d]\n){0,6}", there in "([a-dx-z]\n){0,8}") {
            if let Some(merged) = merge(&is, &to, &there) {
                for new in ["x", "y", "z"] {
                    prop_assert_eq!(merged.matches(new).count(), there.matches(new).count());
                }
            }
        }
    }
}
