import { createRequire } from 'node:module';
import { monotonicMs } from './process-clock.js';

interface InFlight {
  readonly requestTimeout: number;
  timeoutRequest(): void;
}

interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly inflight: ReadonlyMap<number, InFlight>;
  readonly maxInFlightRequests: number | null;
  readonly enforceRequestTimeout: boolean;
  throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  isConnected(): boolean;
  destroy(): void;
  checkPendingRequests(): void;
  maybeThrottle(forMs: number | null): void;
  canSendSocketRequestImmediately(): boolean;
  scheduleCheckPendingRequests(): void;
  scheduleRequestTimeoutCheck(): void;
}

/** Member of a consumer group; `lastRequest` is the time of the last heartbeat. */
interface Member {
  lastRequest: number;
  heartbeat(of: { interval: number }): Promise<void>;
}

const RECHECK_MS = 10;
const TIMEOUT_CHECK_MS = 1_000;
let isPatched = false;

/**
 * Patches kafkajs 2.2.4: waits by the monotonic clock, because a clock set back stops heartbeats
 * and timeouts, and only if necessary, because its throttling timer wakes 1,100 times per second.
 */
export function patchKafkajsClock(): void {
  if (isPatched) return;
  isPatched = true;
  // Internals of kafkajs, missing in the types; the version is pinned.
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
    checked.set(this, new WeakMap());
    checking ??= setInterval(checkAll, TIMEOUT_CHECK_MS).unref();
  };
  const { destroy } = queue;
  queue.destroy = function () {
    checked.delete(this);
    destroy.call(this);
  };
}

/** Connected queues, with the time of the first check of each request. */
const checked = new Map<RequestQueue, WeakMap<InFlight, number>>();
/** A single timer for all connections of the process: a timer each would wake the process each. */
let checking: NodeJS.Timeout | null = null;

function checkAll(): void {
  for (const [queue, seenAt] of checked) {
    endLateRequests(queue.inflight, seenAt);
    if (!queue.isConnected()) queue.destroy();
  }
  if (checked.size > 0 || checking === null) return;
  clearInterval(checking);
  checking = null;
}

/** Ends requests after their timeout, up to a second late: the age counts from the first check. */
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
    // makes the heartbeat due at any process clock
    this.lastRequest = -Infinity;
    await beat.call(this, { interval });
    beatAt.set(this, monotonicMs());
  };
}
