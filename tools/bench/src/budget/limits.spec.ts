import { deviations, limitsOf, type Limits } from './limits.js';

const BUDGET: Limits = {
  transactions: 20,
  records: { 'ledger.events': 2 },
  inserted: { 'ledger.hold': 1, 'ledger.outbox': 3, 'ledger.posting': 5 },
  updated: { 'ledger.hold': 1 },
  index_entries: { 'ledger.hold': 3 },
  hot_updated: { 'ledger.hold': 1 },
};

describe('the budget of a withdrawal', () => {
  it('permits equal figures and small deviations', () => {
    expect(deviations(BUDGET, BUDGET)).toEqual([]);
    expect(
      deviations({ ...BUDGET, inserted: { ...BUDGET.inserted, 'ledger.posting': 5.4 } }, BUDGET),
    ).toEqual([]);
  });

  it('permits the joined steps of a busy machine, and no such excess', () => {
    const records = (figure: number) => ({ ...BUDGET, records: { 'ledger.events': figure } });

    expect(deviations(records(1.6), BUDGET)).toEqual([]);
    expect(deviations(records(2.4), BUDGET)).toHaveLength(1);
  });

  it('names each additional row, update and record', () => {
    const measured: Limits = {
      ...BUDGET,
      records: { 'ledger.events': 3 },
      inserted: { ...BUDGET.inserted, 'ledger.note': 1 },
      updated: { 'ledger.hold': 2 },
    };

    expect(deviations(measured, BUDGET)).toEqual([
      'records of ledger.events: 3 per withdrawal, not 2',
      'inserted of ledger.note: 1 per withdrawal, not 0',
      'updated of ledger.hold: 2 per withdrawal, not 1',
    ]);
  });

  it('names an additional index and an update that leaves its page', () => {
    const measured: Limits = {
      ...BUDGET,
      index_entries: { 'ledger.hold': 4 },
      hot_updated: {},
    };

    expect(deviations(measured, BUDGET)).toEqual([
      'index_entries of ledger.hold: 4 per withdrawal, not 3',
      'hot_updated of ledger.hold: 0 per withdrawal, not 1',
    ]);
  });

  it('names a saved row as well, because a generous budget hides the next additional row', () => {
    expect(
      deviations({ ...BUDGET, inserted: { 'ledger.hold': 1, 'ledger.outbox': 3 } }, BUDGET),
    ).toEqual(['inserted of ledger.posting: 0 per withdrawal, not 5']);
  });

  it('limits figures by batch only from above', () => {
    const busy = {
      ...BUDGET,
      transactions: 3,
      inserted: { ...BUDGET.inserted, 'ledger.outbox': 1 },
    };
    const wasteful = {
      ...BUDGET,
      transactions: 43,
      inserted: { ...BUDGET.inserted, 'ledger.outbox': 9 },
    };

    expect(deviations(busy, BUDGET)).toEqual([]);
    expect(deviations(wasteful, BUDGET)).toEqual([
      'transactions: 43 per withdrawal, more than 20',
      'inserted of ledger.outbox: 9 per withdrawal, more than 3',
    ]);
  });

  it('does not compare a table that is written by the report of a minute', () => {
    const reported = { ...BUDGET, inserted: { ...BUDGET.inserted, 'intake-api.venue_paid': 5 } };

    expect(deviations(reported, BUDGET)).toEqual([]);
  });

  it('lists only figures above the noise', () => {
    const none = { inserted: 0, updated: 0, hot_updated: 0, deleted: 0, index_entries: 0 };
    const row = {
      rate: 10,
      withdrawals: 80,
      transactions: 20,
      inserted: 1,
      updated: 0,
      index_entries: 3,
      hot_share: 0,
      wal_kb: 30,
      page_images_kb: 2,
      records: 1,
      by_database: {},
      by_table: {
        'ledger.hold': { ...none, inserted: 1, index_entries: 3 },
        'ledger.heartbeat': { ...none, updated: -0.03 },
      },
      by_topic: { 'ledger.events': 1, 'ledger.commands': 0 },
    };

    expect(limitsOf(row)).toEqual({
      transactions: 20,
      records: { 'ledger.events': 1 },
      inserted: { 'ledger.hold': 1 },
      updated: {},
      index_entries: { 'ledger.hold': 3 },
      hot_updated: {},
    });
  });
});
