import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { destinationOf, type WireDestination } from '@sluice/kernel';
import { recipientDigest, type SentItem } from '@sluice/messages';
import { type Tx, UnitOfWork } from '@sluice/postgres';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import { InjectLogger } from '@sluice/service-shell';
import { EventWriter } from '../wire/event-writer.js';

const EVERY_MS = 60_000;
const MOST_SENT = 100;
const MOST_PAID = 500;
/** Pause between two parts of the sent list. */
const PAUSE_MS = 20;

interface SentRow {
  withdrawal_id: string;
  account_id: string;
  asset: string;
  amount: string;
  destination: WireDestination;
  digest: string;
}

interface Span extends ReportSpan {
  readonly is_behind: boolean;
}

/**
 * Publishes each minute the withdrawals sent and settled since the last report. intake-api compares
 * them with its requests and bookings. A repeated report is harmless.
 */
@Injectable()
export class SentReport {
  readonly loop: BackgroundLoop;
  private readonly last = new LastReport();

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventWriter,
    @InjectLogger() logger: Logger,
  ) {
    this.loop = new BackgroundLoop('report of what was sent', logger, (signal) =>
      this.report(signal).then(({ isBehind }) => (isBehind ? 0 : EVERY_MS)),
    );
  }

  /** Answers how many were sent and paid, and whether there is more to report. Does not pause any more once `signal` aborts. */
  async report(signal?: AbortSignal): Promise<{ sent: number; paid: number; isBehind: boolean }> {
    const { begun, ...done } = await this.unitOfWork.run(async (tx) => {
      const [span] = await tx.query<Span>(SPAN);
      if (!span) return { sent: 0, paid: 0, isBehind: false };
      const begun = this.last.next(span);
      const sent = await this.publishSent(tx, span, begun, signal);
      const paid = await this.publishPaid(tx, span, begun);
      return { sent, paid, isBehind: span.is_behind, begun };
    });
    begun?.committed();
    return done;
  }

  /** Names the period in the last part: the report counts only once complete. */
  private async publishPaid(tx: Tx, { from, to }: Span, begun: BegunReport): Promise<number> {
    const rows = await tx.query<{ withdrawal_id: string }>(PAID, [from, to]);
    const ids = rows.map((row) => row.withdrawal_id).filter((id) => begun.isNew(`paid ${id}`));
    let at = 0;
    for (; ids.length - at > MOST_PAID; at += MOST_PAID)
      tx.publish(this.events.paid(ids.slice(at, at + MOST_PAID), null));
    tx.publish(this.events.paid(ids.slice(at), { from, to }));
    return ids.length;
  }

  /** Reads through a cursor with pauses: a busy minute has tens of thousands of rows. */
  private async publishSent(
    tx: Tx,
    { from, to }: Span,
    begun: BegunReport,
    signal?: AbortSignal,
  ): Promise<number> {
    await tx.query(SENT, [from, to]);
    for (let sent = 0; ;) {
      const rows = await tx.query<SentRow>(`FETCH ${MOST_SENT} FROM sent`);
      const items = rows.map(sentItem).filter((item) => begun.isNew(JSON.stringify(item)));
      if (items.length > 0) tx.publish(this.events.sent(items));
      sent += items.length;
      if (rows.length < MOST_SENT) return sent;
      await sleep(PAUSE_MS, undefined, { ...(signal && { signal }) }).catch(() => undefined);
    }
  }
}

function sentItem({
  withdrawal_id: withdrawalId,
  account_id: accountId,
  ...row
}: SentRow): SentItem {
  return {
    withdrawalId,
    accountId,
    asset: row.asset,
    amount: row.amount,
    recipientDigest: recipientDigest(destinationOf(row.destination)),
    digest: row.digest,
  };
}

/** Formats with microseconds: the next report begins exactly at the end of this report. */
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

// An attempt committed late is in the next period, which is read from a minute earlier.
const SPAN = `
  UPDATE sent_report r SET reported_to = least(clock_timestamp() - interval '5 seconds', r.reported_to + interval '1 hour')
    FROM (SELECT reported_to FROM sent_report FOR UPDATE SKIP LOCKED) AS before
   WHERE before.reported_to < clock_timestamp() - interval '50 seconds'
  RETURNING ${isoSql('before.reported_to')} AS from, ${isoSql('r.reported_to')} AS to,
            r.reported_to < clock_timestamp() - interval '1 minute' AS is_behind`;

const PAID = `
  SELECT s.withdrawal_id FROM submission s
   WHERE s.finished_at > $1::timestamptz - interval '1 minute' AND s.finished_at <= $2::timestamptz AND s.state IN ('settled', 'returned')
   ORDER BY s.withdrawal_id`;

const SENT = `
  DECLARE sent NO SCROLL CURSOR FOR
  SELECT s.withdrawal_id, s.account_id, s.asset, s.amount::text, s.destination, s.digest
    FROM submission s
   WHERE s.withdrawal_id IN (SELECT a.withdrawal_id FROM attempt a WHERE a.intended_at > $1::timestamptz - interval '1 minute' AND a.intended_at <= $2::timestamptz)
   ORDER BY s.withdrawal_id`;

interface ReportSpan {
  /** End of the previous report. */
  readonly from: string;
  readonly to: string;
}

interface BegunReport {
  /** Returns true if the previous report did not contain this exact text. */
  isNew(text: string): boolean;
  /** Must be called after the commit: the next report does not repeat the entries. */
  committed(): void;
}

/**
 * Entries of the last report by this instance. The next report reads the last minute again, and
 * omits these entries.
 */
export class LastReport {
  private to: string | null = null;
  private named: ReadonlySet<string> = new Set();

  next({ from, to }: ReportSpan): BegunReport {
    const before = from === this.to ? this.named : new Set();
    const named = new Set<string>();
    return {
      isNew: (text) => {
        const digest = hash('sha256', text, 'base64');
        named.add(digest);
        return !before.has(digest);
      },
      committed: () => {
        [this.to, this.named] = [to, named];
      },
    };
  }
}
