import type { Rule, RuleSet } from './rule.js';

/** Returns the JSON document of a set with every field: `parseRuleSet` reads the same set again. */
export function documentOf({
  looseningWaitsHours,
  priceMaxAgeMinutes,
  rules,
  groups,
}: RuleSet): object {
  return {
    loosening_waits_hours: looseningWaitsHours,
    price_max_age_minutes: priceMaxAgeMinutes,
    groups: Object.fromEntries(
      Object.entries(groups).map(([name, { people, needsPasskey: passkey }]) => [
        name,
        { people, passkey },
      ]),
    ),
    rules: rules.map(ruleDocument),
  };
}

function ruleDocument(rule: Rule): object {
  const { kind, name, scope } = rule;
  if (rule.kind === 'deny') return { kind, name, ...scope };
  if (rule.kind === 'approval') {
    const { above, unit, quorums, decideWithinHours: decide_within_hours } = rule;
    return { kind, name, ...scope, above, unit, groups: quorums, decide_within_hours };
  }
  if (rule.kind === 'recipient') {
    const { when, quorums: groups, decideWithinHours: decide_within_hours } = rule;
    return {
      kind,
      name,
      ...scope,
      when,
      ...(groups.length > 0 && { groups, decide_within_hours }),
    };
  }
  const { per, max, unit, window, timeZone } = rule;
  const zone = timeZone === null ? {} : { time_zone: timeZone };
  return { kind, name, ...scope, per, max, unit, window, ...zone };
}
