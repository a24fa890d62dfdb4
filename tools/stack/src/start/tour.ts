import {
  bankAccountIn,
  paysToBankAccount,
  venueOf,
  VENUE_NAMES,
  type SimulatedName,
  type VenueName,
} from '../tables/venues.js';
import type { DemoAccount, RunFile } from '../layout/run-file.js';
import { DemoDriver, notCompleted, reasonOf, type Shown, type Wanted } from './demo-driver.js';
import { payUnderPolicy, type PolicySteps } from './tour-policy.js';
import { printDecision } from './print-demo.js';
import { SimulatorControl } from '@sluice/test-kit';
import { lingeringIn, withoutFunds } from '../clients/simulators.js';
import { stepsOf, type CancelledStep, type TourStep } from './tour-steps.js';
import { payFromWallet } from './wallet-tour.js';

export interface TourResult {
  readonly shown: readonly Shown[];
  readonly cancelled: number;
  /** Venue titles; undefined without a fail-over. */
  readonly failedOver: { readonly from: string; readonly to: string } | undefined;
  /** Withdrawals refused by a limit of the spending policy. */
  readonly limited: number;
  /** Withdrawals paid after the approval of two people. */
  readonly approved: number;
  readonly faults: readonly string[];
}

/**
 * Pays through each venue not used by the two main withdrawals, twice by the wallet, cancels a
 * withdrawal, fails over, and shows a limit and an approval of the spending policy. Changes to simulators affect only euros and bitcoin, because a person
 * may already be working with the stack. Never throws.
 */
export async function runTour(
  run: RunFile,
  account: DemoAccount,
  reference: string,
): Promise<TourResult> {
  const driver = new DemoDriver(run, account);
  const steps = stepsOf(reference);
  const paying = steps.paid.map((step) => ({ step, done: settled(pay(step, run, driver)) }));
  const cancelling = steps.cancelled.map(async (step) => {
    // a venue cancels after its own payment has ended
    await Promise.all(paying.filter(({ step: { venue } }) => venue === step.venue).map(doneOf));
    return settled(cancel(step, run, driver));
  });
  const wallets = payFromWallet(run, driver, reference, steps.next).map(settled);
  const first = steps.next + wallets.length;
  const policy = settled(payUnderPolicy(run, account, { reference, first }));
  const moved = await Promise.all(
    steps.refused.map((step) => settled(failOver(step, run, driver))),
  );
  const paid = await Promise.all([...paying.map(doneOf), ...wallets]);
  return resultOf(paid, await Promise.all(cancelling), { moved, policy: await policy });
}

type Settled = PromiseSettledResult<Shown>;

function doneOf({ done }: { readonly done: Promise<Settled> }): Promise<Settled> {
  return done;
}

function resultOf(
  paid: readonly Settled[],
  stopped: readonly Settled[],
  {
    moved,
    policy,
  }: {
    readonly moved: readonly Settled[];
    readonly policy: PromiseSettledResult<PolicySteps>;
  },
): TourResult {
  const [stops, moves] = [valuesOf(stopped), valuesOf(moved)];
  const ruled = valuesOf([policy]);
  const approved = ruled.map((steps) => steps.approved);
  const all = [...paid, ...stopped, ...moved];
  return {
    shown: [...valuesOf(all), ...approved],
    cancelled: stops.filter(({ detail }) => detail.state === 'cancelled').length,
    failedOver: moves
      .filter(({ detail }) => detail.state === 'completed')
      .map(decisionOf)
      .at(0),
    limited: ruled.filter(({ refused }) => refused).length,
    approved: approved.filter(({ detail }) => detail.state === 'completed').length,
    faults: [
      ...[...all, policy].flatMap(reasonOf),
      ...[...valuesOf([...paid, ...moved]), ...approved].flatMap(notCompleted),
      ...stops
        .filter(({ detail }) => detail.state !== 'cancelled')
        .map(({ title, detail }) => `${title}: ended as ${detail.status}`),
      ...moves
        .filter((move) => !decisionOf(move))
        .map(({ title, detail }) => `${title}: the withdrawal stayed with ${detail.venue}`),
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

async function pay({ venue, wanted }: TourStep, run: RunFile, driver: DemoDriver): Promise<Shown> {
  return driver.pay(await withBankAccount(venue, wanted, simulatorOf(run, venue)));
}

/** The simulator delays the withdrawal long enough for the cancel, at any speed. */
async function cancel(
  { venue, wanted, lingersIn }: CancelledStep,
  run: RunFile,
  driver: DemoDriver,
): Promise<Shown> {
  const simulator = simulatorOf(run, venue);
  const complete = await withBankAccount(venue, wanted, simulator);
  return lingeringIn(simulator, lingersIn, () => driver.payAndCancel(complete));
}

/**
 * The venue refuses for lack of funds. The connector searches the records after the listing bound,
 * and the route's next venue pays.
 */
async function failOver(
  { venue, wanted }: TourStep,
  run: RunFile,
  driver: DemoDriver,
): Promise<Shown> {
  const { title } = venueOf(venue);
  const shown = await withoutFunds(simulatorOf(run, venue), venue, () =>
    driver.pay(
      wanted,
      undefined,
      `${title} refused: the records of ${title} are looked up before the next venue pays`,
    ),
  );
  const decision = decisionOf(shown);
  if (decision) printDecision(shown.label, decision);
  return shown;
}

function simulatorOf({ simulators }: RunFile, venue: SimulatedName): SimulatorControl {
  return new SimulatorControl(simulators[venue] ?? '');
}

/** Adds the bank account known to the simulator, if the venue pays to bank accounts. */
async function withBankAccount(
  venue: SimulatedName,
  wanted: Wanted,
  simulator: SimulatorControl,
): Promise<Wanted> {
  if (!paysToBankAccount(venue)) return wanted;
  const account = bankAccountIn(venue, await simulator.credentials());
  const destination = {
    type: 'reference_account',
    ...account,
    remittance_information: 'tour',
  };
  return { ...wanted, body: { ...wanted.body, destination } };
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
