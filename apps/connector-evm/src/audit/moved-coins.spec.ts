import type { ChainSettings } from '@sluice/evm';
import { getAddress, type Address } from 'viem';
import { testChain } from '../testing/wallet-venue.js';
import type { LeavingLog } from './leaving-logs.js';
import { type FinalMove, movedCoins } from './moved-coins.js';

const addressNumber = (number: number): Address =>
  getAddress(`0x${number.toString(16).padStart(40, '0')}`);
const [TOKEN, STRANGER] = [addressNumber(0xaa), addressNumber(0xbb)];
const SETTINGS: ChainSettings = testChain(1, ['http://127.0.0.1:1'], {
  tokens: [{ currency: 'USDT', address: TOKEN, decimals: 6 }],
});
const [HOT, TANK] = SETTINGS.wallets.map(({ address }) => address) as [Address, Address];

const move = (from: Address, to: Address | null, value: bigint, isReverted = false): FinalMove => ({
  hash: '0x01',
  blockNumber: 5n,
  from,
  nonce: 1n,
  to,
  value,
  input: '0x',
  isReverted,
  gasUsed: 21_000n,
  gasPrice: 2n,
  cost: 42_000n,
});
const log = (from: Address, to: Address, amount: bigint): LeavingLog => ({
  hash: '0x02',
  index: 3n,
  blockNumber: 5n,
  token: TOKEN,
  from,
  to,
  amount,
});
const row = (address: Address, asset: string, sent: bigint, received: bigint, gas: bigint) => ({
  address,
  asset,
  sent,
  received,
  gas,
});

describe('moved coins', () => {
  it('are the value and the cost of each transaction, of a reverted one the cost alone', () => {
    const moves = [move(HOT, STRANGER, 7n), move(HOT, STRANGER, 9n, true), move(HOT, null, 2n)];

    expect(movedCoins(SETTINGS, { moves, logs: [] })).toEqual([
      row(HOT, 'ETH.ETH', 9n, 0n, 126_000n),
    ]);
  });

  it('are received at the other address of ours, and a void moves its cost alone', () => {
    const moves = [move(TANK, HOT, 5n), move(HOT, HOT, 0n)];

    expect(movedCoins(SETTINGS, { moves, logs: [] })).toEqual([
      row(HOT, 'ETH.ETH', 0n, 5n, 42_000n),
      row(TANK, 'ETH.ETH', 5n, 0n, 42_000n),
    ]);
  });

  it('are the transfers that a token logs, without gas', () => {
    const logs = [log(HOT, STRANGER, 3n), log(HOT, TANK, 4n)];

    expect(movedCoins(SETTINGS, { moves: [], logs })).toEqual([
      row(HOT, 'USDT.ETH', 7n, 0n, 0n),
      row(TANK, 'USDT.ETH', 0n, 4n, 0n),
    ]);
  });
});
