import { type KeyObject, sign, verify } from 'node:crypto';
import { isObject, ok, refuse, type Result } from '@sluice/kernel';
import { namedPublicKey, privateKeyOfSeed, publicHalfOf, readPublicKey } from './ed25519.js';

/** Longest life of a permit; a longer life in a statement does not count. */
export const PERMIT_LIFE_MS = 120_000;
/** Largest difference between the auditor's clock and the reader's clock. */
const CLOCKS_DIFFER_MS = 60_000;

/** Times of the reader's clocks in milliseconds, for example of the process and of its database. */
export type ReadClocks = () => readonly number[];

/** A payment, as far as a permit names payments. */
export interface PermittedOrder {
  readonly asset: string;
  readonly accountId: string;
}

/**
 * The newest; or ended or older, as usual after a restart; or not issued for this venue and time.
 */
export type TakenPermit =
  { readonly kind: 'newest' } | { readonly kind: 'stale' | 'refused'; readonly cause: string };

interface Held {
  readonly text: string;
  readonly statement: PermitStatement;
  readonly endsAtMs: number;
}

/**
 * Newest permit of a venue in memory: while it lasts, no database or caller brings an older one
 * back.
 */
export class HeldPermit {
  private held: Held | null = null;

  constructor(
    private readonly venue: string,
    private readonly keys: PermitKeys,
    private readonly clocks: ReadClocks,
  ) {}

  take(text: string): TakenPermit {
    if (this.held?.text === text) return this.isCurrent(this.held) ? NEWEST : EXPIRED;
    const read = this.keys.read(text);
    if (!read.ok) return refused(read.refusal);
    const statement = read.value;
    if (statement.venue !== this.venue) return refused(`the permit is for ${statement.venue}`);
    const issuedAtMs = statement.issuedAt.getTime();
    const endsAtMs = Math.min(statement.expiresAt.getTime(), issuedAtMs + PERMIT_LIFE_MS);
    const taken = { text, statement, endsAtMs };
    if (!this.isCurrent(taken)) return EXPIRED;
    if (issuedAtMs > Math.min(...this.clocks()) + CLOCKS_DIFFER_MS)
      return refused(
        'the permit was issued in the future: compare the clocks of this service and of the auditor',
      );
    const newest = this.current()?.statement.number ?? statement.number;
    if (statement.number < newest)
      return { kind: 'stale', cause: `the permit is older than number ${newest}` };
    this.held = taken;
    return NEWEST;
  }

  /** The newest permit as it was signed; null without a current permit. */
  get text(): string | null {
    return this.current()?.text ?? null;
  }

  /** The newest statement, and its end by the clock that is ahead; null without a current permit. */
  current(): Held | null {
    return this.held && this.isCurrent(this.held) ? this.held : null;
  }

  /** Milliseconds until the newest permit ends; 0 without a current permit. */
  leftMs(): number {
    const held = this.current();
    return held === null ? 0 : held.endsAtMs - Math.max(...this.clocks());
  }

  /** Returns the reason why nothing at all may be sent; null with a permit of the venue. */
  venueFault(): string | null {
    const held = this.current();
    if (held === null)
      return `${this.venue} waits for the auditor's permit: no current permit is known`;
    return held.statement.granted
      ? null
      : `${this.venue} waits for the auditor's permit: a finding of the auditor has withdrawn it`;
  }

  /** Returns the reason why the order must not be sent; null with a permit. */
  fault({ asset, accountId }: PermittedOrder): string | null {
    const fault = this.venueFault();
    if (fault !== null) return fault;
    const { accounts = [], assets = [] } = this.current()?.statement.withheld ?? {};
    if (assets.includes(asset)) return `the auditor's permit withholds ${asset}`;
    return accounts.includes(accountId) ? `the auditor's permit withholds ${accountId}` : null;
  }

  private isCurrent({ endsAtMs }: Held): boolean {
    return Math.max(...this.clocks()) < endsAtMs;
  }
}

const NEWEST = { kind: 'newest' } as const;
const EXPIRED = { kind: 'stale', cause: 'the permit has expired' } as const;

function refused(cause: string): TakenPermit {
  return { kind: 'refused', cause };
}

const PARTS = /^([A-Za-z0-9_-]+)\.([0-9a-f]{16})\.([A-Za-z0-9_-]{86})$/;

/** Ed25519 key of the auditor. Printing an instance does not reveal the key. */
export class PermitSigningKey {
  readonly #privateKey: KeyObject;
  private readonly id: string;
  /** 32 bytes in base64, for `AUDITOR_PUBLIC_KEYS`. */
  readonly publicKey: string;

