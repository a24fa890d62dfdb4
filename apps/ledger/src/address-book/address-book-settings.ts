import { Injectable } from '@nestjs/common';
import {
  type AddressBookDto,
  ApiError,
  type BookConfirmation,
  type Caller,
  type SetAddressBookDto,
} from '@sluice/http-api';
import { Database, type Tx, UnitOfWork } from '@sluice/postgres';
import type { Logger } from '@sluice/runtime';
import { countForgedRecord, InjectLogger, PasskeyRule, RecordSeals } from '@sluice/service-shell';
import { UnusableRulesError } from './unusable-rules.js';

interface BookTerms {
  readonly onlyBook: boolean;
  readonly confirmation: BookConfirmation;
  /** Waiting time of new entries, and of looser terms. */
  readonly waitsHours: number;
}

interface StatedTerms extends BookTerms {
  readonly startsAt: Date;
}

interface SettingRow {
  readonly account_id: string;
  readonly only_book: boolean;
  readonly confirmation: BookConfirmation;
  readonly waits_hours: number;
  readonly stated_at: Date;
  readonly starts_at: Date;
  readonly author: string;
  readonly seal: string;
}

export const DEFAULT_TERMS: BookTerms = { onlyBook: false, confirmation: 'none', waitsHours: 24 };

/** Scalar subquery: the seal of the newest setting; null without settings. */
export const NEWEST_SETTING = 'SELECT seal FROM address_book_setting ORDER BY id DESC LIMIT 1';

const ALL = `SELECT account_id, only_book, confirmation, waits_hours, stated_at, starts_at, author, seal FROM address_book_setting ORDER BY id`;
const KIND = 'address book setting';

export class BookSettings {
  constructor(private readonly stated: ReadonlyMap<string, readonly StatedTerms[]>) {}

  get isEmpty(): boolean {
    return this.stated.size === 0;
  }

  onlyBook(accountId: string, at: Date): boolean {
    return this.inForce(accountId, at).onlyBook;
  }

  /** Returns the newest terms that have started; terms that still wait are replaced by newer terms. */
  inForce(accountId: string, at: Date): BookTerms {
    return this.of(accountId).findLast(({ startsAt }) => startsAt <= at) ?? DEFAULT_TERMS;
  }

  waiting(accountId: string, at: Date): StatedTerms | null {
    const newest = this.of(accountId).at(-1);
    return newest !== undefined && newest.startsAt > at ? newest : null;
  }

  private of(accountId: string): readonly StatedTerms[] {
    return this.stated.get(accountId) ?? [];
  }
}

/** Settings of the address books, read again only after a new setting. */
@Injectable()
export class AddressBooks {
  private newest: string | null = null;
  private known = new BookSettings(new Map());

  constructor(
    private readonly seals: RecordSeals,
    @InjectLogger() private readonly logger: Pick<Logger, 'error'>,
  ) {}

  /** Returns the settings up to the newest, whose seal `NEWEST_SETTING` reads. */
  async load(source: Pick<Tx, 'query'>, newest: string | null): Promise<BookSettings> {
    if (newest === this.newest) return this.known;
    const rows = await source.query<SettingRow>(ALL);
    const stated = new Map<string, StatedTerms[]>();
    for (const row of rows) {
      if (!this.isSealed(row)) continue;
      const terms = termsOf(row);
      const of = stated.get(row.account_id);
      if (of) of.push(terms);
      else stated.set(row.account_id, [terms]);
    }
    [this.newest, this.known] = [newest, new BookSettings(stated)];
    return this.known;
  }

  /** Reads the newest seal first. */
  async read(source: Pick<Tx, 'query'>): Promise<BookSettings> {
    const [row] = await source.query<{ seal: string | null }>(`SELECT (${NEWEST_SETTING}) AS seal`);
    return this.load(source, row?.seal ?? null);
  }

  seal(row: Omit<SettingRow, 'seal'>): string {
    return this.seals.seal(KIND, sealedFields(row));
  }

  private isSealed(row: SettingRow): boolean {
    if (this.seals.isSealed(KIND, sealedFields(row), row.seal)) return true;
    if (this.seals.namesUnknownKey(row.seal))
      throw new UnusableRulesError(
        'UnknownSettingKeyError',
        `the seal of a setting of the address book of ${row.account_id} names a key that AUDIT_KEY_FILE does not have: put the line back, and restart`,
      );
    countForgedRecord('address_book_setting');
    this.logger.error(
      { accountId: row.account_id, by: row.author },
      'a setting of an address book without a valid seal does not count: another party writes to this database',
    );
    return false;
  }
}

function termsOf(row: SettingRow): StatedTerms {
  const { only_book: onlyBook, confirmation, waits_hours: waitsHours, starts_at: startsAt } = row;
  return { onlyBook, confirmation, waitsHours, startsAt };
}

function sealedFields(row: Omit<SettingRow, 'seal'>): readonly string[] {
  return [
    row.account_id,
    String(row.only_book),
    row.confirmation,
    String(row.waits_hours),
    row.stated_at.toISOString(),
    row.starts_at.toISOString(),
    row.author,
  ];
}

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
 * Settings of an address book: stricter ones at once, looser ones after the waiting time in force.
 * Newer settings replace settings that wait.
 */
@Injectable()
export class StateSettings {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly books: AddressBooks,
    private readonly passkeys: PasskeyRule,
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
      const isLoosening = isLooser(present, next);
      if (isLoosening) await this.passkeys.use(tx, caller);
      const waitsMs = isLoosening ? present.waitsHours * HOUR_MS : 0;
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

/** Time of this change, if the account exists. */
export async function timeOf(source: Pick<Tx, 'query'>, accountId: string): Promise<Date> {
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

/** Party that changes an address book: an API key, or a person. */
export interface Author {
  readonly kind: 'key' | 'person';
  /** `key:ID` or `person:NAME`. */
  readonly text: string;
}

/** Author of a change: the API key of a signed request, which intake-api names, or a person. */
export function authorOf(caller: Caller, keyId: string | null | undefined): Author {
  if (caller.kind === 'person') {
    if (keyId) throw ApiError.invalid(['key_id: only intake-api acts for an API key']);
    return { kind: 'person', text: `person:${caller.name}` };
  }
  if (!keyId) throw ApiError.invalid(['key_id: Field required from intake-api']);
  return { kind: 'key', text: `key:${keyId}` };
}
