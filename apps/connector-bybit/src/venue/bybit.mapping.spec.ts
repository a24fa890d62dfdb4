import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { Amount } from '@sluice/kernel';
import {
  STATUS,
  statusOf,
  venueTime,
  withdrawalRecord,
  type BybitRecord,
} from './bybit.mapping.js';

const ROW: BybitRecord = {
  withdrawId: '1',
  createTime: '1742738305000',
  withdrawType: 0,
  coin: 'USDT',
  chain: 'ETH',
  status: 'Pending',
  txID: '',
};
const recordOf = (change: BybitRecord = {}) => withdrawalRecord('chain', { ...ROW, ...change });

describe('the status', () => {
  it.each([
    ['SecurityCheck', null, 'pending'],
    ['Pending', null, 'pending'],
    ['Pending', '0x1', 'broadcast'],
    ['MoreInformationRequired', null, 'pending'],
    ['BlockchainConfirmed', '0x1', 'broadcast'],
    ['success', '0x1', 'settled'],
    ['CancelByUser', null, 'failed'],
    ['Reject', null, 'failed'],
    ['Fail', '0x1', 'failed'],
    ['Unknown', null, 'pending'],
  ])('%s with the hash %s is %s', (status, hash, kind) => {
    expect(Object.keys(STATUS)).toContain(status);
    expect(statusOf(status, hash).kind).toBe(kind);
  });

  it('knows nothing but the documented ones', () => expect(Object.keys(STATUS)).toHaveLength(9));

  it('anything undocumented is still open, never failed, with an alert; the case of the letters counts', () =>
    fc.assert(
      fc.property(
        fc
          .oneof(fc.string(), fc.constantFrom('Success', 'fail', 'REJECT', '__proto__', 'toString'))
          .filter((status) => !Object.hasOwn(STATUS, status)),
        (status) =>
          expect(statusOf(status, null)).toMatchObject({
            kind: 'pending',
            alert: expect.any(String) as string,
          }),
      ),
    ));

  it.each(['MoreInformationRequired', 'Unknown'])('%s calls a person', (status) => {
    expect(statusOf(status, null)).toHaveProperty('alert');
  });

  it('is cancelled only by CancelByUser', () => {
    const cancelled = Object.keys(STATUS).filter((status) =>
      JSON.stringify(statusOf(status, null)).includes('"cancelled":true'),
    );

    expect(cancelled).toEqual(['CancelByUser']);
  });
});

describe('records', () => {
  const fixtures = JSON.parse(
    readFileSync(new URL('./fixtures/records.json', import.meta.url), 'utf8'),
  ) as BybitRecord[];

  it('reads the documented record: what arrived is the amount, the fee came on top', () => {
    expect(withdrawalRecord('chain', fixtures[0] ?? {})).toMatchObject({
      venueReference: '131629076',
      clientReference: null,
      currency: 'USDC',
      network: 'ETH',
      destination: 'address:0xe3de000000000000000000000000000000000000:',
      gross: Amount.of('41.43008', 'USDC.ETH'),
      net: Amount.of('41.43008', 'USDC.ETH'),
      venueFee: Amount.of('5', 'USDC.ETH'),
      status: { kind: 'settled' },
    });
  });

  it('reads an internal transfer: to a UID, on no chain, its txID no hash of one', () => {
    expect(withdrawalRecord('uid', fixtures[1] ?? {})).toMatchObject({
      network: null,
      destination: 'venue_account:uid::24600000',
      txHash: null,
    });
  });

  it('an internal transfer in place of a chain withdrawal is not taken for it', () => {
    expect(recordOf({ withdrawType: 1, toAddress: '24600000' })?.destination).toBe(
      'venue_account:uid::24600000',
    );
  });

  it.each([
    ['ARBI', 'ARB'],
    ['CAVAX', 'AVAX'],
    ['arbi', 'ARB'],
    ['Arbitrum One', 'ARB'],
    ['trx', 'TRX'],
    ['TRC20', 'TRX'],
    ['Tron', 'TRX'],
    ['bep20', 'BSC'],
    ['NEW', '?NEW'],
    ['', '?'],
  ])('the chain %s is the network %s', (chain, network) =>
    expect(recordOf({ chain })?.network).toBe(network),
  );

  it('keeps every digit of an amount, and guesses none', () =>
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9][0-9]{0,19}\.[0-9]{1,18}$/), (amount) => {
        const record = recordOf({ amount, withdrawFee: '' });
        const exact = record && Amount.of(amount, `${record.currency}.${record.network}`);
        expect(record).toMatchObject({ gross: exact, net: exact, venueFee: null });
      }),
    ));

  it.each([
    ['1e-8', '0.00000001'],
    [1e-8, '0.00000001'],
    ['1E+3', '1000'],
    ['9007199254740993.5', '9007199254740993.5'],
    [12.5, '12.5'],
  ])('reads the amount %j with every digit', (amount, exact) =>
    expect(recordOf({ amount })?.net?.toString()).toBe(exact),
  );

  it('reads names in any case, and codes and times as text or number', () => {
    expect(
      recordOf({ coin: 'usdt', withdrawType: '1', toAddress: '7', createTime: 1742738305 }),
    ).toMatchObject({
      currency: 'USDT',
      destination: 'venue_account:uid::7',
      createdAt: new Date(1742738305000),
    });
    expect(recordOf({ withdrawType: '0' })?.destination).toMatch(/^address:/);
    expect(recordOf({ coin: '' })?.currency).toBe('?');
  });

  it.each([undefined, null, 2, '', 'internal'])(
    'of a row with the type %j the recipient is not known: neither address nor account',
    (withdrawType) => expect(recordOf({ withdrawType })?.destination).toBeNull(),
  );

  it.each(['1,000.5', 'NaN', '', '-1', null])('does not take %j for an amount received', (amount) =>
    expect(recordOf({ amount })?.net).toBeNull(),
  );

  it('a tag is part of the recipient', () => {
    expect(recordOf({ toAddress: 'r1', tag: '7' })?.destination).toBe('address:r1:7');
  });

  it('a row without id or time cannot be used', () => {
    expect(recordOf({ withdrawId: '' })).toBeNull();
    expect(recordOf({ createTime: 'soon' })).toBeNull();
  });
});

describe('venueTime', () => {
  it('is the time of the venue as it is', () =>
    expect(venueTime('1742738305000')?.getTime()).toBe(1742738305000));

  it.each([[''], ['0'], [null], ['-1742738305000']])('does not read %j', (value) =>
    expect(venueTime(value)).toBeNull(),
  );
});
