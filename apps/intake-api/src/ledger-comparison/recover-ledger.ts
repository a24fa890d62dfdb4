import { Injectable } from '@nestjs/common';
import { MOST_SENT_AGAIN, type SentAgainDto } from '@sluice/http-api';
import { BackgroundLoop } from '@sluice/runtime';
import { UnitOfWork } from '@sluice/postgres';
import { InjectLogger, LoopingService, type Logger } from '@sluice/service-shell';
import { LedgerClient } from '../other-services/ledger-client.js';
import { OrderAuthority } from '../orders/order-authority.js';
import { findByIds } from '../rows/withdrawal-store.js';
import { againInParts } from './again-in-parts.js';
import { commandsAgain } from './commands-again.js';
import { LedgerComparison } from './ledger-comparison.js';

const MOST_AT_ONCE = 500;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const REPEAT_EVERY_MS = 60_000;

/**
 * Sends approved commands to the ledger again, every minute until the comparison finds no
 * difference. The approval requires two people.
 */
@Injectable()
export class RecoverLedger extends LoopingService {
  protected readonly loop: BackgroundLoop;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly ledger: LedgerClient,
    private readonly authority: OrderAuthority,
    private readonly comparison: LedgerComparison,
    @InjectLogger() logger: Logger,
  ) {
    super();
    this.loop = BackgroundLoop.every(REPEAT_EVERY_MS, 'send the ledger again', logger, () =>
      this.sendApproved(),
    );
  }

  /** All of them, the oldest first. Throws while the ledger is away; what was not sent is sent by the next run. */
  async sendApproved(): Promise<void> {
    let after = FIRST_ID;
    for (;;) {
      const rows = await this.unitOfWork.database.query<{ withdrawal_id: string }>(APPROVED, [
        after,
      ]);
      const ids = rows.map(({ withdrawal_id: id }) => id);
      for (let at = 0; at < ids.length; at += MOST_SENT_AGAIN)
        await this.send(ids.slice(at, at + MOST_SENT_AGAIN));
      await this.comparison.compareNamed(ids);
      const last = ids.at(-1);
      if (last === undefined || ids.length < MOST_AT_ONCE) return;
      after = last; // refused commands stay approved and must not block the others
    }
  }

  private async send(ids: readonly string[]): Promise<void> {
    const stored = await findByIds(this.unitOfWork.database, ids);
    const names = await this.accountNames(
      stored.map(({ withdrawal }) => withdrawal.order.accountId),
    );
    const context = { at: this.unitOfWork.database.clock.now(), authority: this.authority };
    const [asRequested, changed] = [
      stored.filter((one) => this.authority.isAsRequested(one)),
      stored.filter((one) => !this.authority.isAsRequested(one)),
    ];
    const order = new Map(ids.map((id, place) => [id, place]));
    const again = asRequested
      .map((one) => commandsAgain(one, names.get(one.withdrawal.order.accountId) ?? '', context))
      .sort((a, b) => (order.get(a.withdrawal_id) ?? 0) - (order.get(b.withdrawal_id) ?? 0));
    const { parts, tooLarge } = againInParts(again);
    for (const part of parts) await this.keepAnswers(await this.ledger.sendAgain(part));
    await this.keepAnswers([
      ...tooLarge.map((id) => ({
        withdrawal_id: id,
        refusal:
          'the commands of the withdrawal are too large to be sent again: book it with "sluice ledger transfer"',
      })),
      ...changed.map(({ withdrawal }) => ({
        withdrawal_id: withdrawal.order.id,
        refusal: 'the row of the withdrawal differs from the customer’s order: no command was sent',
      })),
    ]);
  }

  private async keepAnswers(answers: readonly SentAgainDto[]): Promise<void> {
    await this.unitOfWork.run((tx) =>
      tx.query(ANSWERED, [
        answers.map(({ withdrawal_id: id }) => id),
        answers.map(({ refusal }) => refusal),
      ]),
    );
  }

  private async accountNames(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.unitOfWork.database.query<{ id: string; name: string }>(
      'SELECT id, name FROM account WHERE id = ANY ($1::uuid[])',
      [ids],
    );
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}

const APPROVED = `
  SELECT withdrawal_id FROM ledger_difference WHERE resolved_at IS NULL AND approved_by IS NOT NULL AND withdrawal_id > $1::uuid
   ORDER BY withdrawal_id LIMIT ${MOST_AT_ONCE}`;

const ANSWERED = `
  UPDATE ledger_difference d SET answer = k.answer FROM unnest($1::uuid[], $2::text[]) AS k (withdrawal_id, answer)
   WHERE d.withdrawal_id = k.withdrawal_id`;
