import { difference, perSecond, rowOf, type BudgetCounts } from './counts.js';

const NONE: BudgetCounts = {
  transactions: {},
  inserted: {},
  updated: {},
  hot_updated: {},
  deleted: {},
  index_entries: {},
  wal_bytes: {},
  page_image_bytes: {},
  records: {},
};

describe('the counts of a period', () => {
  it('are the differences of the counters, from 0 for a new table', () => {
    const before: BudgetCounts = { ...NONE, inserted: { 'ledger.hold': 5 } };
    const after: BudgetCounts = { ...NONE, inserted: { 'ledger.hold': 9, 'ledger.posting': 3 } };

    expect(difference(before, after)).toEqual({
      ...NONE,
      inserted: { 'ledger.hold': 4, 'ledger.posting': 3 },
    });
  });

  it('per second are divided by the duration', () => {
    const counts: BudgetCounts = { ...NONE, transactions: { ledger: 30 } };

    expect(perSecond({ seconds: 20, counts }).transactions).toEqual({ ledger: 1.5 });
  });
});

describe('the row of a rate', () => {
  it('has the work per withdrawal without the work of the idle system', () => {
    const counts: BudgetCounts = {
      transactions: { ledger: 130, webhooks: 40 },
      inserted: { 'ledger.hold': 10, 'ledger.posting': 50, 'ledger.account': 0 },
      updated: { 'ledger.hold': 10, 'ledger.heartbeat': 20 },
      hot_updated: { 'ledger.hold': 5 },
      deleted: {},
      index_entries: { 'ledger.hold': 30, 'ledger.toast': 10 },
      wal_bytes: { postgres: 102_400 },
      page_image_bytes: { postgres: 10_240 },
      records: { 'ledger.events': 20 },
    };
    const idle: BudgetCounts = {
      ...NONE,
      transactions: { ledger: 5, webhooks: 1 },
      updated: { 'ledger.heartbeat': 1 },
      wal_bytes: { postgres: 1_024 },
    };

    const row = rowOf(5, 10, { seconds: 20, counts }, idle);

    expect(row).toEqual({
      rate: 5,
      withdrawals: 10,
      transactions: 5,
      inserted: 6,
      updated: 1,
      index_entries: 4,
      hot_share: 0.5,
      wal_kb: 8,
      page_images_kb: 1,
      records: 2,
      by_database: {
        ledger: { transactions: 3, inserted: 6, updated: 1, index_entries: 4 },
        webhooks: { transactions: 2, inserted: 0, updated: 0, index_entries: 0 },
      },
      by_table: {
        'ledger.hold': { inserted: 1, updated: 1, hot_updated: 0.5, deleted: 0, index_entries: 3 },
        'ledger.posting': { inserted: 5, updated: 0, hot_updated: 0, deleted: 0, index_entries: 0 },
        'ledger.toast': { inserted: 0, updated: 0, hot_updated: 0, deleted: 0, index_entries: 1 },
      },
      by_topic: { 'ledger.events': 2 },
    });
  });
});
