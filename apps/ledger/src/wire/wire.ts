import { Amount, type Asset, isAsset, networkOf } from '@sluice/kernel';
import type {
  Account,
  CapturedHold,
  ExpiredHold,
  Freeze,
  Funding,
  Gas,
  GasTopUp,
  HeldBefore,
  Hold,
  HoldRefusal,
  PaymentReturn,
  ReleasedHold,
  Reversal,
  Transfer,
  VenueFee,
  WalletFunding,
} from '@sluice/ledger-core';
import { HOUSE_ACCOUNT } from '@sluice/messages';
import type { LedgerCommand, LedgerEvent, RequestBehind } from './ledger-command.js';

/** Parses an amount in the unit of the asset. Throws on text outside the message schema. */
export function amountOf(amount: string, asset: string): Amount {
  return Amount.of(amount, assetFrom(asset));
}

export function assetFrom(text: string): Asset {
  if (!isAsset(text)) throw new Error(`not an asset: ${text}`);
  return text;
}

export function accountOpened(account: Account): LedgerEvent {
  return { type: 'ledger.account-opened.v1', data: { accountId: account.id, name: account.name } };
}

export function accountFunded({ accountId, amount, reference, entryId }: Funding): LedgerEvent {
  return {
    type: 'ledger.account-funded.v1',
    data: { accountId, asset: amount.asset, amount: amount.toString(), reference, entryId },
  };
}

export function accountFrozen({ accountId, freezeId }: Freeze): LedgerEvent {
  return { type: 'ledger.account-frozen.v1', data: { accountId, freezeId } };
}

export function accountUnfrozen({ accountId, freezeId }: Freeze): LedgerEvent {
  return { type: 'ledger.account-unfrozen.v1', data: { accountId, freezeId } };
}

export function fundsTransferred({
  accountId,
  from,
  to,
  amount,
  reference,
  entryId,
}: Transfer): LedgerEvent {
  const data = {
    accountId,
    from,
    to,
    asset: amount.asset,
    amount: amount.toString(),
    reference,
    entryId,
  };
  return { type: 'ledger.funds-transferred.v1', data };
}

export function entryReversed({
  accountId,
  reverses,
  lines,
  entryId,
  reason,
}: Reversal): LedgerEvent {
  const data = { accountId, reversedEntryId: reverses, entryId, reason };
  return {
    type: 'ledger.entry-reversed.v1',
    data: lines === null ? data : { ...data, lines },
  };
}

export function submissionStarted({ withdrawalId, accountId, digest }: Hold): LedgerEvent {
  return {
    type: 'ledger.submission-started.v1',
    data: { withdrawalId, accountId, ...ofOrder(digest) },
  };
}

/** Events about a hold with an order carry the order's digest. */
function ofOrder(digest: string | null): { digest?: string } {
  return digest === null ? {} : { digest };
}

export function holdExpired(hold: ExpiredHold): LedgerEvent {
  return { type: 'ledger.hold-expired.v1', data: ofHold(hold) };
}

export function holdPlaced(
  hold: Hold,
  receipts: Receipts | null,
  request: RequestBehind,
): LedgerEvent {
  return { type: 'ledger.hold-placed.v1', data: { ...ofHold(hold), ...receipts, ...request } };
}

/** Throws if no venue may pay the hold: the assigning command has not been decided. */
export function holdAssigned(hold: Hold, receipts: Receipts | null): LedgerEvent {
  if (receipts === null) throw new Error(`hold ${hold.withdrawalId} is assigned to no venue`);
  return { type: 'ledger.hold-assigned.v1', data: { ...ofHold(hold), ...receipts } };
}

/** Event for a hold that waits for people. Throws for a hold without an approval. */
export function approvalAsked(hold: Hold): LedgerEvent {
  const approval = hold.policy.approval;
  if (!approval || hold.assignedTo === null)
    throw new Error(`hold ${hold.withdrawalId} waits for no approval`);
  const { digest: approvalDigest, expiresAt, quorums } = approval;
  const groups = quorums.map(({ group, need }) => `${group} ${need}`).join(', ');
  const data = { ...ofHold(hold), venue: hold.assignedTo, groups, approvalDigest, expiresAt };
  return { type: 'ledger.approval-asked.v1', data };
}

export function approvalEnded(hold: ReleasedHold): LedgerEvent {
  return { type: 'ledger.approval-ended.v1', data: { ...ofHold(hold), reason: hold.reason } };
}

/** Event for a hold that ended because a rule of the policy refused its next venue. */
export function venueRefused(hold: ReleasedHold): LedgerEvent {
  return { type: 'ledger.hold-released.v1', data: { ...ofHold(hold), reason: hold.reason } };
}

