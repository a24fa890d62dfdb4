import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import type { Logger } from '@sluice/runtime';
import type { FormCapabilities } from '@sluice/connector-rules';
import { UnitOfWork } from '@sluice/postgres';
import { InjectLogger, openHalts } from '@sluice/service-shell';
import { LostIntents } from './lost-intents.js';
import { LOOK_UP_FIRST } from './put-back-sql.js';
import { sendVerdict, UNSENT_FOR_MS, type SendVerdict } from './send-verdict.js';
import { honouredMs } from './sent-orders.js';
import { SentMemory } from './sent-memory.js';
import { UnsentSeals } from './unsent-seals.js';

/** Row of an order that was not sent, according to the row. */
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
 * up and never sent again without a look-up, and the venue is halted.
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
