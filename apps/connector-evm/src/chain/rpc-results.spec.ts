import { blockOf, minedTransactionOf, quantity, transactionsOf } from './rpc-results.js';

const HASH = `0x${'ab'.repeat(32)}`;
const FROM = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
const MINED = {
  hash: HASH,
  blockHash: HASH,
  blockNumber: '0x10',
  from: FROM,
  nonce: '0x7',
  to: FROM,
  value: '0x5',
  input: '0x',
};

describe('what a node wrote', () => {
  it('is read where it has its form', () => {
    expect(blockOf({ number: '0x10', hash: HASH })).toEqual({
      number: 16n,
      hash: HASH,
      baseFeePerGas: null,
    });
    expect(transactionsOf({ transactions: [MINED] })).toMatchObject([
      { nonce: 7n, blockNumber: 16n, value: 5n, input: '0x' },
    ]);
    expect(quantity('0x0')).toBe(0n);
  });

  it('is nothing where a field is missing', () => {
    expect(blockOf({ number: '0x10' })).toBeNull();
    expect(minedTransactionOf({ ...MINED, blockNumber: null })).toBeNull();
    expect(transactionsOf({ transactions: [MINED, HASH] })).toBeNull();
    expect([quantity('16'), quantity('0x'), quantity(16), quantity('-0x1')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});
