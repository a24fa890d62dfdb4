import { randomUUIDv7 } from 'node:crypto';
import type { ListedWithdrawal, SubmitOutcome } from '@sluice/connector-rules';
import { Amount } from '@sluice/kernel';
import { withTestPostgres, type TestPostgres } from '@sluice/test-servers';
import type { OpenSubmissions } from '../status/open-submissions.js';
import { NO_ANSWER, submitCommand, TestQueue } from '../testkit/given-queue.js';

const RECEIPT = `test.${'A'.repeat(43)}`;
const HASH = '0xabc';
const ACCEPTED: SubmitOutcome = {
  kind: 'accepted',
  venueReference: 'ETH:0x1:7',
  txHash: HASH,
  evidence: NO_ANSWER,
};

describe('what our own wallet needs of the engine', () => {
  let postgres: TestPostgres;
  let queue: TestQueue;
  let open: OpenSubmissions;
  beforeAll(async () => {
    postgres = await withTestPostgres();
    queue = await TestQueue.start(postgres);
    open = queue.openSubmissions();
  });
  afterAll(async () => {
    await queue.close();
    await postgres.stop();
  });

  const saidOf = (id: string) =>
    queue.messages
      .filter(({ data }) => data['withdrawalId'] === id)
      .map(({ type, data }) => ({ type, data }));
  async function settled(id: string, venueReference: string): Promise<ListedWithdrawal> {
    const [row] = await queue.database.query<{ client_reference: string }>(
      'SELECT client_reference FROM submission WHERE withdrawal_id = $1',
      [id],
    );
    const amount = Amount.of('1', 'USDT.ETH');
    return {
      form: queue.form.form,
      venueReference,
      clientReference: row?.client_reference ?? null,
      currency: 'USDT',
      network: null,
      destination: null,
      gross: amount,
      net: amount,
      venueFee: Amount.zero('USDT.ETH'),
      createdAt: new Date(),
      txHash: '0xdef',
      blockNumber: '21034567',
      confirmations: 12,
      status: { kind: 'settled' },
      venueStatus: 'final',
    };
  }

  it('hands the terms that are vouched for over to its adapter, with the receipt for the signer', async () => {
    const order = submitCommand(randomUUIDv7(), { signerReceipt: RECEIPT });
    await queue.take(order);

    const [due] = await queue.instance('a').peek(queue.form, 1);

    const { accountId, digest } = order.data;
    expect(due).toMatchObject({ accountId, digest, signerReceipt: RECEIPT });
    expect(due?.fee?.toString()).toBe('0.1');
    await queue.outcome(await queue.claim('a'), { ...ACCEPTED, venueReference: 'ETH:0x1:1' });
  });

  it('has none for other venues', async () => {
    await queue.take(submitCommand(randomUUIDv7()));

    expect(await queue.instance('a').peek(queue.form, 1)).toMatchObject([{ signerReceipt: null }]);
    await queue.outcome(await queue.claim('a'), { ...ACCEPTED, venueReference: 'ETH:0x1:2' });
  });

  it('tells a transaction that is named at once at once, and in which block it is final; asked again, the same', async () => {
    const order = submitCommand(randomUUIDv7());
    const id = order.data.withdrawalId;
    await queue.take(order);
    await queue.outcome(await queue.claim('a'), ACCEPTED);

    const broadcast = { txHash: HASH, venueReference: 'ETH:0x1:7' };
    expect(saidOf(id)).toMatchObject([
      { type: 'submission-accepted', data: broadcast },
      { type: 'withdrawal-broadcast', data: broadcast },
    ]);

    await open.compare(queue.form.form, [await settled(id, 'ETH:0x1:7')]);
    await queue.report({ withdrawalId: id, state: 'broadcast' });

    const final = { txHash: '0xdef', blockNumber: '21034567', confirmations: 12, venueFee: '0' };
    expect(saidOf(id).filter(({ type }) => type === 'withdrawal-settled')).toMatchObject([
      { data: final },
      { data: final },
    ]);
  });

  it('says nothing of blocks where the venue says nothing of them', async () => {
    const order = submitCommand(randomUUIDv7());
    const id = order.data.withdrawalId;
    await queue.take(order);
    const { txHash: _none, ...silent } = { ...ACCEPTED, venueReference: 'v9' };
    await queue.outcome(await queue.claim('a'), silent);

    const { blockNumber: _block, confirmations: _depth, ...record } = await settled(id, 'v9');
    await open.compare(queue.form.form, [record]);

    expect(saidOf(id).map(({ type }) => type)).toEqual([
      'submission-accepted',
      'withdrawal-settled',
    ]);
    expect(saidOf(id)[1]?.data).not.toHaveProperty('blockNumber');
    expect(saidOf(id)[1]?.data).not.toHaveProperty('confirmations');
  });
});
