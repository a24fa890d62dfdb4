import { randomBytes, randomUUID } from 'node:crypto';
import type { Fields } from '../clients/signed-client.js';
import {
  orderFormsOf,
  SIMULATED_NAMES,
  type OrderFormName,
  type SimulatedName,
  type VenueName,
} from '../tables/venues.js';
import type { OrderForm } from '../tables/venues/venue.js';
import type { Random } from './random.js';

/**
 * A withdrawal requested by a client. No two orders pay the same recipient: the recipient in
 * a venue's book identifies the order.
 */
export interface Order {
  /** The client's own reference; sent as `client_reference` except if `unnamed`. */
  readonly reference: string;
  readonly client: number;
  readonly body: Fields;
  /** Recipient in the format of `recipientOf`. */
  readonly recipient: string;
  readonly currency: string;
  readonly network: string;
  readonly amount: string;
  readonly venue?: VenueName;
  readonly form: string;
  /** Asked without a reference: sent once, and never again by an honest client. */
  readonly unnamed: boolean;
  /** Delay until an eavesdropper replays the exact bytes of the request. */
  readonly capturedAfterMs?: number;
  /** The client sends the request to both instances at once. */
  readonly doubled: boolean;
  readonly cancelAfterMs?: number;
  /** Client timeout for a response. */
  readonly patienceMs: number;
}

/** Bank account known to the simulator of the venue that pays to bank accounts. */
export type BankAccount = Fields;

const ROUTE = 'route';
/** Additional forms with the wallet: coins and tokens of both chains. */
const WALLET_FORMS = {
  'wallet-ETH.ETH': 2,
  'wallet-USDT.ETH': 3,
  'wallet-BNB.BSC': 2,
  'wallet-USDT.BSC': 2,
} as const;
type WalletForm = keyof typeof WALLET_FORMS;
export type Form = typeof ROUTE | OrderFormName | WalletForm;

/** Forms of all simulated venues, in the order of the draw. */
const AT_VENUES: ReadonlyMap<Form, VenueForm> = new Map(
  SIMULATED_NAMES.flatMap((venue) =>
    orderFormsOf(venue).map(([name, form]) => [name, { venue, form }] as const),
  ),
);
interface VenueForm {
  readonly venue: SimulatedName;
  readonly form: OrderForm;
}

const WEIGHTS: Readonly<Partial<Record<Form, number>>> = {
  [ROUTE]: 6,
  ...Object.fromEntries([...AT_VENUES].map(([name, { form }]) => [name, form.weight])),
};

/** The first two forms of a venue: an address, and an account if the venue has accounts. */
export function usualFormsOf(venue: SimulatedName): readonly Form[] {
  return orderFormsOf(venue)
    .slice(0, 2)
    .map(([name]) => name);
}

export interface OrderOptions {
  readonly clients: number;
  readonly bankAccount: BankAccount;
  /** Forms to draw (default: all). */
  readonly forms?: readonly Form[];
  /** Our own wallet pays as well. */
  readonly wallet?: boolean;
  /** No cancels, replays or orders without a reference. */
  readonly plain?: boolean;
  /**
   * Request without a reference: the client does not repeat the request after a forgotten number.
   */
  readonly unnamed?: boolean;
  /** Request without a reference, replayed by an eavesdropper after this delay. */
  readonly capturedAfterMs?: number;
}

/** Draws the next order from the order's number and the seed. */
export function drawOrder(random: Random, number: number, options: OrderOptions): Order {
  const form: Form = options.forms
    ? random.pick(options.forms)
    : random.weighted<Form>(options.wallet ? { ...WEIGHTS, ...WALLET_FORMS } : WEIGHTS);
  const reference = `n-${number}-${random.whole(0, 0x7fff_ffff).toString(36)}`;
  const money = moneyOf(form, random);
  const target = targetOf(form, reference, random, options.bankAccount);
  const plain = options.plain ?? false;
  const unnamed =
    options.unnamed ?? (options.capturedAfterMs !== undefined || (!plain && random.chance(0.04)));
  const captured = !plain && random.chance(unnamed ? 0.7 : 0.03);
  const { recipient, ...named } = target;
  return {
    reference,
    client: number % options.clients,
    body: { ...money, ...named, ...(unnamed ? {} : { client_reference: reference }) },
    recipient: recipient.toLowerCase(),
    ...money,
    ...('venue' in named && { venue: named.venue }),
    form,
    unnamed,
    doubled: !plain && !unnamed && random.chance(0.04),
    ...(captured && { capturedAfterMs: random.pick([1_500, 8_000, 30_000, 120_000]) }),
    ...(options.capturedAfterMs !== undefined && { capturedAfterMs: options.capturedAfterMs }),
    ...(!plain &&
      random.chance(0.12) && { cancelAfterMs: random.pick([0, 100, 400, 1_500, 6_000]) }),
    patienceMs: random.pick([2_000, 9_000, 15_000]),
  };
}

function moneyOf(
  form: Form,
  random: Random,
): { currency: string; network: string; amount: string } {
  if (AT_VENUES.get(form)?.form.to === 'bank account')
    return {
      currency: 'EUR',
      network: 'SEPA',
      amount: `${random.whole(2, 40)}.${String(random.whole(10, 99))}`,
    };
  const [, currency = 'USDT', network = 'ETH'] = /^wallet-(.+)\.(.+)$/.exec(form) ?? [];
  if (currency !== 'USDT')
    return { currency, network, amount: `0.0${random.whole(10, 99)}${random.whole(1, 9)}` };
  const amount = `${random.whole(12, 60)}.${random.whole(1, 9)}${random.whole(1, 9)}`;
  return { currency, network, amount };
}

type Target = {
  readonly recipient: string;
  readonly venue?: VenueName;
  readonly to_address?: string;
  readonly destination?: Fields;
};

function targetOf(form: Form, reference: string, random: Random, bankAccount: BankAccount): Target {
  const address = `0x${Array.from({ length: 40 }, () => random.whole(0, 15).toString(16)).join('')}`;
  const number = String(random.whole(100_000_000, 1_999_999_999));
  const toAddress = { recipient: address, to_address: address };
  const atVenue = AT_VENUES.get(form);
  if (atVenue === undefined) return form === ROUTE ? toAddress : { ...toAddress, venue: 'wallet' };
  const { venue, form: target } = atVenue;
  switch (target.to) {
    case 'address':
      return { ...toAddress, venue };
    case 'venue account': {
      const { kind, areaCode } = target;
      const value = kind === 'email' ? `${reference}@example.com` : number;
      const area = areaCode === undefined ? {} : { area_code: areaCode };
      return {
        recipient: value,
        destination: { type: 'venue_account', kind, value, ...area },
        venue,
      };
    }
    case 'bank account':
      return {
        recipient: reference,
        destination: {
          type: 'reference_account',
          ...bankAccount,
          remittance_information: reference,
        },
        venue,
      };
  }
}

/** Body of a withdrawal of 5.25 USDT to a fresh address, which identifies the withdrawal. */
export function toFreshAddress(
  change: object = {},
): Fields & { readonly client_reference: string } {
  return {
    currency: 'USDT',
    network: 'ETH',
    to_address: `0x${randomBytes(20).toString('hex')}`,
    amount: '5.25',
    client_reference: randomUUID(),
    ...change,
  };
}
