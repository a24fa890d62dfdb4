import type { Destination } from '@sluice/connector-rules';
import { recipientDigest, type SentItem } from '@sluice/messages';
import type { Tx, UnitOfWork } from '@sluice/postgres';
import { Loop, type Logger } from '../worker/loop.js';
import type { EventWriter } from '../wire.js';

const EVERY_MS = 60_000;
const MOST_IN_ONE = 500;

interface SentRow {
  withdrawal_id: string;
  account_id: string;
  asset: string;
  amount: string;
  destination: Destination;
  digest: string | null;
}

/**
 * Tells intake once a minute what has begun to be sent since the last time, as the worker had it when it made the request: intake compares
 * it with what was asked. The row of the report is locked, so several instances tell it once; what is told twice does no harm.
 */
export class SentReport {
  readonly loop: Loop;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventWriter,
    logger: Logger,
  ) {
    this.loop = new Loop('report of what was sent', logger, () => this.tell().then(() => EVERY_MS));
  }

  /** Answers how many were told. */
  async tell(): Promise<number> {
    return this.unitOfWork.run(async (tx) => {
      const [span] = await tx.query<{ since: string; until: string }>(SPAN);
      if (!span) return 0;
      const rows = await this.sentIn(tx, span);
      for (let at = 0; at < rows.length; at += MOST_IN_ONE)
        tx.publish(this.events.sent(rows.slice(at, at + MOST_IN_ONE)));
      return rows.length;
    });
  }

  private async sentIn(
    tx: Tx,
    { since, until }: { since: string; until: string },
  ): Promise<SentItem[]> {
    const rows = await tx.query<SentRow>(SENT, [since, until]);
    return rows.map(
      ({
        withdrawal_id: withdrawalId,
        account_id: accountId,
        asset,
        amount,
        destination,
        digest,
      }) => ({
        withdrawalId,
        accountId,
        asset,
        amount,
        recipientDigest: recipientDigest(destination),
        ...(digest !== null && { digest }),
      }),
    );
  }
}

// An attempt has the time at which its transaction began: those that end late are told with the next span, which begins a minute earlier.
// What was not told for long is told an hour at a time.
const SPAN = `
  UPDATE sent_report r SET reported_to = least(clock_timestamp() - interval '5 seconds', r.reported_to + interval '1 hour')
    FROM (SELECT reported_to FROM sent_report FOR UPDATE) AS before
   WHERE before.reported_to < clock_timestamp() - interval '50 seconds'
  RETURNING (before.reported_to - interval '1 minute')::text AS since, r.reported_to::text AS until`;

const SENT = `
  SELECT s.withdrawal_id, s.account_id, s.asset, s.amount::text, s.destination, s.digest
    FROM submission s
   WHERE s.withdrawal_id IN (SELECT a.withdrawal_id FROM attempt a WHERE a.intended_at > $1::timestamptz AND a.intended_at <= $2::timestamptz)
   ORDER BY s.withdrawal_id`;
