import { venueOf, VENUE_NAMES, type RunFile, type VenueName } from '@sluice/stack';
import type { Cashier, Shown, Wanted } from './cashier.js';
import { notCompleted, reasonOf } from './pay-all.js';
import { printDecision } from './print-demo.js';
import { SimulatedVenue } from './simulated-venue.js';

export interface TourResult {
  readonly shown: readonly Shown[];
  readonly cancelled: number;
  /** The venues, as people write them; undefined when it did not come to that. */
  readonly failedOver: { readonly from: string; readonly to: string } | undefined;
  readonly faults: readonly string[];
}

const ADDRESS = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';

/** One through each venue that the two main withdrawals did not take, one that is cancelled and one that fails over. Never throws. */
export async function runTour(run: RunFile, cashier: Cashier, reference: string): Promise<TourResult> {
  const gateio = new SimulatedVenue(run.simulators.gateio);
  const cancelling = settled(cancelled(gateio, cashier, reference));
  const moving = cancelling.then(() => settled(failedOver(gateio, cashier, reference))); // after it: both need Gate.io
  const paying = [cashier.pay(toBitmart(reference)), cashier.pay(toBybit(reference)), toUpvest(run, reference).then((wanted) => cashier.pay(wanted))];
  const paid = await Promise.allSettled(paying);
  const [stopped, moved] = [await cancelling, await moving];
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
      ...(stop && stop.detail.state !== 'cancelled' ? [`${stop.title}: ended as ${stop.detail.status}`] : []),
      ...(move && !decision ? [`${move.title}: it stayed with ${move.detail.venue}`] : []),
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

/** The venues that paid, as people write them, in the order in which the stack lists them. */
export function paidBy(shown: readonly Shown[]): readonly string[] {
  const names = new Set(shown.filter(({ detail }) => detail.state === 'completed').map(({ detail }) => detail.venue));
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
  const body = { currency: 'USDT', network: 'TRX', venue: 'bybit', to_address, amount: '20', client_reference: `tour-bybit-${reference}` };
  return { label: '#4', title: '20 USDT through Bybit', body };
}

async function toUpvest({ simulators }: RunFile, reference: string): Promise<Wanted> {
  if (simulators.upvest === undefined) throw new Error('the simulated Upvest does not run');
  const { user_id, account_group_id, reference_account_id } = await new SimulatedVenue(simulators.upvest).credentials();
  const destination = { type: 'reference_account', user_id, account_group_id, reference_account_id, remittance_information: 'tour' };
  const body = { currency: 'EUR', network: 'SEPA', destination, amount: '12.50', client_reference: `tour-upvest-${reference}` };
  return { label: '#5', title: '12.50 EUR to a bank account through Upvest', body };
}

/** Gate.io looks at it for long enough that the cancel comes in time, whatever the pace. */
async function cancelled(gateio: SimulatedVenue, cashier: Cashier, reference: string): Promise<Shown> {
  const to_address = 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq';
  const body = { currency: 'BTC', network: 'BTC', venue: 'gateio', to_address, amount: '0.01', client_reference: `tour-cancel-${reference}` };
  return gateio.lingeringIn('REQUEST', () => cashier.payAndCancel({ label: '#6', title: '0.01 BTC, cancelled when Gate.io has it', body }));
}

/** Gate.io says that it has not enough; the route's next venue pays. */
async function failedOver(gateio: SimulatedVenue, cashier: Cashier, reference: string): Promise<Shown> {
  const body = { currency: 'USDT', network: 'ETH', to_address: ADDRESS, amount: '40', client_reference: `tour-failover-${reference}` };
  await gateio.refusesNext('POST /withdrawals', 400, { label: 'BALANCE_NOT_ENOUGH', message: 'Not enough balance' });
  const shown = await cashier.pay({ label: '#7', title: '40 USDT, for which Gate.io has not enough', body });
  const decision = decisionOf(shown);
  if (decision) printDecision(shown.label, decision);
  else await gateio.disarm();
  return shown;
}

/** Who gave it to whom, and why, as the history keeps it. */
function decisionOf({ detail }: Shown): { from: string; to: string; why: string } | undefined {
  const step = detail.history.find(({ trigger }) => trigger === 'rerouted');
  const from = detail.tried.at(-1);
  return step && from !== undefined ? { from: titleOf(from), to: titleOf(detail.venue), why: step.detail ?? '' } : undefined;
}

function titleOf(name: string): string {
  const known: VenueName | undefined = VENUE_NAMES.find((venue) => venue === name);
  return known === undefined ? name : venueOf(known).title;
}
