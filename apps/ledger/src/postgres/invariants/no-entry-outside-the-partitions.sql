-- no-entry-outside-the-partitions: no entry lies outside the partitions by time: partitions are made ahead, and clocks are right
SELECT id AS entry_id, recorded_at FROM journal_entry_default
