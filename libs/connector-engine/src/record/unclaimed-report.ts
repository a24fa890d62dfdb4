import { Injectable } from '@nestjs/common';
import { MAX_VENUE_PAYMENTS, type VenuePayment } from '@sluice/messages';
import { type Tx, UnitOfWork } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';
import { InjectConfig } from '@sluice/service-shell';
import { EventWriter } from '../wire/event-writer.js';

interface UnclaimedQuestion {
  readonly life: string;
  readonly since: string;
}

interface RequestedRecords extends UnclaimedQuestion {
  /** Start of the answering period, by the monotonic clock. */
  readonly from: number;
}

interface PaymentRow {
  record: string;
  client_reference: string | null;
  payment: string | null;
  made_at: Date;
  closed: boolean;
  withdrawal_id: string | null;
}

/** Retention of an answered question: intake-api repeats a question until the answer arrives. */
const ANSWERED_FOR_MS = 3_600_000;

/**
 * Reports unclaimed records to intake-api. A question is answered after a reading that began
 * REFUSAL_LOOKUP_AFTER_MS later. Questions are in memory: intake-api repeats them.
 */
@Injectable()
export class UnclaimedReport {
  private readonly asked = new Map<string, RequestedRecords>();
  private readonly answered = new Map<string, number>();
  private wake: () => void = () => undefined;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly events: EventWriter,
    @InjectConfig() private readonly options: { readonly refusalLookupAfterMs: number },
  ) {}

  /** Registers a callback for each new question; the record reader starts a reading. */
  onQuestion(wake: () => void): void {
    this.wake = wake;
  }

  ask(questions: readonly UnclaimedQuestion[]): void {
    const now = monotonicMs();
    for (const { life, since } of questions) {
      const answeredAt = this.answered.get(life);
      const from = answeredAt === undefined ? now + this.options.refusalLookupAfterMs : now;
      if (!this.asked.has(life)) this.asked.set(life, { life, since, from });
    }
    if (questions.length > 0) this.wake();
  }

  /** Milliseconds until a question must be answered; infinite if none waits. */
  dueInMs(): number {
    const first = Math.min(...[...this.asked.values()].map(({ from }) => from));
    return Math.max(first - monotonicMs(), 0);
  }

  /** Reports changed records, and answers the questions from before `readFrom` (monotonic). */
  async report(readFrom: number): Promise<void> {
    const due = [...this.asked.values()].filter(({ from }) => from <= readFrom);
    for (const { since } of due)
      await this.unitOfWork.run(async (tx) => void (await tx.query(REPORT_ANEW, [since])));
    while (await this.reportSome());
    for (const question of due) await this.answer(question);
  }

  /** Publishes in the same transaction as the mark: a later published message is a later report. */
  private reportSome(): Promise<boolean> {
    return this.unitOfWork.run(async (tx) => {
      const rows = await tx.query<PaymentRow>(CHANGED_PAYMENTS, [MAX_VENUE_PAYMENTS]);
      for (let from = 0; from < rows.length; from += MAX_VENUE_PAYMENTS) {
        const part = rows.slice(from, from + MAX_VENUE_PAYMENTS);
        tx.publish(this.events.unclaimed(part.map(paymentOf), null));
      }
      return rows.length >= MAX_VENUE_PAYMENTS; // a record may have several readings
    });
  }

  private async answer({ life, since }: RequestedRecords): Promise<void> {
    for (let after: string | null = null; ;) {
      const rows: PaymentRow[] = await this.unitOfWork.run((tx) =>
        this.ownPayments(tx, since, after),
      );
      after = rows.at(-1)?.withdrawal_id ?? null;
      if (rows.length < MAX_VENUE_PAYMENTS) break;
    }
    await this.unitOfWork.run((tx) => {
      tx.publish(this.events.unclaimed([], life));
      return Promise.resolve();
    });
    this.asked.delete(life);
    for (const [other, at] of this.answered)
      if (monotonicMs() - at > ANSWERED_FOR_MS) this.answered.delete(other);
    this.answered.set(life, monotonicMs());
  }

  private async ownPayments(tx: Tx, since: string, after: string | null): Promise<PaymentRow[]> {
    const rows = await tx.query<PaymentRow>(OWN_PAYMENTS, [since, after, MAX_VENUE_PAYMENTS]);
    if (rows.length > 0) tx.publish(this.events.unclaimed(rows.map(paymentOf), null));
    return rows;
  }
}

function paymentOf(row: PaymentRow): VenuePayment {
  return {
    record: row.record,
    clientReference: row.client_reference,
    payment: row.payment,
    madeAt: row.made_at.toISOString(),
    closed: row.closed,
    ...(row.withdrawal_id !== null && { withdrawalId: row.withdrawal_id }),
  };
}

/** Marks every open record, and the records closed since `$1`, for another report. */
const REPORT_ANEW = `
  UPDATE unclaimed_record SET reported_as = NULL
   WHERE reported_as IS NOT NULL AND (closed_at IS NULL OR closed_at > $1::timestamptz)`;

// A record possibly made by several forms is compared with other venues only as an address. Each
// further reading has its own name: intake-api stores one payment per name.
const CHANGED_PAYMENTS = `
  WITH changed AS (
    SELECT venue_reference FROM unclaimed_record
     WHERE reported_as IS DISTINCT FROM CASE WHEN closed_at IS NULL THEN 'open' ELSE 'closed' END
     ORDER BY seen_at, venue_reference LIMIT $1 FOR UPDATE),
  reported AS (
    UPDATE unclaimed_record u SET reported_as = CASE WHEN u.closed_at IS NULL THEN 'open' ELSE 'closed' END
      FROM changed WHERE u.venue_reference = changed.venue_reference
    RETURNING u.*)
  SELECT u.venue_reference || CASE WHEN k.reading > 1 THEN ' reading ' || k.reading ELSE '' END AS record, u.client_reference, u.created_at AS made_at,
         u.closed_at IS NOT NULL AS closed, NULL AS withdrawal_id, k.payment
    FROM reported u
    LEFT JOIN LATERAL (SELECT key AS payment, row_number() OVER (ORDER BY position) AS reading
                         FROM unnest(u.equality_keys) WITH ORDINALITY AS keys(key, position)
                        WHERE split_part(key, ' ', 3) LIKE 'address:%') k ON true
   ORDER BY u.seen_at, u.venue_reference, k.reading`;

/** Possibly paid submissions that intake-api may have forgotten, by the time in their ids (UUIDv7). */
const OWN_PAYMENTS = `
  SELECT coalesce(s.venue_reference, s.withdrawal_id::text) AS record, s.client_reference, NULL AS payment, s.created_at AS made_at, false AS closed, s.withdrawal_id
    FROM submission s
   WHERE s.withdrawal_id > (SELECT coalesce($2::uuid, rpad(lpad(to_hex((extract(epoch FROM $1::timestamptz) * 1000)::bigint), 12, '0'), 32, '0')::uuid))
     AND s.state NOT IN ('prepared','refused','failed') AND s.client_reference ~ '^c[0-9A-Za-z]{22,31}$'
   ORDER BY s.withdrawal_id LIMIT $3`;
