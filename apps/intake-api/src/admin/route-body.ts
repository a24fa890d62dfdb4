import { NumberText } from '@sluice/exact-json';
import { DESTINATION_TYPES, type Destination } from '@sluice/destination';
import { ALL_TOPICS } from '@sluice/messages';
import { isDecimalText } from '@sluice/money';
import type { Venue, VenueState } from '@sluice/withdrawal-core';
import { ApiError } from '../http/api-error.js';
import type { Route } from '../catalogue/route-store.js';

type Fields = Readonly<Record<string, unknown>>;

const CODE = /^[A-Z0-9][A-Z0-9_-]{0,31}$/;
/** A command for a venue without a topic would wait for it for ever, with its withdrawal. */
const TOPICS: ReadonlySet<string> = new Set(ALL_TOPICS.map(({ name }) => name));

const STATES: readonly VenueState[] = ['on', 'paused', 'closing'];

/** An hour: what a venue has to begin a withdrawal unless its route says otherwise. */
const SUBMIT_WITHIN_MS = 3_600_000;
const MAX_DECIMALS = 30;
const LONGEST_MS = 2_147_483_647;

/** A route to be set, and its venues as the operator has read them. */
export interface RouteChange {
  readonly route: Route;
  readonly was: readonly Venue[];
}

/**
 * Reads `{ currency, network, was: […], venues: [{ venue, pays, state, min_amount, max_amount, decimals, fee_percent, fee_flat, submit_within_ms }] }`;
 * the order of a list is the order of preference.
 */
export function readRoute(body: Fields): RouteChange {
  const venues = venuesOf(body, 'venues');
  const names = venues.map(({ name }) => name);
  if (new Set(names).size < names.length)
    throw ApiError.invalid(['venues: A venue may be listed once']);
  return {
    route: { currency: codeOf(body, 'currency'), network: codeOf(body, 'network'), venues },
    was: venuesOf(body, 'was'),
  };
}

function venuesOf(body: Fields, list: 'venues' | 'was'): Venue[] {
  const entries = body[list];
  if (!Array.isArray(entries)) throw ApiError.invalid([`${list}: Input should be a list`]);
  return entries.map((entry: unknown, index) => readVenue(entry, `${list}.${index}`));
}

function readVenue(entry: unknown, at: string): Venue {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    throw ApiError.invalid([`${at}: Input should be an object`]);
  const fields = entry as Fields;
  const name = fields['venue'];
  if (typeof name !== 'string' || !TOPICS.has(`venue.${name}.commands`))
    throw ApiError.invalid([`${at}.venue: Input should be a venue of this system`]);
  const state = oneOf(STATES, fields['state'] ?? 'on');
  if (state === undefined)
    throw ApiError.invalid([`${at}.state: Input should be one of ${STATES.join(', ')}`]);
  return {
    name,
    pays: paysOf(fields['pays'], at),
    state,
    minimum: decimalOf(fields, 'min_amount', at),
    maximum: decimalOf(fields, 'max_amount', at),
    decimals: wholeOf(fields, 'decimals', at, { least: 0, most: MAX_DECIMALS }),
    feePercent: decimalOf(fields, 'fee_percent', at),
    feeFlat: decimalOf(fields, 'fee_flat', at),
    submitWithinMs:
      fields['submit_within_ms'] === undefined
        ? SUBMIT_WITHIN_MS
        : wholeOf(fields, 'submit_within_ms', at, { least: 1, most: LONGEST_MS }),
  };
}

function paysOf(value: unknown, at: string): Destination['type'][] {
  const types = Array.isArray(value)
    ? value.map((type: unknown) => oneOf(DESTINATION_TYPES, type))
    : [];
  const known = types.filter((type) => type !== undefined);
  if (known.length === 0 || known.length < types.length)
    throw ApiError.invalid([
      `${at}.pays: Input should be a list of ${DESTINATION_TYPES.join(', ')}`,
    ]);
  return [...new Set(known)];
}

function decimalOf(fields: Fields, name: string, at: string): string | null {
  const value = fields[name] instanceof NumberText ? fields[name].text : (fields[name] ?? null);
  if (value !== null && !isDecimalText(value))
    throw ApiError.invalid([`${at}.${name}: Input should be a decimal or null`]);
  return value;
}

function wholeOf(
  fields: Fields,
  name: string,
  at: string,
  { least, most }: { least: number; most: number },
): number | null {
  const value = fields[name] ?? null;
  if (value === null) return null;
  const number =
    value instanceof NumberText && /^\d{1,10}$/.test(value.text) ? Number(value.text) : Number.NaN;
  if (!(number >= least && number <= most))
    throw ApiError.invalid([
      `${at}.${name}: Input should be a whole number from ${least} to ${most}, or null`,
    ]);
  return number;
}

function codeOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || !CODE.test(value.toUpperCase()))
    throw ApiError.invalid([`${name}: Input should be a code`]);
  return value.toUpperCase();
}

function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((entry) => entry === value);
}
