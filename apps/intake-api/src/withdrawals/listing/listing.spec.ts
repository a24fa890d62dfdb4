import { PUBLIC_VIEW, type State } from '@sluice/withdrawal-core';
import { statesOf } from './list-withdrawals.js';
import { momentOf, STAGES } from './listing.dto.js';
import { pageSql } from './page-sql.js';

const ACCOUNT = '0193a000-0000-7000-8000-00000000000a';

describe('statesOf', () => {
  it('is every state that customers see, unless told', () => {
    const all = Object.keys(PUBLIC_VIEW).filter((state) => state !== 'rejected');
    expect(statesOf().toSorted()).toEqual(all.sort());
  });

  it.each<[Parameters<typeof statesOf>, State[]]>([
    [['confirmed'], ['completed', 'returning', 'returned']],
    [['failed'], ['failed']],
    [
      ['pending', 'releasing_hold'],
      ['releasing', 'cancelling'],
    ],
    [
      [undefined, 'done'],
      ['completed', 'failed', 'cancelled'],
    ],
    [['confirmed', 'booking'], []],
  ])('%j: %j', (wish, states) => {
    expect(statesOf(...wish)).toEqual(states);
  });

  it('has some for every stage that may be asked for', () => {
    expect(STAGES.filter((stage) => statesOf(undefined, stage).length === 0)).toEqual([]);
  });
});

describe('momentOf', () => {
  it.each(['2026-11-20T08:00:00Z', '2026-11-20T08:00:00+00:00', '2026-11-20T08:00:00 00:00'])(
    'reads %s',
    (text) => {
      expect(momentOf(text)).toEqual(new Date(Date.UTC(2026, 10, 20, 8)));
    },
  );
});

describe('pageSql', () => {
  it('has every value as a parameter', () => {
    const { numbersSql, params } = pageSql(
      {
        accountId: ACCOUNT,
        states: ['completed', 'submitted'],
        currency: "U'S",
        network: 'E"TH',
        venue: ';--',
        below: '17',
        since: new Date(0),
        before: new Date(1),
      },
      51,
    );
    for (const value of params) expect(numbersSql).not.toContain(String(value));
    expect(new Set([...numbersSql.matchAll(/\$(\d+)/g)].map(([, at]) => Number(at))).size).toBe(
      params.length,
    );
  });

  it.each([
    ['8000', '1970-01-01T00:00:00Z'],
    ['5000', '2100-01-01T00:00:00Z'],
  ])('never asks for numbers above %s, whatever time it is asked for', (below, before) => {
    const { params } = pageSql(
      { accountId: ACCOUNT, states: ['completed'], below, before: new Date(before) },
      51,
    );
    const bound = params.find((value) => typeof value === 'string' && /^-?\d+$/.test(value));
    expect(BigInt(String(bound))).toBeLessThanOrEqual(BigInt(below));
  });
});
