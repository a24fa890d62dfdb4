import { styleText } from 'node:util';
import { describeExit } from '@sluice/test-servers';
import type { SystemEvents } from '../system/process-table.js';

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
