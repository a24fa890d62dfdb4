import { customerOf } from '@sluice/ledger-core';
import type { LedgerCommand } from '../wire/ledger-command.js';

interface Reference {
  readonly accountId: string;
  readonly asset: string;
  readonly reference: string;
}

/** Keys of every row possibly touched by a batch. */
export interface TouchedKeys {
  readonly accounts: readonly string[];
  /** Account and asset, each pair once. */
  readonly balances: readonly { readonly accountId: string; readonly asset: string }[];
  readonly holds: readonly string[];
  /** Pairs of account and client reference of the holds to place. */
  readonly references: readonly { readonly accountId: string; readonly reference: string }[];
  /**
   * Withdrawals with the balance named only by the hold, because the command does not name the
   * asset.
   */
  readonly byHold: readonly string[];
  readonly opened: readonly string[];
  /** Accounts with all balances locked: no hold may be placed on them meanwhile. */
  readonly frozen: readonly string[];
  /** Customers' balances possibly created by this batch. */
  readonly credited: readonly Pick<Reference, 'accountId' | 'asset'>[];
  readonly fundings: readonly Reference[];
  readonly transfers: readonly Reference[];
  readonly feesOf: readonly string[];
  /** Withdrawals with a payment that comes back. */
  readonly returnsOf: readonly string[];
  /** References of gas and of top-ups, used by the firm alone. */
  readonly gas: readonly string[];
  readonly topUps: readonly string[];
  /** References of fundings of our own wallet. */
  readonly walletFundings: readonly string[];
  /** Entries to reverse; their postings name the balances touched. */
  readonly reversed: readonly string[];
}

/** Commands about a hold, without an asset. */
const BY_HOLD: ReadonlySet<string> = new Set([
  'ledger.assign-hold.v1',
  'ledger.grant-hold.v1',
  'ledger.end-approval.v1',
  'ledger.start-submission.v1',
  'ledger.release-hold.v1',
  'ledger.expire-hold.v1',
  'ledger.record-venue-fee.v1',
]);

export function touchedKeys(commands: readonly LedgerCommand[]): TouchedKeys {
  const accounts = new Set<string>();
  const holds = new Set<string>();
  const balances = new Map<string, { readonly accountId: string; readonly asset: string }>();
  const references: { accountId: string; reference: string }[] = [];
  const others: LedgerCommand[] = [];
  for (const command of commands) {
    const { type, data } = command;
    accounts.add(data.accountId);
    if ('withdrawalId' in data && type !== 'ledger.record-gas.v1') holds.add(data.withdrawalId);
    if ('asset' in data) balances.set(`${data.accountId} ${data.asset}`, data);
    if (type === 'ledger.place-hold.v1' && data.reference !== undefined)
      references.push({ accountId: data.accountId, reference: data.reference });
    const isPlain = type === 'ledger.capture-hold.v1' && data.venueFee === undefined;
    if (type !== 'ledger.place-hold.v1' && !isPlain) others.push(command);
  }
  return {
    accounts: [...accounts],
    balances: [...balances.values()],
    holds: [...holds],
    references,
    ...touchedByOthers(others),
  };
}

/** Returns the keys touched by commands other than place-hold and capture-hold without a fee. */
function touchedByOthers(
  commands: readonly LedgerCommand[],
): Omit<TouchedKeys, 'accounts' | 'balances' | 'holds' | 'references'> {
  const fundings = commands.flatMap(({ type, data }) =>
    type === 'ledger.fund-account.v1' ? [data] : [],
  );
  const transfers = commands.flatMap(({ type, data }) =>
    type === 'ledger.transfer-funds.v1' ? [data] : [],
  );
  return {
    byHold: commands.flatMap(({ type, data }) =>
      BY_HOLD.has(type) && 'withdrawalId' in data ? (data.withdrawalId ?? []) : [],
    ),
    opened: commands.flatMap(({ type, data }) =>
      type === 'ledger.open-account.v1' ? [data.accountId] : [],
    ),
    frozen: commands.flatMap(({ data }) => ('freezeId' in data ? [data.accountId] : [])),
    credited: [...fundings, ...transfers.filter(({ to }) => customerOf(to) !== undefined)],
    fundings,
    transfers,
    feesOf: commands.flatMap(({ type, data }) =>
      type === 'ledger.record-venue-fee.v1' || type === 'ledger.capture-hold.v1'
        ? [data.withdrawalId]
        : [],
    ),
    returnsOf: commands.flatMap(({ type, data }) =>
      type === 'ledger.return-payment.v1' ? [data.withdrawalId] : [],
    ),
    gas: commands.flatMap(({ type, data }) =>
      type === 'ledger.record-gas.v1' ? [data.reference] : [],
    ),
    topUps: commands.flatMap(({ type, data }) =>
      type === 'ledger.record-gas-top-up.v1' ? [data.reference] : [],
    ),
    walletFundings: commands.flatMap(({ type, data }) =>
      type === 'ledger.record-wallet-funding.v1' ? [data.reference] : [],
    ),
    reversed: commands.flatMap(({ type, data }) =>
      type === 'ledger.reverse-entry.v1' ? [data.entryId] : [],
    ),
  };
}
