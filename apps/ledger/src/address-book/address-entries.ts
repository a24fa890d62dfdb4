import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  ApiError,
  type AddAddressDto,
  type AddressEntriesQuery,
  type AddressEntryDto,
  type Caller,
} from '@sluice/http-api';
import { Database, UnitOfWork, type Tx } from '@sluice/postgres';
import {
  countForgedRecord,
  isSamePersonName,
  PasskeyRule,
  RecordSeals,
} from '@sluice/service-shell';
import {
  ENTRY_STATE,
  ENTRY_TABLES,
  type EntryState,
  isSealedEntry,
  recipientOf,
  sealConfirmation,
  sealEntry,
  usableAt,
} from './entry-rows.js';
import { AddressBooks, type Author, authorOf, timeOf } from './address-book-settings.js';

/** Entries of one account that are not removed. */
const MOST_ENTRIES = 10_000;
const PAGE = 100;
const HOUR_MS = 3_600_000;

interface EntryOfAccount {
  readonly account_id: string;
  readonly entry_id: string;
}

/** Entries of the address books: rows are only added, one change of an account after the other. */
@Injectable()
export class AddressEntries {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly books: AddressBooks,
    private readonly seals: RecordSeals,
    private readonly passkeys: PasskeyRule,
  ) {}

  /** Returns a page of the entries, removed entries included, in the order of their addition. */
  async list(accountId: string, { after, limit }: AddressEntriesQuery): Promise<AddressEntryDto[]> {
    const rows = await this.database.query<EntryState>(LIST, [
      accountId,
      after ?? '00000000-0000-0000-0000-000000000000',
      limit ?? PAGE,
    ]);
    return rows.map((row) => this.viewOf(row));
  }

  /** Adds an entry, or returns the equal entry that is in the book. */
  add(
    accountId: string,
    { network, destination, label, key_id: keyId }: AddAddressDto,
    caller: Caller,
  ): Promise<AddressEntryDto> {
    const author = authorOf(caller, keyId);
    const recipient = recipientOf(destination);
    return this.unitOfWork.run(async (tx) => {
      const now = await lockEntries(tx, accountId);
      const equal = await tx.query<EntryState>(EQUAL, [accountId, network, recipient]);
      const present = equal.find((row) => isSealedEntry(this.seals, row));
      if (present) return this.viewOf(present);
      await refuseFullBook(tx, accountId);
      const terms = (await this.books.read(tx)).inForce(accountId, now);
      if (terms.confirmation !== 'none') await this.passkeys.use(tx, caller);
      const row = {
        id: randomUUIDv7(),
        account_id: accountId,
        network,
        recipient,
        destination: JSON.stringify(destination),
        label,
        author: author.text,
        added_at: now,
        waits_hours: terms.waitsHours,
        confirmation: terms.confirmation,
      };
      const entry = { ...row, seal: sealEntry(this.seals, row) };
      await tx.query(ADD, [JSON.stringify(entry)]);
      return this.viewOf({ ...entry, ...NO_CONFIRMATION, ...NO_REMOVAL });
    });
  }

  /** Confirms an entry of another author. Its waiting time begins now. */
  confirm(
    { account_id: accountId, entry_id: id }: EntryOfAccount,
    keyId: string | null | undefined,
    caller: Caller,
  ): Promise<AddressEntryDto> {
    const author = authorOf(caller, keyId);
    return this.unitOfWork.run(async (tx) => {
      const now = await lockEntries(tx, accountId);
      const entry = await this.liveEntry(tx, accountId, id);
      requireConfirmation(entry, author);
      await this.passkeys.use(tx, caller);
      const { waitsHours } = (await this.books.read(tx)).inForce(accountId, now);
      const waitsMs = Math.max(waitsHours, entry.waits_hours) * HOUR_MS;
      const row = {
        confirmed_by: author.text,
        confirmed_at: now,
        confirmed_usable_at: new Date(now.getTime() + waitsMs),
      };
      const seal = sealConfirmation(this.seals, entry, row);
      await tx.query(CONFIRM, [
        id,
        entry.author,
        row.confirmed_by,
        now.toISOString(),
        row.confirmed_usable_at.toISOString(),
        seal,
      ]);
      return this.viewOf({ ...entry, ...row, confirmation_seal: seal });
    });
  }

  /** Removes an entry at once. A repeat changes nothing. */
  remove(
    { account_id: accountId, entry_id: id }: EntryOfAccount,
    keyId: string | null | undefined,
    caller: Caller,
  ): Promise<AddressEntryDto> {
    const author = authorOf(caller, keyId);
    return this.unitOfWork.run(async (tx) => {
      const now = await lockEntries(tx, accountId);
      await this.entry(tx, accountId, id);
      await tx.query(REMOVE, [id, now.toISOString(), author.text]);
      return this.viewOf(await this.entry(tx, accountId, id));
    });
  }

  private async entry(tx: Tx, accountId: string, id: string): Promise<EntryState> {
    const [row] = await tx.query<EntryState>(ONE, [accountId, id]);
    if (!row) throw ApiError.notFound('The address book has no such entry');
    return row;
  }

  private async liveEntry(tx: Tx, accountId: string, id: string): Promise<EntryState> {
    const row = await this.entry(tx, accountId, id);
    if (row.removed_at !== null) throw ApiError.conflict('The entry is removed');
    if (isSealedEntry(this.seals, row)) return row;
    countForgedRecord('address_entry');
    throw ApiError.conflict('The entry has no valid seal: another party writes to this database');
  }

  private viewOf(row: EntryState): AddressEntryDto {
    const { id, account_id, network, label, author, confirmation, confirmed_by, removed_by } = row;
    return {
      id,
      account_id,
      network,
      destination: JSON.parse(row.destination) as AddressEntryDto['destination'],
      label,
      author,
      added_at: row.added_at.toISOString(),
      confirmation,
      confirmed_by,
      usable_at: usableAt(this.seals, row)?.toISOString() ?? null,
      removed_at: row.removed_at?.toISOString() ?? null,
      removed_by,
    };
  }
}

