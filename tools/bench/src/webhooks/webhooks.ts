import { randomUUID } from 'node:crypto';
import { encode, withdrawalEvents } from '@sluice/messages';
import { atRate, FIRST_VENUE, pause, percentiles } from '@sluice/stack';
import { freePort } from '@sluice/test-servers';
import type { BenchOptions } from '../system/bench-system.js';
import { usageOf } from '../machine/machine.js';
import { startWebhooksWorld, type WebhooksWorld } from './webhooks-world.js';

const ENDPOINTS = 100;
/** Number of healthy endpoints: the first endpoint is dead, and the second takes nine seconds. */
const HEALTHY = ENDPOINTS - 2;
const BACKLOG_EACH = 300;
const WARM_UP_EACH = 20;
const SENDS_OF = 1_000;
const PER_SECOND = 100;
const STEADY_SECONDS = 20;
const TICKS_PER_SECOND = 20;
const LOOK_MS = 10;
const STALLED_MS = 60_000;

interface WebhooksReport {
  readonly deliveries_per_second: number;
  readonly first_attempt_p50_ms: number;
  readonly first_attempt_p99_ms: number;
  /** CPU time of the service and the service's PostgreSQL. */
  readonly cpu_ms_per_delivery: number;
  /** The same by process. */
  readonly cpu_ms_by_process: Readonly<Record<string, number>>;
}

/** Withdrawal event of an endpoint, by the number of the withdrawal. */
interface Notified {
  readonly number: number;
  readonly accountId: string;
}

/**
 * Measures from `withdrawal.events` to the receivers, beside a dead endpoint and an endpoint taking
 * nine seconds. Takes about two minutes, at most five.
 */
export async function benchWebhooks({
  home,
  say,
  profileDir,
}: BenchOptions): Promise<WebhooksReport> {
  const profiling = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
  const world = await startWebhooksWorld(home, profiling);
  try {
    return await measure(world, say);
  } finally {
    await world.stop();
  }
}

async function measure(world: WebhooksWorld, say: (line: string) => void): Promise<WebhooksReport> {
  const accounts = Array.from({ length: ENDPOINTS }, () => randomUUID() as string);
  const dead = `http://127.0.0.1:${await freePort()}/dead`;
  for (const [at, account] of accounts.entries()) {
    const path = at === 1 ? '/slow' : `/${at}`;
    await world.register(
      account,
      at === 0 ? dead : `http://127.0.0.1:${world.receiver.port}${path}`,
    );
  }
  const events = new Events(world, accounts);
  await events.connect();
  say(`${ENDPOINTS} endpoints: one is dead, one responds after 9 s`);
  await backlog(world, events, WARM_UP_EACH);

  const drained = await backlog(world, events, BACKLOG_EACH);
  const byProcess = Object.entries(drained.cpuMs).map(([name, ms]) => `${name} ${ms}`);
  say(
    `a backlog          ${Math.round(drained.perSecond)}/s   CPU ms per delivery: ${byProcess.join(', ')}`,
  );

  const { p50, p99 } = percentiles(await steady(world, events));
  say(`${PER_SECOND} events/s        first attempt p50 ${p50} ms, p99 ${p99} ms`);
  await events.disconnect();
  const { webhooks = 0, postgres = 0 } = drained.cpuMs;
  return {
    deliveries_per_second: Math.round(drained.perSecond),
    first_attempt_p50_ms: p50,
    first_attempt_p99_ms: p99,
    cpu_ms_per_delivery: Number((webhooks + postgres).toFixed(2)),
    cpu_ms_by_process: drained.cpuMs,
  };
}

/**
 * Sends the given number of events for each endpoint at once. Measures the rate of the healthy
 * endpoints, from the first arrival to the last.
 */
