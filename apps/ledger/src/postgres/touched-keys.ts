import { customerOf } from '@sluice/ledger-core';
import type { LedgerCommand } from '../commands/ledger-command.js';

interface Reference {
  readonly accountId: string;
  readonly asset: string;
  readonly reference: string;
}

/** The keys of every row that a batch may touch. */
export interface TouchedKeys {
  readonly accounts: readonly string[];
  /** Account and asset, each pair once. */
  readonly balances: readonly { readonly accountId: string; readonly asset: string }[];
  readonly holds: readonly string[];
  /** Accounts and references of clients that holds are to be placed for, in pairs. */
  readonly references: readonly { readonly accountId: string; readonly reference: string }[];
  /** Withdrawals whose hold says which balance they touch, because the command does not. */
  readonly byHold: readonly string[];
  readonly opened: readonly string[];
  /** Accounts whose every balance is locked: no hold may be placed on them meanwhile. */
  readonly frozen: readonly string[];
  /** Customers' balances that may come to be in this batch. */
  readonly credited: readonly Pick<Reference, 'accountId' | 'asset'>[];
  readonly fundings: readonly Reference[];
  readonly transfers: readonly Reference[];
  readonly feesOf: readonly string[];
  /** References of gas and of top-ups, which are the firm's alone. */
  readonly gas: readonly string[];
  readonly topUps: readonly string[];
  /** References of what came to our own wallet. */
  readonly walletFundings: readonly string[];
  /** Entries to be reversed; their postings say which balances that touches. */
  readonly reversed: readonly string[];
}

/** Commands about a hold that name no asset. */
const BY_HOLD: ReadonlySet<string> = new Set([
  'ledger.assign-hold.v1',
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
    if (type !== 'ledger.place-hold.v1' && type !== 'ledger.capture-hold.v1') others.push(command);
  }
  return {
    accounts: [...accounts],
    balances: [...balances.values()],
    holds: [...holds],
    references,
    ...touchedByOthers(others),
  };
}

/** Keys that only commands other than place-hold and capture-hold touch. */
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
      type === 'ledger.record-venue-fee.v1' ? [data.withdrawalId] : [],
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
