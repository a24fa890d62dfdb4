import type { GasOfTransaction } from '@sluice/connector-evm/audit';
import { parseEther, zeroAddress, zeroHash } from 'viem';
import { dearHours, dearTransactions, hourOf } from './compare-coins.js';

const AT = new Date('2026-11-26T12:34:56Z');
const HOUR = new Date('2026-11-26T12:00:00Z');
const spent = (ether: string, at = AT): GasOfTransaction => ({
  address: zeroAddress,
  hash: zeroHash,
  block: 7n,
  at,
  gasUsed: 21_000n,
  gasPrice: 5n,
  cost: parseEther(ether),
});
const hourWith = (coins: string) =>
  dearHours('ETH', [{ hour: HOUR, spent: coins, by_address: { a: coins } }], {
    limit: parseEther('5'),
    gas: [spent('1'), spent('1', new Date('2026-11-26T12:01:00Z'))],
  });

describe('gas above the limit', () => {
  it('is a transaction that costs more than the limit', () => {
    const limits = { transaction: parseEther('0.02'), hour: 1n };

    expect(dearTransactions('ETH', [spent('0.02')], limits)).toEqual([]);
    expect(dearTransactions('ETH', [spent('0.020000000000000001')], limits)).toMatchObject([
      {
        kind: 'gas_above_limit',
        subject: `wallet ETH ${zeroHash}`,
        fact_at: AT,
        evidence: { spent: '0.020000000000000001', limit_of_transaction: '0.02', block: '7' },
      },
    ]);
  });

  it('is an hour above the limit, and again at each multiple', () => {
    expect(hourWith('5')).toEqual([]);
    expect(hourWith('5.1')).toMatchObject([
      {
        subject: 'wallet ETH 2026-11-26T12:00:00.000Z above 1 times the limit',
        fact_at: AT,
        evidence: { spent: '5.1', limit_of_hour: '5', by_address: { a: '5.1' } },
      },
    ]);
    expect(hourWith('10')).toMatchObject(hourWith('5.1').map(({ subject }) => ({ subject })));
    expect(hourWith('10.1')).toMatchObject([
      { subject: 'wallet ETH 2026-11-26T12:00:00.000Z above 2 times the limit' },
    ]);
  });

  it('counts by clock hours of the blocks', () => {
    expect(hourOf(AT)).toEqual(HOUR);
  });
});
