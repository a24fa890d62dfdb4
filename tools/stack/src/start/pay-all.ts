import type { DemoDriver, Shown, Wanted } from './demo-driver.js';

export interface Outcomes {
  readonly shown: readonly Shown[];
  /** Faults, a line each. */
  readonly faults: readonly string[];
}

/** Requests the withdrawals over the public API and follows them to their ends, showing each step as it happens. Never throws. */
export async function payAll(
  driver: DemoDriver,
  withdrawals: readonly Wanted[],
): Promise<Outcomes> {
  const outcomes = await Promise.allSettled(withdrawals.map((wanted) => driver.pay(wanted)));
  const shown = outcomes.flatMap((outcome) =>
    outcome.status === 'fulfilled' ? [outcome.value] : [],
  );
  return { shown, faults: [...outcomes.flatMap(reasonOf), ...shown.flatMap(notCompleted)] };
}

/** Returns the reasons of a rejection as text for a person; empty after success. */
export function reasonOf(outcome: PromiseSettledResult<unknown>): string[] {
  if (outcome.status === 'fulfilled') return [];
  return [outcome.reason instanceof Error ? outcome.reason.message : String(outcome.reason)];
}

export function notCompleted({ title, detail }: Shown): string[] {
  return detail.state === 'completed'
    ? []
    : [`${title}: ended as ${detail.status}: ${detail.error_message ?? detail.state}`];
}
