import { Injectable } from '@nestjs/common';
import { parseRuleSet } from '@sluice/policy-core';
import { selectedByProperty, type Tx } from '@sluice/postgres';
import type { Logger } from '@sluice/runtime';
import { countForgedRecord, InjectLogger, RecordSeals } from '@sluice/service-shell';
import {
  AddressBooks,
  type BookSettings,
  NEWEST_SETTING,
} from '../address-book/address-book-settings.js';
import { isGenuine, METER_COLUMNS, meterFrom, type MeterRow } from './hold-facts.js';
import { EMPTY_POLICY_BOOK, PolicyBook, type PolicyVersion } from './policy-book.js';
import { UnusableRulesError } from '../address-book/unusable-rules.js';
import { loadZones, OFFSETS_NOW, zonesOf } from './zones.js';

const VERSION_KIND = 'policy version';

export interface PolicySetRow {
  readonly version: number;
  readonly follows: number;
  /** JSON text of the document, as sealed. */
  readonly document: string;
  readonly starts_at: Date;
  readonly published_at: Date;
  readonly requested_by: string;
  readonly approved_by: string;
  readonly seal: string;
}

/** Shared by batches that decide holds, exclusive for a publishing, which fills counters. */
const LOCK = `hashtextextended('spending policy', 0)`;
const SHARE = `SELECT pg_advisory_xact_lock_shared(${LOCK})`;
const EXCLUDE = `SELECT pg_advisory_xact_lock(${LOCK})`;
/**
 * Columns of `NewestRow`; $1: the known zones. The seal tells versions of a restored database apart;
 * the digest shows replaced meters.
 */
export const NEWEST = `
  (SELECT coalesce(max(version), 0) FROM policy_set) AS newest, (SELECT seal FROM policy_set ORDER BY version DESC LIMIT 1) AS seal,
  (SELECT md5(string_agg(m::text, ',' ORDER BY id)) FROM policy_meter AS m) AS meters, (${NEWEST_SETTING}) AS setting, clock_timestamp() AS now, (${OFFSETS_NOW}) AS offsets`;
const SETS = `SELECT version, follows, document, starts_at, published_at, requested_by, approved_by, seal FROM policy_set ORDER BY version`;
export const METERS = `SELECT ${selectedByProperty(METER_COLUMNS)} FROM policy_meter ORDER BY id`;

export interface NewestRow {
  readonly newest: number;
  readonly seal: string | null;
  readonly meters: string | null;
  /** Seal of the newest setting of an address book. */
  readonly setting: string | null;
  readonly now: Date;
  /** Present offset of each known zone, in milliseconds; null without a zone. */
  readonly offsets: Readonly<Record<string, number>> | null;
}

export interface PolicyNow {
  readonly book: PolicyBook;
  readonly settings: BookSettings;
  readonly now: Date;
}

/** Rule sets, read again after a publishing. A version without a valid seal does not count. */
@Injectable()
export class Policies {
  private known: PolicyBook = EMPTY_POLICY_BOOK;
  /** Seal of the newest version and digest of the meters, as loaded. */
  private loaded: Pick<NewestRow, 'seal' | 'meters'> = { seal: null, meters: null };

  constructor(
    /** Seals of the rows that state decisions of people. */
    readonly seals: RecordSeals,
    private readonly books: AddressBooks,
    @InjectLogger() private readonly logger: Pick<Logger, 'error'>,
  ) {}

  /** Keeps the rule set that the next statements read unchanged until the end of the transaction. */
  share(tx: Tx): void {
    void tx.query(SHARE);
  }

  /** Waits for all batches under way, and keeps new batches waiting until the end. */
  async exclude(tx: Tx): Promise<PolicyNow> {
    void tx.query(EXCLUDE);
    return this.read(tx);
  }

  async read(source: Pick<Tx, 'query'>): Promise<PolicyNow> {
    const [row] = await source.query<NewestRow>(`SELECT ${NEWEST}`, [this.zones]);
    if (!row) throw new Error('the database returned no version');
    return this.at(source, row);
  }

  get zones(): readonly string[] {
    return this.known.zones;
  }

  /** Returns the rule set of the row, read again if another version is known. */
  async at(source: Pick<Tx, 'query'>, row: NewestRow): Promise<PolicyNow> {
    const settings = await this.books.load(source, row.setting);
    const { newest, seal, meters } = row;
    const { loaded, known } = this;
    const isKnown = newest === known.newest && seal === loaded.seal && meters === loaded.meters;
    if (!isKnown || !hasOffsets(known, row)) {
      this.known = await this.load(source, row);
      this.loaded = { seal, meters };
    }
    return { book: this.known, settings, now: row.now };
  }

  recentPrices(
    source: Pick<Tx, 'query'>,
    maxAgeMinutes: number,
  ): Promise<Readonly<Record<string, string>>> {
    return recentPrices(source, this.seals, maxAgeMinutes);
  }

