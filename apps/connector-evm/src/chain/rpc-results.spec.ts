import type { Receipt } from '@sluice/evm';
import {
  blockOf,
  isSameReceipt,
  minedTransactionOf,
  quantity,
  receiptOf,
  transactionsOf,
} from './rpc-results.js';

const HASH = `0x${'ab'.repeat(32)}`;
const FROM = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
const LOG = { address: FROM, topics: [HASH], data: '0x' };
const RECEIPT = {
  transactionHash: HASH,
  blockHash: HASH,
  blockNumber: '0x10',
  from: FROM,
  status: '0x1',
  gasUsed: '0x5208',
  effectiveGasPrice: '0x1',
  logs: [LOG],
};
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
    expect(receiptOf(RECEIPT)).toMatchObject({
      blockNumber: 16n,
      status: 'success',
      gasUsed: 21_000n,
    });
    expect(receiptOf({ ...RECEIPT, status: '0x0' })?.status).toBe('reverted');
    expect(receiptOf({ ...RECEIPT, l1Fee: '0x7' })?.l1Fee).toBe(7n);
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

  it.each([
    null,
    'pending',
    [RECEIPT],
    { ...RECEIPT, status: '0x2' },
    { ...RECEIPT, status: undefined },
    { ...RECEIPT, blockNumber: null },
    { ...RECEIPT, blockHash: '0x1' },
    { ...RECEIPT, gasUsed: 21_000 },
    { ...RECEIPT, effectiveGasPrice: undefined },
    { ...RECEIPT, from: 'me' },
    { ...RECEIPT, logs: undefined },
    { ...RECEIPT, logs: [{ ...LOG, topics: 'none' }] },
    { ...RECEIPT, logs: [LOG, { ...LOG, data: 'zero' }] },
  ])('is no receipt otherwise: %j', (value) => {
    expect(receiptOf(value)).toBeNull();
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

describe('two nodes', () => {
  const shown = (change: object = {}) => receiptOf({ ...RECEIPT, ...change }) as Receipt;

  it('show the same receipt where all of it is the same', () => {
    expect(isSameReceipt(shown(), shown())).toBe(true);
  });

  it.each([
    ['gas price', { effectiveGasPrice: '0x38d7ea4c68000' }],
    ['gas', { gasUsed: '0x5209' }],
    ['charge of a rollup', { l1Fee: '0x1' }],
    ['status', { status: '0x0' }],
    ['block', { blockHash: `0x${'cd'.repeat(32)}` }],
    ['log', { logs: [] }],
  ])('do not show the same receipt where one has another %s', (_what, change) => {
    expect(isSameReceipt(shown(), shown(change))).toBe(false);
  });
});
