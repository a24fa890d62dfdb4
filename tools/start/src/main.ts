import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  layoutOf,
  listenForStop,
  PRINTED_EVENTS,
  printNotice,
  printStep,
  seconds,
  stackConfig,
  StackError,
  startSystem,
  type DemoAccount,
  type System,
} from '@sluice/stack';
import { demoWithdrawals, runDemo, verdict, type DemoResult } from './demo.js';
import { openDemoAccount } from './demo-account.js';
import { printNextSteps } from './print-next-steps.js';

const began = Date.now();

/** What `--once` says at the very end, after everything has been stopped. */
interface Outcome {
  readonly code: number;
  readonly lastLine?: string;
}

/** `npm start [-- --once] [-- --fast] [-- --data DIR]`: everything up, two withdrawals paid, then it serves until Ctrl-C. */
async function main(): Promise<Outcome> {
  const { values } = parseArgs({ options: { once: { type: 'boolean' }, fast: { type: 'boolean' }, data: { type: 'string' } } });
  const { home } = layoutOf(values.data ?? stackConfig().home);
  const stop = listenForStop();

  console.log('Sluice: starting PostgreSQL, Kafka, the Gate.io simulator and the services');
  const system = await bringUp(home, values.fast === true);
  stop.orderly();
  try {
    const shown = await Promise.race([showDemo(system), stop.asked.then(() => undefined)]);
    if (values.once) return conclude(shown);
    if (shown) printNextSteps(system.run, layoutOf(home));
    console.log(`\nstopping (${await stop.asked}) …`);
    return { code: 0 };
  } finally {
    await system.stop();
  }
}

async function bringUp(home: string, fast: boolean): Promise<System> {
  const system = await startSystem({
    home,
    pace: fast ? 'fast' : 'real',
    onStep: printStep,
    onNotice: printNotice,
    events: PRINTED_EVENTS,
    openDemoAccount: (run): Promise<DemoAccount> => openDemoAccount(run, join(home, 'demo.json')),
  });
  console.log(`up in ${seconds(Date.now() - began)}\n`);
  return system;
}

async function showDemo({ run }: System): Promise<DemoResult> {
  if (!run.demo) throw new Error('the demo account was not opened');
  const result = await runDemo(run, run.demo, demoWithdrawals(Date.now().toString(36)));
  for (const fault of result.faults) console.error(`✗ ${fault}`);
  return result;
}

function conclude(result: DemoResult | undefined): Outcome {
  if (!result) return { code: 1, lastLine: 'failed: stopped before the withdrawals were done' };
  return { code: result.faults.length === 0 ? 0 : 1, lastLine: verdict(result) };
}

try {
  const { code, lastLine } = await main();
  if (lastLine !== undefined) console.log(lastLine);
  process.exit(code);
} catch (error) {
  console.error(error instanceof StackError ? `\n${error.message}` : error);
  process.exit(1);
}
