/**
 * The time at which something ends. It is never before the end of the last report of what was paid: while the clock of the database is set
 * back, what ends would otherwise be in a span that was reported already.
 */
export const REPORTABLE_NOW = 'greatest(clock_timestamp(), (SELECT reported_to FROM sent_report))';
