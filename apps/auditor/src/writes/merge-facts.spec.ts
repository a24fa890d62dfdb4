import type { EndedHold, PlacedHold } from './ledger-facts.js';
import { mergeFacts, type AuditedOrder } from './merge-facts.js';

const TIME = '2026-11-26T12:00:00.000Z';

const hold = (id: string): PlacedHold => ({
  withdrawal_id: id,
  account_id: 'a',
  asset: 'USDT.ETH',
  amount: '5',
  digest: null,
  venue: 'gateio',
  placed_at: TIME,
  requested_by: 'proof',
});
const end = (id: string, change: Partial<EndedHold> = {}): EndedHold => ({
  withdrawal_id: id,
  state: 'captured',
  ended_at: TIME,
  entry_id: `entry of ${id}`,
  account_id: 'a',
  asset: 'USDT.ETH',
  debited: '5',
  ...change,
});
const released = (id: string) => end(id, { state: 'released', entry_id: null, debited: null });
const order = (id: string, venue = 'gateio'): AuditedOrder => ({
  withdrawal_id: id,
  venue,
  asset: 'USDT.ETH',
  amount: '4',
  destination: 'd',
  equality_key: 'USDT 4 d',
  client_reference: `reference of ${id}`,
  ordered_at: TIME,
});

describe('facts that are read together', () => {
  it('are one row of the withdrawal, each with the values of its own source', () => {
    const { rows, rest } = mergeFacts({ holds: [hold('1')], endings: [end('1')] }, [order('1')]);

    expect(rows).toEqual([
      {
        ...hold('1'),
        order_venue: 'gateio',
        order_asset: 'USDT.ETH',
        order_amount: '4',
        order_destination: 'd',
        equality_key: 'USDT 4 d',
        client_reference: 'reference of 1',
        ordered_at: TIME,
        state: 'captured',
        ended_at: TIME,
        entry_id: 'entry of 1',
        debited: '5',
      },
    ]);
    const stored = { withdrawal_id: '1', order_venue: 'gateio', state: 'captured' };
    expect(rest([stored])).toEqual({ endings: [], orders: [] });
  });

  it('leave further orders, further ends, and facts without a hold to rows of their own', () => {
    const endings = [end('1'), released('1'), end('2')];
    const orders = [order('1'), order('1', 'bybit'), order('2')];
    const { rows, rest } = mergeFacts({ holds: [hold('1')], endings }, orders);

    expect(rows).toMatchObject([{ order_venue: 'gateio', state: 'captured' }]);
    expect(rest([{ withdrawal_id: '1', order_venue: 'gateio', state: 'captured' }])).toEqual({
      endings: [released('1'), end('2')],
      orders: [order('1', 'bybit'), order('2')],
    });
  });

  it('are all left if the hold was stored before, and without the end or the order that was not stored', () => {
    const { rest } = mergeFacts({ holds: [hold('1')], endings: [end('1')] }, [order('1')]);

    expect(rest([])).toEqual({ endings: [end('1')], orders: [order('1')] });
    expect(rest([{ withdrawal_id: '1', order_venue: null, state: 'placed' }])).toEqual({
      endings: [end('1')],
      orders: [order('1')],
    });
  });

  it.each<[string, readonly EndedHold[]]>([
    ['of another account', [end('1', { account_id: 'b' })]],
    ['of another asset', [end('1', { asset: 'ETH.ETH' })]],
    ['with the entry of another withdrawal', [end('1'), end('2', { entry_id: 'entry of 1' })]],
  ])('are no capture %s', (_what, endings) => {
    const { rows } = mergeFacts({ holds: [hold('1'), hold('2')], endings }, []);

    expect(rows).toEqual([hold('1'), hold('2')]);
  });

  it('are the end of a hold by its first end alone', () => {
    const wrong = end('1', { account_id: 'b' });
    const { rows } = mergeFacts({ holds: [hold('1')], endings: [wrong, end('1')] }, []);
    expect(rows).toEqual([hold('1')]);

    const [row] = mergeFacts({ holds: [hold('1')], endings: [released('1'), end('1')] }, []).rows;
    expect(row).toMatchObject({ state: 'released', entry_id: null });
  });
});