function ofHold({ withdrawalId, accountId, amount, digest }: Hold) {
  const { asset } = amount;
  return { withdrawalId, accountId, asset, amount: amount.toString(), ...ofOrder(digest) };
}

export function holdRefused(
  command: Extract<LedgerCommand, { type: 'ledger.place-hold.v1' }>,
  refusal: HoldRefusal | HeldBefore,
): LedgerEvent {
  const { withdrawalId, accountId, asset, amount, digest = null } = command.data;
  const available = refusal.kind === 'insufficient_funds' ? refusal.available.toString() : null;
  return {
    type: 'ledger.hold-refused.v1',
    data: {
      withdrawalId,
      accountId,
      asset,
      amount,
      reason: refusal.kind,
      available,
      ...ofOrder(digest),
      ...policyDetail(refusal),
      ...(refusal.kind === 'held_before' && heldBefore(refusal.first)),
    },
  };
}

function policyDetail(refusal: HoldRefusal | HeldBefore) {
  if (refusal.kind === 'policy_denied') return { rule: refusal.rule };
  if (refusal.kind !== 'limit_exceeded') return {};
  const { rule, remaining, unit, freesAt } = refusal;
  return { rule, remaining, unit, freesAt };
}

function heldBefore({ withdrawalId, assignedTo, digest }: Hold) {
  return {
    heldAs: withdrawalId,
    ...(assignedTo !== null && { heldBy: assignedTo }),
    ...(digest !== null && { heldDigest: digest }),
  };
}

/** Event for a captured hold, with the venue's fee if the fee of the command is booked. */
export function holdCaptured(
  { withdrawalId, accountId, captured, fee, entryId, digest }: CapturedHold,
  venueFee: VenueFee | null,
): LedgerEvent {
  const data = {
    withdrawalId,
    accountId,
    asset: captured.asset,
    amount: captured.toString(),
    fee: fee.toString(),
    entryId,
    ...ofOrder(digest),
    ...(venueFee !== null && {
      venueFee: venueFee.amount.toString(),
      venueFeeEntryId: venueFee.entryId,
    }),
  };
  return { type: 'ledger.hold-captured.v1', data };
}

export function holdReleased(hold: ReleasedHold): LedgerEvent {
  return { type: 'ledger.hold-released.v1', data: ofHold(hold) };
}

export function venueFeeRecorded({
  withdrawalId,
  reference,
  accountId,
  venue,
  amount,
  entryId,
}: VenueFee): LedgerEvent {
  const data = {
    withdrawalId,
    accountId,
    venue,
    asset: amount.asset,
    amount: amount.toString(),
    entryId,
  };
  return {
    type: 'ledger.venue-fee-recorded.v1',
    data: reference === null ? data : { ...data, reference },
  };
}

export function paymentReturned(
  { withdrawalId, accountId, venue, amount, entryId }: PaymentReturn,
  digest: string | null,
): LedgerEvent {
  const { asset } = amount;
  return {
    type: 'ledger.payment-returned.v1',
    data: {
      withdrawalId,
      accountId,
      venue,
      asset,
      amount: amount.toString(),
      entryId,
      ...ofOrder(digest),
    },
  };
}

export function gasRecorded({ reference, amount, entryId }: Gas): LedgerEvent {
  return { type: 'ledger.gas-recorded.v1', data: { ...ofGas(amount), reference, entryId } };
}

export function gasTopUpRecorded({ reference, amount, entryId }: GasTopUp): LedgerEvent {
  return { type: 'ledger.gas-top-up-recorded.v1', data: { ...ofGas(amount), reference, entryId } };
}

export function walletFunded({ reference, amount, entryId }: WalletFunding): LedgerEvent {
  return { type: 'ledger.wallet-funded.v1', data: { ...ofGas(amount), reference, entryId } };
}

function ofGas(amount: Amount) {
  const { asset } = amount;
  return { accountId: HOUSE_ACCOUNT, network: networkOf(asset), asset, amount: amount.toString() };
}

export function commandRefused(command: LedgerCommand, reason: string): LedgerEvent {
  const withdrawalId = 'withdrawalId' in command.data ? command.data.withdrawalId : undefined;
  return {
    type: 'ledger.command-refused.v1',
    data: {
      accountId: command.data.accountId,
      command: command.type,
      commandId: command.id,
      ...(withdrawalId !== undefined && { withdrawalId }),
      reason,
    },
  };
}

export interface Receipts {
  readonly venue: string;
  readonly timedReceipt: string;
  /** Receipt for the signer, passed on by the connector; only if the venue is our own wallet. */
  readonly signerReceipt?: string;
}
