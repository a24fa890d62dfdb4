import { Injectable } from '@nestjs/common';
import { type Logger, monotonicMs } from '@sluice/runtime';
import { UnitOfWork, rowsJson } from '@sluice/postgres';
import { InjectLogger } from '@sluice/service-shell';
import { SendAuthority } from '../authority/send-authority.js';
import { InjectOwner } from '../tokens/tokens.js';
import { LOST_INTENTS, PUT_BACK, SENT_LATER } from './put-back-sql.js';
import { SentOrders, type SentOrder } from './sent-orders.js';

interface LostIntent {
  readonly withdrawal_id: string;
  readonly attempt: number;
  readonly client_reference: string;
  readonly form: string;
  readonly equality_key: string | null;
}

const WARN_AGAIN_MS = 60_000;

/** Runs a statement in the current transaction. */
type LostIntentQuery = <R>(sql: string, params: readonly unknown[]) => Promise<readonly R[]>;

/**
 * Restores requests sent by this process and lost by the database. Their outcome is unknown: no
 * request is sent again before look-ups have decided.
 */
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

  /**
   * Returns false if this process cannot remember `count` more requests. A sent request is never
   * forgotten while the venue may act on the request.
   */
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

  /**
   * Restores lost requests in the given transaction. `references`: client references (default:
   * all). Returns the number of lost requests.
   */
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
    if (rows.length > 0) await query(PUT_BACK, [rowsJson(rows), this.owner]);
    return rows.length;
  }
}

/**
 * Keeps the first of equal payments: only a single equal payment may have no outcome; the others
 * stay known to this process and wait.
 */
function firstOfEquals(rows: readonly LostIntent[]): readonly LostIntent[] {
  const seen = new Set<string>();
  return rows.filter(({ form, equality_key: key }) => {
    const isFirst = key === null || !seen.has(`${form} ${key}`);
    if (key !== null) seen.add(`${form} ${key}`);
    return isFirst;
  });
}