  seal(row: Omit<PolicySetRow, 'seal'>): string {
    return this.seals.seal(VERSION_KIND, sealedFields(row));
  }

  private async load(
    source: Pick<Tx, 'query'>,
    { newest, now }: Pick<NewestRow, 'newest' | 'now'>,
  ): Promise<PolicyBook> {
    const [rows, meters] = await Promise.all([
      source.query<PolicySetRow>(SETS),
      source.query<MeterRow>(METERS),
    ]);
    const versions = rows.flatMap((row) => this.versionFrom(row) ?? []);
    const started = versions.findLast(({ startsAt }) => startsAt <= now)?.version ?? 0;
    const unknown = rows.findLast(({ seal }) => this.seals.namesUnknownKey(seal))?.version ?? 0;
    if (unknown > started)
      throw new UnusableRulesError(
        'UnknownPolicyKeyError',
        `the seal of version ${unknown} of the spending policy names a key that AUDIT_KEY_FILE does not have: put the line back, and restart`,
      );
    const counting = meters.filter(this.isGenuine).map(meterFrom);
    const zones = await loadZones(source, zonesOf(counting.map(({ rule }) => rule)));
    return new PolicyBook(newest, versions, counting, zones);
  }

  private readonly isGenuine = (row: MeterRow): boolean => {
    if (isGenuine(row)) return true;
    countForgedRecord('policy_meter');
    this.logger.error(
      { meter: row.id },
      'a meter of the spending policy does not match its id and is ignored: another party writes to this database',
    );
    return false;
  };

  private versionFrom(row: PolicySetRow): PolicyVersion | null {
    if (!this.seals.isSealed(VERSION_KIND, sealedFields(row), row.seal)) {
      countForgedRecord('policy_set');
      this.logger.error(
        { version: row.version, by: row.requested_by },
        'a version of the spending policy without a valid seal does not count: another party writes to this database',
      );
      return null;
    }
    const set = parseRuleSet(JSON.parse(row.document));
    if (!set.ok)
      throw new UnusableRulesError(
        'UnreadablePolicyError',
        `this release cannot read version ${row.version} of the spending policy (${set.refusal.join('; ')}): run the release that published it`,
      );
    const { version, follows, requested_by: requestedBy, approved_by: approvedBy } = row;
    const times = { startsAt: row.starts_at, publishedAt: row.published_at };
    return { version, follows, set: set.value, ...times, requestedBy, approvedBy };
  }
}

/** False if PostgreSQL has got other rules for a zone since the book was loaded. */
function hasOffsets(
  book: PolicyBook,
  { offsets, now }: Pick<NewestRow, 'offsets' | 'now'>,
): boolean {
  return Object.entries(offsets ?? {}).every(
    ([zone, offset]) => book.offsetOf(zone, now.getTime()) === offset,
  );
}

function sealedFields(row: Omit<PolicySetRow, 'seal'>): readonly string[] {
  return [
    String(row.version),
    String(row.follows),
    row.document,
    row.starts_at.toISOString(),
    row.published_at.toISOString(),
    row.requested_by,
    row.approved_by,
  ];
}

export interface PriceRow {
  readonly asset: string;
  /** Decimal text. */
  readonly eur: string;
  readonly at: Date;
  readonly requested_by: string;
  /** Null: one person was enough. */
  readonly approved_by: string | null;
  readonly seal: string;
}

const PRICE_KIND = 'policy price';

export function sealPrice(seals: RecordSeals, row: Omit<PriceRow, 'seal'>): string {
  return seals.seal(PRICE_KIND, sealedPriceFields(row));
}

/** Newest price of each asset, at most `maxAgeMinutes` old; none without a valid seal. */
async function recentPrices(
  source: Pick<Tx, 'query'>,
  seals: RecordSeals,
  maxAgeMinutes: number,
): Promise<Readonly<Record<string, string>>> {
  const rows = await source.query<PriceRow>(RECENT, [maxAgeMinutes]);
  const own = rows.filter((row) => seals.isSealed(PRICE_KIND, sealedPriceFields(row), row.seal));
  if (own.length < rows.length) countForgedRecord('policy_price');
  return Object.fromEntries(own.map(({ asset, eur }) => [asset, eur]));
}

const RECENT = `
  SELECT DISTINCT ON (asset) asset, eur::text, at, requested_by, approved_by, seal FROM policy_price
   WHERE at > clock_timestamp() - make_interval(mins => $1) ORDER BY asset, at DESC`;

function sealedPriceFields(row: Omit<PriceRow, 'seal'>): readonly (string | null)[] {
  const { asset, eur, at, requested_by: by, approved_by: approvedBy } = row;
  return [asset, eur, at.toISOString(), by, approvedBy];
}
