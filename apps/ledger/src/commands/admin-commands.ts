import { Injectable } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import type { Refusal } from '@sluice/ledger-core';
import type { Body, ledgerCommands } from '@sluice/messages';
import { ApplyCommands } from './apply-commands.js';
import type { LedgerCommand, LedgerEvent } from './ledger-command.js';
import { TimeAndIds } from './time-and-ids.js';

/** The commands that the admin API offers, and the event that answers each. */
const EVENT_OF = {
  'ledger.open-account.v1': 'ledger.account-opened.v1',
  'ledger.freeze-account.v1': 'ledger.account-frozen.v1',
  'ledger.unfreeze-account.v1': 'ledger.account-unfrozen.v1',
  'ledger.fund-account.v1': 'ledger.account-funded.v1',
  'ledger.transfer-funds.v1': 'ledger.funds-transferred.v1',
  'ledger.reverse-entry.v1': 'ledger.entry-reversed.v1',
} as const satisfies Partial<Record<LedgerCommand['type'], LedgerEvent['type']>>;

type AdminCommand = Extract<
  Body<(typeof ledgerCommands)['types']>,
  { type: keyof typeof EVENT_OF }
>;
type EventFor<C extends AdminCommand> = Extract<
  LedgerEvent,
  { type: (typeof EVENT_OF)[C['type']] }
>;

const STATUS: Record<Refusal['kind'], { status: number; message: string }> = {
  account_id_reused: { status: 409, message: 'This account id was opened under another name' },
  reference_reused: {
    status: 409,
    message: 'This reference was used for another funding or transfer',
  },
  withdrawal_id_reused: { status: 409, message: 'This withdrawal id was used for another hold' },
  already_captured: { status: 409, message: 'The hold was captured' },
  already_released: { status: 409, message: 'The hold was released' },
  venue_fee_reused: { status: 409, message: 'Another venue fee was recorded for this withdrawal' },
  assigned_elsewhere: { status: 409, message: 'Another venue has the hold' },
  not_proven: {
    status: 422,
    message: 'The venue that has the hold has not proven that nothing moved',
  },
  already_expired: { status: 409, message: 'The hold has expired' },
  account_frozen: { status: 409, message: 'The account is frozen' },
  order_not_signed: { status: 422, message: 'The account takes orders that its customer signed' },
  freeze_not_found: { status: 404, message: 'Freeze not found' },
  entry_not_found: { status: 404, message: 'Entry not found' },
  entry_mismatch: { status: 422, message: 'The entry is of another account' },
  not_reversible: { status: 422, message: 'A reversal cannot be reversed' },
  not_transferable: { status: 422, message: 'No transfer is possible between these accounts' },
  not_expirable: {
    status: 422,
    message: 'The hold has no due time, or its submission has started',
  },
  not_due: { status: 422, message: 'The hold is not due yet' },
  account_not_found: { status: 404, message: 'Account not found' },
  hold_not_found: { status: 404, message: 'Hold not found' },
  hold_mismatch: { status: 422, message: 'The hold is of another account or asset' },
  hold_not_captured: { status: 422, message: 'The hold was not captured' },
  venue_mismatch: { status: 422, message: 'The hold was captured for another venue' },
  amount_not_positive: { status: 422, message: 'The amount must be more than zero' },
  insufficient_funds: { status: 422, message: 'Insufficient funds' },
  balance_too_large: { status: 422, message: 'The balance would be more than can be kept' },
  exceeds_hold: { status: 422, message: 'More than is held' },
};

/** Runs an operator's request as the command that Kafka would bring: there is one way to change the books. */
@Injectable()
export class AdminCommands {
  constructor(
    private readonly applyCommands: ApplyCommands,
    private readonly timeAndIds: TimeAndIds,
  ) {}

  /** Throws the status of the refusal when the ledger refuses. */
  async apply<C extends AdminCommand>(command: C): Promise<EventFor<C>> {
    const { type, data } = command;
    const id = this.timeAndIds.newId();
    const time = this.timeAndIds.now().toISOString();
    const [decision] = await this.applyCommands.apply([
      { id, source: 'ledger', subject: data.accountId, time, ...command },
    ]);
    if (!decision) throw new Error(`command ${id} was not decided`);
    if (decision.refusal) {
      const { status, message } = STATUS[decision.refusal.kind];
      throw new ApiError(status, message);
    }
    if (!answers(command, decision.event))
      throw new Error(`${decision.event.type} does not answer ${type}`);
    return decision.event;
  }
}

function answers<C extends AdminCommand>({ type }: C, event: LedgerEvent): event is EventFor<C> {
  return event.type === EVENT_OF[type];
}
