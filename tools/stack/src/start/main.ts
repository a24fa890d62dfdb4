import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brokersOption } from '../cli/brokers-option.js';
import { connectorOf, SIMULATED_NAMES } from '../tables/venues.js';
import { layoutOf } from '../layout/layout.js';
import { runCommand, listenForStop } from '../cli/command.js';
import { ofEach } from '../tables/services.js';
import {
  describeUnready,
  printNotice,
  printParts,
  seconds,
  type PrintedParts,
} from '../cli/print-parts.js';
import { QUICK_PROOFS } from '../system/service-environment.js';
import { stackConfig } from '../system/config.js';
import { startSystem, type System } from '../system/start-system.js';
import type { DemoAccount, RunFile } from '../layout/run-file.js';
import { demoElsewhere, showTour, verdict, type DemoResult } from './demo.js';
import { takeFirstSteps, type FirstSteps } from './first-steps.js';
import { reasonOf, type Outcomes } from './demo-driver.js';
import { printNextSteps } from './print-demo.js';

const began = Date.now();

/** Exit code and last message, printed after the stack has stopped. */
interface Outcome {
  readonly code: number;
  readonly lastLine?: string;
}

const USAGE = `usage: npm start -- [--once] [--fast] [--tls] [--brokers 3] [--data DIR] | --at FILE
  --once      stop after the two withdrawals and the tour; exit code 0 on success
  --at FILE   send the same withdrawals to a stack that runs elsewhere (containers, a cluster); FILE is its run file
  --fast      no rate limits at the simulated venues, short statuses; a refusal is looked up after 0.5 s, not 35 s as in production
  --tls       Kafka, PostgreSQL and the services use only TLS, with certificates made for this machine
  --brokers 3  three brokers: each record has three replicas, and a write needs two in-sync replicas
  --data DIR  folder of data, logs and addresses (default .sluice)
VENUE_ACCOUNTS=VENUE-SUFFIX in the environment also starts a connector with a second account of this venue.`;

/**
 * `npm start [-- --once] [-- --fast] [-- --tls] [-- --data DIR]`: starts the stack, pays two
 * withdrawals, runs a tour of the venues, and serves until Ctrl-C.
 */
async function main(): Promise<Outcome> {
  const { values } = parseArgs({
    options: {
      once: { type: 'boolean' },
      fast: { type: 'boolean' },
      tls: { type: 'boolean' },
      brokers: { type: 'string' },
      data: { type: 'string' },
      at: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return { code: 0, lastLine: USAGE };
  const reference = began.toString(36);
  if (values.at !== undefined) return outcomeOf(await demoElsewhere(values.at, reference));
  const { home } = layoutOf(values.data ?? stackConfig().home);
  const stop = listenForStop();

  console.log('Sluice: starting PostgreSQL, Kafka, the simulated venues and the services');
  const parts = printParts(layoutOf(home).logOf);
  const { system, first } = await bringUp(home, values, reference, parts);
  stop.orderly();
  try {
    const shown = await Promise.race([
      showDemo(system, first, reference, parts),
      stop.asked.then(() => undefined),
    ]);
    if (values.once) return outcomeOf(shown);
    if (shown && first?.account) printNextSteps(system.run, layoutOf(home));
    console.log(`\nstopping (${await stop.asked}) …`);
    return { code: 0 };
  } finally {
    await first?.webhooks?.stop();
    await system.stop();
  }
}

interface BroughtUp {
  readonly system: System;
  readonly first: FirstSteps | undefined;
}

/** The two main withdrawals begin as soon as the first venue can pay, while the other connectors are still starting. */
async function bringUp(
  home: string,
  {
    fast = false,
    tls,
    brokers,
  }: { readonly fast?: boolean; readonly tls?: boolean; readonly brokers?: string },
  reference: string,
  { unready, ...printed }: PrintedParts,
): Promise<BroughtUp> {
  let first: FirstSteps | undefined;
  const openAndPay = async (run: RunFile): Promise<DemoAccount | undefined> => {
    if (unready.size > 0) return undefined;
    const accountFile = join(home, 'demo.json');
    first = await takeFirstSteps(run, { accountFile, reference }, () =>
      console.log(`takes withdrawals after ${seconds(Date.now() - began)}\n`),
    );
    return first.account;
  };
  const system = await startSystem({
    home,
    console: true,
    pace: fast ? 'fast' : 'real',
    ...(fast && { environment: ofEach(SIMULATED_NAMES.map(connectorOf), () => QUICK_PROOFS) }),
    ...(tls !== undefined && { tls }),
    ...brokersOption(brokers),
    onNotice: printNotice,
    keepsUnready: true,
    ...printed,
    openDemoAccount: openAndPay,
  });
  console.log(`up in ${seconds(Date.now() - began)}`);
  if (unready.size > 0) console.log(`\n${describeUnready(unready, [...system.processes.keys()])}`);
  return { system, first };
}

/**
 * Runs the demo. Never throws: a failed demo is printed, and the stack continues to serve. An
 * unready part ends the demo after the first withdrawals.
 */
async function showDemo(
  { run }: System,
  first: FirstSteps | undefined,
  reference: string,
  { unready }: PrintedParts,
): Promise<DemoResult> {
  const missing = [...unready].map((name) => `${name} is not ready`);
  const paid = (await first?.paying) ?? { shown: [], faults: [] };
  if (!first?.account || missing.length > 0)
    return { ...NOTHING_SHOWN, ...countOf(paid), faults: [...paid.faults, ...missing] };
  const tour = showTour(run, first.account, paid, reference, first.webhooks);
  const [outcome] = await Promise.allSettled([tour]);
  if (outcome.status === 'fulfilled') return outcome.value;
  const faults = [...paid.faults, ...reasonOf(outcome).map((reason) => `the tour: ${reason}`)];
  for (const fault of faults) console.error(`✗ ${fault}`);
  return { ...NOTHING_SHOWN, faults };
}

function countOf({ shown }: Outcomes): Pick<DemoResult, 'captured'> {
  return { captured: shown.filter(({ detail }) => detail.state === 'completed').length };
}

const NOTHING_SHOWN = { requested: 2, captured: 0, violated: 0 };

function outcomeOf(result: DemoResult | undefined): Outcome {
  if (!result) return { code: 1, lastLine: 'failed: stopped before the withdrawals were done' };
  return { code: result.faults.length === 0 ? 0 : 1, lastLine: verdict(result) };
}

await runCommand(USAGE, async () => {
  const { code, lastLine } = await main();
  if (lastLine !== undefined) console.log(lastLine);
  return code;
});
