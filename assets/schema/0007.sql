-- Lists show a story told by several sites as one row: its other entries are folded under the row that is nearest in time.
-- A row stays a row, so that nothing moves under the reader: what was listed before stays listed.
ALTER TABLE story_entry ADD COLUMN in_list INTEGER NOT NULL DEFAULT 1;
ALTER TABLE entry ADD COLUMN folded INTEGER NOT NULL DEFAULT 0;
CREATE INDEX entry_row ON entry (published) WHERE hidden = 0 AND folded = 0;
CREATE INDEX entry_folded ON entry (published, read) WHERE hidden = 0 AND folded = 1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('entry', 'entry_row', '90000 2'),
    ('entry', 'entry_folded', '10000 2');
