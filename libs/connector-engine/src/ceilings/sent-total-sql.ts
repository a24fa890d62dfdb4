/**
 * SQL of the sums in `sent_total`, the alias `c`. Hours and days are those of UTC, whatever the
 * session's zone. A stored start never moves back, and counts for its whole length: neither a
 * changed zone nor a clock that was set back lowers a sum.
 */
export const SENT_THIS_HOUR =
  "CASE WHEN c.hour > clock_timestamp() - interval '1 hour' THEN c.hour_amount ELSE 0 END";
export const SENT_TODAY =
  "CASE WHEN c.day > clock_timestamp() - interval '24 hours' THEN c.day_amount ELSE 0 END";

/** Starts of the hour and the day to store with the sums. */
export const START_OF_HOUR = "greatest(c.hour, date_trunc('hour', clock_timestamp(), 'UTC'))";
export const START_OF_DAY = "greatest(c.day, date_trunc('day', clock_timestamp(), 'UTC'))";
