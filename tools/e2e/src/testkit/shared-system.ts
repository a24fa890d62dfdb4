import { TestSystem } from './given-system.js';

let system: Promise<TestSystem> | undefined;

/** The system of all suites of `one-system.e2e.spec.ts`, started by the first suite. */
export function sharedSystem(): Promise<TestSystem> {
  return (system ??= TestSystem.start());
}
