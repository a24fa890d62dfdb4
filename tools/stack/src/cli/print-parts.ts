import { styleText } from 'node:util';
import { describeExit } from '@sluice/test-servers';
import type { SystemEvents } from '../system/process-table.js';
import { SERVICE_NAMES, type ServiceName } from '../tables/services.js';
import { venueOf, venueOfConnector } from '../tables/venues.js';

/** Prints a line for a completed start step, with colours only if standard output is a terminal. */
function printStep(step: string, tookMs: number): void {
  console.log(
    `  ${styleText('green', '✓')} ${step.padEnd(20)} ${styleText('dim', seconds(tookMs))}`,
  );
}

/** Prints a notice about a step taking long only on the first start. */
export function printNotice(text: string): void {
  console.log(`    ${styleText('dim', text)}`);
}

/** Start and events of a system, printed for the operator. */
export interface PrintedParts {
  readonly events: SystemEvents;
  readonly onStep: (step: string, tookMs: number) => void;
  /** Parts that run or are restarted without being ready. */
  readonly unready: ReadonlySet<string>;
}

/** Prints the parts of a system as they start, fail and recover. `logOf` returns the log of a part. */
export function printParts(logOf: (part: string) => string): PrintedParts {
  const unready = new Set<string>();
  const events: SystemEvents = {
    ...PRINTED_EVENTS,
    onUnready: (name, error) => {
      unready.add(name);
      console.error(
        `  ${styleText('red', '✗')} ${name.padEnd(20)} is not ready: ${error.message}\n    its log is ${logOf(name)}`,
      );
    },
    onStarted: (name) => {
      if (unready.delete(name)) console.log(styleText('green', `${name} is ready`));
    },
  };
  const onStep: PrintedParts['onStep'] = (step, tookMs) => {
    if (!unready.has(step)) printStep(step, tookMs);
  };
  return { events, onStep, unready };
}

/** Prints the supervisor's events for the operator. */
const PRINTED_EVENTS: SystemEvents = {
  onRestarted: (name, exit, afterMs, pid) =>
    console.log(
      styleText(
        'yellow',
        `${name} died (${describeExit(exit)}); restarted in ${seconds(afterMs)} as pid ${pid}`,
      ),
    ),
  onCannotWrite: (error) =>
    console.error(
      styleText('red', `${error.message}; the write is retried, and running processes continue`),
    ),
  onWritesAgain: () => console.log(styleText('yellow', 'the data folder is writable again')),
  onRestartFailed: (name, error) =>
    console.error(
      styleText('red', `${name} did not restart, and the restart is retried: ${error.message}`),
    ),
};

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Effect on withdrawals while a service that is no connector is not ready. */
const EFFECTS: Readonly<Partial<Record<ServiceName, string>>> = {
  'intake-api': 'the API takes no withdrawals',
  ledger: 'withdrawals wait for their hold',
  webhooks: 'webhooks are delivered later',
  auditor: 'nothing compares ledger and venues, and payments beyond the allowance wait for permits',
  signer: 'payments from our own wallet wait',
};

/** Returns what works without the unready parts, and the remedy. Empty if every part is ready. */
export function describeUnready(unready: ReadonlySet<string>, started: readonly string[]): string {
  if (unready.size === 0) return '';
  const ready = started.filter((name) => !unready.has(name));
  return [
    `ready: ${ready.join(', ')}`,
    ...[...unready].map((name) => `not ready: ${name} (${effectOf(name)})`),
    'The stack keeps running, asks these parts again, and reports when they are ready.',
    'If data of an earlier start are the cause: `npm run stack -- reset` deletes the data, and `--data DIR` starts on other data.',
  ].join('\n');
}

function effectOf(name: string): string {
  const service = SERVICE_NAMES.find((one) => one === name);
  const venue = service && venueOfConnector(service);
  if (venue !== undefined) return `withdrawals through ${venueOf(venue).title} wait`;
  return (service && EFFECTS[service]) ?? 'its work waits';
}
