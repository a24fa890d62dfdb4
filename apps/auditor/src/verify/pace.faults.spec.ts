import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { VenueClock } from '@sluice/connector-engine';
import type { ListedWithdrawal } from '@sluice/connector-rules';
import { Amount, destinationKey } from '@sluice/kernel';
import { topicsConsumedBy, type WireMessage } from '@sluice/messages';
import { Database, migrate } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';
import { testMessageKeysText } from '@sluice/test-kit';
import {
  asOwner,
  asService,
  kafkaClient,
  TEST_LOGIN,
  withTestKafka,
  withTestPostgres,
  type TestKafka,
  type TestPostgres,
} from '@sluice/test-servers';
import { AUDITOR_SCHEMA } from '../postgres/schema.js';
import {
  aWithdrawal,
  messagesOf,
  openedAccount,
  VENUE,
  type PaidWithdrawal,
} from '../testkit/withdrawal-messages.js';
import type { CoveredVenue } from '../venues/venue-table.js';
import { verifyConfig } from './config.js';
import { recomputeAll, verifyAudit, type Verification } from './verify-audit.js';

/** Numbers of withdrawals, ascending. `VERIFY_PACE=300000` measures a larger number. */
const COUNTS = (process.env['VERIFY_PACE'] ?? '10000,40000').split(',').map(Number);
/**
 * CPU of this process and of PostgreSQL for a withdrawal: a million then takes ten minutes on one
 * core. Times of the clock depend on the other tests of the machine.
 */
const MOST_CPU_MS = 0.6;
/** CPU of a withdrawal at the largest number, by the CPU at the smallest. A quadratic cost would be fourfold. */
const MOST_GROWTH = 1.5;
/** Unit of `/proc/PID/stat`. */
const TICKS_A_SECOND = 100;
const SLOW = 3_600_000;
const AT_ONCE = 400;
const PAGE = 5_000;
/** Withdrawals of an account. */
const ACCOUNT_OF = 100;
/** Number of withdrawals among which one is released. */
const RELEASED = 50;
const SILENT = { info: () => undefined, warn: () => undefined, debug: () => undefined } as never;
const say = (line: string): void => void process.stderr.write(`  ${line}\n`);

let postgres: TestPostgres;
let kafka: TestKafka;
beforeAll(async () => {
  kafka = await withTestKafka();
  postgres = await withTestPostgres();
}, SLOW);
afterAll(() => postgres.stop());

/** Publishes the messages of further withdrawals, and returns the payments. */
async function publish(
  begun: number,
  count: number,
  from: Date,
): Promise<readonly PaidWithdrawal[]> {
  const topics = topicsConsumedBy('auditor');
  await kafka.createTopics(topics.map((name) => ({ name, partitions: 4 })));
  const producer = kafkaClient({ brokers: kafka.brokers }).producer();
  await producer.connect();
  const send = async (messages: readonly WireMessage[]): Promise<void> => {
    const byTopic = Map.groupBy(messages, ({ topic }) => topic);
    await producer.sendBatch({
      topicMessages: [...byTopic].map(([topic, of]) => ({
        topic,
        messages: of.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } })),
      })),
    });
  };
  const accounts = Array.from({ length: (count - begun) / ACCOUNT_OF }, () => randomUUID());
  await send(accounts.flatMap((account) => openedAccount(account, from)));
  const paid: PaidWithdrawal[] = [];
  for (let begin = begun; begin < count; begin += AT_ONCE) {
    const part = Array.from({ length: Math.min(AT_ONCE, count - begin) }, (_, at) => ({
      withdrawal: aWithdrawal(begin + at, accounts, from),
      isPaid: (begin + at) % RELEASED !== 0,
    }));
    await send(part.flatMap(({ withdrawal, isPaid }) => messagesOf(withdrawal, isPaid)));
    paid.push(...part.flatMap(({ withdrawal, isPaid }) => (isPaid ? withdrawal : [])));
  }
  await producer.disconnect();
  return paid;
}

/** A venue whose record is in memory. */
function venueWith(paid: readonly PaidWithdrawal[]): CoveredVenue {
  const clock = new VenueClock(VENUE, SILENT);
  const listed = ({ address, amount, clientReference, at }: PaidWithdrawal): ListedWithdrawal => {
    const sum = Amount.of(amount, 'USDT.ETH');
    return {
      form: 'chain',
      venueReference: clientReference,
      clientReference,
      currency: 'USDT',
      network: 'ETH',
      destination: destinationKey({ type: 'address', address }),
      gross: sum,
      net: sum,
      venueFee: null,
      createdAt: at,
      txHash: null,
      status: { kind: 'settled' },
      venueStatus: 'DONE',
    };
  };
  const capabilities = { venue: VENUE, forms: [{ form: 'chain', destination: 'address' }] };
  return {
    venue: VENUE,
    clock,
    record: {
      readClock: () => {
        const atMs = monotonicMs();
        clock.observe({ timeMs: Date.now(), askedAtMs: atMs, answeredAtMs: atMs });
        return Promise.resolve(true);
      },
      adapter: {
        capabilities: capabilities as never,
        list: ({ from, to, offset }) => {
          const records = paid.slice(offset, offset + PAGE).map(listed);
          const last = offset + PAGE >= paid.length;
          return Promise.resolve({ kind: 'page', records, last, covered: { from, to } });
        },
      },
    },
    close: () => Promise.resolve(),
  };
}

