import { Injectable } from '@nestjs/common';
import {
  ApiError,
  type AwaitedDto,
  type Caller,
  type LedgerFundingDto,
  type ReversalDto,
  type TransferDto,
} from '@sluice/http-api';
import { Approvals, type Demand, PasskeyRule } from '@sluice/service-shell';
import { AdminCommands } from '../commands/admin-commands.js';
import type { LedgerEvent, MoneyBody } from '../wire/ledger-command.js';
import { OnePersonLimits } from './one-person-limits.js';

type MoneyWish<T extends MoneyBody['type'] = MoneyBody['type']> = Extract<
  MoneyBody,
  { type: T }
> & { readonly evidence: string };

const ACTIONS = {
  'ledger.fund-account.v1': 'fund account',
  'ledger.transfer-funds.v1': 'transfer funds',
  'ledger.reverse-entry.v1': 'reverse entry',
} as const satisfies Record<MoneyBody['type'], string>;

type MoneyEvent =
  'ledger.account-funded.v1' | 'ledger.funds-transferred.v1' | 'ledger.entry-reversed.v1';

interface Answers {
  'ledger.fund-account.v1': LedgerFundingDto;
  'ledger.transfer-funds.v1': TransferDto;
  'ledger.reverse-entry.v1': ReversalDto;
}

/**
 * Fundings, transfers and reversals need a person's order, and two people above a limit or for an
 * account younger than a day.
 */
@Injectable()
export class MoneyOrders {
  constructor(
    private readonly commands: AdminCommands,
    private readonly limits: OnePersonLimits,
    private readonly approvals: Approvals,
    private readonly passkeys: PasskeyRule,
  ) {
    for (const action of Object.values(ACTIONS))
      approvals.register(action, (_target, wish, caller) =>
        this.carryOut(wish as MoneyWish, caller, true),
      );
  }

  /** Returns the entry (the first entry for a repeated request), or the awaited approval. */
  place<T extends MoneyBody['type']>(
    wish: MoneyWish<T>,
    caller: Caller,
  ): Promise<Answers[T] | AwaitedDto> {
    return this.carryOut(wish, caller, false) as Promise<Answers[T] | AwaitedDto>;
  }

  /** A request awaiting approval always needs both people, even after a change of the limits. */
  private async carryOut(
    { evidence, ...body }: MoneyWish,
    caller: Caller,
    isApproval: boolean,
  ): Promise<Answers[MoneyBody['type']] | AwaitedDto> {
    if (caller.kind !== 'person') throw new ApiError(403, 'Money is moved by a person alone');
    const demand = demandOf({ evidence, ...body });
    const answer = await this.commands.applyWhenOrdered(body, async (tx, entry) => {
      const alone = { orderedBy: caller.name, approvedBy: null, evidence };
      const reason = isApproval ? null : await this.limits.reasonForTwo(tx, entry, caller.name);
      if (!isApproval && reason === null) {
        await this.passkeys.use(tx, caller);
        return { order: alone };
      }
      const awaited = await this.approvals.ask(tx, demand, caller);
      if (awaited) return { awaited: { ...awaited, ...reason } };
      const { requestedBy, approvedBy } = await this.approvals.approve(tx, demand, caller);
      return { order: { orderedBy: requestedBy, approvedBy, evidence } };
    });
    return 'awaited' in answer ? answer.awaited : answerTo(answer);
  }
}

/** Each reference of an account, or the lines of each entry to reverse, have one demand. */
function demandOf(wish: MoneyWish): Demand {
  const { data } = wish;
  const what =
    'reference' in data ? [data.reference] : [data.entryId, ...(data.lines ? [data.lines] : [])];
  const target = [data.accountId, ...what].join(' ');
  return { action: ACTIONS[wish.type], target, request: wish };
}

function answerTo(event: Extract<LedgerEvent, { type: MoneyEvent }>): Answers[MoneyBody['type']] {
  switch (event.type) {
    case 'ledger.account-funded.v1': {
      const { accountId: account_id, entryId: entry_id, asset, amount, reference } = event.data;
      return { account_id, asset, amount, reference, entry_id };
    }
    case 'ledger.funds-transferred.v1': {
      const { accountId: account_id, entryId: entry_id, ...rest } = event.data;
      return { account_id, ...rest, entry_id };
    }
    case 'ledger.entry-reversed.v1': {
      const { accountId: account_id, entryId: entry_id, reversedEntryId, ...rest } = event.data;
      return { account_id, entry_id, reverses: reversedEntryId, ...rest };
    }
  }
}
