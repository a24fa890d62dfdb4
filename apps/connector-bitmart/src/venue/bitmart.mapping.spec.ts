import { readFileSync } from 'node:fs';
import { Amount, destinationKey, wireText } from '@sluice/kernel';
import * as fc from 'fast-check';
import { BITMART_ASSET_NAMES, idsOf, namedBy } from './bitmart.capabilities.js';
import {
  STATUS,
  statusOf,
  venueTime,
  withdrawalRecord,
  type BitmartMappingContext,
  type BitmartRecord,
} from './bitmart.mapping.js';

const context: BitmartMappingContext = { amountIs: 'gross' };
const NOW = 1_795_149_758_959;
const aRow = (change: BitmartRecord = {}): BitmartRecord => ({
  withdraw_id: '7',
  operation_type: 'withdraw',
  currency: 'USDT-ETH',
  apply_time: NOW,
  arrival_amount: '12.5',
  fee: '1',
  status: 2,
  address: '0xABCDEF0000000000000000000000000000000001',
  address_memo: '',
  tx_id: '',
  ...change,
});

function fixtureRows(): BitmartRecord[] {
  const { data } = JSON.parse(
    readFileSync(new URL('./fixtures/history.json', import.meta.url), 'utf8'),
  ) as { data: { records: BitmartRecord[] } };
  return data.records;
}

describe('the status of a record', () => {
  it.each([
    [0, '', 'pending'],
    [1, '', 'pending'],
    [2, '', 'pending'],
    [2, '0xhash', 'broadcast'],
    [3, '0xhash', 'settled'],
    [3, '', 'settled'],
    [4, '', 'failed'],
    [5, '', 'failed'],
  ])('%s with transaction "%s" is %s', (status, tx_id, kind) => {
    expect(statusOf({ status, tx_id }).kind).toBe(kind);
  });

  it.each([0, 1, 2, 3, 4, 5])('%s is the same as text', (status) =>
    expect(statusOf({ status: String(status), tx_id: 'x' })).toEqual(
      statusOf({ status, tx_id: 'x' }),
    ),
  );

  it('only 4 means cancelled', () => {
    expect(statusOf({ status: 4 })).toMatchObject({ cancelled: true });
    expect(statusOf({ status: 5 })).toMatchObject({ cancelled: false });
  });

  it('anything undocumented is still open, never failed, with an alert', () =>
    fc.assert(
      fc.property(
        fc.anything().filter((status) => !Object.hasOwn(STATUS, wireText(status))),
        (status) =>
          expect(statusOf({ status, tx_id: 'x' })).toMatchObject({
            kind: 'pending',
            alert: expect.any(String) as string,
          }),
      ),
    ));
});

