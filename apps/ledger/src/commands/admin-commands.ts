import { Injectable } from '@nestjs/common';
import { ApiError } from '@sluice/http-api';
import type { LedgerRefusal } from '@sluice/ledger-core';
import type { Envelope } from '@sluice/messages';
import { ApplyCommands, type OrderOf } from './apply-commands.js';
import { type CommandDecision, TimeAndIds } from './decision.js';
import type {
  CommandBody,
  LedgerEvent,
  MoneyBody,
  OrderedCommand,
} from '../wire/ledger-command.js';

const EVENT_OF = {
  'ledger.open-account.v1': 'ledger.account-opened.v1',
  'ledger.freeze-account.v1': 'ledger.account-frozen.v1',
  'ledger.unfreeze-account.v1': 'ledger.account-unfrozen.v1',
  'ledger.fund-account.v1': 'ledger.account-funded.v1',
  'ledger.transfer-funds.v1': 'ledger.funds-transferred.v1',
  'ledger.reverse-entry.v1': 'ledger.entry-reversed.v1',
} as const satisfies Partial<Record<CommandBody['type'], LedgerEvent['type']>>;

type AdminBody = Extract<CommandBody, { type: keyof typeof EVENT_OF }>;
/** Commands booked without an order, because they move no money. */
type PlainBody = Exclude<AdminBody, MoneyBody>;
type EventFor<C extends AdminBody> = Extract<LedgerEvent, { type: (typeof EVENT_OF)[C['type']] }>;

const STATUS: Record<LedgerRefusal['kind'], { status: number; message: string }> = {
  account_id_reused: { status: 409, message: 'This account id was opened under another name' },
  reference_reused: {
    status: 409,
    message: 'This reference was used for another funding or transfer',
  },
  withdrawal_id_reused: { status: 409, message: 'This withdrawal id was used for another hold' },
  held_before: {
    status: 409,
    message: 'The account has a hold for this reference under another withdrawal',
  },
  already_captured: { status: 409, message: 'The hold was captured' },
  already_released: { status: 409, message: 'The hold was released' },
  already_returned: { status: 409, message: 'Another amount of the payment was returned' },
  not_returnable: { status: 422, message: 'A payment of our own wallet does not come back' },
  exceeds_payment: { status: 422, message: 'More than was paid' },
  capture_reversed: { status: 409, message: 'The payment was reversed before its return' },
  venue_fee_reused: { status: 409, message: 'Another venue fee was recorded for this withdrawal' },
  assigned_elsewhere: { status: 409, message: 'Another venue has the hold' },
  not_approved: { status: 409, message: 'People have not approved the payment' },
  not_proven: {
    status: 422,
    message: 'The venue that has the hold has not proven that nothing moved',
  },
  already_expired: { status: 409, message: 'The hold has expired' },
  account_frozen: { status: 409, message: 'The account is frozen' },
  order_not_signed: { status: 422, message: 'The account takes orders that its customer signed' },
  policy_denied: { status: 422, message: 'The spending policy refuses the hold' },
  limit_exceeded: { status: 422, message: 'A limit of the spending policy refuses the hold' },
  freeze_not_found: { status: 404, message: 'Freeze not found' },
  entry_not_found: { status: 404, message: 'Entry not found' },
  entry_mismatch: { status: 422, message: 'The entry is of another account' },
  not_reversible: {
    status: 422,
    message:
      'A reversal, the capture of a returned payment, or lines that the entry lacks cannot be reversed',
  },
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
  not_native: { status: 422, message: 'The asset is no coin in which this network takes gas' },
  network_mismatch: { status: 422, message: 'The asset is of another network' },
  above_ceiling: { status: 422, message: 'No transaction of our own wallet moves as much' },
  exceeds_hold: { status: 422, message: 'More than is held' },
};

@Injectable()
export class AdminCommands {
  constructor(
    private readonly applyCommands: ApplyCommands,
    private readonly timeAndIds: TimeAndIds,
  ) {}

  /** Throws the status of the refusal when the ledger refuses. */
  async apply<C extends PlainBody>(body: C): Promise<EventFor<C>> {
    const command: OrderedCommand = { ...this.envelopeOf(body), ...body };
    const [decision] = await this.applyCommands.apply([command]);
    if (!decision) throw new Error(`command ${command.id} was not decided`);
    return eventOf(body, decision);
  }

  /** Like `apply`, for commands with money movement: the entry needs an order. */
  async applyWhenOrdered<C extends MoneyBody, Awaited>(
    body: C,
    orderOf: OrderOf<Awaited>,
  ): Promise<EventFor<C> | { readonly awaited: Awaited }> {
    const command = { ...this.envelopeOf(body), ...body };
    const decided = await this.applyCommands.applyWhenOrdered(command, orderOf);
    return 'awaited' in decided ? decided : eventOf(body, decided);
  }

  private envelopeOf({ data }: AdminBody): Envelope {
    const [id, time] = [this.timeAndIds.newId(), this.timeAndIds.now().toISOString()];
    return { id, source: 'ledger', subject: data.accountId, time };
  }
}

function eventOf<C extends AdminBody>(body: C, { event, refusal }: CommandDecision): EventFor<C> {
  if (refusal) {
    const { status, message } = STATUS[refusal.kind];
    throw new ApiError(status, message);
  }
  if (!answers(body, event)) throw new Error(`${event.type} does not answer ${body.type}`);
  return event;
}

function answers<C extends AdminBody>({ type }: C, event: LedgerEvent): event is EventFor<C> {
  return event.type === EVENT_OF[type];
}
