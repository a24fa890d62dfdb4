import { Injectable } from '@nestjs/common';
import { type UnitWorths, unreachable } from '@sluice/kernel';
import {
  bookedFee,
  type Book,
  captureHold,
  expireHold,
  freezeAccount,
  fundAccount,
  type Instant,
  openAccount,
  recordGas,
  recordGasTopUp,
  recordVenueFee,
  recordWalletFunding,
  returnPayment,
  reverseEntry,
  startSubmission,
  transferFunds,
  unfreezeAccount,
} from '@sluice/ledger-core';
import { InjectConfig } from '@sluice/service-shell';
import { Policies } from '../policy/policies.js';
import type { LedgerCommand, PlaceHoldCommand } from '../wire/ledger-command.js';
import * as wire from '../wire/wire.js';
import {
  decideApprovalEnd,
  decideAssignment,
  decideGrant,
  decideHold,
  decideRelease,
  instantOrNull,
  withAmount,
} from './decide-holds.js';
import { answer, type CommandDecision, type Deciding } from './decision.js';
import { HoldAuthority } from './hold-authority.js';

/** Value in EUR of the wallet's coins and tokens without a built-in ceiling. */
interface CeilingSettings {
  readonly unitWorths: UnitWorths;
}

@Injectable()
export class CommandRules {
  constructor(
    private readonly authority: HoldAuthority,
    readonly policies: Policies,
    @InjectConfig() private readonly config: CeilingSettings = { unitWorths: {} },
  ) {}

  /** True for a hold sent again that the ledger had allowed: its own receipt proves it. */
  wasAllowed({ data }: PlaceHoldCommand): boolean {
    const { withdrawalId, digest, venue, earlierReceipt } = data;
    if (digest === undefined || venue === undefined) return false;
    return this.authority.hasIssued({ withdrawalId, digest, venue }, earlierReceipt);
  }

  decide(
    book: Book,
    command: LedgerCommand,
    deciding: Omit<Deciding, 'authority' | 'worths'>,
  ): CommandDecision {
    const { unitWorths: worths } = this.config;
    return decide(book, command, { ...deciding, authority: this.authority, worths });
  }
}

/** Decides one command on the book and selects the event to publish. */
export function decide(book: Book, command: LedgerCommand, deciding: Deciding): CommandDecision {
  const { at, newId, authority, policy, cases, worths = {} } = deciding;
  switch (command.type) {
    case 'ledger.open-account.v1':
      return answer(command, openAccount(book, command.data, at), wire.accountOpened);
    case 'ledger.fund-account.v1':
      return answer(
        command,
        fundAccount(book, { ...withAmount(command.data), ...effective(command.data) }, at, newId),
        wire.accountFunded,
      );
    case 'ledger.freeze-account.v1':
      return answer(command, freezeAccount(book, command.data, at), wire.accountFrozen);
    case 'ledger.unfreeze-account.v1':
      return answer(command, unfreezeAccount(book, command.data, at), wire.accountUnfrozen);
    case 'ledger.transfer-funds.v1':
      return answer(
        command,
        transferFunds(book, withAmount(command.data), at, newId),
        wire.fundsTransferred,
      );
    case 'ledger.place-hold.v1':
      return decideHold(book, command, deciding);
    case 'ledger.assign-hold.v1':
      return decideAssignment(book, command, { at, authority, policy });
    case 'ledger.capture-hold.v1':
      return decideCapture(book, command, { at, newId, authority });
    case 'ledger.grant-hold.v1':
      return decideGrant(book, command, { at, authority, cases });
    case 'ledger.end-approval.v1':
      return decideApprovalEnd(book, command, { at, authority, cases });
    case 'ledger.start-submission.v1':
      return answer(command, startSubmission(book, command.data, at), wire.submissionStarted);
    case 'ledger.expire-hold.v1':
      return decideExpiry(book, command, at, authority);
    case 'ledger.reverse-entry.v1':
      return answer(
        command,
        reverseEntry(book, { ...command.data, lines: command.data.lines ?? null }, at, newId),
        wire.entryReversed,
      );
    case 'ledger.release-hold.v1':
      return decideRelease(book, command, { at, authority, cases });
    case 'ledger.record-venue-fee.v1':
      return answer(
        command,
        recordVenueFee(
          book,
          { ...withAmount(command.data), reference: command.data.reference ?? null },
          at,
          newId,
        ),
        wire.venueFeeRecorded,
      );
    case 'ledger.return-payment.v1':
      return decideReturn(book, command, { at, newId, authority });
    case 'ledger.record-gas.v1':
    case 'ledger.record-gas-top-up.v1':
    case 'ledger.record-wallet-funding.v1':
      return decideOfWallet(book, command, { at, newId, worths });
    default:
      return unreachable(command);
  }
}

