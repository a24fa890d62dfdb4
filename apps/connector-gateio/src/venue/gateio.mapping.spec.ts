import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { Amount } from '@sluice/kernel';
import {
  pushRecord,
  pushStatus,
  PUSH_STATUS,
  venueTime,
  withdrawalRecord,
  withdrawalStatus,
  WITHDRAWAL_STATUS,
  type GateioMappingContext,
  type GateioRecord,
} from './gateio.mapping.js';

const context: GateioMappingContext = {
  doneSettlesAfterMs: 60_000,
  now: new Date('2026-11-20T08:00:00Z'),
};
const NOW_S = String(context.now.getTime() / 1000);

function fixture(name: string): GateioRecord[] {
  return JSON.parse(
    readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'),
  ) as GateioRecord[];
}

const kindOf = (record: GateioRecord, change: Partial<GateioMappingContext> = {}): string =>
  withdrawalStatus(record, { ...context, ...change }).kind;

describe('the status of a chain withdrawal', () => {
  it.each([
    [
      'pending',
      'REQUEST MANUAL DMOVE REVIEW VERIFY FVERIFY PROCES PEND SPLITPEND LOCKED CANCELPEND BCODE',
    ],
    ['broadcast', 'EXTPEND FAIL'],
    ['failed', 'CANCEL REJECT INVALID'],
    ['settled', 'DONE'],
  ])('is %s: %s', (kind, statuses) => {
    for (const status of statuses.split(' ')) {
      expect(Object.keys(WITHDRAWAL_STATUS)).toContain(status);
      expect([status, kindOf({ status, block_number: '7' })]).toEqual([status, kind]);
    }
  });

  it('FAIL alone never fails: it waits for confirmation, with an alert', () => {
    expect(withdrawalStatus({ status: 'FAIL' }, context)).toMatchObject({
      kind: 'broadcast',
      alert: expect.any(String) as string,
    });
  });

  it('anything undocumented is still open, never failed, with an alert', () =>
    fc.assert(
      fc.property(
        fc.string().filter((status) => !Object.hasOwn(WITHDRAWAL_STATUS, status)),
        (status) =>
          expect(withdrawalStatus({ status }, context)).toMatchObject({
            kind: 'pending',
            alert: expect.any(String) as string,
          }),
      ),
    ));

  it('DONE counts with a block number, as an internal transfer, after its time, or at once', () => {
    const done = { status: 'DONE', block_number: '0', timestamp: NOW_S };

    expect(kindOf(done)).toBe('broadcast');
    expect(kindOf({ ...done, block_number: '12' })).toBe('settled');
    expect(kindOf({ ...done, txid: 'Internal transaction 1' })).toBe('settled');
    expect(kindOf(done, { now: new Date(context.now.getTime() + 60_000) })).toBe('settled');
    expect(kindOf(done, { doneSettlesAfterMs: 0 })).toBe('settled');
  });

  it('CANCEL is a cancel when no reason is given, else a failure of Gate', () => {
    expect(withdrawalStatus({ status: 'CANCEL', fail_reason: '' }, context)).toMatchObject({
      cancelled: true,
    });
    expect(withdrawalStatus({ status: 'CANCEL', fail_reason: 'wallet' }, context)).toMatchObject({
      cancelled: false,
      message: 'wallet',
    });
  });
});

describe('the status of a push', () => {
  it.each([
    ['pending', 'CREATING PENDING RECEIVING CANCELLING REFUSING SOMETHING_NEW'],
    ['settled', 'RECEIVED'],
    ['failed', 'CANCELLED REFUSED'],
  ])('is %s: %s', (kind, statuses) => {
    for (const status of statuses.split(' '))
      expect([status, pushStatus({ status }).kind]).toEqual([status, kind]);
  });

  it('knows nothing but the documented ones', () =>
    expect(Object.keys(PUSH_STATUS)).toHaveLength(8));

  it('anything undocumented is still open, never failed, with an alert', () =>
    fc.assert(
      fc.property(
        fc
          .oneof(fc.string(), fc.constantFrom('received', '__proto__', 'toString'))
          .filter((status) => !Object.hasOwn(PUSH_STATUS, status)),
        (status) =>
          expect(pushStatus({ status })).toMatchObject({
            kind: 'pending',
            alert: expect.any(String) as string,
          }),
      ),
    ));
});

