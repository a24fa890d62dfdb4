import { Injectable } from '@nestjs/common';
import { rowsJson, UnitOfWork } from '@sluice/postgres';
import { type Logger, monotonicMs } from '@sluice/runtime';
import { InjectLogger } from '@sluice/service-shell';
import { beginAttempt } from '../attempts/attempt-columns.js';
import { countAttempts, LOCKED_SENDING, nextNumber } from '../attempts/attempt-numbers.js';
import { SendAuthority } from '../authority/send-authority.js';
import { from, to } from '../rows/state-sql.js';
import { InjectOwner } from '../tokens/tokens.js';
import { type SentOrder, SentOrders } from './sent-orders.js';

interface LostIntent {
  readonly withdrawal_id: string;
  readonly attempt: number;
  readonly client_reference: string;
  readonly form: string;
  readonly equality_key: string | null;
}

const WARN_AGAIN_MS = 60_000;

type LostIntentQuery = <R>(sql: string, params: readonly unknown[]) => Promise<readonly R[]>;

/** Restores requests sent by this process and lost by the database, as unknown. */
@Injectable()
export class LostIntents {
  private warnedAtMs = -Infinity;

  constructor(
    readonly sent: SentOrders,
    private readonly authority: SendAuthority,
    @InjectOwner() private readonly owner: string,
    private readonly unitOfWork: UnitOfWork,
    @InjectLogger() private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  /** False if `count` more requests cannot be remembered. None is forgotten while the venue may act. */
  canRemember(count: number): boolean {
    const capacity = this.sent.capacity();
    if (capacity >= count) return true;
    if (monotonicMs() - this.warnedAtMs < WARN_AGAIN_MS) return false;
    this.warnedAtMs = monotonicMs();
    this.logger.warn(
      { capacity },
      'orders wait: the memory of requests that the venue may still execute is full',
    );
    return false;
  }

  /** Returns the orders not sent by this process; the sent orders are restored. */
  async withoutSent<Order extends Pick<SentOrder, 'clientReference' | 'attempt'>>(
    orders: readonly Order[],
  ): Promise<readonly Order[]> {
    const lost = orders.filter((order) => this.sent.wasSent(order));
    if (lost.length === 0) return orders;
    const references = lost.map(({ clientReference }) => clientReference);
    await this.unitOfWork.run((tx) => this.putBack(tx.query.bind(tx), references));
    return orders.filter((order) => !lost.includes(order));
  }

  /** Restores lost requests in the transaction (`references`: default all) and returns their number. */
  async putBack(query: LostIntentQuery, references?: readonly string[]): Promise<number> {
    const orders = this.sent.list(references);
    if (orders.length === 0) return 0;
    const byReference = new Map(orders.map((order) => [order.clientReference, order]));
    const given = rowsJson(
      orders.map(({ clientReference, attempt, request, venueTime, ageMs }) => ({
        client_reference: clientReference,
        attempt,
        form: request.form,
        venue_time: venueTime,
        age_ms: ageMs,
      })),
    );
    await query(SENT_LATER, [given]);
    const lost = firstOfEquals(await query<LostIntent>(LOST_INTENTS, [given]));
    const rows = lost.flatMap((row) => {
      const order = byReference.get(row.client_reference);
      if (!order) return [];
      const { request, venueTime, ageMs } = order;
      const here = { withdrawalId: row.withdrawal_id, number: row.attempt };
      return [
        {
          withdrawal_id: row.withdrawal_id,
          request: request.body,
          request_seal: this.authority.sealRequest(here, request.body),
          gross: request.gross,
          evidence: request.evidence,
          venue_time: venueTime,
          age_ms: ageMs,
        },
      ];
    });
    if (rows.length === 0) return 0;
    const counted = await query(PUT_BACK, [rowsJson(rows), this.owner]);
    if (counted.length === 0) throw new Error('the attempts put back on record are not counted');
    return rows.length;
  }
}

/** Keeps the first of equal payments: only one may have no outcome; the others wait. */
function firstOfEquals(rows: readonly LostIntent[]): readonly LostIntent[] {
  const seen = new Set<string>();
  return rows.filter(({ form, equality_key: key }) => {
    const isFirst = key === null || !seen.has(`${form} ${key}`);
    if (key !== null) seen.add(`${form} ${key}`);
    return isFirst;
  });
}

const GIVEN = `json_to_recordset($1::json) AS r(client_reference text, withdrawal_id uuid, attempt int, form text, request text, request_seal text, gross numeric, evidence jsonb, venue_time timestamptz, age_ms float8)`;
const SENT_AT = `clock_timestamp() - r.age_ms * interval '1 millisecond'`;

/** Rows about to be sent although already sent; none beside an equal payment without outcome. */
export const LOST_INTENTS = `
  SELECT s.withdrawal_id, s.attempt, s.client_reference, s.form, s.equality_key
    FROM submission s JOIN ${GIVEN} ON r.client_reference = s.client_reference AND r.form = s.form
   WHERE s.state ${from('claimed')} AND s.attempt <= r.attempt
     AND (s.equality_key IS NULL OR NOT EXISTS (
       SELECT FROM submission t WHERE t.form = s.form AND t.equality_key = s.equality_key AND t.state IN ('sending','refusing','repeating','unknown','undecided')))
   ORDER BY s.seq FOR UPDATE OF s`;

// Restores the row with an expired lease: the sweep marks it unknown, and look-ups decide. The
// caller has locked the rows.
export const PUT_BACK = `
  WITH ${LOCKED_SENDING},
  numbered AS (SELECT r.*, nextval('lease_token') AS token, ${nextNumber('ORDER BY r.withdrawal_id')} AS serial_number FROM ${GIVEN}),
  s AS (
    UPDATE submission s
       SET state = ${to('claimed')}, gross = r.gross, lease_owner = $2, lease_token = r.token, lease_until = clock_timestamp(), next_action_at = clock_timestamp(),
           submitted_at = coalesce(s.submitted_at, ${SENT_AT}), given_up_at = NULL, empty_lookups = 0, covering_lookups = 0,
           venue_time = least(s.venue_time, r.venue_time), last_venue_time = greatest(s.last_venue_time, r.venue_time),
           ${beginAttempt('r', { intendedAt: SENT_AT, venueTime: 'r.venue_time', haltSeen: 'NULL', putBackAt: 'clock_timestamp()' })}
      FROM numbered r WHERE s.withdrawal_id = r.withdrawal_id
    RETURNING s.withdrawal_id, s.asset, s.attempt, s.gross),${countAttempts('s', 's WHERE attempt = 1')}
  SELECT FROM counter`;

/**
 * Marks unsent orders ($1) for a look-up after a pause ($2). $3: the order was sent, so neither
 * deadline nor cancel ends it before. $4: form whose orders with a seal older than $5 are marked
 * too; null: none.
 */
export const LOOK_UP_FIRST = `
  UPDATE submission s
     SET lookup_first = true, unconfirmed = s.unconfirmed OR $3, next_action_at = clock_timestamp() + CASE WHEN $3 AND s.unsent_seal LIKE 'looked up%' THEN interval '1 minute' ELSE $2 * interval '1 millisecond' END
   WHERE s.state ${from('claimed')} AND NOT s.lookup_first
     AND (s.withdrawal_id = ANY ($1::uuid[])
       OR s.withdrawal_id IN (
         SELECT o.withdrawal_id FROM submission o
          WHERE o.form = $4::text AND o.state ${from('claimed')} AND NOT o.lookup_first AND o.next_action_at <= clock_timestamp()
            AND split_part(o.unsent_seal, '~', 2) COLLATE "C" < $5::text
          ORDER BY coalesce(o.ordered_at, o.created_at), o.seq LIMIT 500))`;

/** Updates submissions with a lost repeat: the venue may act longer than the row states. */
const SENT_LATER = `
  UPDATE submission s
     SET last_venue_time = r.venue_time, empty_lookups = 0, covering_lookups = 0,
         given_up_at = CASE WHEN s.state IN ('unknown','undecided') THEN greatest(s.given_up_at, ${SENT_AT}) ELSE s.given_up_at END
    FROM ${GIVEN}
   WHERE s.client_reference = r.client_reference AND s.form = r.form AND s.state IN ('sending','repeating','unknown','undecided') AND s.last_venue_time < r.venue_time`;