/** Stores the facts in the auditor's database, before the time that is compared. */
async function fillAuditor(verification: Verification, url: string): Promise<void> {
  const auditor = await Database.open({ url, name: 'auditor', statementTimeoutMs: SLOW });
  await recomputeAll(verification, { recomputed: auditor, stored: auditor }, new Date());
  for (const statement of [
    `UPDATE audited_movement SET seen_at = seen_at - interval '1 hour'`,
    `UPDATE audited_withdrawal SET seen_at = seen_at - interval '1 hour', ended_seen_at = ended_seen_at - interval '1 hour'`,
  ])
    await auditor.query(statement);
  await auditor.close();
}

/** CPU seconds of this process, and of all processes of PostgreSQL, ended processes included. */
async function cpuSeconds(): Promise<{ readonly node: number; readonly postgres: number }> {
  const server = await Database.open({ url: postgres.url('postgres'), name: 'pace' });
  const [file] = await server.query<{ text: string }>(
    `SELECT pg_read_file('postmaster.pid') AS text`,
  );
  await server.close();
  const main = file?.text.split('\n')[0] ?? '';
  const ticks = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => ({ pid, fields: statOf(pid) }))
    .filter(({ pid, fields }) => pid === main || fields[1] === main)
    .map(({ pid, fields }) => fields.slice(11, pid === main ? 15 : 13).map(Number));
  const { user, system } = process.cpuUsage();
  const sum = ticks.flat().reduce((one, other) => one + other, 0);
  return { node: (user + system) / 1e6, postgres: sum / TICKS_A_SECOND };
}

/** Fields of `/proc/PID/stat` from the state on; none for a process that has ended. */
function statOf(pid: string): readonly string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** Verifies once. Returns the results, and the CPU of a withdrawal in milliseconds. */
async function measure(paid: readonly PaidWithdrawal[], since: Date, count: number) {
  const url = await postgres.createDatabase('auditor');
  await migrate({ url: asOwner(url), login: TEST_LOGIN, schema: AUDITOR_SCHEMA });
  const empty = new URL(url);
  empty.pathname = '/audit_verify_pace';
  const config = verifyConfig({
    KAFKA_BROKERS: kafka.brokers.join(),
    DATABASE_URL: asService(url),
    MESSAGE_KEYS: testMessageKeysText('auditor'),
    AUDIT_VERIFY_DATABASE_URL: empty.href,
  });
  const venues = [venueWith(paid)];
  const verification = { config, since, venues, chains: [], logger: SILENT, say };
  await fillAuditor(verification, url);
  const [before, begunMs] = [await cpuSeconds(), monotonicMs()];
  const results = await verifyAudit(verification);
  const [after, seconds] = [await cpuSeconds(), (monotonicMs() - begunMs) / 1_000];
  const [node, server] = [after.node - before.node, after.postgres - before.postgres];
  say(
    `${count} withdrawals: ${seconds.toFixed(1)} s, ${Math.round(count / seconds)} a second; CPU ${node.toFixed(1)} s, of PostgreSQL ${server.toFixed(1)} s`,
  );
  return { results, cpuMs: ((node + server) / count) * 1_000 };
}

describe('the pace of the verification', () => {
  it(
    'does not grow with the number of withdrawals',
    async () => {
      const since = new Date(Date.now() - 600_000);
      const paid: PaidWithdrawal[] = [];
      const cpu: number[] = [];
      for (const [at, count] of COUNTS.entries()) {
        for (const one of await publish(COUNTS[at - 1] ?? 0, count, since)) paid.push(one);
        const { results, cpuMs } = await measure(paid, since, count);
        cpu.push(cpuMs);

        expect(results.filter(({ differences }) => differences.length > 0)).toEqual([]);
        const rows = Object.fromEntries(results.map(({ kind, recomputed }) => [kind, recomputed]));
        expect(rows).toMatchObject({ holds: count, orders: count, payments: paid.length });
        expect(rows).toMatchObject({ findings: 0, balances: count / ACCOUNT_OF });
        expect(cpuMs).toBeLessThan(MOST_CPU_MS);
      }
      const [first = 0, last = 0] = [cpu[0], cpu.at(-1)];
      expect(last / first).toBeLessThan(MOST_GROWTH);
    },
    SLOW,
  );
});
