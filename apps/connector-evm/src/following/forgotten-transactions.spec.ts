import { type Address, getAddress, type Hex } from 'viem';
import { transferCalldata } from '@sluice/evm';
import { testChain } from '../testing/wallet-venue.js';
import { forgottenPayment } from './forgotten-transactions.js';

const TOKEN = getAddress(`0x${'70'.repeat(20)}`);
const OURS = getAddress(`0x${'11'.repeat(20)}`);
const THEIRS = getAddress(`0x${'22'.repeat(20)}`);
const SETTINGS = testChain(31337, ['http://127.0.0.1:1'], {
  tokens: [{ currency: 'USDT', address: TOKEN, decimals: 6 }],
  wallets: [{ address: OURS, purpose: 'hot' }],
});
const sent = (to: Address | null, value: bigint, input: Hex = '0x') =>
  forgottenPayment({ hash: '0x01', blockNumber: 1n, to, value, input }, SETTINGS);

describe('a transaction of our address that is on no record', () => {
  it('paid the coin, or a configured token', () => {
    expect(sent(THEIRS, 7n)).toEqual({ asset: 'ETH.ETH', amount: 7n, recipient: THEIRS });
    expect(sent(TOKEN, 0n, transferCalldata({ to: THEIRS, amount: 8n }))).toEqual({
      asset: 'USDT.ETH',
      amount: 8n,
      recipient: THEIRS,
    });
  });

  it.each<[string, ReturnType<typeof sent>]>([
    ['a void', sent(OURS, 0n)],
    ['a top-up of our own address', sent(OURS, 5n)],
    [
      'a token transfer to our own address',
      sent(TOKEN, 0n, transferCalldata({ to: OURS, amount: 5n })),
    ],
    [
      'a transfer of an unknown token',
      sent(THEIRS, 0n, transferCalldata({ to: THEIRS, amount: 5n })),
    ],
    ['another call of the token', sent(TOKEN, 0n, '0x095ea7b3')],
    ['a contract that is made', sent(null, 5n, '0x6000')],
  ])('paid nothing to others: %s', (_what, payment) => {
    expect(payment).toBeNull();
  });
});
