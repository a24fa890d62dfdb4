import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MessageKeys, signMessage } from '@sluice/signing';
import { ALL_TOPICS, orderDigest, recipientDigest } from '@sluice/messages';
import { layoutOf, ownerUrlOf, type LaunchedService, kafkaAccessOf } from '@sluice/stack';
import { eventually } from '@sluice/test-kit';
import { kafkaClient } from '@sluice/test-servers';
import { Client } from 'pg';
import { ApiClient } from './testkit/api-client.js';
import {
  freshAddress,
  numberOf,
  recipientOf,
  toAddress,
  toUser,
  type Customer,
} from './testkit/customer.js';
import type { TestSystem } from './testkit/given-system.js';
import { operate } from './testkit/operate.js';
import { sharedSystem } from './testkit/shared-system.js';

/** In the form of a MAC, under no key. */
const PROOF = `1.${'A'.repeat(43)}`;

describe('operators', () => {
  let sluice: TestSystem;
  beforeAll(async () => {
    sluice = await sharedSystem();
  });
  afterEach(() => sluice.proveBooks());

  const run = async (...words: string[]): Promise<Record<string, unknown>> => {
    const { exitCode, json } = await operate(sluice, words);
    expect({ words, exitCode, json }).toMatchObject({ exitCode: 0 });
    return json as Record<string, unknown>;
  };
  /** Runs a command of the ledger, and a second person approves its request. */
  const runByTwo = async (...words: string[]): Promise<Record<string, unknown>> => {
    const answer = await run(...words);
    if (!('approval_id' in answer)) return answer;
    const { result } = await sluice.approver.ledger.approve(String(answer['approval_id']));
    return result as Record<string, unknown>;
  };

  describe('the operator command', () => {
    it('opens an account, gives it a key and money, and pays from it', async () => {
      const { account_id: account } = await run('account', 'create', '--name', 'treasury');
      const key = await run(
        'key',
        'create',
        '--account',
        `${account}`,
        '--permissions',
        'withdraw,read_balance,read_withdrawal_status',
        '--any-address',
      );
      const funding = [
        'fund',
        '--account',
        `${account}`,
        '--currency',
        'USDT',
        '--network',
        'ETH',
        '--amount',
        '100',
        '--reference',
        'R1',
        '--evidence',
        'a test',
      ];
      await runByTwo(...funding);
      await runByTwo(...funding); // the same reference funds once
      // One secret in 64 begins with a dash, which `--secret SECRET` would take for an option.
      const signing = ['--key-id', `${key['key_id']}`, `--secret=${key['secret']}`];

      const posted = await run(
        'api',
        'POST',
        '/v1/withdrawals',
        JSON.stringify(toAddress({ to_address: freshAddress() })),
        '--prefer-wait',
        '10',
        ...signing,
      );

      expect(posted).toMatchObject({
        status: 200,
        body: { success: true, data: { withdrawal_id: expect.any(Number) } },
      });
      const number = String(
        (posted['body'] as { data: { withdrawal_id: number } }).data.withdrawal_id,
      );
      const shown = await eventually(
        async () => {
          const withdrawal = await run('withdrawal', 'show', number);
          expect(withdrawal['state']).toBe('completed');
          return withdrawal;
        },
        { withinMs: 20_000 },
      );
      expect(shown).toMatchObject({
        awaits: null,
        history: expect.arrayContaining([expect.objectContaining({ to: 'completed' })]),
        entries: expect.arrayContaining([expect.objectContaining({ kind: 'capture' })]),
        submission: { state: 'settled', attempts: [{ number: 1 }] },
      });
      expect(await run('withdrawal', 'list', '--account', `${account}`)).toMatchObject([
        { number, state: 'completed' },
      ]);
      expect(await run('balances', '--account', `${account}`)).toEqual([
        expect.objectContaining({ balance: '93.74475', held: '0', available: '93.74475' }),
      ]);
      await run('key', 'revoke', `${key['key_id']}`);
      expect(await operate(sluice, ['api', 'GET', '/v1/balances', ...signing])).toMatchObject({
        exitCode: 1,
        json: { status: 401 },
      });
    });

    it('shows the book, freezes an account, moves money and reverses the posting', async () => {
      const customer = await sluice.customer();
      const { accountId: account } = customer;
      const paid = await customer.isFinal(numberOf(await customer.post(toAddress())));
      const before = await run('ledger', 'balance', '--account', account);
      const case7 = ['--account', account, '--case', 'case 7'];

      await run('account', 'freeze', ...case7, '--reason', 'e2e');
      const refused = await customer.post(toAddress());
      await run('account', 'unfreeze', ...case7);
      const sides = [
        '--from',
        'customer',
        '--to',
        'suspense',
        '--currency',
        'USDT',
        '--network',
        'ETH',
      ];
      const transfer = [
        'ledger',
        'transfer',
        '--account',
        account,
        ...sides,
        '--amount',
        '30',
        '--reference',
        'T1',
        '--evidence',
        'a test',
      ];
      const [moved, again] = [await runByTwo(...transfer), await runByTwo(...transfer)];
      const reversed = await runByTwo(
        'ledger',
        'reverse',
        `${moved['entry_id']}`,
        '--reason',
        'e2e',
      );

      expect(refused.status).toBeGreaterThanOrEqual(400);
      expect(again).toEqual(moved);
      expect(await run('ledger', 'entry', `${reversed['entry_id']}`)).toMatchObject({
        kind: 'reversal',
        reverses: moved['entry_id'],
        order: { ordered_by: 'demo', approved_by: 'peter', evidence: 'e2e' },
      });
      expect(
        await run('ledger', 'balance', '--account', account, '--at', paid.requested_at),
      ).toMatchObject([{ posted: '1000000' }]);
      expect(await run('ledger', 'balance', '--account', account)).toEqual(before);
      const newest = await run('ledger', 'statement', '--account', account, '--limit', '1');
      const older = await run(
        'ledger',
        'statement',
        '--account',
        account,
        '--cursor',
        `${newest['next_cursor']}`,
      );
      expect([newest, older]).toMatchObject([
        { data: [{ kind: 'reversal', amount: '30' }] },
        {
          data: [{ kind: 'transfer', amount: '-30' }, { kind: 'capture' }, { kind: 'funding' }],
          next_cursor: null,
        },
      ]);
      expect(
        await run('ledger', 'holds', '--state', 'captured', '--account', account),
      ).toMatchObject({ data: [{ withdrawal_id: paid.id }] });
      const entries = await run('ledger', 'entries', '--withdrawal', `${paid.number}`);
      expect(entries).toEqual(
        expect.arrayContaining([expect.objectContaining({ kind: 'capture' })]),
      );
      expect(await run('ledger', 'balance', '--account', 'suspense')).toMatchObject([
        { asset: 'USDT.ETH', posted: '0' },
      ]);
    });

    it('has every invariant checked', async () => {
      expect(await run('invariants', 'check')).toEqual({
        checked: expect.any(Number),
        violations: [],
      });
    });

    it('reports an error in one document and by the exit code', async () => {
      expect(await operate(sluice, ['withdrawal', 'show', '99999999'])).toMatchObject({
        exitCode: 1,
        json: { error: expect.stringMatching(/./) },
      });
      expect(await operate(sluice, ['withdrawal', 'shwo', '1'])).toMatchObject({
        exitCode: 2,
        json: { error: expect.stringMatching(/./) },
      });
    });
  });

  describe('poison', () => {
    it('is dead-lettered with its cause, and the messages behind it go on', async () => {
      const customer = await sluice.customer();
      const hold = {
        withdrawalId: randomUUID(),
        accountId: customer.accountId,
        asset: 'USDT.ETH',
        amount: '1',
      };
      await produce('ledger.commands', customer.accountId, [
        ['{"withdrawalId": "brok', 'ledger.place-hold.v1'],
        [JSON.stringify({ ...hold, amount: 1 }), 'ledger.place-hold.v1'],
        [JSON.stringify(hold), 'ledger.burn-everything.v1'],
        [JSON.stringify({ ...hold, reference: 'by Kafka' }), 'ledger.fund-account.v1'],
        [JSON.stringify({ ...hold, accountId: 'not an id' }), 'ledger.place-hold.v1'],
        [Buffer.from([0xff, 0xfe, 0x00]), 'ledger.place-hold.v1'],
      ]);
      const unknown = {
        withdrawalId: randomUUID(),
        venue: 'gateio',
        venueReference: 'w1',
        clientReference: 'none',
        txHash: null,
      };
      await produce('venue.gateio.events', unknown.withdrawalId, [
        [JSON.stringify(unknown), 'venue.submission-accepted.v1'],
        [JSON.stringify({ ...unknown, venue: 'bybit' }), 'venue.submission-accepted.v1'],
      ]);
      const posted = await customer.post(toAddress());

      expect(posted.status).toBe(200);
      await customer.reaches(numberOf(posted), ['completed']);
      await eventually(async () => {
        const deadLetters = (await operate(sluice, ['dead-letter', 'list'])).json as {
          service: string;
          topic: string;
          cause: string;
        }[];
        expect(
          deadLetters.filter(
            ({ service, topic }) => service === 'ledger' && topic === 'ledger.commands',
          ),
        ).toHaveLength(6);
        expect(
          deadLetters.filter(
            ({ service, topic }) => service === 'intake-api' && topic === 'venue.gateio.events',
          ),
        ).toHaveLength(2);
        expect(deadLetters.every(({ cause }) => cause.length > 3)).toBe(true);
        expect(deadLetters).toContainEqual(
          expect.objectContaining({ cause: expect.stringContaining('ledger.fund-account.v1') }),
        );
      });
      const statement = await run('ledger', 'statement', '--account', customer.accountId);
      expect(statement).toMatchObject({ data: [{ kind: 'capture' }, { kind: 'funding' }] });
    });

    it('an order or a hold with a changed digit, in a record that is whole, is dead-lettered; nothing is held, sent or paid', async () => {
      const customer = await sluice.customer();
      const ids = { withdrawalId: randomUUID(), accountId: customer.accountId };
      const destination = { type: 'address', address: freshAddress() } as const;
      const recipient = recipientDigest(destination);
      const terms = { ...ids, asset: 'USDT.ETH', fee: '1', notAfter: null };
      const digest = orderDigest({ ...terms, amount: '3.111', recipientDigest: recipient });
      await produce('venue.gateio.commands', ids.withdrawalId, [
        [
          JSON.stringify({
            ...terms,
            amount: '9.111',
            destination,
            digest,
            keyId: 'ck_1',
            order: PROOF,
            timedReceipt: `2026-11-27T00:00:00.000Z~${PROOF}`,
          }),
          'venue.submit-withdrawal.v1',
        ],
      ]);
      await produce('ledger.commands', ids.accountId, [
        [
          JSON.stringify({
            ...terms,
            amount: '2.111',
            payout: '3.111',
            recipientDigest: recipient,
            digest,
            venue: 'gateio',
            order: PROOF,
          }),
          'ledger.place-hold.v1',
        ],
      ]);

      await eventually(async () => {
        const deadLetters = (await operate(sluice, ['dead-letter', 'list'])).json as {
          service: string;
          key: string;
          cause: string;
        }[];
        const ours = deadLetters.filter(
          ({ key, cause }) =>
            [ids.withdrawalId, ids.accountId].includes(key) &&
            cause.includes('the order is not authentic'),
        );
        expect(ours.map(({ service }) => service).toSorted()).toEqual([
          'connector-gateio',
          'ledger',
        ]);
      });
      const paid = await sluice.venueNamed('gateio').payments();
      expect(paid.filter((payment) => payment.destination === destination.address)).toEqual([]);
      await customer.reaches(numberOf(await customer.post(toAddress())), ['completed']); // whatever comes behind it goes on
    });

    it('that becomes valid is replayed under the id it had, and what waited for it is done', async () => {
      const ledger = new Client({ connectionString: ownerUrlOf(sluice.system, 'ledger') });
      await ledger.connect();
      const [stuck, other] = [await sluice.customer(), await sluice.customer()];
      const known = new Set((await sluice.admin.ledger.deadLetters()).map(({ id }) => id));
      await ledger.query(
        `ALTER TABLE hold ADD CONSTRAINT fault_of_ours CHECK (account_id <> '${stuck.accountId}') NOT VALID`,
      );

      const body = toAddress();
      const waiting = stuck.post(body);
      const passed = await other.post(toAddress());
      await other.reaches(numberOf(passed), ['completed']);
      expect(await waiting).toMatchObject({
        status: 504,
        message: 'Withdrawal submission is still in progress',
      });
      const [deadLetters] = (await sluice.admin.ledger.deadLetters()).filter(
        ({ id }) => !known.has(id),
      );
      expect(deadLetters?.cause).toContain('fault_of_ours');

      await ledger.query('ALTER TABLE hold DROP CONSTRAINT fault_of_ours');
      await ledger.end();
      expect(
        await run('dead-letter', 'replay', deadLetters?.id ?? '', '--service', 'ledger'),
      ).toMatchObject({
        replayed: true,
      });

      const again = await stuck.post(body);
      expect(again).toMatchObject({
        status: 200,
        data: { client_reference: body.client_reference },
      });
      await stuck.reaches(numberOf(again), ['completed']);
      expect(
        await operate(sluice, [
          'dead-letter',
          'replay',
          deadLetters?.id ?? '',
          '--service',
          'ledger',
        ]),
      ).toMatchObject({ exitCode: 1 });
    });
  });

  describe('two instances of every service', () => {
    const seconds: LaunchedService[] = [];
    beforeAll(async () => {
      for (const service of ['intake-api', 'ledger', 'connector-gateio'] as const)
        seconds.push(await sluice.system.launch(service));
    });
    afterAll(() => Promise.all(seconds.map((second) => second.stop())));

    it('pay 100 withdrawals that come in over both, each once; every POST is answered, whichever instance heard of its hold', async () => {
      const customers = [await sluice.customer(), await sluice.customer()];
      const bodies = Array.from({ length: 100 }, (_, index) =>
        index % 10 === 0 ? toUser() : toAddress(),
      );
      const apis = customers.map(
        ({ api }) => [api, new ApiClient(seconds[0]?.url ?? '', api.key)] as const,
      );

      const answers = await Promise.all(
        bodies.map((body, index) =>
          (customers[index % 2] as Customer).post(body, {
            api: apis[index % 2]?.[index % 4 < 2 ? 0 : 1] as ApiClient,
          }),
        ),
      );

      expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
      expect(new Set(answers.map(numberOf)).size).toBe(100);
      for (const customer of customers)
        expect(await customer.allFinal()).toEqual(Array(50).fill('completed'));
      const recipients = new Set(bodies.map(recipientOf));
      expect(
        (await sluice.venue.payments()).filter(({ destination }) => recipients.has(destination)),
      ).toHaveLength(100);
      apis.forEach(([, second]) => second.close());
    });

    it('make one withdrawal of copies that arrive at both together', async () => {
      const customer = await sluice.customer();
      const second = new ApiClient(seconds[0]?.url ?? '', customer.api.key);
      const body = toAddress();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          customer.post(body, { api: index % 2 ? second : customer.api }),
        ),
      );
      second.close();

      expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
      expect(new Set(answers.map(numberOf)).size).toBe(1);
      await customer.isFinal(numberOf(answers[0]!));
    });
  });

  /** As the service that writes the topic, with its keys: what only its content is wrong with. */
  async function produce(
    topic: string,
    key: string,
    messages: readonly (readonly [value: string | Buffer, type: string])[],
  ): Promise<void> {
    const known = ALL_TOPICS.find(({ name }) => name === topic);
    if (!known?.consumedBy) throw new Error(`${topic} is consumed by no service`);
    const { producedBy, consumedBy } = known;
    const keys = MessageKeys.parse(
      readFileSync(layoutOf(sluice.system.home).messageKeysOf(producedBy), 'utf8'),
    );
    const kafka = kafkaClient(kafkaAccessOf(sluice.system.run), 'sluice-e2e');
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    const headersOf = (type: string) => ({
      ce_specversion: '1.0',
      ce_id: randomUUID(),
      ce_type: type,
      ce_source: producedBy,
      ce_subject: key,
      ce_time: new Date().toISOString(),
      'content-type': 'application/json',
    });
    await producer.send({
      topic,
      messages: messages.map(([value, type]) => {
        const message = { topic, key, value: value.toString(), headers: headersOf(type) };
        return { ...signMessage(keys, consumedBy, message), value };
      }),
    });
    await producer.disconnect();
  }
});
