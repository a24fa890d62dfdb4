import type { PeekRow } from '../queue/due-order.js';
import { OfferedOrders } from './lane-turns.js';

const ROWS = [{ withdrawal_id: 'w1' }] as PeekRow[];

describe('orders peeked as they are stored', () => {
  const peeked = (offers: OfferedOrders, limit = 4) =>
    offers.peek(limit, () => Promise.resolve(ROWS));

  it('are taken once by the next round', async () => {
    const offers = new OfferedOrders();
    offers.offer(await peeked(offers));

    expect(offers.take(4)).toMatchObject({ rows: ROWS, limit: 4 });
    expect(offers.take(4)).toBeNull();
  });

  it('are not offered after a round that may have claimed them', async () => {
    const offers = new OfferedOrders();
    const before = await peeked(offers);
    await offers.round(() => Promise.resolve());
    offers.offer(before);

    expect(offers.take(4)).toBeNull();
  });

  it('are not peeked during a round, even one that fails', async () => {
    const offers = new OfferedOrders();
    const round = offers.round(async () => {
      expect(await peeked(offers)).toBeNull();
      throw new Error('the database is away');
    });

    await expect(round).rejects.toThrow('the database is away');
    expect(await peeked(offers)).not.toBeNull();
  });

  it('are taken in the round that they woke', async () => {
    const offers = new OfferedOrders();
    offers.offer(await peeked(offers));

    expect(await offers.round(() => Promise.resolve(offers.take(4)))).not.toBeNull();
  });

  it('are withdrawn by a later wake-up, and exceed no capacity', async () => {
    const offers = new OfferedOrders();
    offers.offer(await peeked(offers));
    offers.offer(null);
    expect(offers.take(4)).toBeNull();

    offers.offer(await peeked(offers, 4));
    expect(offers.take(3)).toBeNull();
  });

  it('are peeked again after half a second', async () => {
    let now = 0;
    const offers = new OfferedOrders(() => now);
    offers.offer(await peeked(offers));
    now = 500;

    expect(offers.take(4)).toBeNull();
  });
});
