import type { Amount, Asset } from '@sluice/kernel';
import {
  type AccountId,
  chartFault,
  customerOf,
  type EntryKind,
  type Instant,
  type LedgerAccount,
  type WalletPurpose,
  type WithdrawalId,
} from './account.js';
import type { CapturedHold } from './hold.js';

/** Signed line of a journal entry; credits are positive. */
export interface Posting {
  readonly account: LedgerAccount;
  readonly amount: Amount;
}

/** Postings that sum to zero per asset, with the business fact they record. Never changed; a correction is another entry. */
export interface JournalEntry {
  readonly id: string;
  readonly kind: EntryKind;
  /** Account concerned by the entry, even if only shared accounts have postings. */
  readonly accountId: AccountId;
  readonly withdrawalId: WithdrawalId | null;
  readonly reference: string | null;
  readonly reverses: string | null;
  readonly reason: string | null;
  /** For balances by effective time; new holds use only `recordedAt`. */
  readonly effectiveAt: Instant;
  readonly recordedAt: Instant;
  readonly postings: readonly Posting[];
}

type EntryParts = Pick<JournalEntry, 'id' | 'accountId' | 'recordedAt' | 'postings'> & {
  readonly [K in 'withdrawalId' | 'reference' | 'reverses' | 'reason' | 'effectiveAt']?:
    string | null;
};

/** Creates an entry with null for omitted fields. Default of `effectiveAt`: the recording time. */
export function newEntry(kind: EntryKind, parts: EntryParts): JournalEntry {
  const {
    withdrawalId = null,
    reference = null,
    reverses = null,
    reason = null,
    effectiveAt,
    ...rest
  } = parts;
  return {
    ...rest,
    kind,
    withdrawalId,
    reference,
    reverses,
    reason,
    effectiveAt: effectiveAt ?? parts.recordedAt,
  };
}

export interface Funding {
  readonly accountId: AccountId;
  readonly reference: string;
  readonly amount: Amount;
  readonly entryId: string;
}

/** `venue_fee`: the lines of the venue's fee in a capture. Null: all other lines of an entry. */
export type ReversedLines = 'venue_fee' | null;

/** The lines that a reversal takes back, possibly none. No line is in both sets. */
export function linesOf(
  { kind, postings }: JournalEntry,
  lines: ReversedLines,
): readonly Posting[] {
  const fee = postings.findIndex(({ account }) => account.startsWith('venue-fee:'));
  const end = kind === 'capture' && fee > 0 ? fee - 1 : postings.length;
  return lines === null ? postings.slice(0, end) : postings.slice(end);
}

/** The venue's fee: of its own entry, or in the lines of the capture. */
export interface VenueFee {
  readonly withdrawalId: WithdrawalId;
  /** Distinguishes a correction from the corrected fee; null if the command had no reference. */
  readonly reference: string | null;
  readonly accountId: AccountId;
  readonly venue: string;
  readonly amount: Amount;
  readonly entryId: string;
}

/** The first fee of a captured hold, which has no key of its own; null if the capture named none. */
export function feeOfCapture(hold: CapturedHold): VenueFee | null {
  const { withdrawalId, accountId, venue, venueFee: amount, entryId } = hold;
  return amount && { withdrawalId, reference: null, accountId, venue, amount, entryId };
}

export interface PaymentReturn {
  readonly withdrawalId: WithdrawalId;
  readonly accountId: AccountId;
  readonly venue: string;
  readonly amount: Amount;
  readonly entryId: string;
}

/** `from` was debited, `to` credited. */
export interface Transfer {
  readonly accountId: AccountId;
  readonly reference: string;
  readonly from: string;
  readonly to: string;
  readonly amount: Amount;
  readonly entryId: string;
}

export interface Gas {
  readonly reference: string;
  readonly wallet: WalletPurpose;
  readonly amount: Amount;
  readonly entryId: string;
}

/** Top-up from a gas tank to the hot wallet of the same network. */
export interface GasTopUp {
  readonly reference: string;
  readonly amount: Amount;
  readonly entryId: string;
}

export interface WalletFunding {
  /** Address, asset and running number of the arrival. */
  readonly reference: string;
  readonly wallet: WalletPurpose;
  readonly amount: Amount;
  readonly entryId: string;
}

export interface Reversal {
  readonly accountId: AccountId;
  readonly reverses: string;
  readonly lines: ReversedLines;
  readonly reason: string;
  readonly entryId: string;
}

/** Throws when an entry does not balance, has an empty or single line, touches two customers, or breaks the chart: each is a fault of ours. */
export function assertEntry(entry: JournalEntry): void {
  if (entry.postings.length < 2) throw new Error(`entry ${entry.id} has fewer than two postings`);
  const sums = new Map<Asset, Amount>();
  for (const { account, amount } of entry.postings) {
    if ((customerOf(account) ?? entry.accountId) !== entry.accountId)
      throw new Error(`entry ${entry.id} posts to another customer, ${account}`);
    if (amount.isZero()) throw new Error(`entry ${entry.id} posts nothing to ${account}`);
    const fault = chartFault(entry.kind, account, amount.isNegative() ? 'debit' : 'credit');
    if (fault) throw new Error(`entry ${entry.id}: ${fault}`);
    sums.set(amount.asset, sums.get(amount.asset)?.plus(amount) ?? amount);
  }
  for (const [asset, sum] of sums)
    if (!sum.isZero()) throw new Error(`entry ${entry.id} is off by ${sum.toString()} ${asset}`);
}
