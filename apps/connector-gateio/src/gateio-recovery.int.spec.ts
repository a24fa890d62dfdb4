import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUIDv7 } from 'node:crypto';
import { RatePlan, VenueHttp } from '@sluice/connector-engine';
import {
  benchFor,
  happens,
  reaches,
  stateOf,
  types,
  type ContractOrder,
  type TestConnector,
} from '@sluice/connector-testing';
import { Secret } from '@sluice/runtime';
import { byTwo, eventually } from '@sluice/test-kit';
import { GATEIO_KIT, WIDE_PLAN } from './testing/gateio-kit.js';
import { chainOrder, pushOrder } from './testing/orders.js';
import { GateioClient } from './venue/gateio.client.js';

const bench = benchFor(GATEIO_KIT);

let connector: TestConnector;

beforeEach(async () => void (connector = await bench.connector()));

const cases = (): Promise<{ kind: string }[]> =>
  connector.database.query('SELECT kind FROM submission_case ORDER BY id');

const CLOCK = { earliest: () => new Date(), observe: () => undefined };

/** With the same account, past the connector. */
async function outside(pay: (client: GateioClient) => Promise<void>): Promise<void> {
  const { api_key: apiKey, api_secret: apiSecret } = await bench.simulator.credentials();
  const http = new VenueHttp({ clock: CLOCK, origin: bench.simulator.url, connections: 1 });
  const access = {
    apiKey: String(apiKey),
    apiSecret: new Secret(String(apiSecret)),
    baseUrl: `${bench.simulator.url}/api/v4`,
    submitTimeoutMs: 5_000,
  };
  await pay(new GateioClient(http, CLOCK, access, new RatePlan(connector.database, WIDE_PLAN)));
  await http.close();
}

async function sendOutside(body: string): Promise<void> {
  await outside(async (client) =>
    expect(await client.withdraw(body)).toMatchObject({ status: 200 }),
  );
}

async function pushOutside(body: string): Promise<void> {
  await outside(async (client) => expect(await client.push(body)).toMatchObject({ status: 200 }));
}

const PATIENCE = { withinMs: 15_000 };
const NO_FUNDS = {
  http_status: 400,
  body: '{"label":"BALANCE_NOT_ENOUGH","message":"Not enough balance"}',
} as const;

/** The balance comparison may open a halt of its own (`balance_apart`) before or after this one. */
async function expectHalted(reason: string, { withdrawalId }: ContractOrder): Promise<void> {
  const subject = expect.stringContaining(withdrawalId) as string;
  expect(await connector.halts.inForce()).toContainEqual(
    expect.objectContaining({ reason, subject }),
  );
}

describe('a contrary fact', () => {
  it('a payment that is not what was asked is not settled: a case waits for a person, whose decision ends it', async () => {
    await bench.simulator.settings({ status_ms: { REQUEST: 600 } });
    const one = chainOrder('103');
    await connector.submit([one]);
    await happens(connector, one, 'submission-accepted');
    await connector.database.query(
      'UPDATE submission SET amount = amount + 30 WHERE withdrawal_id = $1',
      [one.withdrawalId],
    );
    expect(await connector.violations()).toMatchObject([
      { invariant: expect.stringMatching(/^sent-as-asked/) as string },
    ]);

    await reaches(connector, one, 'disputed');

    expect(types(connector, one)).not.toContain('withdrawal-settled');
    expect(await cases()).toEqual([{ kind: 'not_as_asked' }]);
    await connector.decide(one.withdrawalId, {
      decision: 'paid',
      evidence: 'agreed with the customer',
      venueReference: null,
    });
    expect(types(connector, one).at(-1)).toBe('withdrawal-settled');
    await connector.database.query(
      'UPDATE submission SET amount = amount - 30 WHERE withdrawal_id = $1',
      [one.withdrawalId],
    );
  });

  it('a second payment under our reference, long after the first: a case, and the venue is halted', async () => {
    const one = chainOrder('104');
    await connector.submit([one]);
    await happens(connector, one, 'withdrawal-settled');
    const [attempt] = await connector.database.query<{ request: string }>(
      'SELECT request FROM attempt',
    );
    await sendOutside(attempt?.request ?? '');

    await eventually(async () => expect(await cases()).toEqual([{ kind: 'paid_twice' }]), PATIENCE);
    await expectHalted('paid_twice', one);
    expect(types(connector, one).filter((type) => type === 'withdrawal-settled')).toHaveLength(1);
  });
});

