import { Injectable } from '@nestjs/common';
import {
  type CommandAgainDto,
  MOST_SENT_AGAIN,
  type SentAgainDto,
  type WithdrawalAgainDto,
} from '@sluice/http-api';
import type { WireMessage } from '@sluice/messages';
import { UnitOfWork } from '@sluice/postgres';
import { BackgroundLoop } from '@sluice/runtime';
import { InjectLogger, type Logger, LoopingService } from '@sluice/service-shell';
import type { SagaCommand } from '@sluice/withdrawal-core';
import { OrderAuthority } from '../orders/order-authority.js';
import { LedgerClient } from '../other-services/ledger-client.js';
import { findByIds, type StoredWithdrawal } from '../rows/withdrawal-store.js';
import {
  type CommandContext,
  commandMessage,
  openAccountMessage,
  placeHoldMessage,
} from '../wire/wire.js';
import { LedgerComparison } from './ledger-comparison.js';

const MOST_AT_ONCE = 500;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';
const REPEAT_EVERY_MS = 60_000;

/**
 * Sends commands approved by two people to the ledger, every minute until no difference is left.
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

/**
 * All commands the ledger must have of a withdrawal, in order, as first sent. The ledger answers a
 * repeat as before.
 */
export function commandsAgain(
  recorded: StoredWithdrawal,
  accountName: string,
  context: CommandContext,
): WithdrawalAgainDto {
  const stored = atLastAssigned(recorded);
  const { order } = stored.withdrawal;
  const messages = [
    openAccountMessage(order.accountId, accountName, context.at),
    placeHoldMessage({ ...atItsVenue(stored), earlierReceipt: stored.timedReceipt }, context.at),
    ...assignmentOf(stored).map((given) => commandMessage(given, ASSIGN, context)),
    ...endOf(stored).map((command) => commandMessage(stored, command, context)),
  ];
  return { withdrawal_id: order.id, commands: messages.map(commandOf) };
}

/** Before an assignment refused by the policy, the hold was at the previous venue. */
function atLastAssigned(stored: StoredWithdrawal): StoredWithdrawal {
  const { withdrawal } = stored;
  const { state, reasonCode, tried } = withdrawal;
  const venue = tried.at(-1);
  const isByPolicy = reasonCode === 'limit_exceeded' || reasonCode === 'policy_denied';
  if (state !== 'failed' || !isByPolicy || venue === undefined) return stored;
  return { ...stored, withdrawal: { ...withdrawal, venue, tried: tried.slice(0, -1) } };
}

/** A repeated hold is placed at the current venue: earlier venues have refused the withdrawal. */
function atItsVenue(stored: StoredWithdrawal): StoredWithdrawal {
  const { withdrawal } = stored;
  const order = { ...withdrawal.order, venue: withdrawal.venue };
  return { ...stored, withdrawal: { ...withdrawal, order } };
}

const ASSIGN: SagaCommand = { kind: 'assign', notAfter: null };

/**
 * Assignment to the current venue with the previous venue's proof: the last proof while the
 * assignment is unanswered, afterwards the proof of the answered assignment.
 */
function assignmentOf(stored: StoredWithdrawal): readonly StoredWithdrawal[] {
  const { withdrawal, timedReceipt, proof, assignedProof } = stored;
  if (withdrawal.tried.length === 0) return [];
  const isUnanswered = withdrawal.state === 'submitting' && timedReceipt === null;
  const first = isUnanswered ? proof : assignedProof;
  return first === null ? [] : [{ ...stored, proof: first }];
}

/** Final commands of the withdrawal; empty while the withdrawal is at a venue. */
function endOf({ withdrawal }: StoredWithdrawal): readonly SagaCommand[] {
  const { state, venueFee, reasonCode, returnedAmount } = withdrawal;
  switch (state) {
    case 'completed':
    case 'returning':
    case 'returned':
    case 'capturing': {
      const fee: readonly SagaCommand[] =
        venueFee === null ? [] : [{ kind: 'record_venue_fee', amount: venueFee }];
      const back: readonly SagaCommand[] =
        returnedAmount === null ? [] : [{ kind: 'return', amount: returnedAmount }];
      // the ledger answers the separate command with its reason if it refuses the fee
      return [{ kind: 'capture', venueFee: null }, ...fee, ...back];
    }
    case 'failed':
    case 'cancelled':
    case 'releasing':
    case 'cancelling':
      return [{ kind: 'release', reason: reasonCode ?? 'not paid' }];
    default:
      return [];
  }
}

function commandOf({ headers, value }: WireMessage): CommandAgainDto {
  return { type: headers['ce_type'] as CommandAgainDto['type'], data: value };
}

/** Bytes of the withdrawals in one call: the ledger reads bodies of at most 64 KiB. */
const MOST_BYTES = 60_000;
/** Characters of one command's data, as the ledger accepts them. */
const LONGEST_DATA = 30_000;

interface AgainInParts {
  readonly parts: readonly (readonly WithdrawalAgainDto[])[];
  /** Ids of withdrawals too large for a call, for example because of a long signed body. */
  readonly tooLarge: readonly string[];
}

export function againInParts(withdrawals: readonly WithdrawalAgainDto[]): AgainInParts {
  const parts: WithdrawalAgainDto[][] = [];
  const tooLarge: string[] = [];
  let capacity = 0;
  for (const one of withdrawals) {
    const bytes = Buffer.byteLength(JSON.stringify(one)) + 1;
    if (bytes > MOST_BYTES || one.commands.some(({ data }) => data.length > LONGEST_DATA)) {
      tooLarge.push(one.withdrawal_id);
      continue;
    }
    if (bytes > capacity) {
      parts.push([]);
      capacity = MOST_BYTES;
    }
    parts.at(-1)?.push(one);
    capacity -= bytes;
  }
  return { parts, tooLarge };
}
