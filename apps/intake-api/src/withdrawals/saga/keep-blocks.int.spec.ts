import { randomUUID } from 'node:crypto';
import { NO_WITHDRAWAL, type SeenPayment } from '@sluice/messages';
import { givenIntake, placeOrder } from '../../testkit/given-saga.js';
import { anOrder } from '../../testkit/a-withdrawal.js';
import { type TestInstance } from '../../testkit/given-intake.js';
import { statusShape } from '../answers/withdrawal.dto.js';
import { findByIds } from '../../rows/withdrawal-store.js';
import { KeepBlocks, type BlockSeenEvent } from './events.consumer.js';

const FIRST = `0x${'1'.repeat(64)}`;
const SECOND = `0x${'2'.repeat(64)}`;

describe('the confirmations of what our own wallet pays', () => {
  let intake: TestInstance;
  let accountId: string;
  let blocks: KeepBlocks;
  beforeAll(async () => {
    ({ intake, accountId } = await givenIntake());
    blocks = new KeepBlocks(intake.unitOfWork);
  });
  afterAll(() => intake.close());

  const block = (head: string, ...payments: SeenPayment[]): BlockSeenEvent => ({
    id: randomUUID(),
    source: 'connector-evm',
    subject: NO_WITHDRAWAL,
    time: '2026-11-22T08:00:00.000Z',
    type: 'venue.block-seen.v1',
    data: {
      withdrawalId: NO_WITHDRAWAL,
      venue: 'wallet',
      network: 'ETH',
      blockNumber: head,
      payments,
    },
  });
  const inBlock = (
    withdrawalId: string,
    blockNumber: string | null,
    txHash: string | null = FIRST,
  ) => ({
    withdrawalId,
    txHash,
    blockNumber,
  });
  const broadcast = async (state = 'broadcast', venue = 'wallet') => {
    const order = anOrder({ accountId, venue });
    await placeOrder(intake, order);
    await intake.database.query('UPDATE withdrawal SET state = $2, tx_hash = $3 WHERE id = $1', [
      order.id,
      state,
      state === 'broadcast' ? FIRST : null,
    ]);
    return order.id;
  };
  const shown = async (id: string) => {
    const [stored] = await findByIds(intake.service, [id]);
    if (stored === undefined) throw new Error('it is not on record');
    const { confirmations, block_number: number, tx_hash: hash } = statusShape(stored);
    return [confirmations, number, hash];
  };

  it('count up with each block, in which only the block itself is written', async () => {
    const [one, other] = [await broadcast(), await broadcast()];
    expect(await shown(one)).toEqual([null, null, FIRST]);

    await blocks.take([block('100', inBlock(one, '100'), inBlock(other, '99'))]);
    expect([await shown(one), await shown(other)]).toEqual([
      [1, 100, FIRST],
      [2, 99, FIRST],
    ]);
    await blocks.take([block('101'), block('103')]);
    expect([await shown(one), await shown(other)]).toEqual([
      [4, 100, FIRST],
      [5, 99, FIRST],
    ]);
  });

  it('begin anew where a reorganisation has moved it, and are none where it is in no block', async () => {
    const id = await broadcast();
    await blocks.take([block('105', inBlock(id, '105'))]);
    await blocks.take([block('106', inBlock(id, null, null))]);
    expect(await shown(id)).toEqual([null, null, FIRST]);

    await blocks.take([block('107', inBlock(id, '105')), block('107', inBlock(id, '107'))]);
    expect(await shown(id)).toEqual([1, 107, FIRST]);
  });

  it('are those of the transaction that took the place of the first', async () => {
    const id = await broadcast();
    await blocks.take([block('110', inBlock(id, null, SECOND))]);
    expect(await shown(id)).toEqual([null, null, SECOND]);

    await blocks.take([block('111', inBlock(id, '111', SECOND))]);
    expect(await shown(id)).toEqual([1, 111, SECOND]);
  });

  it('are shown once it is broadcasted, also where its block was known before', async () => {
    const id = await broadcast('submitted');
    await blocks.take([block('120', inBlock(id, '119'))]);
    expect(await shown(id)).toEqual([null, 119, null]);

    await intake.database.query(`UPDATE withdrawal SET state = 'broadcast' WHERE id = $1`, [id]);
    expect(await shown(id)).toEqual([2, 119, null]);
  });

  it.each([
    ['of another venue', 'broadcast', 'gateio'],
    ['that is paid', 'capturing', 'wallet'],
  ])('are not touched of one %s', async (_, state, venue) => {
    const id = await broadcast(state, venue);
    const before = await shown(id);
    await blocks.take([block('130', inBlock(id, '130', SECOND))]);

    expect(await shown(id)).toEqual(before);
  });
});
