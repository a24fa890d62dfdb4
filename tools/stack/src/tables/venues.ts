import { connectorOf as connectorOfVenue, programOf, VENUES as ALL_VENUES } from '@sluice/messages';
import type { OrderForm, SimulatedVenue, Venue } from './venues/venue.js';
import { BITMART } from './venues/bitmart.js';
import { BYBIT } from './venues/bybit.js';
import { GATEIO } from './venues/gateio.js';
import { UPVEST } from './venues/upvest.js';

/**
 * All simulated venues. Adding a venue is an entry and a file in `venues/`. The name determines
 * database, role, ports, processes, endpoints and the variable of an existing database
 * (`DATABASE_URL_CONNECTOR_<NAME>`). The demo visits the venues in this order.
 */
const SIMULATED = {
  gateio: GATEIO,
  bitmart: BITMART,
  bybit: BYBIT,
  upvest: UPVEST,
} as const satisfies Readonly<Record<string, SimulatedVenue>>;

/** All venues, including venues with a real counterpart on this machine. */
const VENUES = {
  ...SIMULATED,
  wallet: {
    title: 'our own wallet',
    endpoints: [],
    isChains: true,
    needs: { SIGNER_URL: 'signer' },
  },
} as const satisfies Readonly<Record<string, Venue>>;

export type SimulatedName = keyof typeof SIMULATED;
export type VenueName = keyof typeof VENUES;
/**
 * Name of a venue's connector. The wallet uses chains of a single family, and the connector is
 * named after the family.
 */
type ConnectorOf<Name extends VenueName> = Name extends 'wallet'
  ? 'connector-evm'
  : `connector-${Name}`;
export type ConnectorName = ConnectorOf<VenueName>;
/** Name of a connector calling another service. */
export type CallingConnector = {
  [Name in VenueName]: (typeof VENUES)[Name] extends { needs: object } ? ConnectorOf<Name> : never;
}[VenueName];
/** Venue running in every start. */
export type FirstVenue = {
  [Name in SimulatedName]: (typeof SIMULATED)[Name] extends { always: true } ? Name : never;
}[SimulatedName];

/** Form of an order at a simulated venue. */
export type OrderFormName = {
  [Name in SimulatedName]: keyof (typeof SIMULATED)[Name]['orders'];
}[SimulatedName];

/** The venue running in every start: most tests and measurements pay through this venue. */
export const FIRST_VENUE: FirstVenue = 'gateio';
/**
 * Further accounts at the simulated venues (`VENUE_ACCOUNTS`). Each is a venue in every table. The
 * names are known only at run time, so the types do not have them.
 */
export const FURTHER_ACCOUNTS = ALL_VENUES.filter(
  (name) => programOf(name) !== name,
) as readonly SimulatedName[];
export const SIMULATED_NAMES: readonly [FirstVenue, ...SimulatedName[]] = [
  FIRST_VENUE,
  ...(Object.keys(SIMULATED) as SimulatedName[]).filter((name) => name !== FIRST_VENUE),
  ...FURTHER_ACCOUNTS,
];
export const VENUE_NAMES: readonly VenueName[] = [
  ...(Object.keys(VENUES) as VenueName[]),
  ...FURTHER_ACCOUNTS,
];

export function venueOf(name: VenueName): Venue {
  const venue: Venue = VENUES[programOf(name) as VenueName];
  return programOf(name) === name ? venue : titled(name, venue);
}

export function simulatedOf(name: SimulatedName): SimulatedVenue {
  const venue: SimulatedVenue = SIMULATED[programOf(name) as SimulatedName];
  return programOf(name) === name ? venue : { ...titled(name, venue), demo: {} };
}

/** Returns a venue as a further account: titled by the account, and not part of every start. */
function titled<V extends Venue>(
  name: string,
  { always: _always, ...venue }: V,
): Omit<V, 'always'> {
  return { ...venue, title: `${venue.title} (${name})` };
}

export function isSimulated(name: VenueName): name is SimulatedName {
  return programOf(name) in SIMULATED;
}

/** Returns a further account as a venue of the tables. Throws if `VENUE_ACCOUNTS` lacks it. */
export function furtherAccount(name: string): SimulatedName {
  const found = FURTHER_ACCOUNTS.find((one) => one === name);
  if (found === undefined) throw new Error(`VENUE_ACCOUNTS has no ${name}`);
  return found;
}

/** Returns the forms of orders at the venue, in the order of the draw. */
export function orderFormsOf(
  name: SimulatedName,
): readonly (readonly [OrderFormName, OrderForm])[] {
  const forms: Readonly<Record<string, OrderForm>> = simulatedOf(name).orders;
  return Object.entries(forms) as [OrderFormName, OrderForm][];
}

/** Returns the venue that pays to bank accounts. Throws if the table has no such venue. */
export function bankVenue(): SimulatedName {
  const found = SIMULATED_NAMES.find((name) => paysToBankAccount(name));
  if (found === undefined) throw new Error('no simulated venue pays to bank accounts');
  return found;
}

export function paysToBankAccount(name: VenueName): boolean {
  return isSimulated(name) && simulatedOf(name).bankAccount !== undefined;
}

/** Picks the simulator's bank account from the fields of `GET /_sim/credentials`. */
export function bankAccountIn(
  name: SimulatedName,
  credentials: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const fields = simulatedOf(name).bankAccount ?? [];
  return Object.fromEntries(fields.map((field) => [field, credentials[field]]));
}

/**
 * Returns the text that identifies the order of a payment in the venue's book: the recipient, or
 * the first word of the transfer text if the venue pays a single bank account.
 */
export function recipientOf(
  name: VenueName,
  { destination, memo }: { readonly destination: string; readonly memo: string | null },
): string {
  const recipient = paysToBankAccount(name) ? firstWordOf(memo ?? '') : destination;
  return recipient.toLowerCase();
}

/** Returns the first word of the customer: our own reference stands before the words. */
function firstWordOf(text: string): string {
  return text.split(' ').find((word) => !/^[cw][0-9A-Za-z]{22,31}$/.test(word)) ?? '';
}

/** Returns the name of the venue's connector process. */
export function connectorOf<Name extends VenueName>(name: Name): ConnectorOf<Name> {
  return connectorOfVenue(name) as ConnectorOf<Name>;
}

/** Returns the app of a service: accounts at a venue share the venue's program. */
export function appOf(service: string): string {
  const venue = venueOfConnector(service);
  return venue === undefined ? service : connectorOfVenue(programOf(venue));
}

/** Returns the venue of a connector; undefined if the service is not a connector. */
export function venueOfConnector(service: string): VenueName | undefined {
  return VENUE_NAMES.find((venue) => connectorOf(venue) === service);
}
