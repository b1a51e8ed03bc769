//! Journeys in the column of sources: how its rows are reached, and what they do.

use super::columns::Column;
use super::journeys::Reader;

/// An article is read, and the focus stands on its sources.
fn among_sources() -> Reader {
    let mut reader = Reader::new((120, 35));
    reader.press("<enter> l");
    assert_eq!(reader.model.focus, Column::Sources);
    reader
}

#[test]
fn a_count_before_the_last_row_is_the_number_of_a_row() {
    let mut reader = among_sources();
    let items = reader.model.reading.items();
    assert!(items.len() > 2);
    reader.press("G");
    assert_eq!(reader.model.reading.selected, items.last().copied());
    for _ in 0..2 {
        // From wherever, and as often as one likes.
        reader.press("2G");
        assert_eq!(reader.model.reading.selected, Some(items[1]));
    }
    reader.press("gg");
    assert_eq!(reader.model.reading.selected, Some(items[0]));
    reader.press("99G");
    assert_eq!(reader.model.reading.selected, items.last().copied());
}
