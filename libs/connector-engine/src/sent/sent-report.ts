import { Injectable } from '@nestjs/common';
import { BackgroundLoop, type Logger } from '@sluice/background';
import { destinationOf, type WireDestination } from '@sluice/destination';
import { recipientDigest, type SentItem } from '@sluice/messages';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import { InjectLogger } from '@sluice/service-shell';
import { EventWriter } from '../wire.js';

const EVERY_MS = 60_000;
const MOST_IN_ONE = 500;

interface SentRow {
  withdrawal_id: string;
  account_id: string;
  asset: string;
  amount: string;
  destination: WireDestination;
  digest: string | null;
}

interface Span {
  /** Where the last report ended. */
  readonly from: string;
  readonly to: string;
  readonly is_behind: boolean;
}

/**
 * Publishes once a minute which withdrawals began to be sent since the last report, with the terms that the worker used, and which have
 * settled: intake-api compares them with what the client asked for, and with what it has booked as paid. The cursor row is locked, so
 * several instances report once; a repetition does no harm.
 */
@Injectable()
export class SentReport {
  readonly loop: BackgroundLoop;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventWriter,
    @InjectLogger() logger: Logger,
  ) {
    this.loop = new BackgroundLoop('report of what was sent', logger, () =>
      this.report().then(({ isBehind }) => (isBehind ? 0 : EVERY_MS)),
    );
  }

  /** Answers how many were sent and paid, and whether there is more to report. */
  async report(): Promise<{ sent: number; paid: number; isBehind: boolean }> {
    return this.unitOfWork.run(async (tx) => {
      const [span] = await tx.query<Span>(SPAN);
      if (!span) return { sent: 0, paid: 0, isBehind: false };
      const rows = await this.sentIn(tx, span);
      for (let at = 0; at < rows.length; at += MOST_IN_ONE)
        tx.publish(this.events.sent(rows.slice(at, at + MOST_IN_ONE)));
      const paid = await tx.query<{ withdrawal_id: string }>(PAID, [span.from, span.to]);
      const ids = paid.map(({ withdrawal_id: id }) => id);
      this.publishPaid(tx, ids, span);
      return { sent: rows.length, paid: ids.length, isBehind: span.is_behind };
    });
  }

  /** The last part names the time, so that the report counts once it is whole. */
  private publishPaid(tx: Tx, ids: readonly string[], { from, to }: Span): void {
    let at = 0;
    for (; ids.length - at > MOST_IN_ONE; at += MOST_IN_ONE)
      tx.publish(this.events.paid(ids.slice(at, at + MOST_IN_ONE), null));
    tx.publish(this.events.paid(ids.slice(at), { from, to }));
  }

  private async sentIn(tx: Tx, { from, to }: Span): Promise<SentItem[]> {
    const rows = await tx.query<SentRow>(SENT, [from, to]);
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
        recipientDigest: recipientDigest(destinationOf(destination)),
        ...(digest !== null && { digest }),
      }),
    );
  }
}

/** To the microsecond: the next report begins exactly where this one ends. */
function isoSql(columnSql: string): string {
  return `to_char(${columnSql} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

/** Sets the cursor back: reports were lost on their way. */
export async function reportAgain(tx: Pick<Tx, 'query'>, since: readonly string[]): Promise<void> {
  if (since.length === 0) return;
  await tx.query(
    `UPDATE sent_report SET reported_to = least(reported_to, (SELECT min(t) FROM unnest($1::timestamptz[]) AS t))`,
    [since],
  );
}

// An attempt has the time at which its transaction began, so one that committed late is in the next span, which is read from a minute earlier.
// After a long pause the report catches up an hour at a time.
const SPAN = `
  UPDATE sent_report r SET reported_to = least(clock_timestamp() - interval '5 seconds', r.reported_to + interval '1 hour')
    FROM (SELECT reported_to FROM sent_report FOR UPDATE) AS before
   WHERE before.reported_to < clock_timestamp() - interval '50 seconds'
  RETURNING ${isoSql('before.reported_to')} AS from, ${isoSql('r.reported_to')} AS to,
            r.reported_to < clock_timestamp() - interval '1 minute' AS is_behind`;

const PAID = `
  SELECT s.withdrawal_id FROM submission s
   WHERE s.finished_at > $1::timestamptz - interval '1 minute' AND s.finished_at <= $2::timestamptz AND s.state = 'settled'
   ORDER BY s.withdrawal_id`;

const SENT = `
  SELECT s.withdrawal_id, s.account_id, s.asset, s.amount::text, s.destination, s.digest
    FROM submission s
   WHERE s.withdrawal_id IN (SELECT a.withdrawal_id FROM attempt a WHERE a.intended_at > $1::timestamptz - interval '1 minute' AND a.intended_at <= $2::timestamptz)
   ORDER BY s.withdrawal_id`;
