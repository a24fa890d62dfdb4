-- venue-reference-claimed-once: A payment of the venue belongs to at most one submission.
SELECT form, venue_reference, count(*) FROM submission WHERE venue_reference IS NOT NULL GROUP BY 1, 2 HAVING count(*) > 1