const NO_CONFIRMATION = {
  confirmed_by: null,
  confirmed_at: null,
  confirmed_usable_at: null,
  confirmation_seal: null,
} as const;
const NO_REMOVAL = { removed_at: null, removed_by: null } as const;

/** Waits for other changes of the book. Returns the time of this change. */
async function lockEntries(tx: Tx, accountId: string): Promise<Date> {
  void tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('address book ' || $1, 0))`, [
    accountId,
  ]);
  return timeOf(tx, accountId);
}

async function refuseFullBook(tx: Tx, accountId: string): Promise<void> {
  const [row] = await tx.query<{ entries: number }>(COUNT, [accountId]);
  if ((row?.entries ?? 0) >= MOST_ENTRIES)
    throw ApiError.conflict(`The address book has ${MOST_ENTRIES} entries: remove one first`);
}

function requireConfirmation(entry: EntryState, author: Author): void {
  const { confirmation } = entry;
  if (confirmation === 'none') throw ApiError.conflict('The entry needs no confirmation');
  if (entry.confirmed_by !== null) throw ApiError.conflict('The entry is confirmed already');
  if (isSamePersonName(entry.author, author.text))
    throw ApiError.conflict('The author of an entry cannot confirm it');
  if (confirmation === 'person' && author.kind !== 'person')
    throw ApiError.conflict('A person must confirm the entry');
}

const ONE = `SELECT ${ENTRY_STATE} FROM ${ENTRY_TABLES} WHERE e.account_id = $1 AND e.id = $2`;
const LIST = `SELECT ${ENTRY_STATE} FROM ${ENTRY_TABLES} WHERE e.account_id = $1 AND e.id > $2 ORDER BY e.id LIMIT $3`;
const EQUAL = `
  SELECT ${ENTRY_STATE} FROM ${ENTRY_TABLES}
   WHERE e.account_id = $1 AND e.network = $2 AND e.recipient = $3 AND r.entry_id IS NULL`;
const COUNT = `SELECT count(*)::int AS entries FROM ${ENTRY_TABLES} WHERE e.account_id = $1 AND r.entry_id IS NULL`;
const ADD =
  'INSERT INTO address_entry SELECT * FROM json_populate_record(NULL::address_entry, $1::json)';
const CONFIRM = `
  INSERT INTO address_confirmation (entry_id, author, confirmed_by, confirmed_at, usable_at, seal)
  VALUES ($1, $2, $3, $4, $5, $6)`;
const REMOVE = `
  INSERT INTO address_removal (entry_id, removed_at, removed_by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`;
