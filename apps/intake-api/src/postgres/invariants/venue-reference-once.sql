-- venue-reference-once: one payment at a venue belongs to at most one withdrawal
SELECT venue, venue_reference, count(*) FROM withdrawal WHERE venue_reference IS NOT NULL GROUP BY venue, venue_reference HAVING count(*) > 1
