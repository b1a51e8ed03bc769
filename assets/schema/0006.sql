-- A key is looked up by a number made of it (`key_hash`), and compared when it is found: an index of numbers is a third of an
-- index of addresses, stays in memory, and is what nearly all of the work on citations was. Two keys may have one number.
-- The address as its author wrote it is read out of the article again wherever it is shown.
CREATE TABLE source_by_number (
    id INTEGER PRIMARY KEY,
    hash INTEGER NOT NULL,
    key TEXT NOT NULL,
    display_url TEXT NOT NULL,
    site TEXT NOT NULL,
    kind TEXT NOT NULL
);
INSERT INTO source_by_number (id, hash, key, display_url, site, kind)
    SELECT id, key_hash(key), key, display_url, site, kind FROM source;
DROP TABLE source;
ALTER TABLE source_by_number RENAME TO source;
CREATE INDEX source_hash ON source (hash);
CREATE INDEX source_site ON source (site);
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('source', 'source_hash', '200000 1'),
    ('source', 'source_site', '200000 20');
