import { Injectable } from '@nestjs/common';
import {
  ApiError,
  type AddressBookDto,
  type Caller,
  type SetAddressBookDto,
} from '@sluice/http-api';
import { Database, UnitOfWork, type Tx } from '@sluice/postgres';
import {
  AddressBooks,
  type BookSettings,
  type BookTerms,
  type SettingRow,
} from './address-book-settings.js';
import { authorOf } from './author.js';

const HOUR_MS = 3_600_000;
/** From weak to strong. */
const BY_STRENGTH: readonly BookTerms['confirmation'][] = ['none', 'key', 'person'];

/** True if the next terms allow more than the present terms. A mixed change counts as looser. */
function isLooser(present: BookTerms, next: BookTerms): boolean {
  const [from, to] = [present, next].map(({ confirmation }) => BY_STRENGTH.indexOf(confirmation));
  return (
    (present.onlyBook && !next.onlyBook) ||
    (to ?? 0) < (from ?? 0) ||
    next.waitsHours < present.waitsHours
  );
}

/**
 * Settings of an address book. Stricter settings take effect at once, looser settings after the
 * waiting time in force. Newer settings replace settings that wait.
 */
@Injectable()
export class StateSettings {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly books: AddressBooks,
  ) {}

  async read(accountId: string): Promise<AddressBookDto> {
    const now = await timeOf(this.database, accountId);
    return viewOf(await this.books.read(this.database), accountId, now);
  }

  run(
    accountId: string,
    {
      key_id: keyId,
      only_book: onlyBook,
      confirmation,
      waits_hours: waitsHours,
    }: SetAddressBookDto,
    caller: Caller,
  ): Promise<AddressBookDto> {
    const author = authorOf(caller, keyId);
    return this.unitOfWork.run(async (tx) => {
      // one lock for all accounts: the newest setting that a reader sees is then the last
      void tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('address book settings', 0))`);
      const now = await timeOf(tx, accountId);
      const present = (await this.books.read(tx)).inForce(accountId, now);
      const next = { onlyBook, confirmation, waitsHours };
      const waitsMs = isLooser(present, next) ? present.waitsHours * HOUR_MS : 0;
      const row = {
        account_id: accountId,
        only_book: onlyBook,
        confirmation,
        waits_hours: waitsHours,
        stated_at: now,
        starts_at: new Date(now.getTime() + waitsMs),
        author: author.text,
      };
      await insert(tx, { ...row, seal: this.books.seal(row) });
      return viewOf(await this.books.read(tx), accountId, now);
    });
  }
}

function viewOf(settings: BookSettings, accountId: string, now: Date): AddressBookDto {
  const waiting = settings.waiting(accountId, now);
  return {
    account_id: accountId,
    ...termsView(settings.inForce(accountId, now)),
    next: waiting && { ...termsView(waiting), starts_at: waiting.startsAt.toISOString() },
  };
}

function termsView({ onlyBook, confirmation, waitsHours }: BookTerms) {
  return { only_book: onlyBook, confirmation, waits_hours: waitsHours };
}

async function timeOf(source: Pick<Tx, 'query'>, accountId: string): Promise<Date> {
  const [row] = await source.query<{ now: Date; known: boolean }>(
    `SELECT date_trunc('milliseconds', clock_timestamp()) AS now, EXISTS (SELECT FROM account WHERE id = $1) AS known`,
    [accountId],
  );
  if (!row?.known) throw ApiError.notFound('No such account');
  return row.now;
}

async function insert(tx: Tx, row: SettingRow): Promise<void> {
  await tx.query(INSERT, [
    row.account_id,
    row.only_book,
    row.confirmation,
    row.waits_hours,
    row.stated_at.toISOString(),
    row.starts_at.toISOString(),
    row.author,
    row.seal,
  ]);
}

const INSERT = `
  INSERT INTO address_book_setting (account_id, only_book, confirmation, waits_hours, stated_at, starts_at, author, seal)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`;
