/**
 * True for a command whose envelope was written long before now (`time`): one that was read again from the log says nothing about the
 * present. The time is another database's, so the limit is generous: clocks that are minutes apart must not block every order.
 */
export const isOldCommand = (time: string): string =>
  `${time} < clock_timestamp() - interval '10 minutes'`;

export const BEAT = `
  INSERT INTO heartbeat (alive_at) VALUES (clock_timestamp()) ON CONFLICT (only_row) DO UPDATE SET alive_at = EXCLUDED.alive_at`;

// What was not sent, as far as this database knows, may have been: it is looked up before anything is said of it.
export const UNCONFIRM_AFTER_A_GAP = `
  UPDATE submission s SET unconfirmed = true, lookup_first = s.lookup_first OR s.state = 'prepared'
   WHERE state IN ('prepared','sending','refusing','unknown','repeating','undecided')
     AND (SELECT alive_at FROM heartbeat) < clock_timestamp() - interval '15 seconds'
  RETURNING withdrawal_id`;

/** Intake-api still wants these: it has just asked what became of them, or ordered them again. One that waits for its look-up is confirmed when it is asked for after that. */
export const CONFIRM = `
  UPDATE submission s SET unconfirmed = false
    FROM unnest($1::uuid[], $2::timestamptz[]) AS command (withdrawal_id, time)
   WHERE s.withdrawal_id = command.withdrawal_id AND s.unconfirmed AND NOT (s.state = 'prepared' AND s.lookup_first) AND NOT ${isOldCommand('command.time')}`;
