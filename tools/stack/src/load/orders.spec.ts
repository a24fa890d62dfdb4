import { createHash } from 'node:crypto';
import { randomOf } from './random.js';
import { drawOrder } from './orders.js';

const BANK = { user_id: 'u', account_group_id: 'g', reference_account_id: 'r' };

describe('the orders of a seed', () => {
  it.each([
    [false, '2d3f1073700cb1c2'],
    [true, '2d48b00d5d900726'],
  ])('are the same in every version (wallet: %s)', (wallet, digest) => {
    const random = randomOf(7);
    const orders = Array.from({ length: 300 }, (_, number) =>
      drawOrder(random, number, { clients: 5, bankAccount: BANK, wallet }),
    );

    expect(new Set(orders.map(({ form }) => form)).size).toBe(wallet ? 14 : 10);
    expect(createHash('sha256').update(JSON.stringify(orders)).digest('hex').slice(0, 16)).toBe(
      digest,
    );
  });
});
