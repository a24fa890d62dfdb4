import { randomUUID, randomUUIDv7 } from 'node:crypto';
import { connectorOf, recipientDigest, type SentItem } from '@sluice/messages';
import { checkInvariants } from '@sluice/postgres';
import { createLogger } from '@sluice/service-shell';
import { anOrder } from '../../testkit/a-withdrawal.js';
import { countCases, published, type TestInstance } from '../../testkit/given-intake.js';
import { givenIntake, placeOrder } from '../../testkit/given-saga.js';
import { SentAudit, type SentEvent } from './venue-audit.js';

describe('what was sent, compared with what was asked', () => {
  let intake: TestInstance;
  let audit: SentAudit;
  let accountId: string;
  beforeAll(async () => {
    ({ intake, accountId } = await givenIntake());
    audit = new SentAudit(intake.unitOfWork, createLogger('test', 'silent'));
  });
  afterAll(() => intake.close());
  beforeEach(async () => {
    for (const table of ['withdrawal_case', 'halt', 'outbox'])
      await intake.database.query(`DELETE FROM ${table}`);
  });

  /** 5 USDT to an address at Gate.io, and as a connector would report it as sent. */
  async function asked(): Promise<SentItem> {
    const { stored } = await placeOrder(intake, anOrder({ accountId }));
    const { id, asset, destination } = stored.withdrawal.order;
    return {
      withdrawalId: id,
      accountId,
      asset,
      amount: '5.0',
      recipientDigest: recipientDigest(destination),
      digest: stored.digest,
    };
  }
  function sentEvent(items: readonly SentItem[], venue = 'gateio'): SentEvent {
    const withdrawalId = items[0]?.withdrawalId ?? '';
    const envelope = {
      id: randomUUID(),
      source: connectorOf(venue),
      subject: withdrawalId,
      time: '2026-11-20T08:00:00.000Z',
    };
    return { ...envelope, type: 'venue.sent.v1', data: { withdrawalId, venue, items } };
  }
  const receive = (...event: Parameters<typeof sentEvent>) => audit.take([sentEvent(...event)]);
  const cases = () =>
    intake.database.query(
      `SELECT withdrawal_id, trigger, detail::json -> 'differs' AS differs FROM withdrawal_case`,
    );
  const halted = () => intake.database.query('SELECT scope, target, reason, lifted_at FROM halt');
  const ordered = async () =>
    (await published(intake.database))
      .filter(({ type }) => type === 'venue.halt.v1')
      .map(({ topic, data }) => `${topic} ${String(data['reason'])}`);
  const violated = async () =>
    (
      await checkInvariants(intake.service, new URL('../../postgres/invariants/', import.meta.url))
    ).violations.map(({ invariant }) => invariant);

  it('finds nothing in what is as it was asked, reported however often', async () => {
    const items = [await asked(), await asked()];
    await receive(items);
    await receive(items);
    expect(await cases()).toEqual([]);
  });

  it('compares every report that comes in one batch', async () => {
    const [right, wrong] = [await asked(), await asked()];

    await audit.take([sentEvent([right]), sentEvent([{ ...wrong, amount: '9' }])]);

    expect(await cases()).toMatchObject([{ withdrawal_id: wrong.withdrawalId }]);
  });

  const OTHER = 'f'.repeat(64);
  it.each<[string, Partial<SentItem>, readonly string[]]>([
    ['another amount', { amount: '9' }, ['amount']],
    ['another asset', { asset: 'USDT.TRX' }, ['asset']],
    ['another recipient', { recipientDigest: OTHER }, ['recipient']],
    ['another order', { digest: OTHER }, ['digest']],
  ])(
    'names what was sent as %s, once, by a case and an invariant',
    async (_what, change, differs) => {
      const [right, wrong] = [await asked(), await asked()];
      for (let time = 0; time < 2; time++) await receive([right, { ...wrong, ...change }]);

      expect(await cases()).toEqual([
        { withdrawal_id: wrong.withdrawalId, trigger: 'sent_not_as_asked', differs },
      ]);
      const halt = { scope: 'venue', target: 'gateio', lifted_at: null };
      expect(await halted()).toEqual([{ ...halt, reason: 'sent_not_as_asked' }]);
      expect(await ordered()).toEqual(['venue.gateio.commands sent_not_as_asked']);
      expect(
        (await violated()).filter((name) => name.startsWith('sent-only-what-was-asked')),
      ).toHaveLength(1);
    },
  );

  it('names what was sent without a digest', async () => {
    const { digest: _left, ...undigested } = await asked();

    await receive([undigested]);

    expect(await cases()).toEqual([
      {
        withdrawal_id: undigested.withdrawalId,
        trigger: 'sent_not_as_asked',
        differs: ['digest'],
      },
    ]);
  });

  it('names what nobody asked for, and a venue that it was never ordered from; one that has refused it before is none', async () => {
    const [item, unknown] = [
      await asked(),
      { ...(await asked()), withdrawalId: randomUUIDv7() as string },
    ];
    await receive([unknown]);
    await receive([item], 'bybit'); // of no route here: there is nobody who could be told
    expect(await ordered()).toEqual(['venue.gateio.commands sent_not_asked']);
    expect(await halted()).toHaveLength(2);
    expect(await cases()).toEqual([
      {
        withdrawal_id: unknown.withdrawalId,
        trigger: 'sent_not_asked',
        differs: ['withdrawalId'],
      },
      { withdrawal_id: item.withdrawalId, trigger: 'sent_not_as_asked', differs: ['venue'] },
    ]);

    const failedOver = await asked();
    await intake.database.query(
      `UPDATE withdrawal SET venue = 'bitmart', tried = '{gateio}' WHERE id = $1`,
      [failedOver.withdrawalId],
    );
    for (const venue of ['gateio', 'bitmart']) await receive([failedOver], venue);
    expect(await countCases(intake.database, failedOver.withdrawalId)).toBe(0);
  });
});
