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

/**
 * Publishes once a minute which withdrawals began to be sent since the last report, with the terms that the worker used: intake-api
 * compares them with what the client asked for. The cursor row is locked, so several instances report once; a repetition does no harm.
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
      this.report().then(() => EVERY_MS),
    );
  }

  /** Answers how many were reported. */
  async report(): Promise<number> {
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
        recipientDigest: recipientDigest(destinationOf(destination)),
        ...(digest !== null && { digest }),
      }),
    );
  }
}

// An attempt has the time at which its transaction began, so one that committed late is in the next span, which begins a minute earlier.
// After a long pause the report catches up an hour at a time.
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
