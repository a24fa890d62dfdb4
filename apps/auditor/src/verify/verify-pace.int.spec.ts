import { randomUUIDv7 } from 'node:crypto';
import { Amount } from '@sluice/kernel';
import {
  ALL_TOPICS,
  encode,
  ledgerEvents,
  topicsConsumedBy,
  venueCommands,
  venueEvents,
} from '@sluice/messages';
import { rowsJson } from '@sluice/postgres';
import { signMessage } from '@sluice/signing';
import { testMessageKeys, testMessageKeysText } from '@sluice/test-kit';
import {
  kafkaClient,
  TEST_LOGIN,
  withTestKafka,
  withTestPostgres,
  type TestKafka,
  type TestPostgres,
} from '@sluice/test-servers';
import { KEEP_PAYMENTS } from '../venues/payment-sql.js';
import { paymentRow } from '../venues/payment-row.js';
import { compareFacts } from './compare-facts.js';
import { inEmptyDatabase } from './empty-database.js';
import { loadFacts } from './load-facts.js';
import { recompute } from './verify-audit.js';
import { verifyConfig } from './config.js';

const SLOW = 580_000;
/** Withdrawals of the generated topics; a measurement takes 50,000. */
const WITHDRAWALS = Number(process.env['AUDIT_PACE_WITHDRAWALS'] ?? 2_000);
const ACCOUNTS = 100;
const PAGE = 100;
const AT_A_TIME = 1_000;
const ASSET = 'USDT.ETH';
const MILLION = 1_000_000;
const TEN_MINUTES_S = 600;

const logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
} as never;

