import type { ChainSettings } from '@sluice/evm';
import { getAddress, type Address } from 'viem';
import { testChain } from '../testing/wallet-venue.js';
import type { LeavingLog } from './leaving-logs.js';
import { paymentsOf, type FinalMove } from './moved-coins.js';

const addressNumber = (number: number): Address =>
  getAddress(`0x${number.toString(16).padStart(40, '0')}`);
const [TOKEN, STRANGER] = [addressNumber(0xaa), addressNumber(0xbb)];
const SETTINGS: ChainSettings = testChain(1, ['http://127.0.0.1:1'], {
  tokens: [{ currency: 'USDT', address: TOKEN, decimals: 6 }],
});
const [HOT, TANK] = SETTINGS.wallets.map(({ address }) => address) as [Address, Address];
const AT = new Date('2026-11-26T12:00:00Z');

const move = (to: Address, value: bigint, isReverted = false): FinalMove => ({
  hash: '0x01',
  blockNumber: 5n,
  from: HOT,
  nonce: 1n,
  to,
  value,
  input: '0x',
  isReverted,
  gasUsed: 21_000n,
  gasPrice: 2n,
  cost: 42_000n,
});
const log = (to: Address, amount: bigint, token = TOKEN): LeavingLog => ({
  hash: '0x02',
  index: 3n,
  blockNumber: 5n,
  token,
  from: HOT,
  to,
  amount,
});
const of = (moves: readonly FinalMove[], logs: readonly LeavingLog[]) =>
  paymentsOf(SETTINGS, { moves, logs, times: new Map([[5n, AT]]) });

describe('payments in final blocks', () => {
  it('are coins and tokens to strangers', () => {
    expect(of([move(STRANGER, 10n ** 18n)], [log(STRANGER, 1_500_000n)])).toEqual([
      { reference: 'ETH 0x01', asset: 'ETH.ETH', to: STRANGER, amount: '1', hash: '0x01', at: AT },
      {
        reference: 'ETH 0x02 3',
        asset: 'USDT.ETH',
        to: STRANGER,
        amount: '1.5',
        hash: '0x02',
        at: AT,
      },
    ]);
  });

  it('are no voids, no top-ups, no reverted transactions and no transfers of zero', () => {
    const moves = [move(HOT, 0n), move(TANK, 5n), move(STRANGER, 0n), move(STRANGER, 5n, true)];

    expect(of(moves, [log(STRANGER, 0n), log(TANK, 5n)])).toEqual([]);
  });
});
