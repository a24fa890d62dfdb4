import { styleText } from 'node:util';
import type { DemoAccount, RunFile } from '../layout/run-file.js';
import { openDemoAccount } from './demo-account.js';
import { DemoDriver, payAll, reasonOf, type Outcomes } from './demo-driver.js';
import { DemoWebhooks } from './demo-webhooks.js';
import { demoWithdrawals } from './demo.js';

export interface FirstSteps {
  /** Undefined when the account could not be opened; the faults state why. */
  readonly account: DemoAccount | undefined;
  /** Undefined when the webhook could not be registered; the faults state why. */
  readonly webhooks: DemoWebhooks | undefined;
  /** The two main withdrawals, still in progress. */
  readonly paying: Promise<Outcomes>;
}

/**
 * Opens the demo account, registers the account's webhook and requests the two main withdrawals.
 * Never throws: a failed step is printed and reported as a fault, and the stack continues to serve.
 */
export async function takeFirstSteps(
  run: RunFile,
  { accountFile, reference }: { readonly accountFile: string; readonly reference: string },
  onOpen: () => void,
): Promise<FirstSteps> {
  const opened = await attempt('the demo account', () => openDemoAccount(run, accountFile));
  if (opened.value === undefined)
    return {
      account: undefined,
      webhooks: undefined,
      paying: Promise.resolve({ shown: [], faults: opened.faults }),
    };
  onOpen();
  const driver = new DemoDriver(run, opened.value);
  const registered = await attempt('the demo webhook', () => DemoWebhooks.register(driver.client));
  const paying = payAll(driver, demoWithdrawals(reference)).then(({ shown, faults }) => ({
    shown,
    faults: [...registered.faults, ...faults],
  }));
  return { account: opened.value, webhooks: registered.value, paying };
}

interface Attempted<T> {
  readonly value: T | undefined;
  /** Faults, a line for each failure; empty after success. */
  readonly faults: readonly string[];
}

async function attempt<T>(step: string, work: () => Promise<T>): Promise<Attempted<T>> {
  const [outcome] = await Promise.allSettled([work()]);
  if (outcome.status === 'fulfilled') return { value: outcome.value, faults: [] };
  const faults = reasonOf(outcome).map((reason) => `${step}: ${reason}`);
  for (const fault of faults) console.error(`${styleText('red', '✗')} ${fault}`);
  return { value: undefined, faults };
}
