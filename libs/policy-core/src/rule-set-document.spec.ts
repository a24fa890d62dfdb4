import { documentOf } from './rule-set-document.js';
import { DEFAULT_RULE_SET } from './rule.js';
import { limit, ruleSet } from './testing/policy-examples.js';

describe('the document of a rule set', () => {
  it('has every field in the names of the document, and no time zone for other windows', () => {
    expect(documentOf(DEFAULT_RULE_SET)).toEqual({
      loosening_waits_hours: 24,
      price_max_age_minutes: 60,
      groups: {},
      rules: [],
    });
    const zone = limit({ scope: { venues: ['acme'] }, window: 'calendar_day', timeZone: 'UTC' });
    const [first, second] = (documentOf(ruleSet(zone, limit())) as { rules: object[] }).rules;
    expect(first).toEqual({
      kind: 'limit',
      name: 'limit',
      venues: ['acme'],
      per: ['account'],
      max: '100',
      unit: 'asset',
      window: 'calendar_day',
      time_zone: 'UTC',
    });
    expect(second).not.toHaveProperty('time_zone');
  });
});
