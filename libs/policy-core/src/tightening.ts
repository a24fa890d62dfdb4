import { Amount } from '@sluice/kernel';
import { meterText } from './meter.js';
import {
  type ApprovalRule,
  type ApproverGroup,
  type AskingRule,
  groupNamed,
  type LimitRule,
  type RecipientRule,
  type Rule,
  type RuleScope,
  type RuleSet,
} from './rule.js';

/**
 * Reasons why the next set may allow a withdrawal refused now; empty for a tightening. Rules are
 * compared one by one, and doubts count as loosenings.
 */
export function looseningsOf(present: RuleSet, next: RuleSet): readonly string[] {
  const loosenings = present.rules.flatMap((rule) => {
    if (next.rules.some((other) => covers(other, rule))) return [];
    return `rule ${rule.name} is removed or allows more`;
  });
  if (next.looseningWaitsHours < present.looseningWaitsHours)
    loosenings.push(
      `loosening_waits_hours falls from ${present.looseningWaitsHours} to ${next.looseningWaitsHours}`,
    );
  if (next.priceMaxAgeMinutes > present.priceMaxAgeMinutes)
    loosenings.push(
      `price_max_age_minutes grows from ${present.priceMaxAgeMinutes} to ${next.priceMaxAgeMinutes}`,
    );
  return [...loosenings, ...loosenedGroups(present, next)];
}

/** A group that a present rule names may lose people, and may need passkeys from now on. */
function loosenedGroups(present: RuleSet, next: RuleSet): readonly string[] {
  return Object.entries(present.groups).flatMap(([name, { people, needsPasskey }]) => {
    const group = groupNamed(next.groups, name);
    if (group === null) return [];
    const added = group.people.filter((person) => !people.includes(person));
    const loosenings = added.length > 0 ? [`group ${name} gets ${added.join(', ')}`] : [];
    if (needsPasskey && !group.needsPasskey)
      loosenings.push(`group ${name} needs no passkeys any more`);
    return loosenings;
  });
}

/** True if `rule` refuses all that `old` refuses, and lets wait for the same people or more. */
function covers(rule: Rule, old: Rule): boolean {
  if (rule.kind === 'deny') return isWider(rule.scope, old.scope);
  if (rule.kind === 'approval')
    return old.kind === 'approval' && isNoSmaller(rule, old) && asksMore(rule, old);
  if (rule.kind === 'recipient')
    return old.kind === 'recipient' && rule.when === old.when && asksMore(rule, old);
  if (old.kind !== 'limit' || meterText(rule) !== meterText(old)) return false;
  return !maxOf(old).lessThan(maxOf(rule));
}

/** True if the rule asks about every amount that `old` asks about. */
function isNoSmaller(rule: ApprovalRule, old: ApprovalRule): boolean {
  const [above, before] = [Amount.of(rule.above, 'ANY.-'), Amount.of(old.above, 'ANY.-')];
  return rule.unit === old.unit && !before.lessThan(above);
}

/** True if the rule refuses, or asks at least the same people for at most the same time. */
function asksMore(rule: AskingRule, old: AskingRule): boolean {
  if (!isWider(rule.scope, old.scope) || !needsFactsOf(rule.scope, old.scope)) return false;
  if (rule.quorums.length === 0) return true;
  return (
    old.quorums.length > 0 &&
    rule.decideWithinHours <= old.decideWithinHours &&
    old.quorums.every(({ group, need }) =>
      rule.quorums.some((quorum) => quorum.group === group && quorum.need >= need),
    )
  );
}

function maxOf({ max }: LimitRule): Amount {
  return Amount.of(max, 'ANY.-');
}

/** True if `scope` applies, or is unknown, wherever `old` applies. */
function isWider(scope: RuleScope, old: RuleScope): boolean {
  const pairs = [
    [scope.accounts, old.accounts],
    [scope.keys, old.keys],
    [scope.assets, old.assets],
    [scope.venues, old.venues],
  ] as const;
  return pairs.every(
    ([wide, narrow]) =>
      wide === undefined || (narrow?.every((value) => wide.some((one) => one === value)) ?? false),
  );
}