async function backlog(world: WebhooksWorld, events: Events, each: number) {
  const wanted = HEALTHY * each;
  const before = usageOf(world.pids());
  await events.send(events.forEach(each));
  const first = await arrived(world, 1);
  const last = await arrived(world, wanted);
  const after = usageOf(world.pids());
  await world.receiver.take();
  const cpuMs = Object.fromEntries(
    Object.entries(after).map(([name, { cpuMs: ms }]) => [
      name,
      Number(((ms - (before[name]?.cpuMs ?? 0)) / wanted).toFixed(3)),
    ]),
  );
  return { perSecond: ((wanted - first.count) * 1_000) / (last.atMs - first.atMs), cpuMs };
}

/**
 * Sends a few events every tick, independent of deliveries. Returns the milliseconds from the
 * hand-over to Kafka until the first arrival at a healthy endpoint.
 */
async function steady(world: WebhooksWorld, events: Events): Promise<readonly number[]> {
  const sentAt = new Map<number, number>();
  const ticks = { perSecond: TICKS_PER_SECOND, count: TICKS_PER_SECOND * STEADY_SECONDS };
  await atRate(ticks, () => {
    const batch = events.next(PER_SECOND / TICKS_PER_SECOND);
    for (const { number, accountId } of batch)
      if (events.isHealthy(accountId)) sentAt.set(number, Date.now());
    return events.send(batch);
  });
  await arrived(world, sentAt.size);
  const arrivals = await world.receiver.take();
  return [...sentAt].map(([number, at]) => (arrivals.get(number) ?? Infinity) - at);
}

/** Waits for the given number of arrivals. Throws after a minute without an arrival. */
async function arrived({ receiver }: WebhooksWorld, wanted: number) {
  let [last, movedAt] = [0, performance.now()];
  for (;;) {
    const count = await receiver.count();
    const atMs = performance.now();
    if (count >= wanted) return { count, atMs };
    if (count > last) [last, movedAt] = [count, atMs];
    if (atMs - movedAt > STALLED_MS) throw new Error(`only ${count} of ${wanted} have arrived`);
    await pause(LOOK_MS);
  }
}

/** Withdrawal events, each for a distinct withdrawal, for the endpoints in turn. */
class Events {
  private readonly producer;
  private number = 0;

  constructor(
    private readonly world: WebhooksWorld,
    private readonly accounts: readonly string[],
  ) {
    this.producer = world.kafka.producer({ allowAutoTopicCreation: false });
  }

  connect(): Promise<void> {
    return this.producer.connect();
  }

  disconnect(): Promise<void> {
    return this.producer.disconnect();
  }

  isHealthy(accountId: string): boolean {
    return this.accounts.indexOf(accountId) > 1;
  }

  forEach(times: number): readonly Notified[] {
    return this.next(times * this.accounts.length);
  }

  next(count: number): readonly Notified[] {
    return Array.from({ length: count }, () => {
      const number = ++this.number;
      return { number, accountId: this.accounts[number % this.accounts.length] ?? '' };
    });
  }

  async send(notified: readonly Notified[]): Promise<void> {
    for (let from = 0; from < notified.length; from += SENDS_OF)
      await this.producer.send({
        topic: withdrawalEvents.name,
        acks: -1,
        messages: this.world.eventsKey
          .sign(notified.slice(from, from + SENDS_OF).map(messageOf))
          .map(({ key, headers, value }) => ({ key, headers: { ...headers }, value })),
      });
  }
}

function messageOf({ number, accountId }: Notified) {
  const withdrawalId = randomUUID();
  const at = new Date().toISOString();
  return encode(withdrawalEvents, {
    id: randomUUID(),
    source: 'intake-api',
    subject: withdrawalId,
    time: at,
    type: 'withdrawal.completed.v1',
    data: {
      withdrawalId,
      number: `${number}`,
      sequence: 1,
      accountId,
      clientReference: null,
      currency: 'USDT',
      network: 'ETH',
      amount: '100',
      fee: '1.5',
      venue: FIRST_VENUE,
      destination: { type: 'address', address: '0x52908400098527886E0F7030069857D2E4169EE7' },
      status: 'confirmed',
      stage: 'done',
      txHash: `0x${'5e'.repeat(32)}`,
      errorMessage: null,
      reason: null,
      broadcastAt: at,
      at,
    },
  });
}
