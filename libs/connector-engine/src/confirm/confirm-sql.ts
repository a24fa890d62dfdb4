import { READ_ATTEMPTS } from '../attempts/attempt-numbers.js';

/**
 * True for a command written long before now: a command read again from the log proves nothing. The
 * limit is generous: clocks minutes apart must not block orders.
 */
export const isOldCommand = (time: string): string =>
  `${time} < clock_timestamp() - interval '10 minutes'`;

/** Time of the look-up of an order `s` before the first send; null if immediate or not needed. */
export const LOOKED_UP_AT = `
  CASE WHEN s.state = 'prepared' AND s.lookup_first AND s.next_action_at > clock_timestamp() + interval '5 seconds' THEN s.next_action_at END`;

/** True for an order of this time that may have been stored, sent and lost before the database went back; `h` is the heartbeat. */
export const mayBeLost = (time: string): string =>
  `coalesce(${time} < h.went_back_at + interval '10 seconds', false)`;

const LOOK_UP_FROM = `clock_timestamp() + $2 * interval '1 millisecond'`;

/**
 * Counts a heartbeat. $1: identity of the database. $2: ms for which a venue may act on requests
 * from before a new identity.
 */
export const BEAT = `
  WITH beat AS (
  INSERT INTO heartbeat AS h (alive_at, identity) VALUES (clock_timestamp(), $1)
  ON CONFLICT (only_row) DO UPDATE
    SET alive_at = EXCLUDED.alive_at, identity = $1, beats = h.beats + 1,
        went_back_at = CASE WHEN h.identity <> $1 THEN clock_timestamp() ELSE h.went_back_at END,
        look_up_from = CASE WHEN h.identity <> $1 THEN ${LOOK_UP_FROM} ELSE h.look_up_from END
  RETURNING beats::float8 AS beats)
  SELECT beat.beats, attempts.* FROM beat, (${READ_ATTEMPTS}) attempts`;

export const NOTE_DISCONTINUITY = `
  INSERT INTO heartbeat AS h (alive_at, identity, went_back_at, look_up_from) VALUES (clock_timestamp(), $1, clock_timestamp(), ${LOOK_UP_FROM})
  ON CONFLICT (only_row) DO UPDATE
    SET alive_at = EXCLUDED.alive_at, identity = $1, beats = h.beats + 1, went_back_at = EXCLUDED.went_back_at, look_up_from = EXCLUDED.look_up_from`;

// Unsent submissions may have been sent: they are looked up before any outcome is published, once
// the venue no longer acts on lost requests. Earlier look-ups prove nothing.
const unconfirm = (wentBack: string) => `
  UPDATE submission s
     SET unconfirmed = true, lookup_first = s.lookup_first OR s.state IN ('prepared','sending'),
         next_action_at = CASE WHEN s.state = 'prepared' AND ${wentBack} THEN greatest(s.next_action_at, ${LOOK_UP_FROM}) ELSE s.next_action_at END,
         given_up_at = CASE WHEN ${isUnknownAnew(wentBack)} THEN clock_timestamp() ELSE s.given_up_at END,
         empty_lookups = CASE WHEN ${isUnknownAnew(wentBack)} THEN 0 ELSE s.empty_lookups END,
         covering_lookups = CASE WHEN ${isUnknownAnew(wentBack)} THEN 0 ELSE s.covering_lookups END`;
const isUnknownAnew = (wentBack: string) => `s.state IN ('unknown','undecided') AND ${wentBack}`;
const UNDER_WAY = `s.state IN ('prepared','sending','refusing','unknown','repeating','undecided')`;

export const UNCONFIRM_AFTER_A_GAP = `
  ${unconfirm('h.identity <> $1')}
    FROM heartbeat h
   WHERE ${UNDER_WAY} AND (h.alive_at < clock_timestamp() - interval '15 seconds' OR h.identity <> $1)
  RETURNING s.withdrawal_id`;

export const UNCONFIRM_AFTER_A_DISCONTINUITY = `
  ${unconfirm('$1::text IS NOT NULL')} WHERE ${UNDER_WAY} RETURNING s.withdrawal_id`;

/**
 * Confirms withdrawals that intake-api has just requested. While a look-up is due, only a command
 * after the look-up confirms.
 */
export const CONFIRM = `
  UPDATE submission s SET unconfirmed = false
    FROM unnest($1::uuid[], $2::timestamptz[]) AS command (withdrawal_id, time)
   WHERE s.withdrawal_id = command.withdrawal_id AND s.unconfirmed AND NOT (s.state = 'prepared' AND s.lookup_first) AND NOT ${isOldCommand('command.time')}`;
