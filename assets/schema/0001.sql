-- Times are seconds since 1970 (UTC). Flags are 0 and 1. `key` is an address as crate::address compares it.
-- No foreign keys: rows go by functions of the writer, which know what hangs on what.

-- One row; what lists and views show beside them, kept in step by every transaction.
CREATE TABLE counter (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    entries INTEGER NOT NULL DEFAULT 0,
    unread INTEGER NOT NULL DEFAULT 0,
    starred INTEGER NOT NULL DEFAULT 0,
    later INTEGER NOT NULL DEFAULT 0,
    -- The newest entry ever: ids are never given twice, also after retention.
    last_entry INTEGER NOT NULL DEFAULT 0,
    -- When retention last went through all entries.
    retention_at INTEGER NOT NULL DEFAULT 0
);
INSERT INTO counter (id) VALUES (1);

CREATE TABLE feed (
    id INTEGER PRIMARY KEY,
    -- What the list file says; `bron:later` for the feed of addresses kept by hand.
    url TEXT NOT NULL UNIQUE,
    position INTEGER NOT NULL DEFAULT 0,
    -- Stands in a list file.
    listed INTEGER NOT NULL DEFAULT 1,
    hidden INTEGER NOT NULL DEFAULT 0,
    internal INTEGER NOT NULL DEFAULT 0,
    -- The reader's settings.
    own_title TEXT,
    every_s INTEGER,
    full_text INTEGER NOT NULL DEFAULT 0,
    item_limit INTEGER,
    unread_on_change INTEGER NOT NULL DEFAULT 0,
    -- The feed's own words.
    title TEXT NOT NULL DEFAULT '',
    site_url TEXT,
    description TEXT NOT NULL DEFAULT '',
    language TEXT,
    icon TEXT,
    warnings TEXT,
    -- Visits.
    last_visit INTEGER,
    http INTEGER,
    failures INTEGER NOT NULL DEFAULT 0,
    -- 0 new, 1 well, 2 failing, 3 gone; the sentence for 2 and 3.
    health INTEGER NOT NULL DEFAULT 0,
    sentence TEXT,
    etag BLOB,
    last_modified BLOB,
    not_before INTEGER,
    fresh_until INTEGER,
    body_hash INTEGER,
    moved_to TEXT,
    moved_count INTEGER NOT NULL DEFAULT 0,
    visits INTEGER NOT NULL DEFAULT 0,
    -- Counts.
    entries INTEGER NOT NULL DEFAULT 0,
    unread INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE feed_tag (
    feed INTEGER NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (feed, tag)
) WITHOUT ROWID;

-- Where a feed is visited, if not where its file says.
CREATE TABLE feed_moved (
    file_url TEXT PRIMARY KEY,
    visited_url TEXT NOT NULL,
    at INTEGER NOT NULL
) WITHOUT ROWID;

-- The last visits of a feed: `slot` goes round.
CREATE TABLE visit (
    feed INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    at INTEGER NOT NULL,
    took_ms INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    http INTEGER,
    outcome TEXT NOT NULL,
    sentence TEXT,
    new INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (feed, slot)
) WITHOUT ROWID;

-- Hosts that asked to be left alone.
CREATE TABLE host (
    host TEXT PRIMARY KEY,
    not_before INTEGER NOT NULL,
    reason TEXT
) WITHOUT ROWID;

CREATE TABLE entry (
    id INTEGER PRIMARY KEY,
    -- The feed whose words are shown, and in how many feeds it stands.
    feed INTEGER NOT NULL,
    feeds INTEGER NOT NULL DEFAULT 1,
    published INTEGER NOT NULL,
    title TEXT NOT NULL,
    authors TEXT NOT NULL,
    url TEXT,
    key TEXT NOT NULL,
    host TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    updated INTEGER,
    -- When its content was last found changed.
    changed_at INTEGER,
    language TEXT,
    image TEXT,
    -- 1 an image, 2 audio.
    has INTEGER NOT NULL DEFAULT 0,
    comments INTEGER,
    -- How many sources it cites; NULL until collected.
    sources INTEGER,
    read INTEGER NOT NULL DEFAULT 0,
    read_at INTEGER,
    starred INTEGER NOT NULL DEFAULT 0,
    later INTEGER NOT NULL DEFAULT 0,
    -- All its feeds are hidden.
    hidden INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX entry_date ON entry (published, id, feed, feeds) WHERE hidden = 0;
CREATE INDEX entry_unread ON entry (published) WHERE hidden = 0 AND read = 0;
CREATE INDEX entry_read_at ON entry (read_at) WHERE read_at IS NOT NULL;
CREATE INDEX entry_starred ON entry (published) WHERE starred = 1;
CREATE INDEX entry_later ON entry (published) WHERE later = 1;
CREATE INDEX entry_key ON entry (key) WHERE key <> '';
CREATE INDEX entry_hidden ON entry (id) WHERE hidden = 1;
CREATE INDEX entry_many ON entry (id) WHERE feeds > 1;

-- Which entry is which in which feed. `identity` is a hash of the feed's own id for it.
CREATE TABLE entry_feed (
    feed INTEGER NOT NULL,
    identity INTEGER NOT NULL,
    entry INTEGER NOT NULL,
    published INTEGER NOT NULL,
    content_hash INTEGER NOT NULL,
    -- It stood in the feed at the last visit.
    listed INTEGER NOT NULL DEFAULT 1,
    -- Not the feed whose words are shown.
    extra INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (feed, identity)
) WITHOUT ROWID;
CREATE INDEX entry_feed_date ON entry_feed (feed, published, entry);
CREATE INDEX entry_feed_extra ON entry_feed (entry) WHERE extra = 1;

CREATE TABLE body (
    entry INTEGER PRIMARY KEY,
    identity TEXT NOT NULL,
    html TEXT NOT NULL,
    text TEXT NOT NULL,
    -- JSON: enclosures, links of the feed's fields, categories, the date as said.
    extra TEXT
);

-- Title, authors and text; the text comes when the writer has nothing else to do. Nothing of it is stored twice.
CREATE VIRTUAL TABLE entry_fts USING fts5 (
    title, authors, text,
    content = '', contentless_delete = 1,
    tokenize = 'porter unicode61 remove_diacritics 2'
);
-- Entries whose text is not yet indexed; then those whose sources are not yet collected.
CREATE TABLE index_queue (entry INTEGER PRIMARY KEY);
CREATE TABLE collect_queue (entry INTEGER PRIMARY KEY);

CREATE TABLE entry_tag (
    entry INTEGER NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (entry, tag)
) WITHOUT ROWID;
CREATE INDEX entry_tag_tag ON entry_tag (tag);

CREATE TABLE note (
    entry INTEGER PRIMARY KEY,
    text TEXT NOT NULL,
    at INTEGER NOT NULL
);

-- Where the reader left off in an entry that is not read to its end: characters of text before the first line in sight.
CREATE TABLE place (
    entry INTEGER PRIMARY KEY,
    offset INTEGER NOT NULL
);

CREATE TABLE tombstone (
    feed INTEGER NOT NULL,
    identity INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (feed, identity)
) WITHOUT ROWID;

CREATE TABLE read_log (
    at INTEGER NOT NULL,
    entry INTEGER NOT NULL
);
CREATE INDEX read_log_at ON read_log (at);

-- What readers did, newest last; `instance` is who may take it back.
CREATE TABLE edit_log (
    id INTEGER PRIMARY KEY,
    instance INTEGER NOT NULL,
    at INTEGER NOT NULL,
    summary TEXT NOT NULL,
    op TEXT NOT NULL,
    ids BLOB,
    undone INTEGER NOT NULL DEFAULT 0
);
-- The newest edit of each running instance that is in the database.
CREATE TABLE instance (
    id INTEGER PRIMARY KEY,
    edit INTEGER NOT NULL
);

CREATE TABLE rule (
    id INTEGER PRIMARY KEY,
    position INTEGER NOT NULL DEFAULT 0,
    query TEXT NOT NULL,
    edit TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE saved_view (
    name TEXT PRIMARY KEY,
    position INTEGER NOT NULL DEFAULT 0,
    query TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE not_a_source (
    host TEXT NOT NULL,
    -- A role, or '' for all.
    role TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (host, role)
) WITHOUT ROWID;

-- What articles cite.
CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    url TEXT NOT NULL,
    display_url TEXT NOT NULL,
    site TEXT NOT NULL,
    kind TEXT NOT NULL
);
CREATE TABLE citation (
    id INTEGER PRIMARY KEY,
    from_entry INTEGER,
    from_page INTEGER,
    source INTEGER NOT NULL,
    n INTEGER,
    role TEXT NOT NULL,
    anchor TEXT NOT NULL,
    context TEXT NOT NULL,
    place REAL NOT NULL,
    strength REAL NOT NULL,
    "primary" INTEGER NOT NULL,
    external INTEGER NOT NULL
);
CREATE INDEX citation_entry ON citation (from_entry) WHERE from_entry IS NOT NULL;
CREATE INDEX citation_page ON citation (from_page) WHERE from_page IS NOT NULL;
CREATE INDEX citation_source ON citation (source);

-- Two keys, one thing: learned from visits.
CREATE TABLE alias (
    key TEXT PRIMARY KEY,
    same_as TEXT NOT NULL,
    how TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX alias_same_as ON alias (same_as);

-- What a page says of itself, or why it could not be read.
CREATE TABLE card (
    key TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    fetched_at INTEGER NOT NULL,
    http INTEGER,
    etag BLOB,
    last_modified BLOB,
    why TEXT,
    title TEXT,
    description TEXT,
    site TEXT,
    author TEXT,
    published INTEGER,
    modified INTEGER,
    language TEXT,
    image TEXT,
    canonical_url TEXT,
    free_to_read INTEGER,
    wall TEXT,
    words INTEGER
) WITHOUT ROWID;
-- Articles of pages that were read.
CREATE TABLE page (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    html TEXT NOT NULL,
    text TEXT NOT NULL,
    collected INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX page_uncollected ON page (id) WHERE collected = 0;

-- Discussions about something, read out of feeds.
CREATE TABLE thread (
    id INTEGER PRIMARY KEY,
    about TEXT NOT NULL,
    key TEXT NOT NULL,
    place TEXT NOT NULL,
    entry INTEGER,
    comments INTEGER,
    UNIQUE (about, key)
);
CREATE INDEX thread_entry ON thread (entry);

CREATE TABLE story (
    id INTEGER PRIMARY KEY,
    opened INTEGER NOT NULL,
    newest INTEGER NOT NULL,
    entries INTEGER NOT NULL DEFAULT 1,
    sites INTEGER NOT NULL DEFAULT 1,
    title_entry INTEGER
);
CREATE INDEX story_newest ON story (newest);
CREATE TABLE story_entry (
    entry INTEGER PRIMARY KEY,
    story INTEGER NOT NULL,
    text REAL NOT NULL DEFAULT 0,
    links REAL NOT NULL DEFAULT 0,
    why TEXT
);
CREATE INDEX story_entry_story ON story_entry (story);
-- What the reader split or joined by hand.
CREATE TABLE apart (
    entry INTEGER NOT NULL,
    other INTEGER NOT NULL,
    PRIMARY KEY (entry, other)
) WITHOUT ROWID;
CREATE TABLE together (
    entry INTEGER NOT NULL,
    other INTEGER NOT NULL,
    PRIMARY KEY (entry, other)
) WITHOUT ROWID;
CREATE TABLE term_count (
    lang TEXT NOT NULL,
    term INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    PRIMARY KEY (lang, term)
) WITHOUT ROWID;
CREATE TABLE vector (
    entry INTEGER PRIMARY KEY,
    lang TEXT NOT NULL,
    terms BLOB NOT NULL
);

-- What the planner must know before the first `optimize`: a reader without statistics chooses scans.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('entry', 'entry_date', '100000 2 1 1 1'),
    ('entry', 'entry_unread', '20000 2'),
    ('entry', 'entry_read_at', '80000 4'),
    ('entry', 'entry_starred', '500 1'),
    ('entry', 'entry_later', '100 1'),
    ('entry', 'entry_key', '100000 1'),
    ('entry', 'entry_hidden', '1000 1'),
    ('entry', 'entry_many', '1000 1'),
    ('entry_feed', 'entry_feed', '100000 200 1'),
    ('entry_feed', 'entry_feed_date', '100000 200 2 1 1'),
    ('entry_feed', 'entry_feed_extra', '1000 1 1 1'),
    ('feed', 'sqlite_autoindex_feed_1', '500 1'),
    ('feed_tag', 'feed_tag', '600 2 1'),
    ('entry_tag', 'entry_tag', '1000 2 1'),
    ('entry_tag', 'entry_tag_tag', '1000 20 1'),
    ('source', 'sqlite_autoindex_source_1', '200000 1'),
    ('citation', 'citation_entry', '500000 8'),
    ('citation', 'citation_page', '10000 20'),
    ('citation', 'citation_source', '500000 3'),
    ('alias', 'alias', '5000 1'),
    ('alias', 'alias_same_as', '5000 1'),
    ('card', 'card', '5000 1'),
    ('page', 'sqlite_autoindex_page_1', '2000 1'),
    ('story_entry', 'story_entry_story', '100000 2');
