import { createRequire } from 'node:module';
import { monotonicMs } from './process-clock.js';

/** A request that has left, as kafkajs 2.2.4 keeps it. */
interface InFlight {
  readonly requestTimeout: number;
  timeoutRequest(): void;
}

/** The queue of requests that each connection of kafkajs 2.2.4 has; only what is used here. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly inflight: ReadonlyMap<number, InFlight>;
  readonly maxInFlightRequests: number | null;
  readonly enforceRequestTimeout: boolean;
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  requestTimeoutIntervalId: NodeJS.Timeout | undefined;
  isConnected(): boolean;
  destroy(): void;
  checkPendingRequests(): void;
  maybeThrottle(forMs: number | null): void;
  canSendSocketRequestImmediately(): boolean;
  scheduleCheckPendingRequests(): void;
  scheduleRequestTimeoutCheck(): void;
}

/** A member of a consumer group; `lastRequest` is when it last beat. */
interface Member {
  lastRequest: number;
  heartbeat(of: { interval: number }): Promise<void>;
}

const RECHECK_MS = 10;
const TIMEOUT_CHECK_MS = 1_000;
let isPatched = false;

/**
 * Lets kafkajs 2.2.4 wait by the monotonic clock, and only where there is something to wait for. It computes its pauses from the
 * clock of the process: one that is set back an hour stops its heartbeats and time-outs for an hour. And where nothing throttles it,
 * which is always, it sets a timer for an instant long past, which Node makes one millisecond, and that timer sets the next one: 1,100
 * wake-ups per second for each connection, for ever, and a `TimeoutNegativeWarning`.
 */
export function patchKafkajsClock(): void {
  if (isPatched) return;
  isPatched = true;
  // Inside kafkajs, so its types leave them out; its version is pinned.
  const inside = createRequire(import.meta.url);
  queueByMonotonicClock(
    (inside('kafkajs/src/network/requestQueue/index.js') as { prototype: RequestQueue }).prototype,
  );
  beatByMonotonicClock(
    (inside('kafkajs/src/consumer/consumerGroup.js') as { prototype: Member }).prototype,
  );
}

function queueByMonotonicClock(queue: RequestQueue): void {
  queue.maybeThrottle = function (forMs) {
    if (forMs !== null && forMs > 0)
      this.throttledUntil = Math.max(monotonicMs() + forMs, this.throttledUntil);
  };
  queue.canSendSocketRequestImmediately = function () {
    const isFull =
      this.maxInFlightRequests !== null && this.inflight.size >= this.maxInFlightRequests;
    return !isFull && this.throttledUntil <= monotonicMs();
  };
  queue.scheduleCheckPendingRequests = function () {
    if (this.pending.length === 0 || this.throttleCheckTimeoutId !== null) return;
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      Math.max(this.throttledUntil - monotonicMs(), RECHECK_MS),
    );
  };
  queue.scheduleRequestTimeoutCheck = function () {
    if (!this.enforceRequestTimeout) return;
    this.destroy();
    const seenAt = new WeakMap<InFlight, number>();
    this.requestTimeoutIntervalId = setInterval(() => {
      endLateRequests(this.inflight, seenAt);
      if (!this.isConnected()) this.destroy();
    }, TIMEOUT_CHECK_MS);
  };
}

/** The age of a request is counted from the first check that sees it, so a time-out comes up to a second late. */
function endLateRequests(
  inflight: ReadonlyMap<number, InFlight>,
  seenAt: WeakMap<InFlight, number>,
): void {
  for (const request of [...inflight.values()]) {
    const since = seenAt.get(request) ?? monotonicMs();
    seenAt.set(request, since);
    if (monotonicMs() - since > request.requestTimeout) request.timeoutRequest();
  }
}

function beatByMonotonicClock(member: Member): void {
  const beat = member.heartbeat;
  const beatAt = new WeakMap<Member, number>();
  member.heartbeat = async function ({ interval }) {
    if (monotonicMs() < (beatAt.get(this) ?? -Infinity) + interval) return;
    this.lastRequest = -Infinity; // kafkajs compares this with the process's clock: whatever that says, the heartbeat is due
    await beat.call(this, { interval });
    beatAt.set(this, monotonicMs());
  };
}