describe('records', () => {
  it('reads the documented rows: ids, amounts, networks, memo', () => {
    const [trc20, xrp] = fixtureRows().map((row) => withdrawalRecord(row, 'chain', context));

    expect(trc20).toMatchObject({
      venueReference: '1679952',
      clientReference: null,
      currency: 'USDT',
      network: 'TRX',
      gross: Amount.of('60', 'USDT.TRX'),
      net: Amount.of('59', 'USDT.TRX'),
      createdAt: new Date(1588867374000),
      status: { kind: 'settled' },
      venueStatus: '3',
    });
    expect(xrp).toMatchObject({
      network: 'XRP',
      txHash: null,
      destination: destinationKey({
        type: 'address',
        address: 'rEb8TK3gBgk5auZkwc6sHnwrGVJH8DuaLh',
        memo: '104398221',
      }),
    });
  });

  it('gross is what arrived and the fee, with every digit, or what arrived alone where that is what amount means', () => {
    const row = aRow({
      arrival_amount: '12345678901234567890.123456789012',
      fee: '0.000000000001',
    });

    expect(withdrawalRecord(row, 'chain', context)?.gross?.toString()).toBe(
      '12345678901234567890.123456789013',
    );
    expect(withdrawalRecord(row, 'chain', { ...context, amountIs: 'net' })?.gross?.toString()).toBe(
      '12345678901234567890.123456789012',
    );
  });

  it.each([{ arrival_amount: '1,000' }, { arrival_amount: undefined }, { fee: 'NaN' }])(
    'does not guess amounts: %j',
    (change) => {
      const record = withdrawalRecord(aRow(change), 'chain', context);

      expect(record?.gross).toBeNull();
      expect(record?.net?.toString()).toBe('fee' in change ? '12.5' : undefined);
    },
  );

  it('reads numbers in any notation', () => {
    const row = aRow({ arrival_amount: 1e-8, fee: '1E+3', apply_time: '1795149758' });

    expect(withdrawalRecord(row, 'chain', context)).toMatchObject({
      gross: Amount.of('1000.00000001', 'USDT.ETH'),
      createdAt: new Date(1795149758000),
    });
  });

  it('an EVM address is the same in any case', () => {
    const [upper, lower] = [
      aRow(),
      aRow({ address: '0xabcdef0000000000000000000000000000000001' }),
    ].map((row) => withdrawalRecord(row, 'chain', context));

    expect(upper?.destination).toBe(lower?.destination);
  });

  it.each([
    ['cid', '876940329', { type: 'venue_account', kind: 'cid', value: '876940329' } as const],
    ['cid', 'someone@example.com', null],
    ['cid', '', null],
    [
      'email',
      'someone@example.com',
      { type: 'venue_account', kind: 'email', value: 'someone@example.com' } as const,
    ],
    ['email', 's***@example.com', null],
    ['email', '', null],
    ['phone', '412345678', null],
  ])(
    'only a complete recipient of a transfer by %s is mapped: "%s"',
    (form, address, destination) => {
      const record = withdrawalRecord(aRow({ address }), form, context);

      expect(record?.destination).toBe(destination && destinationKey(destination));
      expect(record?.network).toBeNull();
    },
  );

  it('a row without id or time cannot be used', () => {
    expect(withdrawalRecord(aRow({ withdraw_id: '' }), 'chain', context)).toBeNull();
    expect(withdrawalRecord(aRow({ apply_time: 'soon' }), 'chain', context)).toBeNull();
  });

  it('times are by our clock', () => {
    expect(venueTime(NOW)?.getTime()).toBe(NOW);
    for (const value of ['', null, -1, 0, '0']) expect(venueTime(value)).toBeNull();
  });
});

describe('ids', () => {
  it.each([
    ['USDT-TRX', 'USDT', 'TRX'],
    ['USDT-TRC20', 'USDT', 'TRX'],
    ['USDT-BSC_BNB', 'USDT', 'BSC'],
    ['ETH', 'ETH', 'ETH'],
    ['USDT', 'USDT', '?USDT'],
    ['USDT-NEW', 'USDT', '?USDT-NEW'],
    ['', '?', '?'],
    ['toString', 'TOSTRING', '?toString'],
    ['usdt-trc20', 'USDT', 'TRX'],
    ['USDT-BEP20', 'USDT', 'BSC'],
    ['usdt_bsc_bnb', 'USDT', 'BSC'],
    ['ETH-ERC20', 'ETH', 'ETH'],
    ['eth', 'ETH', 'ETH'],
    ['BTC-Bitcoin', 'BTC', 'BTC'],
    ['usdt', 'USDT', '?usdt'],
    ['BTC-TRC20', 'BTC', '?BTC-TRC20'],
  ])('%s is %s on %s', (id, currency, network) =>
    expect(namedBy(id)).toEqual({ currency, network }),
  );
});

describe('an id that was added', () => {
  const SOL = { asset: 'SOL.SOL', code: 'SOL', payable: true, unitWorthEur: '200' } as const;

  it('names its asset, and is the id of the payment', () => {
    expect(namedBy('SOL', [SOL])).toEqual({ currency: 'SOL', network: 'SOL' });
    expect([idsOf('SOL.SOL', [SOL]), idsOf('SOL.SOL'), idsOf('USDT.TRX', [SOL])]).toEqual([
      ['SOL'],
      [],
      ['USDT-TRX', 'USDT-TRC20'],
    ]);
  });

  it('may be that of one asset only', () => {
    const fault = (asset: 'SOL.SOL' | 'SOL.ETH', code: string) =>
      BITMART_ASSET_NAMES.codeFault({ asset, code }, [SOL]);
    expect([fault('SOL.SOL', 'SOL'), fault('SOL.ETH', 'SOL-ERC20')]).toEqual([null, null]);
    expect(fault('SOL.ETH', 'SOL')).toBe('The id SOL is that of SOL.SOL');
    expect(fault('SOL.ETH', 'USDT-TRX')).toBe('The id USDT-TRX is that of USDT.TRX');
  });
});
