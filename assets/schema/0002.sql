-- Entries that have arrived and whose text and sources are not read yet: rules that ask for those are asked again then.
-- `met`: bits of the rules that were met at arrival.
CREATE TABLE rule_queue (
    entry INTEGER PRIMARY KEY,
    met INTEGER NOT NULL DEFAULT 0
);
-- Entries that a rule hides, whatever becomes of their feeds.
CREATE TABLE kept_back (entry INTEGER PRIMARY KEY);
-- Rules stand in the config file.
DROP TABLE rule;