describe('records', () => {
  it('reads the documented record: an internal transfer, settled, its txid no hash', () => {
    const [record] = fixture('withdrawal-record').map((row) => withdrawalRecord(row, context));

    expect(record).toMatchObject({
      venueReference: 'w1879219868',
      clientReference: '202504211521368538928',
      currency: 'USDT',
      network: 'BSC',
      gross: Amount.of('4.023', 'USDT.BSC'),
      net: Amount.of('4.023', 'USDT.BSC'),
      venueFee: Amount.zero('USDT.BSC'),
      txHash: null,
      status: { kind: 'settled' },
    });
  });

  it('reads a push: ids and UIDs are text, the amount is what the recipient gets', () => {
    const [record] = fixture('push-record').map((row) => pushRecord(row));

    expect(record).toMatchObject({
      venueReference: '111',
      destination: 'venue_account:uid::20000',
      net: Amount.of('5.0', 'USDT.-'),
      venueFee: Amount.zero('USDT.-'),
      status: { kind: 'pending' },
    });
  });

  it('the recipient gets gross minus fee, with every digit', () => {
    const row = {
      id: 'w1',
      timestamp: NOW_S,
      amount: '12345678901234567890.123456789012',
      fee: '0.000000000001',
    };

    expect(withdrawalRecord(row, context)?.net?.toString()).toBe(
      '12345678901234567890.123456789011',
    );
  });

  it.each([{ amount: '5', fee: 'NaN' }, { amount: '1,000', fee: '1' }, { amount: '5' }])(
    'does not guess what the recipient got: %j',
    (row) => {
      expect(withdrawalRecord({ id: 'w1', timestamp: NOW_S, ...row }, context)?.net).toBeNull();
    },
  );

  it('reads numbers in any notation, and statuses and times as text or number', () => {
    const row = { id: 7, timestamp: 1596531048285, amount: '1E+3', fee: 1e-8 };

    expect(withdrawalRecord(row, context)).toMatchObject({
      venueReference: '7',
      createdAt: new Date(1596531048285),
      gross: Amount.of('1000', '?.?'),
      venueFee: Amount.of('0.00000001', '?.?'),
      net: Amount.of('999.99999999', '?.?'),
    });
    expect(pushRecord({ id: '1', create_time: '1596531048', amount: 1e-8 })?.net?.toString()).toBe(
      '0.00000001',
    );
  });

  it.each([
    ['TRC20', 'TRX'],
    ['Tron', 'TRX'],
    ['bep20', 'BSC'],
    ['arbevm', 'ARB'],
  ])('the chain %s is the network %s', (chain, network) =>
    expect(withdrawalRecord({ id: 'w1', timestamp: NOW_S, chain }, context)?.network).toBe(network),
  );

  it('lower case and unknown chains: reported, not guessed', () => {
    expect(
      withdrawalRecord({ id: 'w1', timestamp: NOW_S, currency: 'usdt', chain: 'eth' }, context),
    ).toMatchObject({
      currency: 'USDT',
      network: 'ETH',
    });
    expect(
      withdrawalRecord({ id: 'w1', timestamp: NOW_S, chain: 'NEWCHAIN' }, context),
    ).toMatchObject({ network: '?NEWCHAIN' });
  });

  it('a row without id or time cannot be used', () => {
    expect(withdrawalRecord({ timestamp: NOW_S }, context)).toBeNull();
    expect(pushRecord({ id: 1 })).toBeNull();
  });
});

describe('venueTime', () => {
  it.each([[1596531048], ['1596531048'], [1596531048.285], ['1596531048.285']])(
    'reads %j',
    (value) => {
      expect(venueTime(value)?.toISOString().slice(0, 19)).toBe('2020-08-04T08:50:48');
    },
  );

  it('is the time of the venue as it is', () =>
    expect(venueTime('1596531048')?.getTime()).toBe(1596531048000));

  it.each([[''], ['soon'], [null], [-1]])('does not read %j', (value) =>
    expect(venueTime(value)).toBeNull(),
  );
});
