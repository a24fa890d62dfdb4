import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { testDatabase } from '@sluice/test-servers';
import { anOrder } from '../../testkit/a-withdrawal.js';
import { givenApi, type ApiAnswer, type TestApi, refusal } from '../../testkit/given-api.js';
import { givenAccount, published, violationsIn } from '../../testkit/given-intake.js';
import { placeOrder } from '../../testkit/given-saga.js';
import { anEvent, type FactTrigger } from '../../testkit/inbound-events.js';

describe('DELETE /v1/withdrawals/{id}', () => {
  let api: TestApi;
  let other: TestApi;
  let accountId: string;
  let key: { keyId: string; secret: string };
  beforeAll(async () => {
    const url = await testDatabase('intake');
    [api, other] = [await givenApi(url), await givenApi(url)];
    accountId = await givenAccount(api.database);
    key = await api.createKey(accountId, ['withdraw', 'read_withdrawal_status']);
  });
  afterAll(() => Promise.all([api.close(), other.close()]));

  interface Placed {
    readonly id: string;
    readonly number: string;
  }
  async function place(...path: FactTrigger[]): Promise<Placed> {
    const { stored } = await placeOrder(api, anOrder({ accountId, keyId: key.keyId }));
    const placed = { id: stored.withdrawal.order.id, number: stored.number };
    await receive(placed, ...path);
    return placed;
  }
  async function receive({ id }: Placed, ...triggers: FactTrigger[]): Promise<void> {
    for (const trigger of triggers) await other.saga.take([anEvent(id, trigger)]);
  }
  const refuse = ({ id }: Placed, message: string) =>
    other.saga.take([
      {
        id: randomUUID(),
        change: { kind: 'cancel_refused', withdrawalId: id, by: 'gateio', message },
      },
    ]);
  const cancel = (
    { number }: Placed,
    call: { prefer?: string; key?: typeof key } = {},
  ): Promise<ApiAnswer> =>
    api.send({
      method: 'DELETE',
      target: `/v1/withdrawals/${number}`,
      key: call.key ?? key,
      ...(call.prefer !== undefined && { headers: { prefer: call.prefer } }),
    });
  const show = async ({ number }: Placed) =>
    (await api.send({ target: `/v1/withdrawals/${number}`, key })).body.data;
  const commands = async ({ id }: Placed) =>
    (await published(api.database, id))
      .map(({ type }) => type)
      .filter((type) => !/^withdrawal\.|place-hold/.test(type));
  const tooLate = refusal(409, 'Withdrawal can no longer be cancelled');

  it('before the hold is decided gives the venue no time to begin, and its proof releases the hold', async () => {
    const placed = await place();

    expect(await cancel(placed)).toMatchObject({
      status: 200,
      body: {
        data: {
          status: 'pending',
          cancel: {
            status: 'requested',
            message: 'Nothing will be sent. It ends when the hold is decided',
          },
        },
      },
    });
    await receive(placed, 'hold_placed', 'cancelled', 'hold_released');

    expect(await commands(placed)).toEqual([
      'venue.submit-withdrawal.v1',
      'venue.cancel-withdrawal.v1',
      'ledger.release-hold.v1',
    ]);
    expect(await show(placed)).toMatchObject({
      status: 'cancelled',
      error_message: null,
      cancel: { status: 'done' },
    });
  });

  it('after it asks the venue once, behind the submit command, and only the venue’s proof releases', async () => {
    const placed = await place('hold_placed');

    const first = await cancel(placed);
    const second = await cancel(placed);

    expect([first.status, second.body]).toEqual([200, first.body]);
    expect(await commands(placed)).toEqual([
      'venue.submit-withdrawal.v1',
      'venue.cancel-withdrawal.v1',
    ]);
    await receive(placed, 'accepted');
    expect(await show(placed)).toMatchObject({
      status: 'pending',
      stage: 'processing_at_venue',
      cancel: { status: 'requested' },
    });
    await receive(placed, 'cancelled', 'hold_released');
    expect(await cancel(placed)).toMatchObject({
      status: 200,
      body: { data: { status: 'cancelled', cancel: { status: 'done' } } },
    });
  });

  it('a request that cannot take effect is refused, in the venue’s words to operators alone, and the withdrawal goes on', async () => {
    const placed = await place('hold_placed', 'accepted');
    const goesOn = refusal(
      409,
      'Withdrawal can no longer be cancelled: The venue no longer stops it',
    );

    const first = cancel(placed); // without Prefer: wait
    for (let tries = 0; (await commands(placed)).length < 2 && tries < 200; tries++)
      await sleep(10);
    await refuse(placed, 'it is on the chain already');

    expect([200, 409]).toContain((await first).status); // a busy machine may have been slower than a second
    expect(await cancel(placed)).toMatchObject(goesOn);
    expect(await show(placed)).toMatchObject({
      status: 'pending',
      cancel: { status: 'refused', message: 'The venue no longer stops it' },
    });
    expect(await commands(placed)).toEqual([
      'venue.submit-withdrawal.v1',
      'venue.cancel-withdrawal.v1',
    ]);
    await receive(placed, 'settled', 'hold_captured');
    expect(await show(placed)).toMatchObject({
      status: 'confirmed',
      cancel: { status: 'refused', message: 'The venue no longer stops it' },
    });
    expect(await api.send({ target: `/internal/withdrawals/${placed.number}` })).toMatchObject({
      body: {
        data: { cancel_requested_by: key.keyId, cancel_refusal: 'it is on the chain already' },
      },
    });
  });

  it.each<[string, FactTrigger[], object]>([
    [
      'it is stopped',
      ['cancelled', 'hold_released'],
      { status: 200, body: { data: { status: 'cancelled', cancel: { status: 'done' } } } },
    ],
    [
      'it is paid',
      ['broadcast', 'settled'],
      refusal(409, 'Withdrawal can no longer be cancelled: It was paid before it could be stopped'),
    ],
    [
      'it fails',
      ['failed', 'hold_released'],
      refusal(409, 'Withdrawal can no longer be cancelled: It failed before it could be stopped'),
    ],
  ])(
    'with Prefer: wait is answered once %s, by an event of another instance too',
    async (_what, path, answered) => {
      const placed = await place('hold_placed', 'accepted');
      const answer = cancel(placed, { prefer: 'wait=10' });
      for (let tries = 0; (await commands(placed)).length < 2 && tries < 200; tries++)
        await sleep(10);
      const started = Date.now();

      await receive(placed, ...path);

      expect(await answer).toMatchObject({
        ...answered,
        headers: { 'preference-applied': 'wait=10' },
      });
      expect(Date.now() - started).toBeLessThan(5_000);
    },
  );

  it('with Prefer: wait is answered with the pending cancel request when the time is over', async () => {
    const placed = await place('hold_placed');
    const message =
      'The venue has not answered yet. It is stopped if nothing was sent, or if the venue stops it';
    expect(await cancel(placed, { prefer: 'wait=1' })).toMatchObject({
      status: 200,
      body: { data: { cancel: { status: 'requested', message } } },
    });
  });

  it.each<[string, FactTrigger[]]>([
    ['capturing', ['hold_placed', 'accepted', 'settled']],
    ['completed', ['hold_placed', 'accepted', 'settled', 'hold_captured']],
    ['releasing', ['hold_placed', 'refused']],
    ['failed', ['hold_placed', 'refused', 'hold_released']],
    ['cancelled by others', ['hold_placed', 'cancelled', 'hold_released']],
  ])('is too late when it is %s, and leaves no trace', async (_what, path) => {
    const placed = await place(...path);
    const before = await commands(placed);
    expect(await cancel(placed)).toMatchObject(tooLate);
    expect(await commands(placed)).toEqual(before);
    expect(await show(placed)).not.toHaveProperty('cancel');
  });

  it('is for the account’s own withdrawals, by keys that may withdraw', async () => {
    const placed = await place('hold_placed');
    const otherAccountKey = await api.createKey(await givenAccount(api.database), ['withdraw']);
    const reader = await api.createKey(accountId, ['read_withdrawal_status']);
    expect(await cancel(placed, { key: otherAccountKey })).toMatchObject(
      refusal(404, 'Withdrawal not found'),
    );
    expect(await cancel({ ...placed, number: '999999' })).toMatchObject(
      refusal(404, 'Withdrawal not found'),
    );
    expect(await cancel({ ...placed, number: '1x' })).toMatchObject(
      refusal(422, 'withdrawal_id: Input should be a valid integer'),
    );
    expect(await cancel(placed, { key: reader })).toMatchObject(
      refusal(403, 'API key does not have the required permission'),
    );
    expect(await cancel(await place('hold_refused'))).toMatchObject(
      refusal(404, 'Withdrawal not found'),
    );
    expect(await commands(placed)).toEqual(['venue.submit-withdrawal.v1']);
  });

  it('races with the hold: either nothing is submitted, or the cancel command follows the submit command', async () => {
    const seen = new Set<string>();
    for (let round = 0; round < 30; round++) {
      const placed = await place();
      await Promise.all([
        ...(round % 2 === 0
          ? [cancel(placed), receive(placed, 'hold_placed')]
          : [receive(placed, 'hold_placed'), cancel(placed)]),
        cancel(placed),
      ]);
      seen.add((await commands(placed)).join(' '));
    }
    for (const order of seen)
      expect([
        'ledger.release-hold.v1',
        'venue.submit-withdrawal.v1 venue.cancel-withdrawal.v1',
      ]).toContain(order);
    expect(await violationsIn(api)).toEqual([]);
  }, 30_000);
});
