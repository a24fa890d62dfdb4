import type { Receipt } from '@sluice/evm';
import {
  compareReceipts,
  isWhole,
  receiptFieldsOf,
  receiptIn,
  withBlock,
  withCostOf,
  withTransaction,
} from './rpc-results.js';

const HASH = `0x${'ab'.repeat(32)}` as const;
const BLOCK = `0x${'cd'.repeat(32)}` as const;
const FROM = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
const LOG = { address: FROM, topics: [HASH], data: '0x' };
const RECEIPT = {
  transactionHash: HASH,
  blockHash: BLOCK,
  blockNumber: '0x10',
  from: FROM,
  status: '0x1',
  gasUsed: '0x5208',
  effectiveGasPrice: '0x1',
  logs: [LOG],
};
const TRANSACTION = {
  hash: HASH,
  blockHash: BLOCK,
  blockNumber: '0x10',
  from: FROM,
  input: '0x',
  gas: '0x6270',
  maxFeePerGas: '0x64',
  maxPriorityFeePerGas: '0x2',
};
const READ_BLOCK = { number: '0x10', hash: BLOCK, baseFeePerGas: '0xa', transactions: [HASH] };

const fieldsOf = (change: object = {}) => receiptFieldsOf({ ...RECEIPT, ...change }, HASH);

describe('a receipt', () => {
  it('is read', () => {
    expect(fieldsOf({ l1Fee: '0x7' })).toMatchObject({
      blockNumber: 16n,
      status: 'success',
      gasUsed: 21_000n,
      l1Fee: 7n,
    });
  });

  it.each([
    ['0x1', 'success'],
    ['0x0', 'reverted'],
    [1, 'success'],
    [0, 'reverted'],
    ['1', 'success'],
    ['0', 'reverted'],
    ['0x01', 'success'],
    [true, 'success'],
    [false, 'reverted'],
    [null, 'unknown'],
    [undefined, 'unknown'],
    ['ok', 'unknown'],
    ['0x2', 'unknown'],
    ['0x', 'unknown'],
  ])('with the status %j is %s', (status, meant) => {
    expect(fieldsOf({ status, root: HASH, logs: [] })?.status).toBe(meant);
  });

  it('without a status is a success where the transaction has logs', () => {
    expect(fieldsOf({ status: null })?.status).toBe('success');
  });

  it.each(['0x0', 0, false, '0x2'])('with logs and the status %j proves no outcome', (status) => {
    expect(fieldsOf({ status })?.status).toBe('unknown');
  });

  it.each([
    ['blockNumber', null],
    ['blockHash', '0x1'],
    ['gasUsed', '21000'],
    ['effectiveGasPrice', undefined],
    ['from', 'me'],
    ['logs', undefined],
    ['logs', [LOG, { ...LOG, data: 'zero' }]],
    ['transactionIndex', undefined],
    ['transactionHash', undefined],
  ])('is a receipt although %s is %j', (field, value) => {
    expect(fieldsOf({ [field]: value })).toMatchObject({ hash: HASH, status: 'success' });
  });

  it.each([null, 'pending', [RECEIPT], { ...RECEIPT, transactionHash: BLOCK }])(
    'is not: %j',
    (value) => {
      expect(receiptFieldsOf(value, HASH)).toBeNull();
    },
  );

  it('has the block and the price by transaction and block, where the receipt lacks these', () => {
    const empty = { blockNumber: null, blockHash: null, from: null, effectiveGasPrice: null };
    const fields = fieldsOf(empty);
    if (fields === null) throw new Error('no fields');

    const whole = withBlock(withTransaction(fields, TRANSACTION), TRANSACTION, READ_BLOCK);

    expect(isWhole(whole)).toBe(true);
    expect(receiptIn(whole)).toMatchObject({
      blockNumber: 16n,
      blockHash: BLOCK,
      gasUsed: 21_000n,
    });
    expect(whole.effectiveGasPrice).toBe(12n);
    expect(receiptIn(fields)).toBeNull();
    const other = withBlock(fields, null, { ...READ_BLOCK, transactions: [] });
    expect(receiptIn(other)).toBeNull();
  });

  it.each([
    ['success', {}, {}],
    ['unknown', {}, { gas: '0x5208' }],
    ['unknown', {}, { input: '0xa9059cbb' }],
    ['unknown', { gasUsed: '0x5209' }, {}],
  ])('without a status and logs is %s by its gas %j %j', (meant, receipt, transaction) => {
    const fields = fieldsOf({ status: null, logs: [], ...receipt });
    if (fields === null) throw new Error('no fields');

    expect(withTransaction(fields, { ...TRANSACTION, ...transaction }).status).toBe(meant);
  });
});

describe('two nodes', () => {
  const shown = (change: object = {}) => {
    const fields = fieldsOf(change);
    return (fields && receiptIn(fields)) as Receipt;
  };

  it.each([
    ['same', {}],
    ['same', { gasUsed: null }],
    ['same', { effectiveGasPrice: null }],
    ['silent', { status: null, logs: [] }],
    ['silent', { logs: null }],
    ['other', { effectiveGasPrice: '0x38d7ea4c68000' }],
    ['other', { gasUsed: '0x5209' }],
    ['other', { l1Fee: '0x1' }],
    ['other', { status: '0x0', logs: [] }],
    ['other', { blockHash: HASH }],
    ['other', { logs: [] }],
  ])('show %s: %j', (vote, change) => {
    const own = vote === 'silent' ? shown({ logs: [] }) : shown();

    expect(compareReceipts(own, shown(change))).toBe(vote);
  });

  it('complete the cost of each other', () => {
    expect(withCostOf(shown({ gasUsed: null }), shown())).toEqual(shown());
  });
});
