import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import type { FormCapabilities } from '@sluice/connector-rules';
import { UnitOfWork } from '@sluice/postgres';
import type { Logger } from '@sluice/runtime';
import { InjectLogger, openHalts } from '@sluice/service-shell';
import type { SendAuthority, UnsentBasis } from '../authority/send-authority.js';
import { LOOK_UP_FIRST, LostIntents } from './lost-intents.js';
import { honouredMs, type RememberedSend, SentMemory } from './sent-orders.js';

/** Reads the seals of unsent orders, with ages by the database's clock. */
export class UnsentSeals {
  constructor(
    private readonly authority: Pick<SendAuthority, 'readUnsent'>,
    private readonly now: () => Date,
  ) {}

  /** Returns the content of the seal; null if wrong. */
  read(
    clientReference: string,
    seal: string,
  ): { readonly basis: UnsentBasis; readonly ageMs: number } | null {
    const unsent = this.authority.readUnsent(clientReference, seal);
    if (unsent === null) return null;
    return { basis: unsent.basis, ageMs: this.now().getTime() - unsent.at.getTime() };
  }

  /** Returns the time as in the text of a seal. */
  timeBefore(ageMs: number): string {
    return new Date(this.now().getTime() - ageMs).toISOString();
  }
}

interface UnsentRow {
  readonly withdrawalId: string;
  readonly clientReference: string;
  readonly attempt: number;
  readonly unsentSeal: string;
}

const REASON = 'rows_put_back';
/** Pause before the look-up of a known send: the venue may list the payment later. */
const KNOWN_SEND_PAUSE_MS = 1_000;

const putBack = new Counter({
  name: 'sluice_rows_put_back_total',
  help: 'Orders shown as unsent by their rows although this process sent them',
});

/**
 * Compares rows about to be sent or ended with the sends of this process. A put-back row is looked
 * up first, and the venue is halted.
 */
@Injectable()
export class PutBackRows {
  constructor(
    readonly memory: SentMemory,
    private readonly seals: UnsentSeals,
    readonly lost: LostIntents,
    private readonly unitOfWork: UnitOfWork,
    @InjectLogger() private readonly logger: Pick<Logger, 'error'>,
  ) {}

  /** Returns the orders that may be sent now. The others are looked up first. */
  async sendable<Order extends UnsentRow>(
    form: FormCapabilities,
    orders: readonly Order[],
  ): Promise<readonly Order[]> {
    const honoured = honouredMs(form);
    const judged = orders.map((order) => ({ order, verdict: this.verdict(order, honoured) }));
    const of = (wanted: SendVerdict) =>
      judged.filter(({ verdict }) => verdict === wanted).map(({ order }) => order);
    await this.report(of('put_back'));
    await this.lookUpFirst(form, of('look_up'));
    return this.lost.withoutSent(of('send'));
  }

  /** True for an order never sent by this process, as far as remembered. */
  isNew(order: Pick<UnsentRow, 'clientReference' | 'attempt'>): boolean {
    return this.memory.of(order.clientReference) === null && !this.lost.sent.wasSent(order);
  }

  /** True for a row that must not end as unsent: this process sent its order. */
  isPutBack(row: UnsentRow): boolean {
    return this.verdict(row, 0) === 'put_back';
  }

  /** Halts the venue. The orders are looked up first. */
  async report(rows: readonly UnsentRow[]): Promise<void> {
    if (rows.length === 0) return;
    const references = rows.map(({ clientReference }) => clientReference);
    const at = this.seals.timeBefore(0);
    // the time makes a later finding open another halt
    const halts = rows.map((row) => ({
      reason: REASON,
      subject: `${row.withdrawalId} ${at}`,
      details: `${this.sendOf(row)}, but its row shows the order as unsent: another party deleted or put back rows of this database`,
    }));
    await this.unitOfWork.run(async (tx) => {
      await openHalts(tx, halts, 'connector');
      await this.lost.putBack(tx.query.bind(tx), references);
      const ids = rows.map(({ withdrawalId }) => withdrawalId);
      await tx.query(LOOK_UP_FIRST, [ids, KNOWN_SEND_PAUSE_MS, true, null, '']);
    });
    putBack.inc(rows.length);
    for (const { subject, details } of halts)
      this.logger.error(
        { subject, details },
        'the venue is halted: a sent order was put back as unsent and is not sent again',
      );
  }

  private verdict(row: UnsentRow, honoured: number): SendVerdict {
    const { clientReference, attempt, unsentSeal } = row;
    return sendVerdict(
      { attempt, unsent: this.seals.read(clientReference, unsentSeal) },
      {
        sent: this.memory.of(clientReference),
        completeForMs: this.memory.completeForMs(),
        honouredMs: honoured,
      },
    );
  }

  /** Marks other orders with old seals, too: a look-up covers many orders. */
  private async lookUpFirst(form: FormCapabilities, orders: readonly UnsentRow[]): Promise<void> {
    if (orders.length === 0) return;
    const ids = orders.map(({ withdrawalId }) => withdrawalId);
    const oldestMs = Math.min(UNSENT_FOR_MS, this.memory.completeForMs());
    await this.unitOfWork.database.query(LOOK_UP_FIRST, [
      ids,
      0,
      false,
      form.form,
      this.seals.timeBefore(oldestMs),
    ]);
  }

  private sendOf({ clientReference }: UnsentRow): string {
    const sent = this.memory.of(clientReference);
    if (sent === null) return 'this process has sent the order';
    const seconds = Math.round(sent.ageMs / 1_000);
    return `this process sent attempt ${sent.attempt} ${seconds} s before (${sent.outcome})`;
  }
}

/**
 * `send`: no send is possible. `look_up`: another process, or an earlier one, may have sent.
 * `put_back`: this process sent the order, and the row shows it as unsent.
 */
type SendVerdict = 'send' | 'look_up' | 'put_back';

interface RowToSend {
  readonly attempt: number;
  /** Valid seal of the row; null if wrong. */
  readonly unsent: { readonly basis: UnsentBasis; readonly ageMs: number } | null;
}

interface Memory {
  /** Last send of the order by this process, with its age. */
  readonly sent: (Pick<RememberedSend, 'attempt' | 'outcome'> & { readonly ageMs: number }) | null;
  /** Every send by this process in this time is remembered. */
  readonly completeForMs: number;
  /** Time for which the venue may act on a sent request. */
  readonly honouredMs: number;
}

/** Maximum age of a seal: this process does not know the sends of other instances. */
export const UNSENT_FOR_MS = 300_000;
/** The clocks of the instances follow the database's clock, with small differences. */
const CLOCKS_APART_MS = 60_000;

export function sendVerdict({ attempt, unsent }: RowToSend, memory: Memory): SendVerdict {
  const { sent, completeForMs, honouredMs } = memory;
  const isFresh =
    unsent !== null &&
    unsent.ageMs >= -CLOCKS_APART_MS &&
    unsent.ageMs <= Math.min(UNSENT_FOR_MS, completeForMs);
  if (sent === null || sent.attempt < attempt) return isFresh ? 'send' : 'look_up';
  // The row shows no trace of the send: a restored database looks its rows up first.
  if (unsent?.basis !== 'looked up' || unsent.ageMs >= sent.ageMs) return 'put_back';
  // a payment accepted by the venue but absent from the venue's records
  if (sent.outcome === 'accepted') return 'put_back';
  // within the honoured time `LostIntents` restores the request as unknown
  const isLookedUpLate = sent.ageMs - unsent.ageMs > honouredMs;
  return isFresh && (isLookedUpLate || sent.ageMs <= honouredMs) ? 'send' : 'look_up';
}
