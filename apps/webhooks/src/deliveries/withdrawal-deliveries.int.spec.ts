import type { WithdrawalDeliveryDto } from '@sluice/http-api';
import { eventually } from '@sluice/test-kit';
import {
  ACCOUNT,
  aStep,
  givenWebhooks,
  migrated,
  type TestWebhooks,
} from '../testkit/given-webhooks.js';
import { Receiver } from '../testkit/receiver.js';
import { LIST_OF_WITHDRAWAL } from './deliveries.js';

const EVENTS = ['withdrawal.broadcasted', 'withdrawal.confirmed'];
const NUMBER = '57212345678913';

/** 39,999 deliveries about as many withdrawals. */
const LONG_HISTORY = `
  INSERT INTO delivery (id, position, account_id, webhook_id, withdrawal, in_log, event, body, seal, status, attempt_count, created_at, ended_at)
  SELECT 1000000 + n, n, $1, $2, n, true, 'withdrawal.confirmed', repeat(' ', 200), '', 'delivered', 1, now(), now() FROM generate_series(1, 39999) AS n`;
/** The table has more than 1,000. */
const MOST_BLOCKS = 60;

let receiver: Receiver;
let webhooks: TestWebhooks;
beforeAll(async () => {
  receiver = await Receiver.start();
  webhooks = await givenWebhooks(await migrated());
});
afterAll(async () => {
  await webhooks.close();
  await receiver.stop();
});

describe('deliveries of a withdrawal', () => {
  const asked = async (number: string, query = '') =>
    (
      await webhooks.ask<WithdrawalDeliveryDto[]>(
        'GET',
        `deliveries?withdrawal_id=${number}${query}`,
      )
    ).body;

  it('have receiver, state and newest attempt, in pages', async () => {
    const answering = await webhooks.register({ url: receiver.url('/204'), events: EVENTS });
    const failing = await webhooks.register({ url: receiver.url('/500'), events: EVENTS });
    const broadcast = aStep({ type: 'withdrawal.broadcast.v1', number: NUMBER });
    await webhooks.tell(broadcast, aStep());
    await webhooks.tell(aStep({ number: NUMBER, sequence: 2 }));

    await eventually(
      async () => {
        const { data } = await asked(NUMBER);
        expect(data.map((row) => row.last_http_status).sort()).toEqual([204, 204, 500, 500]);
      },
      { withinMs: 60_000 },
    );
    const { data } = await asked(NUMBER);
    expect(data.map(({ event }) => event)).toEqual([
      'withdrawal.confirmed',
      'withdrawal.confirmed',
      'withdrawal.broadcasted',
      'withdrawal.broadcasted',
    ]);
    expect(data.filter(({ webhook_id: id }) => id === answering.id)).toMatchObject(
      [1, 2].map(() => ({
        url: answering.url,
        webhook_state: 'enabled',
        status: 'delivered',
        attempt_count: 1,
        next_retry_at: null,
        last_error: null,
      })),
    );
    expect(data.filter(({ webhook_id: id }) => id === failing.id)).toMatchObject(
      [1, 2].map(() => ({
        url: failing.url,
        status: 'pending',
        next_retry_at: expect.any(String) as string,
        last_attempt_at: expect.any(String) as string,
      })),
    );

    const first = await asked(NUMBER, '&limit=3');
    const second = await asked(NUMBER, `&limit=3&cursor=${first.next_cursor}`);
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(data.map(({ id }) => id));
    expect(second.next_cursor).toBeNull();
  });

  it('are none for an event that no webhook subscribes', async () => {
    await webhooks.tell(aStep({ type: 'withdrawal.cancelled.v1', number: '99' }));

    expect(await asked('99')).toMatchObject({ data: [], next_cursor: null });
  });

  it('are found in a long history without a look at the others', async () => {
    const { id } = await webhooks.register({ url: receiver.url('/a'), events: EVENTS });
    await webhooks.database.query(LONG_HISTORY, [ACCOUNT, id]);
    await webhooks.database.query('ANALYZE delivery');

    const [plan] = await webhooks.database.query<{
      'QUERY PLAN': [{ Plan: Record<string, number> }];
    }>(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${LIST_OF_WITHDRAWAL}`, ['20000', null, 51]);

    const whole = plan?.['QUERY PLAN'][0].Plan ?? {};
    const blocks = (whole['Shared Hit Blocks'] ?? 0) + (whole['Shared Read Blocks'] ?? 0);
    expect(whole['Actual Rows']).toBe(1);
    expect(blocks).toBeLessThan(MOST_BLOCKS);
  });

  it.each(['', 'withdrawal_id=x'])('are refused without a number: %s', async (query) =>
    expect((await webhooks.ask('GET', `deliveries?${query}`)).status).toBe(422),
  );
});
