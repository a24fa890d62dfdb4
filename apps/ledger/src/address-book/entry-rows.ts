import { createHash } from 'node:crypto';
import type { BookConfirmation } from '@sluice/http-api';
import { destinationKey, destinationOf } from '@sluice/kernel';
import type { Tx } from '@sluice/postgres';
import { countForgedRecord, type RecordSeals } from '@sluice/service-shell';

type Seals = Pick<RecordSeals, 'seal' | 'isSealed'>;

const HOUR_MS = 3_600_000;

interface EntryRow {
  readonly id: string;
  readonly account_id: string;
  readonly network: string;
  /** Key of the recipient (`recipientOf`). */
  readonly recipient: string;
  /** JSON text of the destination, as sealed. */
  readonly destination: string;
  readonly label: string;
  /** `key:ID` or `person:NAME`. */
  readonly author: string;
  readonly added_at: Date;
  readonly waits_hours: number;
  readonly confirmation: BookConfirmation;
  readonly seal: string;
}

interface ConfirmationRow {
  readonly confirmed_by: string;
  readonly confirmed_at: Date;
  readonly confirmed_usable_at: Date;
  readonly confirmation_seal: string;
}

/** Null: the entry has no confirmation. */
type MaybeConfirmed = { readonly [K in keyof ConfirmationRow]: ConfirmationRow[K] | null };

export type EntryState = EntryRow &
  MaybeConfirmed & {
    readonly removed_at: Date | null;
    readonly removed_by: string | null;
  };

export const ENTRY_STATE = `e.id, e.account_id, e.network, e.recipient, e.destination, e.label, e.author, e.added_at, e.waits_hours, e.confirmation, e.seal,
         c.confirmed_by, c.confirmed_at, c.usable_at AS confirmed_usable_at, c.seal AS confirmation_seal, r.removed_at, r.removed_by`;
export const ENTRY_TABLES = `address_entry e LEFT JOIN address_confirmation c ON c.entry_id = e.id LEFT JOIN address_removal r ON r.entry_id = e.id`;

export function sealEntry(seals: Seals, row: Omit<EntryRow, 'seal'>): string {
  return seals.seal('address entry', fieldsOfEntry(row));
}

export function isSealedEntry(seals: Seals, row: EntryRow): boolean {
  return seals.isSealed('address entry', fieldsOfEntry(row), row.seal);
}

/** The seal covers the entry: a confirmation cannot be moved to another entry. */
export function sealConfirmation(
  seals: Seals,
  entry: EntryRow,
  row: Omit<ConfirmationRow, 'confirmation_seal'>,
): string {
  return seals.seal('address confirmation', fieldsOfConfirmation(entry, row));
}

/** Time from which on an entry counts; null without confirmation or valid seal. */
export function usableAt(seals: Seals, row: EntryRow & MaybeConfirmed): Date | null {
  if (!isSealedEntry(seals, row)) return null;
  if (row.confirmation === 'none')
    return new Date(row.added_at.getTime() + row.waits_hours * HOUR_MS);
  const { confirmed_by, confirmed_at, confirmed_usable_at, confirmation_seal } = row;
  if (!confirmed_by || !confirmed_at || !confirmed_usable_at) return null;
  const fields = fieldsOfConfirmation(row, { confirmed_by, confirmed_at, confirmed_usable_at });
  const isSealed = seals.isSealed('address confirmation', fields, confirmation_seal);
  return isSealed ? confirmed_usable_at : null;
}

function fieldsOfEntry(row: Omit<EntryRow, 'seal'>): readonly string[] {
  return [
    row.id,
    row.account_id,
    row.network,
    row.recipient,
    row.destination,
    row.label,
    row.author,
    row.added_at.toISOString(),
    String(row.waits_hours),
    row.confirmation,
  ];
}

function fieldsOfConfirmation(
  { id, seal }: Pick<EntryRow, 'id' | 'seal'>,
  row: Omit<ConfirmationRow, 'confirmation_seal'>,
): readonly string[] {
  const { confirmed_by: by, confirmed_at: at, confirmed_usable_at: usable } = row;
  return [id, seal, by, at.toISOString(), usable.toISOString()];
}

export interface AskedEntry {
  readonly accountId: string;
  readonly network: string;
  /** Key of the recipient (`recipientOf`). */
  readonly recipient: string;
}

export function entryKey({ accountId, network, recipient }: AskedEntry): string {
  return `${accountId} ${network} ${recipient}`;
}

/**
 * Keys of the recipients that a usable entry names at `now`. A removal counts also without a seal,
 * because it only tightens.
 */
export async function usableEntries(
  source: Pick<Tx, 'query'>,
  seals: Pick<RecordSeals, 'seal' | 'isSealed'>,
  asked: readonly AskedEntry[],
  now: Date,
): Promise<ReadonlySet<string>> {
  if (asked.length === 0) return new Set();
  const rows = await source.query<EntryState>(LIVE, [
    asked.map(({ accountId }) => accountId),
    asked.map(({ network }) => network),
    asked.map(({ recipient }) => recipient),
  ]);
  const usable = rows.filter((row) => {
    if (!isSealedEntry(seals, row)) countForgedRecord('address_entry');
    const at = usableAt(seals, row);
    return at !== null && at <= now;
  });
  return new Set(
    usable.map(({ account_id: accountId, network, recipient }) =>
      entryKey({ accountId, network, recipient }),
    ),
  );
}

const LIVE = `
  SELECT ${ENTRY_STATE}
    FROM (SELECT DISTINCT * FROM unnest($1::uuid[], $2::text[], $3::text[]) AS k (account_id, network, recipient)) AS k
    JOIN (${ENTRY_TABLES}) ON e.account_id = k.account_id AND e.network = k.network AND e.recipient = k.recipient
   WHERE r.entry_id IS NULL`;

/** Hex digits of a digest: 128 bits. */
const DIGEST_LENGTH = 32;
/** Characters at each end of an address that a person compares. */
const END_LENGTH = 4;
/** Start of every address of a chain: the start says nothing about the owner. */
const COMMON_START = /^(0x|[a-z]{2,4}1[qpz]?|.)/;

/**
 * Key of a recipient: `DIGEST` of account or address, `+DIGEST` of the memo, and `:ENDS` of an
 * address, equal for every spelling. People confuse addresses with equal ends.
 */
export function recipientOf(wire: unknown): string {
  const destination = destinationOf(wire);
  if (destination.type !== 'address') return digestOf(destinationKey(destination));
  const { address, memo } = destination;
  const key = destinationKey({ type: 'address', address });
  const ends = endsOf(decodeURIComponent(key.slice(key.indexOf(':') + 1).replace(/:$/, '')));
  return `${digestOf(key)}${memo === undefined ? '' : `+${digestOf(memo)}`}${ends}`;
}

function endsOf(address: string): string {
  const own = address.replace(COMMON_START, '');
  if (own.length < 4 * END_LENGTH) return '';
  return `:${own.slice(0, END_LENGTH)}${own.slice(-END_LENGTH)}`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, DIGEST_LENGTH);
}

/** Returns the digest of the address or account, without the memo. */
export function accountPartOf(recipient: string): string {
  return recipient.slice(0, DIGEST_LENGTH);
}

export function endsPartOf(recipient: string): string {
  const at = recipient.indexOf(':');
  return at === -1 ? '' : recipient.slice(at + 1);
}