describe('a refusal', () => {
  it('beyond the exposure of fast fail-over is released after the full absence proof alone', async () => {
    connector = await bench.connector({ fastFailoverExposureEur: 0 });
    const one = pushOrder('128'); // no record shows our key: a lost answer would wait for a person
    await bench.simulator.arm('POST /withdrawals/push', 'refuse_with', NO_FUNDS);

    await connector.submit([one]);
    await happens(connector, one, 'submission-refused');

    expect(types(connector, one)).toEqual(['submission-refused']);
    const [proof] = await connector.database.query<{ lookups: number; venueCode: string }>(
      `SELECT covering_lookups AS lookups, refusal->>'venueCode' AS "venueCode" FROM submission`,
    );
    expect(proof).toEqual({ lookups: 4, venueCode: 'BALANCE_NOT_ENOUGH' });
    expect(await bench.payments('128')).toEqual([]);
  });
});

describe('what ended as if nothing had moved', () => {
  it.each([
    ['refused', 'contrary_after_end', `UPDATE submission SET reason = reason`],
    ['declared absent', 'paid_after_absent', `UPDATE submission SET reason = 'proven_absent'`],
  ])(
    'a payment of what was %s turns up later: %s, and the venue is halted',
    async (_how, kind, statement) => {
      const one = chainOrder('121');
      await bench.simulator.arm('POST /withdrawals', 'refuse_with', NO_FUNDS);
      await connector.submit([one]);
      await happens(connector, one, 'submission-refused');
      await connector.database.query(statement);
      const [attempt] = await connector.database.query<{ request: string }>(
        'SELECT request FROM attempt',
      );

      await sendOutside(attempt?.request ?? '');

      await eventually(async () => expect(await cases()).toEqual([{ kind }]), PATIENCE);
      await expectHalted(kind, one);
    },
  );

  it('the same without a reference at the venue, by recipient, currency and amount', async () => {
    const one = pushOrder('122');
    await bench.simulator.arm('POST /withdrawals/push', 'refuse_with', NO_FUNDS);
    await connector.submit([one]);
    await happens(connector, one, 'submission-refused');

    await pushOutside('{"receive_uid":12345678,"currency":"USDT","amount":"122"}');

    await eventually(
      async () => expect(await cases()).toEqual([{ kind: 'contrary_after_end' }]),
      PATIENCE,
    );
    await expectHalted('contrary_after_end', one);
  });

  it('a payment of what two people had taken back turns up later: paid_after_absent, and the venue is halted', async () => {
    connector = await bench.connector({ notListedAfterMs: 300 });
    const one = chainOrder('126');
    await bench.simulator.arm('POST /withdrawals', 'refuse_with', {
      http_status: 200,
      body: '{"id":"w404404404"}',
    });
    await connector.submit([one]);
    await eventually(async () => expect(await cases()).toEqual([{ kind: 'not_listed' }]), PATIENCE);
    const [attempt] = await connector.database.query<{ request: string }>(
      'SELECT request FROM attempt',
    );
    await connector.decide(one.withdrawalId, {
      decision: 'absent',
      evidence: 'Gate says so',
      venueReference: null,
    });
    await happens(connector, one, 'withdrawal-failed');

    await sendOutside(attempt?.request ?? '');

    await eventually(
      async () => expect(await cases()).toContainEqual({ kind: 'paid_after_absent' }),
      PATIENCE,
    );
    await expectHalted('paid_after_absent', one);
  });

  it('a manual payment on a form without a key halts the venue, and nothing is sent until people lift the halt', async () => {
    await eventually(
      async () =>
        expect(await connector.database.query('SELECT FROM record_cursor')).toHaveLength(2),
      PATIENCE,
    );
    await sleep(1_100); // Gate's times are whole seconds
    await pushOutside('{"receive_uid":12345678,"currency":"USDT","amount":"124"}');
    const { halts } = connector;
    await eventually(
      async () =>
        expect(await halts.inForce()).toContainEqual(expect.objectContaining({ reason: 'orphan' })),
      PATIENCE,
    );
    const one = chainOrder('125');

    await connector.submit([one]);
    await sleep(1_000);
    expect(await bench.payments('125')).toEqual([]);

    for (const { id } of await halts.inForce())
      await byTwo((caller) => halts.lift(id, 'paid by hand', caller));
    await happens(connector, one, 'withdrawal-settled');
  });
});

