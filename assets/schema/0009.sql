-- When a feed was last taken out of the lists: its entries are kept for as long as others after that, so that a list that was
-- broken, or a feed that comes back, has lost nothing. What is unlisted already begins to count now.
ALTER TABLE feed ADD COLUMN unlisted_at INTEGER;
UPDATE feed SET unlisted_at = unixepoch() WHERE listed = 0;