/**
 * True if facts whose absence makes `old` refuse have a list in `scope` too: people could approve
 * otherwise.
 */
function needsFactsOf(scope: RuleScope, old: RuleScope): boolean {
  const hasKeys = old.keys === undefined || scope.keys !== undefined;
  return hasKeys && (old.venues === undefined || scope.venues !== undefined);
}

/** Lines of the differences between two sets, for people: removed, added and changed rules. */
export function differencesOf(present: RuleSet, next: RuleSet): readonly string[] {
  const before = new Map(present.rules.map((rule) => [rule.name, describeRule(rule)]));
  const after = new Map(next.rules.map((rule) => [rule.name, describeRule(rule)]));
  const removed = [...before].flatMap(([name, text]) =>
    after.get(name) === text ? [] : [`- ${name}: ${text}`],
  );
  const added = [...after].flatMap(([name, text]) =>
    before.get(name) === text ? [] : [`+ ${name}: ${text}`],
  );
  const terms = [
    ['loosening_waits_hours', present.looseningWaitsHours, next.looseningWaitsHours],
    ['price_max_age_minutes', present.priceMaxAgeMinutes, next.priceMaxAgeMinutes],
  ] as const;
  const changed = terms.flatMap(([term, from, to]) =>
    from === to ? [] : [`~ ${term}: ${from} -> ${to}`],
  );
  return [...changed, ...changedGroups(present, next), ...removed, ...added];
}

function changedGroups(present: RuleSet, next: RuleSet): readonly string[] {
  const textOf = (group: ApproverGroup | null) =>
    group && `${group.people.join(', ')}${group.needsPasskey ? ', with passkeys' : ''}`;
  const termsOf = (group: ApproverGroup | null) =>
    group && JSON.stringify([group.people, group.needsPasskey]);
  const names = new Set([...Object.keys(present.groups), ...Object.keys(next.groups)]);
  return [...names].flatMap((name) => {
    const [from, to] = [groupNamed(present.groups, name), groupNamed(next.groups, name)];
    // Different groups can have one text, because names may contain commas.
    if (termsOf(from) === termsOf(to)) return [];
    return [`~ group ${name}: ${textOf(from) ?? 'none'} -> ${textOf(to) ?? 'none'}`];
  });
}

export function describeRule(rule: Rule): string {
  const { scope } = rule;
  const where = [
    scope.accounts && `accounts ${scope.accounts.join(', ')}`,
    scope.keys && `keys ${scope.keys.join(', ')}`,
    scope.assets && `assets ${scope.assets.join(', ')}`,
    scope.venues && `venues ${scope.venues.join(', ')}`,
  ].filter((text) => text !== undefined);
  const within = where.length === 0 ? 'for all withdrawals' : `for ${where.join('; ')}`;
  if (rule.kind === 'deny') return `refuse ${within}`;
  if (rule.kind === 'recipient') {
    const what = RECIPIENT_TEXTS[rule.when];
    if (rule.quorums.length === 0) return `refuse ${what}, ${within}`;
    return `${peopleOf(rule)} approve ${what} within ${rule.decideWithinHours} h, ${within}`;
  }
  if (rule.kind === 'approval') {
    const people = peopleOf(rule);
    const unit = rule.unit === 'asset' ? 'units of the asset' : rule.unit;
    return `${people} approve above ${rule.above} ${unit} within ${rule.decideWithinHours} h, ${within}`;
  }
  const per = rule.per.length === 0 ? 'together' : `per ${rule.per.join(' and ')}`;
  const zone = rule.timeZone === null ? '' : ` of ${rule.timeZone}`;
  const unit = rule.unit === 'asset' ? 'units of the asset' : rule.unit;
  return `at most ${rule.max} ${unit} within ${rule.window}${zone}, ${per}, ${within}`;
}

const RECIPIENT_TEXTS: Readonly<Record<RecipientRule['when'], string>> = {
  not_in_address_book: 'payments to recipients that are not in the address book',
  first_payment: 'first payments to a recipient',
  resembles_paid: 'payments to an address that resembles a paid address',
};

function peopleOf({ quorums }: AskingRule): string {
  return quorums.map(({ group, need }) => `${need} of ${group}`).join(' and ');
}
