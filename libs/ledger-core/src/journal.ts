import type { Amount, Asset } from '@sluice/money';
import {
  chartFault,
  customerOf,
  type EntryKind,
  type LedgerAccount,
  type WalletPurpose,
} from './chart-of-accounts.js';
import type { AccountId, Instant, WithdrawalId } from './identifiers.js';

/** One signed line; credits are positive. */
export interface Posting {
  readonly account: LedgerAccount;
  readonly amount: Amount;
}

/** Postings that sum to zero per asset, with the business fact they record. Never changed; a correction is another entry. */
export interface JournalEntry {
  readonly id: string;
  readonly kind: EntryKind;
  /** Whose business it is, also where only shared accounts are posted to. */
  readonly accountId: AccountId;
  readonly withdrawalId: WithdrawalId | null;
  readonly reference: string | null;
  /** The entry that this one takes back. */
  readonly reverses: string | null;
  readonly reason: string | null;
  /** When it counts for a balance by effective time; what is promised goes by `recordedAt` alone. */
  readonly effectiveAt: Instant;
  readonly recordedAt: Instant;
  readonly postings: readonly Posting[];
}

type EntryParts = Pick<JournalEntry, 'id' | 'accountId' | 'recordedAt' | 'postings'> & {
  readonly [K in 'withdrawalId' | 'reference' | 'reverses' | 'reason' | 'effectiveAt']?:
    string | null;
};

/** An entry with null for what it has not; it counts from when it is recorded unless `effectiveAt` is given. */
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

/** A funding as its entry recorded it. */
export interface Funding {
  readonly accountId: AccountId;
  readonly reference: string;
  readonly amount: Amount;
  readonly entryId: string;
}

/** A venue's fee as its entry recorded it. */
export interface VenueFee {
  readonly withdrawalId: WithdrawalId;
  /** Distinguishes a correction from the fee that it corrects; null where the command had none. */
  readonly reference: string | null;
  readonly accountId: AccountId;
  readonly venue: string;
  readonly amount: Amount;
  readonly entryId: string;
}

/** A movement between own accounts as its entry recorded it: `from` was debited, `to` credited. */
export interface Transfer {
  readonly accountId: AccountId;
  readonly reference: string;
  readonly from: string;
  readonly to: string;
  readonly amount: Amount;
  readonly entryId: string;
}

/** What a transaction of our own wallet cost, as its entry recorded it. */
export interface Gas {
  /** The hash of the transaction. */
  readonly reference: string;
  readonly wallet: WalletPurpose;
  readonly amount: Amount;
  readonly entryId: string;
}

/** What a gas tank sent to the hot wallet of its network, as its entry recorded it. */
export interface GasTopUp {
  readonly reference: string;
  readonly amount: Amount;
  readonly entryId: string;
}

/** Coins that came to our own wallet, as their entry recorded them. */
export interface WalletFunding {
  /** Address, asset and the number of what came there. */
  readonly reference: string;
  readonly wallet: WalletPurpose;
  readonly amount: Amount;
  readonly entryId: string;
}

/** A correction as its entry recorded it. */
export interface Reversal {
  readonly accountId: AccountId;
  /** The entry that was taken back. */
  readonly reverses: string;
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
