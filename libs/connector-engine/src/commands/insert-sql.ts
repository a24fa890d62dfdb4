import { HANDED_OVER_SUBMISSION, SUBMISSION_COLUMNS, SUBMISSION_ORDER } from '@sluice/http-api';
import type { Columns } from '@sluice/kernel';
import { givenRows, isBeforeRetentionCutoff, namesOf } from '@sluice/postgres';
import { LOOKED_UP_AT, isOldCommand, mayBeLost } from '../confirm/confirm-sql.js';
import { countAttempts, nextNumber, NUMBERING } from '../attempts/attempt-numbers.js';
import {
  begunColumns,
  MAY_BE_SENT_AT_CLAIM,
  NEWEST_HALT,
  remainingSql,
} from '../queue/queue-sql.js';
import { to } from '../rows/state-sql.js';
import { MAY_BE_UNCLAIMED } from '../rows/unclaimed-sql.js';
import { TRACE_COLUMNS } from '../wire/event-writer.js';

const TERMS = {
  ...SUBMISSION_ORDER,
  ...HANDED_OVER_SUBMISSION,
};
const ORDER = {
  ...TERMS,
  state: SUBMISSION_COLUMNS.state,
  reason: SUBMISSION_COLUMNS.reason,
  unsentSeal: SUBMISSION_COLUMNS.unsentSeal,
};

/** Order with the time of its command; `unread`: the venue's records were never read. */
export const GIVEN = {
  ...ORDER,
  commandedAt: { column: 'commanded_at', type: 'timestamptz' },
  unread: { column: 'unread', type: 'boolean' },
} as const satisfies Columns;

/** An order with its prepared request; null without a turn at the venue now. */
export const GIVEN_WITH_REQUEST = {
  ...GIVEN,
  request: { column: 'request', type: 'text', nullable: true },
  requestSeal: { column: 'request_seal', type: 'text', nullable: true },
  gross: { column: 'gross', type: 'numeric', nullable: true },
  evidence: { column: 'evidence', type: 'jsonb', nullable: true },
} as const satisfies Columns;

const ORDERED = 'coalesce(ordered_at, commanded_at)';
const LOST = mayBeLost(ORDERED);
const LOOKUP_FIRST = `state = 'prepared' AND (unread OR ${ORDERED} < clock_timestamp() - interval '1 minute' OR ${LOST} OR ${MAY_BE_UNCLAIMED})`;
const UNCONFIRMED = `state = 'prepared' AND (${isOldCommand('commanded_at')} OR ${LOST})`;
const FIRST_ACTION_AT = `CASE state WHEN 'prepared' THEN CASE WHEN ${LOST} THEN greatest(now(), h.look_up_from) ELSE now() END END`;
const FINISHED_AT = `CASE state WHEN 'refused' THEN now() END`;
const STORED = `${TRACE_COLUMNS}, s.form, s.asset, s.state, ${isBeforeRetentionCutoff('s.withdrawal_id')} AS forgotten, ${LOOKED_UP_AT} AS looked_up_at`;

/** Stores orders that wait in the queue. */
export const INSERT = `
  WITH given AS (SELECT * FROM ${givenRows('r', GIVEN)}),
  s AS (
    INSERT INTO submission (${namesOf(ORDER)}, lookup_first, unconfirmed, next_action_at, finished_at)
    SELECT ${namesOf(ORDER)},
           ${LOOKUP_FIRST},
           ${UNCONFIRMED},
           ${FIRST_ACTION_AT}, ${FINISHED_AT}
      FROM given s LEFT JOIN heartbeat h ON true
    ON CONFLICT DO NOTHING
    RETURNING *)
  SELECT ${STORED} FROM s ORDER BY s.seq`;

const LEASE_END = `clock_timestamp() + $3 * interval '1 millisecond'`;

