-- Two indexes in place of one. Titles and authors of every entry stand in `title_fts` from the moment it is stored, so a
-- batch never touches the large index; that of all the text is written once an entry, when the writer has nothing else to do.
-- Before, every title was taken out of the large index again as soon as its text came, and paid for twice.
DROP TABLE entry_fts;
CREATE VIRTUAL TABLE title_fts USING fts5 (
    title, authors,
    content = '', contentless_delete = 1,
    tokenize = 'porter unicode61 remove_diacritics 2'
);
-- Beginnings of two letters are looked up: while a word is being typed they would else be gathered from all words.
CREATE VIRTUAL TABLE entry_fts USING fts5 (
    title, authors, text,
    content = '', contentless_delete = 1, prefix = '2',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
-- Larger pages and larger portions: fewer merges, a third less work.
INSERT INTO entry_fts (entry_fts, rank) VALUES ('pgsz', 8000);
INSERT INTO entry_fts (entry_fts, rank) VALUES ('hashsize', 4194304);
INSERT INTO entry_fts (entry_fts, rank) VALUES ('automerge', 16);
INSERT INTO title_fts (rowid, title, authors) SELECT id, title, authors FROM entry;
-- Both queues are filled at arrival now, not one behind the other.
INSERT OR IGNORE INTO collect_queue (entry) SELECT entry FROM index_queue;
INSERT OR IGNORE INTO index_queue (entry) SELECT id FROM entry;

-- What `site:` and `source:` ask.
CREATE INDEX entry_host ON entry (host);
CREATE INDEX source_site ON source (site);
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('entry', 'entry_host', '100000 50'),
    ('source', 'source_site', '200000 20');
