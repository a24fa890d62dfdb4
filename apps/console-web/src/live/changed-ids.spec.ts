import { changedIds, isConcerned } from './changed-ids.js';

describe('an event', () => {
  it('names the changed withdrawals', () =>
    expect(changedIds('{"ids":["a","b"],"at":"2026-11-30T14:00:00Z"}')).toEqual(['a', 'b']));

  it.each(['', '{}', 'null', '{"ids":[1]}', '{"ids":"a"}'])('names none in %j', (data) =>
    expect(changedIds(data)).toBeNull(),
  );
});

describe('a read', () => {
  it.each([
    ['intake-api', '/internal/withdrawals?state=failed', null, true],
    ['intake-api', '/internal/withdrawals/counts', null, true],
    ['intake-api', '/internal/withdrawals/throughput', null, false],
    ['intake-api', '/internal/withdrawals/17', 'a', true],
    ['intake-api', '/internal/withdrawals/18', 'b', false],
    ['intake-api', '/internal/accounts', null, false],
    ['ledger', '/internal/withdrawals/a/entries', null, true],
    ['ledger', '/internal/withdrawals/b/entries', null, false],
    ['connector-gateio', '/internal/submissions/a', null, true],
  ])('%s %s is concerned by a change of `a`: %s %s', (service, path, shown, expected) =>
    expect(isConcerned([service, path, null], shown, ['a'])).toBe(expected),
  );

  it('is concerned by a gap, whatever it shows, without the session', () => {
    expect(isConcerned(['ledger', '/internal/freezes', null], null, null)).toBe(true);
    expect(isConcerned(['every', '/internal/inbox'], null, null)).toBe(true);
    expect(isConcerned(['session'], null, null)).toBe(false);
  });
});
