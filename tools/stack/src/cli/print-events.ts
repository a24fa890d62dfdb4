import { styleText } from 'node:util';
import { describeExit } from '@sluice/test-servers';
import type { SystemEvents } from '../system/process-table.js';

/** Prints a line for a completed start step, with colours only if standard output is a terminal. */
export function printStep(step: string, tookMs: number): void {
  console.log(
    `  ${styleText('green', '✓')} ${step.padEnd(20)} ${styleText('dim', seconds(tookMs))}`,
  );
}

/** Prints a notice about a step taking long only on the first start. */
export function printNotice(text: string): void {
  console.log(`    ${styleText('dim', text)}`);
}

/** Prints the supervisor's events for the operator. */
export const PRINTED_EVENTS: SystemEvents = {
  onRestarted: (name, exit, afterMs, pid) =>
    console.log(
      styleText(
        'yellow',
        `${name} died (${describeExit(exit)}); restarted in ${seconds(afterMs)} as pid ${pid}`,
      ),
    ),
  onUnready: (name, error) =>
    console.log(styleText('yellow', `${name} is running but not ready: ${error.message}`)),
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
