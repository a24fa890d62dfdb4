import { Injectable } from '@nestjs/common';
import type { BookConfirmation } from '@sluice/http-api';
import type { Tx } from '@sluice/postgres';
import type { Logger } from '@sluice/runtime';
import { countForgedRecord, InjectLogger, RecordSeals } from '@sluice/service-shell';

/** Terms of an address book. */
export interface BookTerms {
  /** Payments go to usable entries only. */
  readonly onlyBook: boolean;
  /** BookConfirmation that a new entry needs. */
  readonly confirmation: BookConfirmation;
  /** Waiting time of new entries, and of looser terms. */
  readonly waitsHours: number;
}

/** Terms with the time from which on they are in force. */
interface StatedTerms extends BookTerms {
  readonly startsAt: Date;
}

/** Row of the table `address_book_setting`. */
export interface SettingRow {
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

/** Settings of all address books. */
export class BookSettings {
  constructor(private readonly stated: ReadonlyMap<string, readonly StatedTerms[]>) {}

  /** True if no account has stated a setting. */
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

  /** Returns the terms that wait; null: none. */
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
    if (this.seals.namesUnknownKey(row.seal)) throw new UnknownSettingKeyError(row.account_id);
    countForgedRecord('address_book_setting');
    this.logger.error(
      { accountId: row.account_id, by: row.author },
      'a setting of an address book without a valid seal does not count: another party writes to this database',
    );
    return false;
  }
}

/**
 * Thrown while the seal of a setting names a key that this process does not have. Without the setting,
 * payments outside of the book would be allowed. The batch waits in Kafka.
 */
class UnknownSettingKeyError extends Error {
  override readonly name = 'UnknownSettingKeyError';
  /** SQLSTATE class 57, operator intervention: libs/kafka retries errors of this class. */
  readonly code = '57H03';

  constructor(accountId: string) {
    super(
      `the seal of a setting of the address book of ${accountId} names a key that AUDIT_KEY_FILE does not have: put the line back, and restart`,
    );
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
