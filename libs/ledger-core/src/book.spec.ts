import { Amount, assetOf } from '@sluice/kernel';
import { Book } from './book.js';
import { CHART, chartFault, clearingAccount } from './account.js';
import { newEntry, type Posting } from './journal.js';
import { withoutRules } from './testing/any-ledger-step.js';

const USDT = assetOf('USDT', 'ETH');
const usdt = (text: string) => Amount.of(text, USDT);
const AT = '2026-11-20T08:00:00.000Z';
const funding = { accountId: 'a', reference: 'r', amount: usdt('5'), entryId: 'e' };
const empty = () => new Book();
const entryOf = (...postings: Posting[]) =>
  newEntry('funding', { id: 'e', accountId: 'a', reference: 'r', recordedAt: AT, postings });

const HOLD = {
  withdrawalId: 'w',
  accountId: 'a',
  amount: usdt('1'),
  decidedAt: AT,
  digest: null,
  reference: null,
  assignedTo: null,
  lock: null,
  policy: withoutRules(usdt('1')),
  assignedAt: null,
  grant: null,
  submissionStartedAt: null,
} as const;

describe('Book', () => {
  it.each([
    [
      'an entry that does not balance',
      [
        { account: 'customer:a', amount: usdt('5') },
        { account: 'funding', amount: usdt('-4') },
      ],
      'off by 1 USDT.ETH',
    ],
    ['a single line', [{ account: 'customer:a', amount: usdt('5') }], 'fewer than two'],
    [
      'an empty line',
      [
        { account: 'customer:a', amount: usdt('0') },
        { account: 'funding', amount: usdt('0') },
      ],
      'posts nothing',
    ],
    [
      'a side the chart forbids',
      [
        { account: 'customer:a', amount: usdt('-5') },
        { account: 'funding', amount: usdt('5') },
      ],
      'may not debit customer:a',
    ],
    [
      'a second customer',
      [
        { account: 'customer:b', amount: usdt('5') },
        { account: 'funding', amount: usdt('-5') },
      ],
      'posts to another customer, customer:b',
    ],
  ] satisfies [string, Posting[], string][])('throws at %s', (_what, postings, message) => {
    expect(() => empty().fund(funding, entryOf(...postings))).toThrow(message);
  });

  it('throws when more would be held than is posted', () => {
    expect(() => empty().place({ ...HOLD, state: 'placed', expiresAt: null })).toThrow(
      '0 <= held <= posted is broken by 1 of 0 USDT.ETH',
    );
  });

  it('throws at an end that no placed hold has', () => {
    expect(() =>
      empty().closeUnpaid({ ...HOLD, state: 'released', reason: 'r', proof: null, closedAt: AT }),
    ).toThrow('hold w is not placed');
  });
});

describe('chart of accounts', () => {
  it('knows each of its accounts by name, and no other', () => {
    const names = Object.entries(CHART).map(([name, row]) =>
      row.per === null ? name : `${name}:${row.per === 'chain' ? 'ETH' : 'x'}`,
    );
    expect(
      names.filter((name) => chartFault('capture', name, 'credit')?.includes('not in the chart')),
    ).toEqual([]);
    expect(chartFault('capture', 'petty-cash', 'credit')).toBe(
      'petty-cash is not in the chart of accounts',
    );
    expect(chartFault('capture', 'clearing', 'credit')).toBe('clearing must name venue');
    expect(chartFault('capture', 'clearing:Gate IO', 'credit')).toBe(
      'clearing:Gate IO must name venue',
    );
    expect(chartFault('capture', 'fee-income:x', 'credit')).toBe(
      'fee-income:x must name nothing after the account',
    );
  });

  it('has an account for each venue, and of our own wallet one for each chain', () => {
    expect(clearingAccount('gateio', USDT)).toBe('clearing:gateio');
    expect(clearingAccount('wallet', USDT)).toBe('hot-wallet:ETH');
  });

  it('lets a reversal post the opposite of whatever any other entry may post', () => {
    const sides = Object.entries(CHART).flatMap(([name, { credit, debit }]) => [
      { name, there: credit, back: debit },
      { name, there: debit, back: credit },
    ]);
    const stuck = sides.filter(
      ({ there, back }) =>
        there.some((kind) => kind !== 'reversal') && !back.some((kind) => kind === 'reversal'),
    );
    expect(stuck).toEqual([]);
  });
});
