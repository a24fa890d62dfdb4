import type { LedgerCommand } from '../ledger-command.js';

/** The keys of every row that a batch may touch. */
export interface Named {
  readonly accounts: readonly string[];
  /** Account and asset, each pair once. */
  readonly balances: readonly { readonly accountId: string; readonly asset: string }[];
  readonly holds: readonly string[];
  /** Withdrawals whose hold says which balance they touch, because the command does not. */
  readonly byHold: readonly string[];
  readonly opened: readonly string[];
  readonly fundings: readonly { readonly accountId: string; readonly asset: string; readonly reference: string }[];
  readonly feesOf: readonly string[];
}

export function namedBy(commands: readonly LedgerCommand[]): Named {
  const released = commands.flatMap(({ type, data }) => (type === 'ledger.release-hold.v1' ? [data.withdrawalId] : []));
  const feesOf = commands.flatMap(({ type, data }) => (type === 'ledger.record-venue-fee.v1' ? [data.withdrawalId] : []));
  const ofAsset = commands.flatMap(({ data }) => ('asset' in data ? [data] : []));
  return {
    accounts: [...new Set(commands.map(({ data }) => data.accountId))],
    balances: [...new Map(ofAsset.map((data) => [`${data.accountId} ${data.asset}`, data])).values()],
    holds: [...new Set(commands.flatMap(({ data }) => ('withdrawalId' in data ? [data.withdrawalId] : [])))],
    byHold: [...released, ...feesOf],
    opened: commands.flatMap(({ type, data }) => (type === 'ledger.open-account.v1' ? [data.accountId] : [])),
    fundings: commands.flatMap(({ type, data }) => (type === 'ledger.fund-account.v1' ? [data] : [])),
    feesOf,
  };
}
