import { isAsset, isDecimalText, isObject, ok, refuse, type Result } from '@sluice/kernel';
import {
  approvalOf,
  type DocumentFields,
  groupsOf,
  isMatch,
  isOneOf,
  NAME,
  quorumFaults,
  recipientRuleOf,
  TEXT,
  unknownFields,
  whole,
} from './parse-approvals.js';
import {
  BOOK_ONLY,
  COUNTED_PER,
  DEFAULT_RULE_SET,
  type DenyRule,
  LIMIT_UNITS,
  type LimitRule,
  type Rule,
  type RuleScope,
  type RuleSet,
  WINDOWS,
} from './rule.js';

type Faults = readonly string[];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MOST_RULES = 200;
const MOST_IN_LIST = 1_000;
const MOST_HOURS = 24 * 30;
const MOST_MINUTES = 24 * 60;

const FIELDS_OF_SET = ['loosening_waits_hours', 'price_max_age_minutes', 'groups', 'rules'];
const FIELDS_OF_SCOPE = ['accounts', 'keys', 'assets', 'venues'];
const FIELDS_OF_RULE = ['kind', 'name', ...FIELDS_OF_SCOPE];
const FIELDS_OF_LIMIT = [...FIELDS_OF_RULE, 'per', 'max', 'unit', 'window', 'time_zone'];

/** Reads a rule set. An unknown field is a fault: a misspelled condition would widen its rule. */
export function parseRuleSet(document: unknown): Result<RuleSet, Faults> {
  if (!isObject(document)) return refuse(['policy: must be an object']);
  const faults = unknownFields('', document, FIELDS_OF_SET);
  const { rules: listed = [], groups: named = {}, ...terms } = document;
  const looseningWaitsHours = whole(faults, 'loosening_waits_hours', terms, {
    least: 1,
    most: MOST_HOURS,
    absent: DEFAULT_RULE_SET.looseningWaitsHours,
  });
  const priceMaxAgeMinutes = whole(faults, 'price_max_age_minutes', terms, {
    least: 1,
    most: MOST_MINUTES,
    absent: DEFAULT_RULE_SET.priceMaxAgeMinutes,
  });
  if (!Array.isArray(listed) || listed.length > MOST_RULES)
    return refuse([...faults, `rules: must be a list of at most ${MOST_RULES} rules`]);
  const groups = groupsOf(faults, named);
  const rules = listed.flatMap((rule, at) => ruleOf(faults, `rules[${at}]`, rule) ?? []);
  const names = rules.map(({ name }) => name);
  for (const name of new Set(names.filter((one, at) => names.indexOf(one) !== at)))
    faults.push(`rules: the name ${name} is used twice`);
  if (faults.length === 0) faults.push(...quorumFaults(rules, groups));
  if (faults.length > 0) return refuse(faults);
  return ok({ looseningWaitsHours, priceMaxAgeMinutes, rules, groups });
}

function ruleOf(faults: string[], path: string, rule: unknown): Rule | null {
  if (!isObject(rule)) {
    faults.push(`${path}: must be an object`);
    return null;
  }
  const { kind, name } = rule;
  const isName = isMatch(NAME, name);
  if (!isName) faults.push(`${path}.name: must be 1 to 63 of a-z, 0-9, - and _, first a-z or 0-9`);
  if (name === BOOK_ONLY) faults.push(`${path}.name: ${BOOK_ONLY} is a setting of an account`);
  const named = { name: isName ? name : path, scope: scopeOf(faults, path, rule) };
  if (kind === 'limit') return limitOf(faults, path, rule, named);
  if (kind === 'approval')
    return approvalOf(faults, path, rule, { ...named, fieldsOfRule: FIELDS_OF_RULE });
  if (kind === 'recipient')
    return recipientRuleOf(faults, path, rule, { ...named, fieldsOfRule: FIELDS_OF_RULE });
  if (kind !== 'deny') {
    faults.push(`${path}.kind: must be limit, approval, recipient or deny`);
    return null;
  }
  faults.push(...unknownFields(path, rule, FIELDS_OF_RULE));
  return { kind, ...named };
}

function limitOf(
  faults: string[],
  path: string,
  rule: DocumentFields,
  named: Pick<DenyRule, 'name' | 'scope'>,
): LimitRule | null {
  faults.push(...unknownFields(path, rule, FIELDS_OF_LIMIT));
  const { per = [], max, unit, window, time_zone: timeZone = null } = rule;
  const isPer =
    Array.isArray(per) &&
    new Set(per).size === per.length &&
    per.every((one) => isOneOf(COUNTED_PER, one));
  if (!isPer) faults.push(`${path}.per: must be a list of ${COUNTED_PER.join(', ')}, each once`);
  const isUnit = isOneOf(LIMIT_UNITS, unit);
  if (!isUnit) faults.push(`${path}.unit: must be one of ${LIMIT_UNITS.join(', ')}`);
  const isWindow = isOneOf(WINDOWS, window);
  if (!isWindow) faults.push(`${path}.window: must be one of ${WINDOWS.join(', ')}`);
  const isMax = isDecimalText(max) && (unit !== 'payments' || /^\d+$/.test(max));
  if (!isMax) faults.push(`${path}.max: must be a decimal amount or a whole count, as text`);
  if (unit === 'asset' && named.scope.assets === undefined)
    faults.push(`${path}.assets: a limit in units of the asset must list its assets`);
  const isZone = window === 'calendar_day' && isTimeZone(timeZone);
  if (!isZone && (window === 'calendar_day' || timeZone !== null))
    faults.push(`${path}.time_zone: must be an IANA name for calendar_day, and absent otherwise`);
  if (!isPer || !isUnit || !isWindow || !isMax) return null;
  return { kind: 'limit', ...named, per, max, unit, window, timeZone: isZone ? timeZone : null };
}

function scopeOf(faults: string[], path: string, rule: DocumentFields): RuleScope {
  const list = <T>(field: string, isValid: (value: unknown) => value is T): readonly T[] | null => {
    const values = rule[field];
    if (values === undefined) return null;
    const isList =
      Array.isArray(values) &&
      values.length > 0 &&
      values.length <= MOST_IN_LIST &&
      values.every(isValid);
    if (isList) return values;
    faults.push(`${path}.${field}: must be a list of 1 to ${MOST_IN_LIST} ${field}`);
    return null;
  };
  const accounts = list('accounts', (value) => isMatch(UUID, value));
  const keys = list('keys', (value) => isMatch(TEXT, value));
  const assets = list('assets', isAsset);
  const venues = list('venues', (value) => isMatch(TEXT, value));
  return {
    ...(accounts && { accounts }),
    ...(keys && { keys }),
    ...(assets && { assets }),
    ...(venues && { venues }),
  };
}

/** Newer runtimes also take offsets such as `+02:00`, without the changes of a place's clocks. */
function isTimeZone(value: unknown): value is string {
  if (!isMatch(/^[A-Z]/i, value)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

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
