-- How often a page could not be read, one time after the other: the pause before the next visit follows from it.
ALTER TABLE card ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