describe('a record that may be the payment, and that Gate lists no longer', () => {
  const HIDDEN = { listing_delay_ms: 86_400_000 };
  const unnamed = (amount: string) => ({
    record_changes: [{ net_amount: amount, fields: { withdraw_order_id: '' } }],
  });
  afterEach(() => bench.simulator.settings({ record_changes: [], listing_delay_ms: 0 }));

  it.each<[string, string, () => Promise<void>]>([
    ['lost answer', '131', () => bench.simulator.arm('POST /withdrawals', 'accept_then_cut')],
    [
      'refusal',
      '132',
      () => bench.simulator.arm('POST /withdrawals', 'accept_then_answer', NO_FUNDS),
    ],
  ])(
    'proves no absence after a %s: a person decides, and no second payment is made',
    async (_what, amount, arm) => {
      const one = chainOrder(amount);
      await bench.simulator.settings(unnamed(amount));
      await arm();
      await connector.submit([one]);
      const possible = () =>
        connector.database.query<{ ids: string[] | null }>(
          'SELECT possible_records AS ids FROM submission',
        );
      const [paid] = await eventually(async () => {
        const payments = await bench.payments(amount);
        expect(await possible()).toEqual([{ ids: [payments[0]?.id] }]);
        return payments;
      }, PATIENCE);

      await bench.simulator.settings(HIDDEN);
      await reaches(connector, one, 'undecided');
      await sleep(2_500); // longer than the proof of absence takes

      expect(await stateOf(connector, one)).toBe('undecided');
      expect(types(connector, one)).not.toContain('submission-refused');
      expect(await bench.payments(amount)).toHaveLength(1);
      const texts = await connector.database.query('SELECT kind, text FROM submission_case');
      expect(texts).toEqual([
        { kind: 'needs_decision', text: expect.stringContaining(paid?.id ?? '?') as string },
      ]);

      await bench.simulator.settings({ record_changes: [], listing_delay_ms: 0 });
      await happens(connector, one, 'withdrawal-settled');
      expect(await bench.payments(amount)).toHaveLength(1);
    },
  );
});

describe('a person', () => {
  it('cannot decide that a request is absent while Gate may still honour it; the request arrives late, and is paid once and found', async () => {
    connector = await bench.connector({ honouredForMs: 60_000, absenceAfterMs: 60_000 });
    const late = chainOrder('106');
    await bench.simulator.arm('POST /withdrawals', 'refuse_with_5xx');
    await connector.submit([late]);
    await reaches(connector, late, 'unknown');
    const [attempt] = await connector.database.query<{ request: string }>(
      'SELECT request FROM attempt',
    );

    const decision = connector.decide(late.withdrawalId, {
      decision: 'absent',
      evidence: 'nothing on the website',
      venueReference: null,
    });

    await expect(decision).rejects.toThrow(/"too_early","from":"20/);
    await sendOutside(attempt?.request ?? '');
    await happens(connector, late, 'withdrawal-settled');
    expect(await bench.payments('106')).toHaveLength(1);
  });

  it('names an unlisted record, or a record of another payment: nothing is decided, and the difference is reported', async () => {
    const lost = pushOrder('106');
    await bench.simulator.arm('POST /withdrawals/push', 'refuse_with_5xx');
    await connector.submit([lost]);
    await reaches(connector, lost, 'undecided');
    await pushOutside('{"receive_uid":12345678,"currency":"USDT","amount":"107"}');
    const [other] = await bench.payments('107');
    const say = (venueReference: string | null) =>
      connector.decide(lost.withdrawalId, { decision: 'paid', evidence: 'seen', venueReference });

    await expect(say('999999')).rejects.toThrow('not_at_venue');
    await expect(say(other?.id ?? '')).rejects.toThrow('gross amount: asked 106, done 107');
    await expect(say(null)).rejects.toThrow('venue_reference_missing');
    await bench.simulator.arm('GET /wallet/push', 'refuse_with_5xx', { times: 5 });
    await expect(say('999999')).rejects.toThrow('venue_not_asked');

    expect(await stateOf(connector, lost)).toBe('undecided');
    await expect(
      connector.decide(randomUUIDv7(), { decision: 'paid', evidence: 'x', venueReference: null }),
    ).rejects.toThrow('no_such_submission');
  });

  it('and a second one correct an id that Gate answered and never lists; it is not called paid twice', async () => {
    connector = await bench.connector({ notListedAfterMs: 300 });
    const one = chainOrder('108');
    await bench.simulator.arm('POST /withdrawals', 'accept_then_answer', {
      http_status: 200,
      body: '{"id":"w404404404"}',
    });
    await connector.submit([one]);
    const cases = () =>
      connector.database.query<{ kind: string }>('SELECT kind FROM submission_case ORDER BY kind');
    await eventually(async () =>
      expect(await cases()).toEqual([{ kind: 'not_listed' }, { kind: 'other_reference' }]),
    );
    const [paid] = await bench.payments('108');
    const say = (name: string) =>
      connector.say(name, one.withdrawalId, {
        decision: 'paid',
        evidence: 'the website',
        venueReference: paid?.id ?? '',
      });

    await say('R. Ortiz');
    await expect(say('r. ortiz')).rejects.toThrow('it takes another person');
    expect(types(connector, one)).not.toContain('withdrawal-settled');
    await say('L. Weber');

    await happens(connector, one, 'withdrawal-settled');
    expect(await bench.payments('108')).toHaveLength(1);
    expect(await connector.database.query('SELECT decided_by, confirmed_by FROM decision')).toEqual(
      [{ decided_by: 'R. Ortiz', confirmed_by: 'L. Weber' }],
    );
  });
});
