import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@sluice/test-kit';
import {
  freePort,
  kafkaClient,
  withClient,
  withTestKafka,
  withTestPostgres,
  type TestKafka,
  type TestPostgres,
} from '@sluice/test-servers';
import { Client } from 'pg';
import { KilledProgram } from './testkit/killed-program.js';
import {
  EVENTS_KEY,
  kafkaMessagesOf,
  shuffled,
  signedWebhook,
  someWithdrawals,
  STEP_COUNT,
  WEBHOOK_COUNT,
  webhooksOf,
  type KafkaMessage,
  type ReportedWithdrawal,
} from './testkit/reported-withdrawals.js';

const TOPIC = 'withdrawal.events';
const SECRET = 'whsec_a_secret_of_this_test';
const PATIENCE = { withinMs: 90_000, everyMs: 100 };
const KILLS = 4;

interface Booked {
  readonly currency: string;
  readonly amount: string;
  readonly payments: number;
}

describe('the example of a consumer', () => {
  let kafka: TestKafka;
  let postgres: TestPostgres;
  let url: string;
  const programs: KilledProgram[] = [];
  beforeAll(async () => {
    [kafka, postgres] = await Promise.all([withTestKafka(), withTestPostgres()]);
    await kafka.createTopics([{ name: TOPIC, partitions: 3 }]);
  }, 120_000);
  beforeEach(async () => void (url = await postgres.createDatabase('bookkeeping')));
  afterEach(async () => {
    for (const program of programs.splice(0)) await program.kill();
  });
  afterAll(() => postgres.stop());

  const started = (file: string, environment: Readonly<Record<string, string>>): KilledProgram => {
    const program = new KilledProgram(file, { DATABASE_URL: url, ...environment });
    programs.push(program);
    program.start();
    return program;
  };
  const reader = (): KilledProgram =>
    started('consumer/read-kafka.mjs', {
      KAFKA_BROKERS: kafka.brokers.join(),
      KAFKA_GROUP: `downstream-${url.split('_').at(-1)}`,
      KAFKA_SESSION_MS: '6000',
      SLUICE_EVENT_KEYS: EVENTS_KEY.publicKey.publicKey,
    });
  const receiver = async () => {
    const port = await freePort();
    const environment = { PORT: String(port), SLUICE_WEBHOOK_SECRETS: `whsec_next,${SECRET}` };
    return { port, program: started('consumer/receive-webhooks.mjs', environment) };
  };
  const rows = async <T>(sql: string): Promise<readonly T[]> =>
    withClient(url, async (client) => (await client.query(sql)).rows as T[]);
  const booked = () =>
    rows<Booked>(
      'SELECT currency, amount::text AS amount, payments FROM paid_out ORDER BY currency',
    );
  const seen = async (via: string): Promise<number> => {
    const [row] = await rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM history WHERE via = '${via}'`,
    );
    return row?.count ?? 0;
  };
  const distinct = async (): Promise<boolean> => {
    const [row] = await rows<{ once: boolean }>(
      'SELECT count(*) = count(DISTINCT (via, event_id)) AS once FROM history',
    );
    return row?.once ?? false;
  };
  const seenOf = async (withdrawals: readonly ReportedWithdrawal[]): Promise<number> => {
    const numbers = withdrawals.map(({ number }) => `'${number}'`).join();
    const [row] = await rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM history WHERE via = 'kafka' AND withdrawal_id IN (${numbers})`,
    );
    return row?.count ?? 0;
  };
  const allSeen = (via: string, count: number): Promise<void> =>
    eventually(async () => expect(await seen(via)).toBe(count), PATIENCE);

  it('books each payment once, however often and in whatever order Kafka brings it, and is killed meanwhile', async () => {
    const withdrawals = someWithdrawals(60);
    const steps = withdrawals.map(kafkaMessagesOf);
    const inOrder = steps.flat();
    const program = reader();

    await produce(kafka, inOrder.slice(0, 60));
    await killInTransaction(url, program, () => produce(kafka, inOrder.slice(60)));
    program.start();
    for (let life = 0; life < KILLS; life++) {
      await produce(kafka, shuffled(inOrder, life + 1));
      await sleep(life * 150); // somewhere between joining, reading, committing and moving the offset
      await program.restart();
    }
    await allSeen('kafka', withdrawals.length * STEP_COUNT);

    expect(await distinct()).toBe(true);
    expect(await booked()).toEqual(totalsOf(withdrawals));
  }, 180_000);

  it('books nothing of a forged event', async () => {
    const [genuine, forged] = someWithdrawals(2, ['XRP']) as [
      ReportedWithdrawal,
      ReportedWithdrawal,
    ];
    const program = reader();
    const messages = kafkaMessagesOf({ ...forged, amount: '1.000001' });
    const raised = messages.map((message) => ({
      ...message,
      value: message.value.replace('1.000001', '999999.000001'),
    }));

    await produce(kafka, [...raised, ...messages.map(unsigned), ...kafkaMessagesOf(genuine)]);

    await eventually(async () => expect(await seenOf([genuine])).toBe(STEP_COUNT), PATIENCE);
    await eventually(() => expect(program.output).toContain('ForgedEvent'), PATIENCE);
    expect(await seenOf([forged])).toBe(0);
  }, 180_000);

  it('books each payment once, however often and in whatever order webhooks bring it, and is killed meanwhile', async () => {
    const withdrawals = someWithdrawals(60);
    const bodies = withdrawals.flatMap((one, at) => webhooksOf(one, 1 + at * WEBHOOK_COUNT));
    const { port, program } = await receiver();
    const sending = deliverAll(port, [...shuffled(bodies, 7), ...shuffled(bodies, 8)]);

    for (let life = 0; life < KILLS; life++) {
      await eventually(
        async () => expect(await seen('webhook')).toBeGreaterThan(life * 10),
        PATIENCE,
      );
      await program.restart();
    }
    await sending;

    expect(await seen('webhook')).toBe(bodies.length);
    expect(await distinct()).toBe(true);
    expect(await booked()).toEqual(totalsOf(withdrawals));
  }, 180_000);

  it('books a payment once that both tell, and misses no step of what Kafka brings behind a webhook', async () => {
    const withdrawals = someWithdrawals(30, ['BTC']); // the topic has those of the test before, too
    const bodies = withdrawals.flatMap((one, at) => webhooksOf(one, 1 + at * WEBHOOK_COUNT));
    const { port } = await receiver();
    const program = reader();

    const sending = deliverAll(port, shuffled(bodies, 9));
    await produce(kafka, withdrawals.flatMap(kafkaMessagesOf));
    await sending;
    const steps = withdrawals.length * STEP_COUNT;
    await eventually(async () => expect(await seenOf(withdrawals)).toBe(steps), PATIENCE);

    expect(await booked()).toEqual(expect.arrayContaining([...totalsOf(withdrawals)]));
    expect(program.output).not.toContain('steps are missing');
  }, 180_000);

  it('does nothing for a webhook that nobody has signed', async () => {
    const { port } = await receiver();
    const [body = ''] = webhooksOf(someWithdrawals(1)[0] as ReportedWithdrawal, 1);
    const ask = (headers: Record<string, string>) =>
      fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body });

    const refused = await eventually(() => ask(signedWebhook('whsec_another', body)), PATIENCE);

    expect(refused.status).toBe(401);
    expect((await ask({})).status).toBe(401);
    expect(await rows('SELECT FROM history')).toEqual([]);
  });
});

