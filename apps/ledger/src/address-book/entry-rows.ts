import type { BookConfirmation } from '@sluice/http-api';
import type { RecordSeals } from '@sluice/service-shell';

type Seals = Pick<RecordSeals, 'seal' | 'isSealed'>;

const HOUR_MS = 3_600_000;

/** Entry as stored, without its end. It never changes. */
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

/** BookConfirmation of an entry. */
interface ConfirmationRow {
  readonly confirmed_by: string;
  readonly confirmed_at: Date;
  readonly confirmed_usable_at: Date;
  readonly confirmation_seal: string;
}

/** Null: the entry has no confirmation. */
type MaybeConfirmed = { readonly [K in keyof ConfirmationRow]: ConfirmationRow[K] | null };

/** Entry with its confirmation and its removal. */
export type EntryState = EntryRow &
  MaybeConfirmed & {
    readonly removed_at: Date | null;
    readonly removed_by: string | null;
  };

/** Tables and select list of an `EntryState`. */
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

/**
 * Returns the time from which on an entry counts; null while it waits for a confirmation, or without
 * a valid seal.
 */
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
