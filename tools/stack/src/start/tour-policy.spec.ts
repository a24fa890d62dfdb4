import { TOUR_LIMIT, withTourRules } from './tour-policy.js';

describe('the rules of the tour', () => {
  const none = { rules: [] };
  const namesOf = ({ rules }: { rules: readonly Readonly<Record<string, unknown>>[] }) =>
    rules.map(({ name }) => name);

  it('cover only the key of the tour', () => {
    const { rules } = withTourRules(none, 'ck_one');

    expect(rules.map(({ keys }) => keys)).toEqual([['ck_one'], ['ck_one']]);
  });

  it('are published once for a key', () => {
    const once = withTourRules(none, 'ck_one');

    expect(withTourRules(once, 'ck_one')).toBe(once);
  });

  it('keep every rule and group of the set before, and take no name twice', () => {
    const own = { rules: [{ kind: 'deny', name: TOUR_LIMIT }], groups: { board: { people: [] } } };
    const next = withTourRules(withTourRules(own, 'ck_000001'), 'ck_000002');

    expect(next.groups).toHaveProperty('board');
    expect(namesOf(next)).toEqual([
      TOUR_LIMIT,
      `${TOUR_LIMIT}-000001`,
      'tour-approval',
      `${TOUR_LIMIT}-000002`,
      'tour-approval-000002',
    ]);
  });
});
