-- How many feeds cite a source, at most, and when one did last: what is cited most is looked for among those that can be it.
-- What one feed alone cites, which is most, is not in the index.
CREATE TABLE vote_tally (
    source INTEGER PRIMARY KEY,
    feeds INTEGER NOT NULL,
    newest INTEGER NOT NULL
);
INSERT INTO vote_tally (source, feeds, newest) SELECT source, count(DISTINCT feed), max(at) FROM vote GROUP BY source;
CREATE INDEX vote_tally_newest ON vote_tally (newest, feeds, source) WHERE feeds > 1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('vote_tally', 'vote_tally_newest', '30000 10 2 1');
