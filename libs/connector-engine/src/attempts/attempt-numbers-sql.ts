/** Number of newest attempts compared with the counter by each claim, and by each heartbeat. */
const COMPARED = { byClaim: 256, byHeartbeat: 10_000, sealsByHeartbeat: 500 };

/**
 * Takes `count` numbers, after every other lock of the statement: claims of all instances take
 * their numbers one after the other.
 */
export const COUNT_ATTEMPTS = (countSql: string): string => `
    UPDATE attempt_counter c SET last = c.last + n.count
      FROM (SELECT ${countSql} AS count) n WHERE n.count > 0
    RETURNING c.last - n.count AS before`;

/**
 * Number of the attempt among all attempts of the connector. Null if the counter is missing: no
 * attempt is stored without a number.
 */
export const attemptNumber = (orderSql: string): string =>
  `(SELECT before FROM counter) + row_number() OVER (ORDER BY ${orderSql})`;

/** Counter before the statement, with the missing numbers among the newest (null: none). */
function numbering(compared: number): string {
  const after = `greatest(c.last - ${compared}, c.swept_to)`;
  return `
    SELECT c.last, c.swept_to,
           CASE WHEN (SELECT count(*) FROM attempt a WHERE a.serial_number > ${after} AND a.serial_number <= c.last) < c.last - ${after}
                THEN ARRAY(SELECT n FROM generate_series(${after} + 1, c.last) n WHERE NOT EXISTS (SELECT FROM attempt a WHERE a.serial_number = n) ORDER BY n LIMIT 1000)
           END AS missing
      FROM attempt_counter c`;
}

export const NUMBERING = numbering(COMPARED.byClaim);

/** Newest attempts with their seals. A hand-over changes the withdrawal of a sealed attempt. */
const NEWEST_SEALS = `
  SELECT a.withdrawal_id, a.number, a.request, a.request_seal, a.serial_number::float8 AS serial_number FROM attempt a
   WHERE a.serial_number > (SELECT last - ${COMPARED.sealsByHeartbeat} FROM attempt_counter)
     AND NOT EXISTS (SELECT FROM submission_case c WHERE c.withdrawal_id = a.withdrawal_id AND c.kind = 'handed_over')`;

/** The numbering (null: the counter is missing) and the newest sealed attempts, in one row. */
export const READ_ATTEMPTS = `
  SELECT (SELECT row_to_json(n) FROM (${numbering(COMPARED.byHeartbeat)}) n) AS numbering,
         (SELECT coalesce(json_agg(a), '[]') FROM (${NEWEST_SEALS}) a) AS sealed`;