  private constructor(seed: string) {
    this.#privateKey = privateKeyOfSeed(seed);
    ({ id: this.id, text: this.publicKey } = publicHalfOf(this.#privateKey));
  }

  /** Reads a seed of 32 bytes in base64. Throws an error message without any part of the key. */
  static parse(text: string): PermitSigningKey {
    return new PermitSigningKey(text);
  }

  /** Returns a permit as sent: the statement in base64url, the name of the key, and the signature. */
  sign(statement: PermitStatement): string {
    const text = canonicalStatement(statement);
    const signature = sign(null, signedBytes(text), this.#privateKey).toString('base64url');
    return `${Buffer.from(text).toString('base64url')}.${this.id}.${signature}`;
  }
}

/** Public keys of the auditor; several during a rotation. */
export class PermitKeys {
  private readonly keys: ReadonlyMap<string, KeyObject>;

  /** Takes keys of 32 bytes in base64. Throws for anything else. */
  constructor(publicKeys: readonly string[]) {
    this.keys = new Map(publicKeys.map((text) => [namedPublicKey(text).id, readPublicKey(text)]));
  }

  /** Reads keys separated by spaces or line ends. */
  static parse(text: string): PermitKeys {
    return new PermitKeys(text.split(/\s+/).filter(Boolean));
  }

  get isEmpty(): boolean {
    return this.keys.size === 0;
  }

  /** Returns the statement of an authentic permit, or the reason why the permit is not authentic. */
  read(permit: string): Result<PermitStatement, string> {
    const [, encoded = '', id = '', signature = ''] = PARTS.exec(permit) ?? [];
    if (encoded === '') return refuse('the permit cannot be read');
    const key = this.keys.get(id);
    if (key === undefined)
      return refuse(`the key ${id} of the permit is not among the public keys`);
    const text = Buffer.from(encoded, 'base64url').toString();
    if (!verify(null, signedBytes(text), key, Buffer.from(signature, 'base64url')))
      return refuse('the signature of the permit is wrong: the auditor did not issue the permit');
    const statement = readStatement(text);
    return statement.ok ? statement : refuse(`the statement is wrong: ${statement.refusal}`);
  }
}

function signedBytes(statement: string): Buffer {
  return Buffer.from(`sluice permit\n${statement}`);
}

export interface PermitStatement {
  readonly venue: string;
  /** Grows with each statement of a venue. */
  readonly number: number;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  /** False: nothing may be sent to this venue. */
  readonly granted: boolean;
  /** Payments without permission although the venue has a permit. */
  readonly withheld: Withheld;
}

interface Withheld {
  readonly assets: readonly string[];
  readonly accounts: readonly string[];
}

const FIELDS = 'expiresAt,granted,issuedAt,number,venue,withheld';
const WITHHELD_FIELDS = 'accounts,assets';

/** Canonical JSON of a statement: keys and lists in the order of their characters. */
export function canonicalStatement(statement: PermitStatement): string {
  const { expiresAt, granted, issuedAt, number, venue, withheld } = statement;
  return JSON.stringify({
    expiresAt: expiresAt.toISOString(),
    granted,
    issuedAt: issuedAt.toISOString(),
    number,
    venue,
    withheld: { accounts: withheld.accounts.toSorted(), assets: withheld.assets.toSorted() },
  });
}

/** Reads a canonical statement. Another field, or another spelling, is refused. */
export function readStatement(text: string): Result<PermitStatement, string> {
  const value = parsed(text);
  if (!isObject(value) || namesOf(value) !== FIELDS) return refuse('it has other fields');
  const { expiresAt, granted, issuedAt, number, venue, withheld } = value;
  if (!isObject(withheld) || namesOf(withheld) !== WITHHELD_FIELDS)
    return refuse('it withholds other things than assets and accounts');
  const { accounts, assets } = withheld;
  const [issued, expires] = [timeOf(issuedAt), timeOf(expiresAt)];
  if (
    typeof venue !== 'string' ||
    typeof granted !== 'boolean' ||
    typeof number !== 'number' ||
    !Number.isSafeInteger(number) ||
    issued === null ||
    expires === null ||
    !isTexts(accounts) ||
    !isTexts(assets)
  )
    return refuse('a field has another type');
  const statement = { venue, number, issuedAt: issued, expiresAt: expires, granted };
  const read = { ...statement, withheld: { accounts, assets } };
  return canonicalStatement(read) === text ? ok(read) : refuse('it is not canonical');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function namesOf(value: object): string {
  return Object.keys(value).join();
}

function timeOf(value: unknown): Date | null {
  const time = new Date(typeof value === 'string' ? value : '');
  return Number.isNaN(time.getTime()) ? null : time;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
