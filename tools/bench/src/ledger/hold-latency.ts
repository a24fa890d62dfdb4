import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ledgerCommands, ledgerEvents } from '@sluice/messages';
import { percentiles } from '../load/percentiles.js';
import { messageOf, type CommandBody } from './backlog.js';
import type { LedgerWorld } from './ledger-world.js';

const [WARM_UP, MEASURED, PAUSE_MS, LOST_MS] = [100, 400, 10, 10_000];

/**
 * Latency of single holds in an idle system, in milliseconds: from the produce call of the command
 * until the event has been read.
 */
export async function holdLatency(
  { kafka, sign }: LedgerWorld,
  hold: () => CommandBody,
): Promise<{ p50: number; p99: number }> {
  const waiting = new Map<string, () => void>();
  const consumer = kafka.consumer({ groupId: `bench-${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic: ledgerEvents.name });
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.run({
    eachMessage: async ({ message }) =>
      waiting.get(String(message.headers?.['ce_causationid']))?.(),
  });
  await joined;
  const producer = kafka.producer({ allowAutoTopicCreation: false, idempotent: true });
  await producer.connect();
  await sleep(1_000);

  const sample: number[] = [];
  for (let n = 0; n < WARM_UP + MEASURED; n += 1) {
    const message = messageOf(hold(), sign);
    const since = performance.now();
    const answered = new Promise<void>((resolve) =>
      waiting.set(message.headers['ce_id'] ?? '', resolve),
    );
    await producer.send({ topic: ledgerCommands.name, acks: -1, messages: [message] });
    await Promise.race([answered, lost()]);
    if (n >= WARM_UP) sample.push(performance.now() - since);
    await sleep(PAUSE_MS);
  }
  await Promise.all([producer.disconnect(), consumer.disconnect()]);
  const { p50, p99 } = percentiles(sample);
  return { p50, p99 };
}

async function lost(): Promise<never> {
  await sleep(LOST_MS, undefined, { ref: false });
  throw new Error('a hold was not answered');
}
