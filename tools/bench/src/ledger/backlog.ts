import { readFileSync } from 'node:fs';
import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LedgerAdmin } from '@sluice/admin-client';
import {
  encode,
  ledgerCommands,
  ledgerEvents,
  type Body,
  type WireMessage,
} from '@sluice/messages';
import { MessageKeys, signMessage } from '@sluice/signing';
import type { Admin } from 'kafkajs';
import { startServiceWorld } from '../system/service-world.js';
import { usageOf } from '../machine/machine.js';
import { percentiles } from '@sluice/stack';

export type LedgerWorld = Awaited<ReturnType<typeof startLedgerWorld>>;

/**
 * Starts the servers of the ledger alone. The ledger can be stopped to gather a backlog.
 *
 * @param nodeOptions Additional options of the ledger's process, for example `--cpu-prof`.
 */
export async function startLedgerWorld(home: string, nodeOptions: readonly string[] = []) {
  const world = await startServiceWorld(home, { service: 'ledger', nodeOptions });
  const intakeKeys = MessageKeys.parse(
    readFileSync(world.layout.messageKeysOf('intake-api'), 'utf8'),
  );
  return {
    kafka: world.kafka,
    adminUrl: world.databaseUrl,
    ledger: new LedgerAdmin(world.admin),
    approver: new LedgerAdmin(world.approver),
    /** Signs a command the same way as intake-api. */
    sign: (command: WireMessage): WireMessage => signMessage(intakeKeys, 'ledger', command),
    startLedger: world.start,
    stopLedger: world.stopService,
    ledgerPid: world.pid,
    pids: world.pids,
    stop: world.stop,
  };
}

export type CommandBody = Body<(typeof ledgerCommands)['types']>;

/** Rate of answered commands, and CPU microseconds per command by process. */
export interface Drained {
  readonly perSecond: number;
  readonly cpuMicros: Readonly<Record<string, number>>;
}

const AT_ONCE = 2_000;
const POLL_MS = 50;
const STALLED_MS = 60_000;

/** Puts commands on the real topic, in order per account, acknowledged by all replicas. */
export async function produce(
  { kafka, sign }: LedgerWorld,
  bodies: readonly CommandBody[],
): Promise<void> {
  const producer = kafka.producer({ allowAutoTopicCreation: false, idempotent: true });
  await producer.connect();
  for (let from = 0; from < bodies.length; from += AT_ONCE) {
    const messages = bodies.slice(from, from + AT_ONCE).map((body) => messageOf(body, sign));
    await producer.send({ topic: ledgerCommands.name, acks: -1, messages });
  }
  await producer.disconnect();
}

function messageOf(body: CommandBody, sign: LedgerWorld['sign']) {
  const id = randomUUIDv7();
  const command = encode(ledgerCommands, {
    id,
    source: 'bench',
    subject: body.data.accountId,
    time: new Date().toISOString(),
    ...body,
  });
  const { key, headers, value } = sign(command);
  return { key, headers: { ...headers }, value };
}

/**
 * Gathers a backlog while the ledger is stopped, and counts events as Kafka commits them. The clock
 * runs from the first event to the last: the start of the process and the joining of the group do
 * not count.
 */
export async function drainBacklog(
  world: LedgerWorld,
  bodies: readonly CommandBody[],
): Promise<Drained> {
  const admin = world.kafka.admin();
  await admin.connect();
  const committed = () => eventsIn(admin);
  const before = await committed();
  await world.stopLedger();
  await produce(world, bodies);
  const starting = world.startLedger();
  let [first, count, lastMoved, cpu] = [{ at: 0, count: 0 }, 0, performance.now(), {}];
  while (count < bodies.length) {
    const now = (await committed()) - before;
    const at = performance.now();
    if (now > count) lastMoved = at;
    if (at - lastMoved > STALLED_MS)
      throw new Error(`only ${now} of ${bodies.length} commands were answered`);
    if (first.count === 0 && now > 0) [first, cpu] = [{ at, count: now }, cpuOf(world)];
    count = now;
    await sleep(POLL_MS);
  }
  const spent = difference(cpu, cpuOf(world), count - first.count);
  await starting;
  await admin.disconnect();
  return { perSecond: ((count - first.count) * 1000) / (lastMoved - first.at), cpuMicros: spent };
}

/**
 * Number of events committed by Kafka since the beginning. An overloaded broker may briefly report
 * leading no partition.
 */
export async function eventsIn(admin: Admin): Promise<number> {
  for (const since = Date.now(); ; await sleep(POLL_MS)) {
    try {
      return (await admin.fetchTopicOffsets(ledgerEvents.name)).reduce(
        (sum, { high }) => sum + Number(high),
        0,
      );
    } catch (error) {
      if (Date.now() - since > STALLED_MS) throw error;
    }
  }
}

function cpuOf(world: LedgerWorld): Record<string, number> {
  return Object.fromEntries(
    Object.entries(usageOf(world.pids())).map(([name, { cpuMs }]) => [name, cpuMs]),
  );
}

function difference(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
  commands: number,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after).map(([name, ms]) => [
      name,
      Math.round(((ms - (before[name] ?? 0)) * 1000) / commands),
    ]),
  );
}

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
