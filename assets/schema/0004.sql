-- What stories are placed by. Only entries that others can still join have a vector; older ones are counted in term_count,
-- where the term -1 holds how many entries of a language were counted.
DROP TABLE vector;
CREATE TABLE vector (
    entry INTEGER PRIMARY KEY,
    published INTEGER NOT NULL,
    lang TEXT NOT NULL,
    -- Words of its text, at most 60.
    words INTEGER NOT NULL,
    -- Version or day numbers of the title, one a line.
    numbers TEXT NOT NULL DEFAULT '',
    -- It collects many stories.
    round_up INTEGER NOT NULL DEFAULT 0,
    terms BLOB NOT NULL
);
CREATE INDEX vector_published ON vector (published);
-- The heaviest terms of those entries.
CREATE TABLE posting (
    term INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    PRIMARY KEY (term, entry)
) WITHOUT ROWID;

-- The sum of its entries, and whether all of them are hardly more than titles.
ALTER TABLE story ADD COLUMN sum BLOB NOT NULL DEFAULT x'';
ALTER TABLE story ADD COLUMN short INTEGER NOT NULL DEFAULT 0;
-- Which site tells it; the entry whose text it repeats; it only points at another entry of the story.
ALTER TABLE story_entry ADD COLUMN site TEXT NOT NULL DEFAULT '';
ALTER TABLE story_entry ADD COLUMN copy_of INTEGER;
ALTER TABLE story_entry ADD COLUMN points INTEGER NOT NULL DEFAULT 0;
CREATE INDEX story_told ON story (newest) WHERE sites > 1;
CREATE INDEX thread_about ON thread (about);

-- What is there already is placed when the writer has nothing else to do.
INSERT OR IGNORE INTO collect_queue (entry) SELECT id FROM entry;

INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('vector', 'vector_published', '20000 1'),
    ('posting', 'posting', '400000 10 1'),
    ('story', 'story_newest', '90000 1'),
    ('story', 'story_told', '5000 1'),
    ('apart', 'apart', '100 1 1'),
    ('together', 'together', '100 1 1'),
    ('thread', 'thread_about', '5000 1'),
    ('thread', 'thread_entry', '5000 1');
