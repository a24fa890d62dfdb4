import {
  type BookRows,
  customerOf,
  type EntryKind,
  HOUSE_ACCOUNT,
  type JournalEntry,
  type ReversedLines,
  walletOf,
} from '@sluice/ledger-core';
import type { Tx } from '@sluice/postgres';
import type { LedgerCommand } from '../wire/ledger-command.js';
import { amountOf } from '../wire/wire.js';

/**
 * Business key and outcome of an entry, kept for ever. A capture, with the venue's fee in it, has
 * no row: the hold is the key.
 */
interface KeyRow {
  readonly kind: EntryKind;
  readonly subject: string;
  readonly reference: string;
  readonly entry_id: string;
  readonly account_id: string;
  readonly asset: string;
  readonly amount: string;
  readonly from_account: string;
  readonly to_account: string;
  readonly reason: string | null;
}

type FirstOutcomes = Pick<
  BookRows,
  | 'fundings'
  | 'transfers'
  | 'venueFees'
  | 'returns'
  | 'gas'
  | 'gasTopUps'
  | 'walletFundings'
  | 'reversals'
>;

const NONE: FirstOutcomes = {
  fundings: [],
  transfers: [],
  venueFees: [],
  returns: [],
  gas: [],
  gasTopUps: [],
  walletFundings: [],
  reversals: [],
};

const LINES: readonly ReversedLines[] = [null, 'venue_fee'];

/** First outcomes of this batch's business keys, in one statement. */
export async function loadFirstOutcomes(
  tx: Tx,
  { fundings, transfers, feesOf, returnsOf, gas, topUps, walletFundings, reversed }: TouchedKeys,
): Promise<FirstOutcomes> {
  const keys = [
    ...fundings.map(({ accountId, reference }) => ['funding', accountId, reference]),
    ...transfers.map(({ accountId, reference }) => ['transfer', accountId, reference]),
    ...gas.map((reference) => ['gas', HOUSE_ACCOUNT, reference]),
    ...topUps.map((reference) => ['gas_topup', HOUSE_ACCOUNT, reference]),
    ...walletFundings.map((reference) => ['wallet_funding', HOUSE_ACCOUNT, reference]),
    ...reversed.flatMap((entryId) => LINES.map((lines) => ['reversal', entryId, lines ?? ''])),
  ];
  if (keys.length + feesOf.length + returnsOf.length === 0) return NONE;
  const rows = await tx.query<KeyRow>(
    `WITH kept AS MATERIALIZED (
       SELECT * FROM entry_key WHERE kind = 'venue_fee' AND subject = ANY ($4::uuid[])
       UNION ALL SELECT k.* FROM unnest($5::uuid[] || ARRAY(SELECT withdrawal_id FROM journal_entry WHERE kind = 'capture' AND id = ANY ($6::uuid[]))) AS paid(id)
         JOIN entry_key k ON k.kind = 'return' AND k.subject = paid.id AND k.reference = '')
     SELECT * FROM kept
     UNION SELECT k.* FROM kept JOIN entry_key k ON k.kind = 'reversal' AND k.subject = kept.entry_id AND k.reference = ''
     UNION SELECT k.* FROM hold h JOIN entry_key k ON k.kind = 'reversal' AND k.subject = h.entry_id WHERE h.withdrawal_id = ANY ($4::uuid[] || $5::uuid[])
     UNION SELECT k.* FROM unnest($1::text[], $2::uuid[], $3::text[]) AS named(kind, subject, reference) JOIN entry_key k USING (kind, subject, reference)`,
    [...[0, 1, 2].map((column) => keys.map((key) => key[column])), feesOf, returnsOf, reversed],
  );
  return outcomesOf(rows);
}