/** The program waits for a row that somebody else has, in the middle of its transaction, and dies there. */
async function killInTransaction(
  url: string,
  program: KilledProgram,
  tell: () => Promise<void>,
): Promise<void> {
  const holder = new Client({ connectionString: url });
  await holder.connect();
  await eventually(() => holder.query('SELECT FROM paid_out'), PATIENCE);
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE paid_out IN EXCLUSIVE MODE');
  await tell();
  await eventually(async () => {
    const { rows } = await holder.query(
      "SELECT FROM pg_locks WHERE relation = 'paid_out'::regclass AND NOT granted",
    );
    expect(rows).not.toEqual([]);
  }, PATIENCE);
  await program.kill();
  await holder.query('ROLLBACK');
  await holder.end();
}

function unsigned({ headers, ...message }: KafkaMessage): KafkaMessage {
  const { 'sluice-signature': _signature, ...others } = headers;
  return { ...message, headers: others };
}

async function produce(kafka: TestKafka, messages: readonly KafkaMessage[]): Promise<void> {
  const producer = kafkaClient({ brokers: kafka.brokers }).producer();
  await producer.connect();
  await producer.send({ topic: TOPIC, messages: messages.map((message) => ({ ...message })) });
  await producer.disconnect();
}

/** As the sender of webhooks does: each until it is taken, some at a time, signed anew. */
async function deliverAll(port: number, bodies: readonly string[]): Promise<void> {
  const left = [...bodies];
  const worker = async (): Promise<void> => {
    for (let body = left.shift(); body !== undefined; body = left.shift())
      await deliver(port, body);
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

function deliver(port: number, body: string): Promise<void> {
  return eventually(async () => {
    const headers = signedWebhook(SECRET, body);
    const signal = AbortSignal.timeout(10_000);
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers,
      body,
      signal,
    });
    expect(answer.status).toBe(204);
  }, PATIENCE);
}

/** Millionths as whole numbers: sums of decimals are exact. */
function totalsOf(withdrawals: readonly ReportedWithdrawal[]): readonly Booked[] {
  const currencies = [...new Set(withdrawals.map(({ currency }) => currency))].toSorted();
  return currencies.map((currency) => {
    const amounts = withdrawals
      .filter((one) => one.currency === currency)
      .map(({ amount }) => amount);
    const millionths = amounts.reduce((sum, amount) => sum + BigInt(amount.replace('.', '')), 0n);
    const text = millionths.toString().padStart(7, '0');
    return { currency, amount: `${text.slice(0, -6)}.${text.slice(-6)}`, payments: amounts.length };
  });
}
