import {
  benchFor,
  givenLaggingStandby,
  happens,
  stateOf,
  type TestConnector,
} from '@sluice/connector-testing';
import { randomUUIDv7 } from 'node:crypto';
import { eventually } from '@sluice/test-kit';
import { GATEIO_KIT } from './testing/gateio-kit.js';
import { chainOrder, pushOrder } from './testing/orders.js';

/** As in production, the record is not read by chance within the test. */
const SETTINGS = { recordIntervalMs: 600_000 };
/** Orders up to 10 s after a fail-over wait for intake-api. A later instant would delay the look-up. */
const AFTER_THE_FAIL_OVER_MS = 15_000;
const HOLD_BACK = `
  CREATE FUNCTION hold_back() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.next_action_at := now() + interval '1 hour'; RETURN NEW; END $$;
  CREATE TRIGGER hold_back BEFORE INSERT ON submission FOR EACH ROW EXECUTE FUNCTION hold_back()`;
const ITS_TURN = `UPDATE submission SET next_action_at = clock_timestamp() WHERE state = 'prepared'`;

type Marked = ReturnType<typeof marked>;

function marked(order: ReturnType<typeof chainOrder>) {
  const clientReference = `c${randomUUIDv7().replaceAll('-', '').slice(-22)}1`;
  return { order, marks: { clientReference, orderedAt: new Date().toISOString() } };
}

describe('a database that fails over to a standby that lags, under a process that lives', () => {
  const bench = benchFor(GATEIO_KIT);
  let servers: Awaited<ReturnType<typeof givenLaggingStandby>>;
  beforeAll(async () => void (servers = await givenLaggingStandby()), 60_000);
  afterAll(() => servers.stop());

  const submit = (connector: TestConnector, { order, marks }: Marked) =>
    connector.submit([order], null, marks);
  const sentOnce = async (...orders: readonly Marked[]) => {
    for (const { order } of orders)
      await eventually(async () =>
        expect(await bench.payments(order.amount)).toMatchObject([{ net_amount: order.amount }]),
      );
  };

  it('sends nothing again of what was sent and lost: by itself, by an instance that is gone, or before its order came again', async () => {
    await bench.simulator.settings({ listing_delay_ms: 700 });
    const first = await bench.connector(SETTINGS, servers.url);
    const byAnother = [marked(chainOrder('801.25')), marked(pushOrder('802.5'))];
    const byItself = [marked(chainOrder('803.25')), marked(pushOrder('804.5'))];
    const orders = [...byAnother, ...byItself];
    await first.database.query(HOLD_BACK);
    for (const one of orders) await submit(first, one);
    await first.database.query('DROP TRIGGER hold_back ON submission');
    await servers.fallBehind();

    const only = (these: readonly Marked[]) =>
      first.database.query(`${ITS_TURN} AND withdrawal_id = ANY ($1)`, [
        these.map(({ order }) => order.withdrawalId),
      ]);
    await only(byAnother);
    await sentOnce(...byAnother);
    await bench.end(first);
    const connector = await bench.connector(SETTINGS, servers.url);
    await connector.database.query(ITS_TURN);
    await sentOnce(...byItself);
    const lost = [marked(chainOrder('805.25')), marked(pushOrder('806.5'))];
    for (const one of lost) await submit(connector, one);
    await sentOnce(...lost);
    await servers.failOver();

    await eventually(() => connector.database.query(ITS_TURN), { withinMs: 20_000 });
    for (const one of lost) await submit(connector, one);

    for (const { order } of [...orders, ...lost])
      await eventually(async () => expect(await stateOf(connector, order)).toBe('settled'), {
        withinMs: 20_000,
      });
    await sentOnce(...orders, ...lost);
    const later = marked(chainOrder('807.25'));
    later.marks.orderedAt = new Date(Date.now() + AFTER_THE_FAIL_OVER_MS).toISOString();
    await submit(connector, later);
    await eventually(async () => expect(await stateOf(connector, later.order)).toBe('settled'), {
      withinMs: 40_000, // its look-up may cover nothing before that instant
    });
    await happens(connector, later.order, 'withdrawal-settled');
  }, 120_000);
});