function outcomesOf(rows: readonly KeyRow[]): FirstOutcomes {
  const of = (kind: EntryKind): KeyRow[] => rows.filter((row) => row.kind === kind);
  return {
    fundings: of('funding').map((row) => ({
      ...ownerOf(row),
      reference: row.reference,
      amount: amountOf(row.amount, row.asset),
    })),
    transfers: of('transfer').map((row) => ({
      ...ownerOf(row),
      reference: row.reference,
      from: row.from_account,
      to: row.to_account,
      amount: amountOf(row.amount, row.asset).negated(),
    })),
    venueFees: of('venue_fee').map((row) => ({
      ...ownerOf(row),
      withdrawalId: row.subject,
      reference: row.reference || null,
      venue: row.to_account.slice('venue-fee:'.length),
      amount: amountOf(row.amount, row.asset),
    })),
    returns: of('return').map((row) => ({
      ...ownerOf(row),
      withdrawalId: row.subject,
      venue: row.to_account.slice('clearing:'.length),
      amount: amountOf(row.amount, row.asset),
    })),
    gas: of('gas').map((row) => ({
      ...bookedBy(row),
      wallet: walletOf(row.from_account),
    })),
    gasTopUps: of('gas_topup').map(bookedBy),
    walletFundings: of('wallet_funding').map((row) => ({
      ...bookedBy(row),
      wallet: walletOf(row.to_account),
    })),
    reversals: of('reversal').map((row) => ({
      ...ownerOf(row),
      reverses: row.subject,
      lines: LINES.find((lines) => (lines ?? '') === row.reference) ?? null,
      reason: row.reason ?? '',
    })),
  };
}

function bookedBy({ reference, asset, amount, entry_id: entryId }: KeyRow) {
  return { reference, amount: amountOf(amount, asset), entryId };
}

/** Fails the batch if another transaction has committed the same key meanwhile. */
export function saveKeys(tx: Tx, entries: readonly JournalEntry[]): void {
  const keys = entries.filter((entry) => entry.kind !== 'capture');
  if (keys.length === 0) return;
  const lines = keys.map(({ postings: [from, to] }) => ({ from, to }));
  void tx.query(
    `INSERT INTO entry_key (kind, subject, reference, entry_id, account_id, asset, amount, from_account, to_account, reason)
     SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::numeric[], $8::text[], $9::text[], $10::text[])`,
    [
      keys.map((entry) => entry.kind),
      keys.map(subjectOf),
      keys.map((entry) => entry.reference ?? ''),
      keys.map((entry) => entry.id),
      keys.map((entry) => entry.accountId),
      lines.map(({ from }) => from?.amount.asset),
      lines.map(({ from }) => from?.amount.toString()),
      lines.map(({ from }) => from?.account),
      lines.map(({ to }) => to?.account),
      keys.map((entry) => entry.reason),
    ],
  );
}

function subjectOf({ kind, accountId, withdrawalId, reverses }: JournalEntry): string | null {
  if (kind === 'venue_fee' || kind === 'return') return withdrawalId;
  return kind === 'reversal' ? reverses : accountId;
}

function ownerOf({ entry_id, account_id }: KeyRow): { entryId: string; accountId: string } {
  return { entryId: entry_id, accountId: account_id };
}

interface Reference {
  readonly accountId: string;
  readonly asset: string;
  readonly reference: string;
}

export interface TouchedKeys {
  readonly accounts: readonly string[];
  /** Account and asset, each pair once. */
  readonly balances: readonly { readonly accountId: string; readonly asset: string }[];
  readonly holds: readonly string[];
  /** Pairs of account and client reference of the holds to place. */
  readonly references: readonly { readonly accountId: string; readonly reference: string }[];
  /** Withdrawals whose hold names the asset. */
  readonly byHold: readonly string[];
  readonly opened: readonly string[];
  /** Accounts with all balances locked: no hold may be placed on them meanwhile. */
  readonly frozen: readonly string[];
  /** Customers' balances possibly created by this batch. */
  readonly credited: readonly Pick<Reference, 'accountId' | 'asset'>[];
  readonly fundings: readonly Reference[];
  readonly transfers: readonly Reference[];
  readonly feesOf: readonly string[];
  readonly returnsOf: readonly string[];
  readonly gas: readonly string[];
  readonly topUps: readonly string[];
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