describe('the pace of the verification', () => {
  let kafka: TestKafka;
  let postgres: TestPostgres;
  beforeAll(async () => {
    [kafka, postgres] = await Promise.all([withTestKafka(), withTestPostgres()]);
    await kafka.createTopics(topicsConsumedBy('auditor').map((name) => ({ name, partitions: 4 })));
    await publish();
  }, SLOW);
  afterAll(() => postgres.stop());

  const accounts = Array.from({ length: ACCOUNTS }, () => randomUUIDv7());
  const time = new Date(Date.now() - 3_600_000).toISOString();

  /** Publishes funded accounts, and withdrawals with hold, order, acceptance, settlement and capture. */
  async function publish(): Promise<void> {
    const producer = kafkaClient({ brokers: kafka.brokers }).producer();
    await producer.connect();
    const send = async (messages: readonly ReturnType<typeof message>[]): Promise<void> => {
      const byTopic = Map.groupBy(messages, ({ topic }) => topic);
      await producer.sendBatch({
        topicMessages: [...byTopic].map(([topic, of]) => ({
          topic,
          messages: of.map(({ key, value, headers }) => ({ key, value, headers })),
        })),
      });
    };
    await send(accounts.flatMap(opened));
    for (let number = 0; number < WITHDRAWALS; number += AT_A_TIME)
      await send(
        Array.from({ length: Math.min(AT_A_TIME, WITHDRAWALS - number) }, (_, at) =>
          withdrawal(number + at),
        ).flat(),
      );
    await producer.disconnect();
  }

  function message(service: string, name: string, type: string, subject: string, data: object) {
    const topic = ALL_TOPICS.find((one) => one.name === name);
    if (!topic) throw new Error(`no topic ${name}`);
    const envelope = { id: randomUUIDv7(), source: service, subject, time };
    const wire = encode(topic as never, { ...envelope, type, data });
    return signMessage(testMessageKeys(service), wire.consumer ?? '', wire, wire.followers);
  }

  function opened(accountId: string) {
    const data = { accountId, asset: ASSET, amount: '100000000', reference: 'x' };
    return [
      message('ledger', ledgerEvents.name, 'ledger.account-opened.v1', accountId, {
        accountId,
        name: 'x',
      }),
      message('ledger', ledgerEvents.name, 'ledger.account-funded.v1', accountId, {
        ...data,
        entryId: randomUUIDv7(),
      }),
    ];
  }

  function withdrawal(number: number) {
    const withdrawalId = randomUUIDv7();
    const accountId = accounts[number % ACCOUNTS] ?? '';
    const amount = String(10 + (number % 90));
    const of = { withdrawalId, accountId, asset: ASSET, amount };
    const venue = { withdrawalId, venue: 'gateio', venueReference: String(number) };
    const address = `0x${number.toString(16).padStart(40, '0')}`;
    const clientReference = `w${number}`;
    const [ledger, events] = [ledgerEvents.name, venueEvents('gateio').name];
    return [
      message('ledger', ledger, 'ledger.hold-placed.v1', accountId, { ...of, venue: 'gateio' }),
      message(
        'intake-api',
        venueCommands('gateio').name,
        'venue.submit-withdrawal.v1',
        withdrawalId,
        { ...of, notAfter: null, destination: { type: 'address', address }, clientReference },
      ),
      message('connector-gateio', events, 'venue.submission-accepted.v1', withdrawalId, {
        ...venue,
        clientReference,
        txHash: null,
      }),
      message('connector-gateio', events, 'venue.withdrawal-settled.v1', withdrawalId, {
        ...venue,
        txHash: null,
        venueFee: null,
      }),
      message('ledger', ledger, 'ledger.hold-captured.v1', accountId, {
        ...of,
        fee: '0',
        entryId: randomUUIDv7(),
      }),
    ];
  }

  it(
    'allows a million withdrawals in ten minutes, without the venues’ own pace',
    async () => {
      const url = new URL(await postgres.createDatabase('auditor'));
      url.pathname = '/audit_verify';
      const config = verifyConfig({
        KAFKA_BROKERS: kafka.brokers.join(),
        MESSAGE_KEYS: testMessageKeysText('auditor'),
        DATABASE_URL: url.href,
        AUDIT_VERIFY_DATABASE_URL: url.href,
      });
      const lines: string[] = [];
      const begunMs = Date.now();
      await inEmptyDatabase(url.href, TEST_LOGIN, async (database) => {
        const say = (line: string): void => void lines.push(line);
        await loadFacts({ config, database, logger, until: new Date(), say });
        const loadedMs = Date.now();
        const orders = await database.query<{
          destination: string;
          client_reference: string;
          amount: string;
        }>('SELECT destination, client_reference, amount::text FROM audited_order');
        for (let at = 0; at < orders.length; at += PAGE)
          await database.query(KEEP_PAYMENTS, [
            rowsJson(
              orders.slice(at, at + PAGE).map((order) =>
                paymentRow('gateio', {
                  form: 'chain',
                  venueReference: order.client_reference,
                  clientReference: order.client_reference,
                  currency: 'USDT',
                  network: 'ETH',
                  destination: order.destination,
                  gross: Amount.of(order.amount, ASSET),
                  net: Amount.of(order.amount, ASSET),
                  venueFee: Amount.of('0', ASSET),
                  createdAt: new Date(time),
                  txHash: null,
                  status: { kind: 'settled' },
                  venueStatus: 'DONE',
                }),
              ),
            ),
            new Date(),
          ]);
        const storedMs = Date.now();
        await recompute(database, []);
        const recomputedMs = Date.now();
        const sides = { recomputed: database, stored: database };
        const results = await compareFacts(sides, new Date(0), new Date());
        const seconds = (Date.now() - begunMs) / 1_000;
        const rate = WITHDRAWALS / seconds;
        process.stderr.write(
          [
            ...lines,
            `${WITHDRAWALS} withdrawals: topics ${(loadedMs - begunMs) / 1_000} s, payments ${(storedMs - loadedMs) / 1_000} s, checks ${(recomputedMs - storedMs) / 1_000} s, comparison ${(Date.now() - recomputedMs) / 1_000} s`,
            `${Math.round(rate)} withdrawals a second: a million in ${Math.round(MILLION / rate)} s\n`,
          ].join('\n'),
        );
        expect(results.find(({ kind }) => kind === 'holds')?.recomputed).toBe(WITHDRAWALS);
        expect(results.find(({ kind }) => kind === 'payments')?.recomputed).toBe(WITHDRAWALS);
        expect(await database.query('SELECT kind FROM finding')).toEqual([]);
        if (WITHDRAWALS >= 50_000) expect(MILLION / rate).toBeLessThan(TEN_MINUTES_S);
      });
    },
    SLOW,
  );
});