/** Columns of a first attempt, with their values from a row of `numbered`. */
const FIRST_ATTEMPT: Readonly<Record<string, string>> = {
  gross: 'gross',
  lease_owner: '$2::text',
  lease_token: 'token',
  lease_until: LEASE_END,
  submitted_at: 'clock_timestamp()',
  venue_time: '$4::timestamptz',
  last_venue_time: '$4::timestamptz',
  begun: '1',
  attempt_state: to('claimed'),
  attempt_reference: 'client_reference',
  request: 'request',
  request_seal: 'request_seal',
  attempt_gross: 'gross',
  evidence: 'evidence',
  attempt_token: 'token',
  intended_at: 'now()',
  attempt_venue_time: '$4::timestamptz',
  serial_number: 'serial_number',
  halt_seen: NEWEST_HALT,
};

/**
 * Stores orders, with the intents of those that may be sent now: as `CLAIM`, with the same
 * placeholders. The others wait in the queue, where the claim states the cause. None overtakes an
 * order that is due. The statement fails for an order that another instance stores meanwhile: its
 * number would be missing.
 */
export const INSERT_WITH_INTENTS = `
  WITH given AS MATERIALIZED (SELECT r.*, row_number() OVER () AS place FROM ${givenRows('r', GIVEN_WITH_REQUEST)}),
  judged AS MATERIALIZED (
    SELECT s.*, ${LOOKUP_FIRST} AS lookup_first, ${UNCONFIRMED} AS unconfirmed, ${FIRST_ACTION_AT} AS action_at
      FROM given s LEFT JOIN heartbeat h ON true
     WHERE NOT EXISTS (SELECT FROM submission k WHERE k.withdrawal_id = s.withdrawal_id) AND NOT EXISTS (SELECT FROM submission k WHERE k.client_reference = s.client_reference)),
${remainingSql('SELECT asset FROM given WHERE request IS NOT NULL')},
  allowed AS MATERIALIZED (
    SELECT j.withdrawal_id
      FROM (SELECT s.withdrawal_id, s.gross, r.call, r.hour, r.day, sum(s.gross) OVER (PARTITION BY s.asset ORDER BY ${ORDERED}, s.withdrawal_id) AS so_far
              FROM judged s JOIN remaining r ON r.asset = s.asset
             WHERE s.request IS NOT NULL AND s.state = 'prepared' AND NOT s.lookup_first AND NOT s.unconfirmed AND s.equality_key IS NULL
               AND (s.not_after IS NULL OR s.not_after > clock_timestamp()) AND ${MAY_BE_SENT_AT_CLAIM}
               AND NOT EXISTS (SELECT FROM submission q WHERE q.form = s.form AND q.state = 'prepared' AND q.next_action_at <= clock_timestamp())) j
     WHERE j.gross <= j.call AND j.so_far <= j.hour AND j.so_far <= j.day),
  placed AS (
    SELECT s.*, s.request IS NOT NULL AND s.withdrawal_id IN (SELECT withdrawal_id FROM allowed) AS goes FROM judged s),
  numbered AS MATERIALIZED (
    SELECT p.*, CASE WHEN goes THEN nextval('lease_token') END AS token,
           CASE WHEN goes THEN ${nextNumber('PARTITION BY goes ORDER BY place')} END AS serial_number FROM placed p),
  s AS (
    INSERT INTO submission (${namesOf(TERMS)}, reason, unsent_seal, lookup_first, unconfirmed, finished_at, state, next_action_at,
                            ${Object.keys(FIRST_ATTEMPT).join(', ')})
    SELECT ${namesOf(TERMS)}, reason, unsent_seal, lookup_first, unconfirmed, ${FINISHED_AT},
           CASE WHEN goes THEN ${to('claimed')} ELSE state END, CASE WHEN goes THEN ${LEASE_END} ELSE action_at END,
           ${Object.values(FIRST_ATTEMPT)
             .map((value) => `CASE WHEN goes THEN ${value} END`)
             .join(', ')}
      FROM numbered ORDER BY place
    RETURNING *),
  numbering AS (${NUMBERING}),${countAttempts('s WHERE serial_number IS NOT NULL', 's WHERE serial_number IS NOT NULL')}
  SELECT ${STORED}, ${begunColumns('s')}, NULL AS above,
         (SELECT beats::float8 FROM heartbeat) AS beats, (SELECT row_to_json(n) FROM numbering n) AS numbering, (SELECT before::float8 FROM counter) AS before
    FROM s ORDER BY s.seq`;
