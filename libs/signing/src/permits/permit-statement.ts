import { isObject, ok, refuse, type Result } from '@sluice/kernel';

/** The auditor's statement about the payments of a venue. */
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
