import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from '@sluice/runtime';

/** A call every half second, a small part of each venue's limit, which the connector shares. */
const BETWEEN_MS = 500;

/** Keeps the calls of an endpoint apart. */
export class OwnPace {
  private readonly nextAtMs = new Map<string, number>();

  constructor(
    private readonly now: () => number = monotonicMs,
    private readonly wait: (ms: number) => Promise<unknown> = sleep,
  ) {}

  async turn(endpoint: string): Promise<void> {
    const now = this.now();
    const atMs = Math.max(now, this.nextAtMs.get(endpoint) ?? now);
    this.nextAtMs.set(endpoint, atMs + BETWEEN_MS);
    if (atMs > now) await this.wait(atMs - now);
  }
}
