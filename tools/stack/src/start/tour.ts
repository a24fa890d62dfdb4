import { venueOf, VENUE_NAMES, type VenueName } from '../tables/venues.js';
import type { RunFile } from '../layout/run-file.js';
import type { DemoDriver, Shown, Wanted } from './demo-driver.js';
import { notCompleted, reasonOf } from './pay-all.js';
import { printDecision } from './print-demo.js';
import { SimulatedVenue } from './simulated-venue.js';
import { payFromWallet } from './wallet-tour.js';

export interface TourResult {
  readonly shown: readonly Shown[];
  readonly cancelled: number;
  /** Venue titles; undefined without a fail-over. */
  readonly failedOver: { readonly from: string; readonly to: string } | undefined;
  readonly faults: readonly string[];
}

const ADDRESS = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';

/**
 * Pays through each venue not used by the two main withdrawals, twice by the wallet, cancels a
 * withdrawal and fails over. Changes to simulators affect only euros and bitcoin, because a person
 * may already be working with the stack. Never throws.
 */
export async function runTour(
  run: RunFile,
  driver: DemoDriver,
  reference: string,
): Promise<TourResult> {
  const gateio = new SimulatedVenue(run.simulators.gateio);
  const upvest = new SimulatedVenue(run.simulators.upvest ?? '');
  const euros = settled(
    toBankAccount(upvest, (account) => driver.pay(toUpvest(account, reference))),
  );
  const cancelling = euros.then(() =>
    settled(toBankAccount(upvest, (account) => cancelled(upvest, driver, account, reference))),
  );
  const paying = [
    settled(driver.pay(toBitmart(reference))),
    settled(driver.pay(toBybit(reference))),
    euros,
    ...payFromWallet(run, driver, reference).map(settled),
  ];
  const moved = await settled(failedOver(gateio, driver, reference));
  const [paid, stopped] = [await Promise.all(paying), await cancelling];
  const [stop] = valuesOf([stopped]);
  const [move] = valuesOf([moved]);
  const decision = move && decisionOf(move);
  return {
    shown: valuesOf([...paid, stopped, moved]),
    cancelled: stop?.detail.state === 'cancelled' ? 1 : 0,
    failedOver: move?.detail.state === 'completed' ? decision : undefined,
    faults: [
      ...[...paid, stopped, moved].flatMap(reasonOf),
      ...valuesOf([...paid, moved]).flatMap(notCompleted),
      ...(stop && stop.detail.state !== 'cancelled'
        ? [`${stop.title}: ended as ${stop.detail.status}`]
        : []),
      ...(move && !decision
        ? [`${move.title}: the withdrawal stayed with ${move.detail.venue}`]
        : []),
    ],
  };
}

async function settled<T>(work: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [outcome] = await Promise.allSettled([work]);
  return outcome;
}

function valuesOf<T>(outcomes: readonly PromiseSettledResult<T>[]): T[] {
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
}

/** Returns the titles of the paying venues, in the order of the stack's list. */
export function paidBy(shown: readonly Shown[]): readonly string[] {
  const names = new Set(
    shown.filter(({ detail }) => detail.state === 'completed').map(({ detail }) => detail.venue),
  );
  return VENUE_NAMES.filter((name) => names.has(name)).map((name) => venueOf(name).title);
}

function toBitmart(reference: string): Wanted {
  const body = {
    currency: 'ETH',
    network: 'ETH',
    venue: 'bitmart',
    to_address: ADDRESS,
    amount: '0.05',
    client_reference: `tour-bitmart-${reference}`,
  };
  return { label: '#3', title: '0.05 ETH through BitMart', body };
}

function toBybit(reference: string): Wanted {
  const to_address = 'TGZQXjpvvfjZFLYdL6cnNTaxNRbGmthPLL';
  const body = {
    currency: 'USDT',
    network: 'TRX',
    venue: 'bybit',
    to_address,
    amount: '20',
    client_reference: `tour-bybit-${reference}`,
  };
  return { label: '#4', title: '20 USDT through Bybit', body };
}

function toUpvest(destination: object, reference: string): Wanted {
  const body = {
    currency: 'EUR',
    network: 'SEPA',
    destination,
    amount: '12.50',
    client_reference: `tour-upvest-${reference}`,
  };
  return { label: '#5', title: '12.50 EUR to a bank account through Upvest', body };
}

/**
 * Pays and cancels through Upvest. The simulated Upvest delays the withdrawal long enough for the
 * cancel, at any speed.
 */
function cancelled(
  upvest: SimulatedVenue,
  driver: DemoDriver,
  destination: object,
  reference: string,
): Promise<Shown> {
  const body = {
    currency: 'EUR',
    network: 'SEPA',
    destination,
    amount: '7.25',
    client_reference: `tour-cancel-${reference}`,
  };
  return upvest.lingeringIn('NEW', () =>
    driver.payAndCancel({
      label: '#6',
      title: '7.25 EUR, cancelled after Upvest has accepted the payment',
      body,
    }),
  );
}

/**
 * Gate.io refuses for lack of bitcoin. The connector searches the records after the listing bound,
 * and the route's next venue pays.
 */
async function failedOver(
  gateio: SimulatedVenue,
  driver: DemoDriver,
  reference: string,
): Promise<Shown> {
  const to_address = 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq';
  const body = {
    currency: 'BTC',
    network: 'BTC',
    to_address,
    amount: '0.01',
    client_reference: `tour-failover-${reference}`,
  };
  const wanted = { label: '#7', title: '0.01 BTC, of which Gate.io has none', body };
  const shown = await gateio.withoutFunds(() =>
    driver.pay(
      wanted,
      undefined,
      'Gate.io refused: the records of Gate.io are looked up before the next venue pays',
    ),
  );
  const decision = decisionOf(shown);
  if (decision) printDecision(shown.label, decision);
  return shown;
}

/** Pays to a bank account known to the simulated Upvest. */
async function toBankAccount(
  upvest: SimulatedVenue,
  work: (destination: object) => Promise<Shown>,
): Promise<Shown> {
  const { user_id, account_group_id, reference_account_id } = await upvest.credentials();
  return work({
    type: 'reference_account',
    user_id,
    account_group_id,
    reference_account_id,
    remittance_information: 'tour',
  });
}

/** Returns the two venues of the fail-over and the reason, from the withdrawal's history. */
function decisionOf({ detail }: Shown): { from: string; to: string; why: string } | undefined {
  const step = detail.history.find(({ trigger }) => trigger === 'rerouted');
  const from = detail.tried.at(-1);
  return step && from !== undefined
    ? { from: titleOf(from), to: titleOf(detail.venue), why: step.detail ?? '' }
    : undefined;
}

function titleOf(name: string): string {
  const known: VenueName | undefined = VENUE_NAMES.find((venue) => venue === name);
  return known === undefined ? name : venueOf(known).title;
}
