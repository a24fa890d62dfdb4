/** Number of newest attempts compared with the counter by each claim. */
const COMPARED = 256;

/**
 * Takes `count` numbers, after every other lock of the statement: claims of all instances take
 * their numbers one after the other.
 */
export const COUNT_ATTEMPTS = (countSql: string): string => `
    UPDATE attempt_counter c SET last = c.last + n.count
      FROM (SELECT ${countSql} AS count) n WHERE n.count > 0
    RETURNING c.last - n.count AS before`;

/**
 * Number of the attempt among all attempts of the connector. Null if the counter is missing: the
 * statement is then rolled back.
 */
export const attemptNumber = (orderSql: string): string =>
  `(SELECT before FROM counter) + row_number() OVER (ORDER BY ${orderSql})`;

/** Counter before the statement, with the missing numbers among the newest (null: none). */
export const NUMBERING = `
    SELECT c.last, c.swept_to,
           CASE WHEN (SELECT count(*) FROM attempt a WHERE a.connector_number > greatest(c.last - ${COMPARED}, c.swept_to) AND a.connector_number <= c.last) < c.last - greatest(c.last - ${COMPARED}, c.swept_to)
                THEN ARRAY(SELECT n FROM generate_series(greatest(c.last - ${COMPARED}, c.swept_to) + 1, c.last) n WHERE NOT EXISTS (SELECT FROM attempt a WHERE a.connector_number = n) ORDER BY n)
           END AS missing
      FROM attempt_counter c`;
