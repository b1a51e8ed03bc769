-- Who cites what when, without all else that is written of a citation: what is cited most in a month is counted out of this,
-- and read in one go. Only entries that are not hidden vote.
CREATE TABLE vote (
    at INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    source INTEGER NOT NULL,
    feed INTEGER NOT NULL,
    PRIMARY KEY (at, entry, source)
) WITHOUT ROWID;
CREATE INDEX vote_source ON vote (source, at, feed);
INSERT OR IGNORE INTO vote (at, entry, source, feed)
SELECT e.published, e.id, c.source, e.feed FROM entry e JOIN citation c ON c.from_entry = e.id
WHERE e.hidden = 0 AND c.role IN ('source', 'media') AND c.external = 1 ORDER BY e.published, e.id;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('vote', 'vote', '300000 50 5 1'),
    ('vote', 'vote_source', '300000 2 1 1 1');
