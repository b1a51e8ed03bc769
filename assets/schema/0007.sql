-- Lists show a story told by several sites as one row: its other entries are folded under the row that is nearest in time.
-- A row stays a row, so that nothing moves under the reader.
ALTER TABLE story_entry ADD COLUMN in_list INTEGER NOT NULL DEFAULT 1;
ALTER TABLE entry ADD COLUMN folded INTEGER NOT NULL DEFAULT 0;
UPDATE story_entry SET in_list = 0
    WHERE EXISTS (SELECT 1 FROM story s WHERE s.id = story_entry.story AND s.sites > 1 AND s.title_entry IS NOT NULL
                  AND s.title_entry <> story_entry.entry);
UPDATE entry SET folded = 1 WHERE hidden = 0 AND id IN (SELECT entry FROM story_entry WHERE in_list = 0)
    AND EXISTS (SELECT 1 FROM story_entry se JOIN story s ON s.id = se.story JOIN entry t ON t.id = s.title_entry
                WHERE se.entry = entry.id AND t.hidden = 0);
CREATE INDEX entry_row ON entry (published) WHERE hidden = 0 AND folded = 0;
CREATE INDEX entry_folded ON entry (published) WHERE hidden = 0 AND folded = 1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('entry', 'entry_row', '90000 2'),
    ('entry', 'entry_folded', '10000 2');