function effective({ effectiveAt }: { effectiveAt?: string | null }): {
  effectiveAt: Instant | null;
} {
  return { effectiveAt: instantOrNull(effectiveAt) };
}

function decideCapture(
  book: Book,
  command: Extract<LedgerCommand, { type: 'ledger.capture-hold.v1' }>,
  { at, newId, authority }: Pick<Deciding, 'at' | 'newId' | 'authority'>,
): CommandDecision {
  const { data } = command;
  const hold = book.hold(data.withdrawalId);
  const asked = hold?.policy.approval ?? null; // most holds need no MAC here
  const isAwaiting = asked !== null && hold !== undefined && authority.isAwaiting(hold);
  const capture = {
    isAwaiting,
    ...withAmount(data),
    ...effective(data),
    fee: wire.amountOf(data.fee, data.asset),
    venueFee: data.venueFee === undefined ? null : wire.amountOf(data.venueFee, data.asset),
  };
  return answer(command, captureHold(book, capture, at, newId), (hold) =>
    wire.holdCaptured(hold, bookedFee(book, capture)),
  );
}

/** Only the venue that made the payment can prove its return. */
function decideReturn(
  book: Book,
  command: Extract<LedgerCommand, { type: 'ledger.return-payment.v1' }>,
  { at, newId, authority }: Pick<Deciding, 'at' | 'newId' | 'authority'>,
): CommandDecision {
  const { withdrawalId, proof } = command.data;
  const returned = withAmount(command.data);
  const hold = book.hold(withdrawalId);
  const isProven = authority.provesReturn(hold, returned.amount, proof);
  return answer(command, returnPayment(book, { ...returned, isProven }, at, newId), (one) =>
    wire.paymentReturned(one, hold?.digest ?? null),
  );
}

function decideExpiry(
  book: Book,
  command: Extract<LedgerCommand, { type: 'ledger.expire-hold.v1' }>,
  at: Instant,
  authority: HoldAuthority,
): CommandDecision {
  const hold = book.hold(command.data.withdrawalId);
  const isExpirable = hold === undefined || authority.mayExpire(hold);
  return answer(command, expireHold(book, { ...command.data, isExpirable }, at), wire.holdExpired);
}

/** Books gas, top-ups and fundings of our own wallet, all between accounts of the firm. */
function decideOfWallet(
  book: Book,
  command: Extract<
    LedgerCommand,
    {
      type:
        'ledger.record-gas.v1' | 'ledger.record-gas-top-up.v1' | 'ledger.record-wallet-funding.v1';
    }
  >,
  { at, newId, worths }: Required<Pick<Deciding, 'at' | 'newId' | 'worths'>>,
): CommandDecision {
  if (command.type === 'ledger.record-gas.v1') {
    const gas = { ...withAmount(command.data), ...effective(command.data) };
    return answer(command, recordGas(book, gas, at, newId, worths), wire.gasRecorded);
  }
  if (command.type === 'ledger.record-wallet-funding.v1') {
    const funding = { ...withAmount(command.data), ...effective(command.data) };
    const funded = recordWalletFunding(book, funding, at, newId, worths);
    return answer(command, funded, wire.walletFunded);
  }
  const topUp = { ...withAmount(command.data), ...effective(command.data) };
  return answer(command, recordGasTopUp(book, topUp, at, newId, worths), wire.gasTopUpRecorded);
}
