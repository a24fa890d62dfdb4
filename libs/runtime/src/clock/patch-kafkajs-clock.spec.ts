import { createHook } from 'node:async_hooks';
import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { patchKafkajsClock } from './patch-kafkajs-clock.js';

interface Queue extends EventEmitter {
  maybeThrottle(forMs: number): void;
  push(request: { entry: object; expectResponse: boolean; sendRequest: () => void }): void;
  fulfillRequest(answer: { correlationId: number; payload: null; size: number }): void;
  scheduleRequestTimeoutCheck(): void;
  destroy(): void;
}

const inside = createRequire(import.meta.url);
const RequestQueue = inside('kafkajs/src/network/requestQueue/index.js') as new (
  options: object,
) => Queue;
const SILENT = { debug: () => undefined, warn: () => undefined };

describe("kafkajs' queue of requests", () => {
  let queue: Queue;
  let sent: number[];
  let late: number[];
  let timers: number;
  const warnings: string[] = [];
  const counting = createHook({ init: (_id, type) => void (type === 'Timeout' && timers++) });
  const onWarning = ({ name }: Error) => void warnings.push(name);
  beforeAll(() => void process.on('warning', onWarning));
  beforeEach(() => {
    patchKafkajsClock();
    [sent, late, timers] = [[], [], 0];
    warnings.length = 0;
    queue = new RequestQueue({
      maxInFlightRequests: 1,
      requestTimeout: 50,
      enforceRequestTimeout: true,
      logger: SILENT,
      isConnected: () => true,
    });
    counting.enable();
  });
  afterEach(() => {
    counting.disable();
    queue.destroy();
  });
  afterAll(() => void process.off('warning', onWarning));

  const push = (id: number) =>
    queue.push({
      entry: { correlationId: id, resolve: () => undefined, reject: () => late.push(id) },
      expectResponse: true,
      sendRequest: () => sent.push(id),
    });
  const answer = (id: number) =>
    queue.fulfillRequest({ correlationId: id, payload: null, size: 0 });

  it('sets no timer while nothing is pending, and none for the past', async () => {
    timers = 0; // Jest has set one for the test itself
    for (let id = 0; id < 100; id++) {
      push(id);
      answer(id);
      queue.maybeThrottle(-1_000);
    }
    await new Promise((resolve) => setImmediate(resolve));

    expect([sent.length, timers, warnings]).toEqual([100, 0, []]);
  });

  it('sends what had to wait: for an answer, and for the broker that throttles', async () => {
    push(1);
    push(2);
    expect(sent).toEqual([1]);
    answer(1);
    expect(sent).toEqual([1, 2]);

    queue.maybeThrottle(60);
    push(3);
    answer(2);
    expect(sent).toEqual([1, 2]);
    await sleep(150);

    expect([sent, warnings]).toEqual([[1, 2, 3], []]);
  });

  it('ends a request that is not answered in time', async () => {
    queue.scheduleRequestTimeoutCheck();
    push(1);

    await sleep(2_500);

    expect(late).toEqual([1]);
  });
});
