import {
  assignHold,
  captureWithVenueFee,
  expireHold,
  freezeAccount,
  fundAccount,
  openAccount,
  placeHold,
  recordGas,
  recordGasTopUp,
  recordVenueFee,
  recordWalletFunding,
  releaseHold,
  reverseEntry,
  startSubmission,
  transferFunds,
  unfreezeAccount,
  type Book,
  type Instant,
  type LedgerRefusal,
} from '@sluice/ledger-core';
import { type Result, type UnitWorths, unreachable } from '@sluice/kernel';
import type { SignedOrders } from '../signers/signed-orders.js';
import type { HoldAuthority, ReceiptTime } from './hold-authority.js';
import type { LedgerCommand, LedgerEvent } from '../wire/ledger-command.js';
import * as wire from '../wire/wire.js';

/** Result of a command: the event to publish, and the refusal if the command was refused. */
export interface CommandDecision {
  readonly command: LedgerCommand;
  readonly event: LedgerEvent;
  readonly refusal: LedgerRefusal | null;
}

/** Inputs of a decision besides the book. */
export interface Deciding {
  readonly at: Instant;
  readonly newId: () => string;
  readonly authority: HoldAuthority;
  readonly orders: SignedOrders;
  /** Unit values of currencies without a built-in ceiling (default: none). */
  readonly worths?: UnitWorths;
}

/**
 * Decides one command on the book and selects the event to publish. Returns refusals in the result
 * instead of throwing.
 */
export function decide(
  book: Book,
  command: LedgerCommand,
  { at, newId, authority, orders, worths = {} }: Deciding,
): CommandDecision {
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
      return decideHold(book, command, { at, authority, orders });
    case 'ledger.assign-hold.v1':
      return decideAssignment(book, command, at, authority);
    case 'ledger.capture-hold.v1':
      return decideCapture(book, command, at, newId);
    case 'ledger.start-submission.v1':
      return answer(command, startSubmission(book, command.data, at), wire.submissionStarted);
    case 'ledger.expire-hold.v1':
      return decideExpiry(book, command, at, authority);
    case 'ledger.reverse-entry.v1':
      return answer(command, reverseEntry(book, command.data, at, newId), wire.entryReversed);
    case 'ledger.release-hold.v1':
      return decideRelease(book, command, at, authority);
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
    case 'ledger.record-gas.v1':
    case 'ledger.record-gas-top-up.v1':
    case 'ledger.record-wallet-funding.v1':
      return decideOfWallet(book, command, { at, newId, worths });
    default:
      return unreachable(command);
  }
}

function withAmount<T extends { asset: string; amount: string }>(data: T) {
  return { ...data, amount: wire.amountOf(data.amount, data.asset) };
}

function effective({ effectiveAt }: { effectiveAt?: string | null }): {
  effectiveAt: Instant | null;
} {
  return { effectiveAt: instantOrNull(effectiveAt) };
}

/** Normalizes a time: the wire allows several spellings, but the core compares times as text. */
function instantOrNull(time: string | null | undefined): Instant | null {
  return time ? new Date(time).toISOString() : null;
}

/**
 * `hold-refused` means: no money will ever be held for the withdrawal. After a reused id this may
 * be false, because the first hold may still be placed. The event is `command-refused` in this
 * case, for review by a person.
 */
function decideHold(
  book: Book,
  command: Extract<LedgerCommand, { type: 'ledger.place-hold.v1' }>,
  { at, authority, orders }: Omit<Deciding, 'newId'>,
): CommandDecision {
  const isNew = book.hold(command.data.withdrawalId) === undefined;
  const result = placeHold(
    book,
    {
      ...withAmount(command.data),
      expiresAt: instantOrNull(command.data.expiresAt),
      digest: command.data.digest ?? null,
      reference: command.data.reference,
      isUnsigned: isNew && !orders.isSigned(command, at),
      ...(isNew && { lock: lockFor(command, authority) }),
    },
    at,
  );
  const isHeldBefore = !result.ok && result.refusal.kind === 'held_before';
  if (isNew && !isHeldBefore) orders.take(command, result.ok);
  if (result.ok || result.refusal.kind === 'withdrawal_id_reused')
    return answer(command, result, (hold) => {
      const mayHaveReceipts = isNew || authority.isOurs(hold);
      const time = timeOf(command, at);
      const receipts = mayHaveReceipts ? authority.receiptsOf(hold, time) : null;
      return wire.holdPlaced(hold, receipts, orders.requestOf(command));
    });
  return { command, event: wire.holdRefused(command, result.refusal), refusal: result.refusal };
}

function lockFor(
  { data }: Extract<LedgerCommand, { type: 'ledger.place-hold.v1' }>,
  authority: HoldAuthority,
): string {
  return authority.lockOf(data.withdrawalId, Boolean(data.expiresAt));
}

function decideCapture(
  book: Book,
  command: Extract<LedgerCommand, { type: 'ledger.capture-hold.v1' }>,
  at: Instant,
  newId: () => string,
): CommandDecision {
  const { data } = command;
  const capture = {
    ...withAmount(data),
    ...effective(data),
    fee: wire.amountOf(data.fee, data.asset),
    venueFee: data.venueFee === undefined ? null : wire.amountOf(data.venueFee, data.asset),
  };
  return answer(command, captureWithVenueFee(book, capture, at, newId), ({ hold, venueFee }) =>
    wire.holdCaptured(hold, venueFee),
  );
}

function decideAssignment(
  book: Book,
  command: Extract<LedgerCommand, { type: 'ledger.assign-hold.v1' }>,
  at: Instant,
  authority: HoldAuthority,
): CommandDecision {
  const { withdrawalId, from, proof } = command.data;
  const isProven = authority.provesNothingMoved(book.hold(withdrawalId), from, proof);
  return answer(command, assignHold(book, { ...command.data, isProven }), (hold) =>
    wire.holdAssigned(hold, authority.receiptsOf(hold, timeOf(command, at))),
  );
}

function timeOf(
  { data }: { readonly data: { readonly submitWithinMs?: number | null } },
  at: Instant,
): ReceiptTime {
  return { at, withinMs: data.submitWithinMs ?? null };
}

/**
 * Only the venue now assigned to the hold can prove a release; proofs of earlier venues do not
 * count.
 */
function decideRelease(
  book: Book,
  command: Extract<LedgerCommand, { type: 'ledger.release-hold.v1' }>,
  at: Instant,
  authority: HoldAuthority,
): CommandDecision {
  const { withdrawalId, proof } = command.data;
  const hold = book.hold(withdrawalId);
  const isProven = authority.provesNothingMoved(hold, hold?.assignedTo, proof);
  const release = { ...command.data, proof: isProven ? proof : undefined, isProven };
  return answer(command, releaseHold(book, release, at), wire.holdReleased);
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

function answer<T>(
  command: LedgerCommand,
  result: Result<T, LedgerRefusal>,
  toEvent: (value: T) => LedgerEvent,
): CommandDecision {
  if (result.ok) return { command, event: toEvent(result.value), refusal: null };
  return {
    command,
    event: wire.commandRefused(command, result.refusal.kind),
    refusal: result.refusal,
  };
}
