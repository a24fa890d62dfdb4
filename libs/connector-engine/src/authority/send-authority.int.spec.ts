import { randomUUIDv7 } from 'node:crypto';
import { signProof, verifyProof } from '@sluice/signing';
import { connectorOf } from '@sluice/messages';
import { byTwo, eventually, testMessageKeys } from '@sluice/test-kit';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import type { SubmitCommand } from '../commands/venue-command.js';
import type { DueOrder } from '../queue/due-order.js';
import { NOT_SENT, submitCommand, TestQueue } from '../testkit/given-queue.js';
import { TEST_AUTHORITY } from '../testkit/given-tables.js';

const ENDS_IN_AN_HOUR = new Date(Date.now() + 3_600_000);
const AN_HOUR_LATER = new Date(Date.now() + 7_200_000);
const CONNECTOR = connectorOf('testvenue');
const intake = testMessageKeys('intake-api');
const ledger = testMessageKeys('ledger');

describe('what a connector sends', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  beforeAll(async () => {
    postgres = await withTestPostgres();
  });
  beforeEach(async () => {
    queue = await TestQueue.start(postgres);
  });
  afterEach(() => queue.close());
  afterAll(() => postgres.stop());

  const sender = () => queue.instance('me', TEST_AUTHORITY);
  const due = (): Promise<DueOrder[]> => sender().peek(queue.form, 10);
  const claim = (orders: readonly DueOrder[]) =>
    sender().claim(
      orders.map((order) => ({
        order,
        request: { form: queue.form.form, body: '{}', gross: order.amount, evidence: {} },
      })),
      60_000,
      new Date(),
    );
  const halts = async () =>
    (await queue.halts.inForce()).map(({ reason, subject }) => [reason, subject]);
  const change = (sql: string, id: string) =>
    queue.database.query(`UPDATE submission SET ${sql} WHERE withdrawal_id = $1`, [id]);
  const stored = async (): Promise<string> => {
    const order = submitCommand(randomUUIDv7());
    await queue.take(order);
    return order.data.withdrawalId;
  };
  const forged = (data: Partial<SubmitCommand['data']>): SubmitCommand => {
    const command = submitCommand(randomUUIDv7());
    return { ...command, data: { ...command.data, ...data } };
  };
  const atVenue = (
    { data: { withdrawalId, digest = '', clientReference = '', notAfter } }: SubmitCommand,
    venue = 'testvenue',
  ) => ({ withdrawalId, digest, venue, clientReference, notAfter });

  /** As intake-api and the ledger vouch for it until a moment; the order may begin no later than `notAfter`. */
  const vouchedUntil = (command: SubmitCommand, until: Date, notAfter: Date | null = until) => {
    const order = { ...atVenue(command), notAfter: notAfter?.toISOString() ?? null };
    return {
      notAfter: order.notAfter,
      order: signProof(intake.with(CONNECTOR), { says: 'ordered', ...order }),
      timedReceipt: signProof(ledger.with(CONNECTOR), {
        says: 'held',
        to: 'connector',
        ...order,
        until,
      }),
    };
  };

  it('is what both vouch for', async () => {
    const id = await stored();

    const [order] = await due();
    expect(order?.withdrawalId).toBe(id);
    expect(await claim([order!])).toHaveLength(1);
  });

  it.each<[string, (command: SubmitCommand) => Partial<SubmitCommand['data']>, string]>([
    [
      'without the order',
      () => ({ order: `test.${'A'.repeat(43)}` }),
      'the signature of intake-api is missing',
    ],
    [
      'with a receipt that nobody made',
      () => ({ timedReceipt: `${ENDS_IN_AN_HOUR.toISOString()}~test.${'A'.repeat(43)}` }),
      'the receipt of the ledger is missing',
    ],
    [
      'whose receipt intake-api made',
      (command) => ({
        timedReceipt: signProof(intake.with(CONNECTOR), {
          says: 'held',
          to: 'connector',
          ...atVenue(command),
          until: AN_HOUR_LATER,
        }),
      }),
      'the receipt of the ledger is missing',
    ],
    [
      'whose order the ledger made',
      (command) => ({
        order: signProof(ledger.with(CONNECTOR), { says: 'ordered', ...atVenue(command) }),
      }),
      'the signature of intake-api is missing',
    ],
    [
      'whose hold another venue has',
      (command) => {
        const hold = atVenue(command, 'bybit');
        return {
          timedReceipt: signProof(ledger.with(CONNECTOR), {
            says: 'held',
            to: 'connector',
            ...hold,
            until: AN_HOUR_LATER,
          }),
        };
      },
      'the receipt of the ledger is missing',
    ],
    [
      'to somebody else',
      () => ({ destination: { type: 'venue_account', kind: 'uid', value: '8' } }),
      'has the digest',
    ],
    ['of another amount', () => ({ amount: '2' }), 'has the digest'],
    [
      'with more time',
      () => ({ notAfter: '2999-01-01T00:00:00.000Z' }),
      'the signature of intake-api is missing',
    ],
    [
      'that may begin after the receipt of the ledger has ended',
      (command) => vouchedUntil(command, ENDS_IN_AN_HOUR, AN_HOUR_LATER),
      "after the ledger's receipt has ended",
    ],
    [
      'that may begin at any time with a receipt that ends',
      (command) => vouchedUntil(command, ENDS_IN_AN_HOUR, null),
      "after the ledger's receipt has ended",
    ],
    [
      'whose receipt has another end than the ledger gave it',
      (command) => {
        const { timedReceipt = '', ...rest } = vouchedUntil(command, ENDS_IN_AN_HOUR);
        const moved = AN_HOUR_LATER.toISOString() + timedReceipt.slice(timedReceipt.indexOf('~'));
        return { ...rest, timedReceipt: moved };
      },
      'the receipt of the ledger is missing',
    ],
  ])('is never an order %s: nothing of it is stored', async (_what, data, sentence) => {
    const command = forged({});
    const broken = { ...command, data: { ...command.data, ...data(command) } };

    await expect(queue.take(broken)).rejects.toThrow(sentence);
    expect(await due()).toEqual([]);
  });

  it('is never an order without a receipt, or with a receipt that has no end', async () => {
    const { data, ...envelope } = forged({});
    const { timedReceipt, ...rest } = data;
    const [, mac = ''] = timedReceipt.split('~');

    for (const broken of [rest, { ...rest, timedReceipt: mac }])
      await expect(queue.take({ ...envelope, data: broken })).rejects.toThrow(
        'the receipt of the ledger is missing',
      );
    expect(await due()).toEqual([]);
  });

  it('is never an order without a reference at the venue', async () => {
    const { data, ...envelope } = forged({});
    const { clientReference: _left, ...rest } = data;
    const order = signProof(intake.with(CONNECTOR), {
      says: 'ordered',
      ...atVenue({ data, ...envelope }),
      clientReference: null,
    });

    await expect(queue.take({ ...envelope, data: { ...rest, order } })).rejects.toThrow(
      'it carries no reference at the venue',
    );
    expect(await due()).toEqual([]);
  });

  it('is nothing whose receipt has ended: it is refused as expired', async () => {
    const soon = new Date(Date.now() + 5_000);
    const command = forged({});
    const order = { ...command, data: { ...command.data, ...vouchedUntil(command, soon) } };
    await queue.take(order);
    const waiting = await due();
    expect(waiting).toHaveLength(1);

    await eventually(
      async () => {
        await queue.sweep();
        expect(queue.published).toContainEqual({
          withdrawalId: order.data.withdrawalId,
          type: 'submission-refused',
          reason: 'expired',
        });
      },
      { withinMs: 20_000, everyMs: 200 },
    );
    expect(await claim(waiting)).toEqual([]);
    expect(await halts()).toEqual([]);
  });

  it.each<[string, string]>([
    ['pays more', 'amount = 777'],
    ['pays somebody else', `destination = jsonb_set(destination, '{value}', '"8"')`],
    ['has another digest', `digest = repeat('b2', 32)`],
    ['has another reference', `client_reference = 'w' || repeat('0', 23)`],
    ['is of another withdrawal', 'withdrawal_id = gen_random_uuid()'],
    ['has a hold that no ledger gave', `timed_receipt = order_mac`],
    ['has no receipt', `timed_receipt = ''`],
    ['has a receipt without an end', `timed_receipt = split_part(timed_receipt, '~', 2)`],
    ['may begin at any time', `not_after = NULL`],
    ['begins a second attempt without an end of the first', 'attempt = 2'],
  ])('is not a row that %s: the venue is halted', async (_what, sql) => {
    const id = await stored();
    await change(sql, id);

    expect(await due()).toEqual([]);
    expect((await halts()).map(([reason]) => reason)).toEqual(['submission_not_vouched_for']);
    expect(await due()).toEqual([]);
  });

  it.each(['order_mac', 'timed_receipt', 'digest', 'fee', 'key_id', 'unsent_seal'])(
    'is not a row without %s, which the database refuses',
    async (column) => {
      const id = await stored();
      await expect(change(`${column} = NULL`, id)).rejects.toMatchObject({ code: '23502' });
    },
  );

  it('is not sent again because its row says that it was never sent', async () => {
    const id = await stored();
    await claim(await due());
    await change(
      `state = 'prepared', lease_until = NULL, lease_token = NULL, lease_owner = NULL, next_action_at = now()`,
      id,
    );

    await expect(due().then(claim)).rejects.toThrow(/duplicate key/);
    await change(`attempt_state = 'not_sent', attempt = 2`, id);
    expect(await due()).toEqual([]);
    expect(await halts()).toEqual([['submission_not_vouched_for', id]]);
  });

  it('is again what both vouch for, once people have looked at a row that nobody did', async () => {
    await change('amount = 777', await stored());
    await due();
    const good = await stored();
    const [halt] = await queue.halts.inForce();
    const { halts } = queue;
    await byTwo((caller) => halts.lift(halt?.id ?? '', 'it was planted', caller));

    expect((await due()).map(({ withdrawalId }) => withdrawalId)).toEqual([good]);
  });

  it('is sent again when this connector has found that nothing left', async () => {
    const id = await stored();
    await queue.outcome(await claim(await due()), NOT_SENT);

    const [again] = await due();
    expect([again?.withdrawalId, again?.attempt]).toEqual([id, 2]);
    expect(await claim([again!])).toHaveLength(1);
  });

  it('is said to have moved nothing only as it was found', async () => {
    const id = await stored();
    await change(
      `state = 'refused', reason = 'limit', finished_at = now(), next_action_at = NULL`,
      id,
    );

    await queue.report({ withdrawalId: id, state: 'submitting' });

    expect(queue.publishedOf(id)).toEqual([]);
  });

  it('that ended is vouched for towards the ledger, the second time as the first', async () => {
    const [id = ''] = await queue.submit(new Date(Date.now() - 1_000));
    await queue.sweep();
    await queue.report({ withdrawalId: id, state: 'submitting' });

    const [row] = await queue.database.query<{ nothing_moved: string; digest: string }>(
      'SELECT nothing_moved, digest FROM submission WHERE withdrawal_id = $1',
      [id],
    );
    const order = { withdrawalId: id, digest: row?.digest ?? '', venue: 'testvenue' };
    expect(
      verifyProof(ledger.with(CONNECTOR), { says: 'nothing moved', ...order }, row?.nothing_moved),
    ).toBe(true);
    expect(queue.publishedOf(id)).toEqual(Array(2).fill('submission-refused: expired'));
  });
});
