import { isDecimalText, isObject } from '@sluice/kernel';
import {
  type ApprovalRule,
  type ApproverGroup,
  areMet,
  type DenyRule,
  groupNamed,
  highestOf,
  mayMeet,
  type Quorum,
  RECIPIENT_CONDITIONS,
  type RecipientRule,
  type Rule,
  type RuleSet,
} from './rule.js';

const PERSON = /^\P{C}{1,256}$/u;
const MOST_GROUPS = 100;
const MOST_PEOPLE = 100;
const MOST_HOURS = 24 * 30;
const HOURS = { least: 1, most: MOST_HOURS, absent: 24 };
const UNITS = ['asset', 'EUR'] as const;

export function groupsOf(faults: string[], document: unknown): RuleSet['groups'] {
  if (!isObject(document) || Object.keys(document).length > MOST_GROUPS) {
    faults.push(`groups: must be an object of at most ${MOST_GROUPS} groups by name`);
    return {};
  }
  const groups = Object.entries(document).flatMap(([name, group]) => {
    const read = groupOf(faults, `groups.${name}`, name, group);
    return read === null ? [] : [[name, read] as const];
  });
  faults.push(...spellingFaults(groups.flatMap(([, { people }]) => people)));
  return Object.fromEntries(groups);
}

/** A person with a second spelling in another group would count for both groups. */
function spellingFaults(people: readonly string[]): readonly string[] {
  const spellings = new Map<string, string>();
  return [...new Set(people)].flatMap((person) => {
    const known = spellings.get(folded(person));
    if (known !== undefined) return [`groups: ${known} and ${person} are two spellings of a name`];
    spellings.set(folded(person), person);
    return [];
  });
}

function groupOf(
  faults: string[],
  path: string,
  name: string,
  group: unknown,
): ApproverGroup | null {
  if (!isMatch(NAME, name) || !isObject(group)) {
    faults.push(`${path}: must be an object under a name of a-z, 0-9, - and _`);
    return null;
  }
  faults.push(...unknownFields(path, group, ['people', 'passkey']));
  const { people, passkey = true } = group;
  if (typeof passkey !== 'boolean') faults.push(`${path}.passkey: must be true or false`);
  if (!isListOfPeople(people)) {
    faults.push(`${path}.people: must be a list of 1 to ${MOST_PEOPLE} names, each once`);
    return null;
  }
  return { people, needsPasskey: passkey !== false };
}

/** Names that differ in case alone would be one person twice. */
function isListOfPeople(people: unknown): people is string[] {
  if (!Array.isArray(people) || people.length === 0 || people.length > MOST_PEOPLE) return false;
  if (!people.every((person) => isMatch(PERSON, person))) return false;
  return new Set(people.map(folded)).size === people.length;
}

/** Capital letters, because a small letter such as the Greek sigma has two forms. */
function folded(person: string): string {
  return person.normalize('NFKC').toUpperCase().normalize('NFKC');
}

const FIELDS = ['above', 'unit', 'groups', 'decide_within_hours'];

type NamedFields = Pick<DenyRule, 'name' | 'scope'> & { readonly fieldsOfRule: readonly string[] };

export function approvalOf(
  faults: string[],
  path: string,
  rule: DocumentFields,
  named: NamedFields,
): ApprovalRule | null {
  const { fieldsOfRule, ...terms } = named;
  faults.push(...unknownFields(path, rule, [...fieldsOfRule, ...FIELDS]));
  const { above, unit, groups } = rule;
  const isUnit = isOneOf(UNITS, unit);
  if (!isUnit) faults.push(`${path}.unit: must be one of ${UNITS.join(', ')}`);
  if (!isDecimalText(above)) faults.push(`${path}.above: must be a decimal amount, as text`);
  if (unit === 'asset' && terms.scope.assets === undefined)
    faults.push(`${path}.assets: an amount in units of the asset must list its assets`);
  const decideWithinHours = whole(faults, `${path}.decide_within_hours`, rule, HOURS);
  const quorums = quorumsOf(faults, path, groups);
  if (!isUnit || !isDecimalText(above)) return null;
  return { kind: 'approval', ...terms, above, unit, quorums, decideWithinHours };
}

const FIELDS_OF_RECIPIENT = ['when', 'groups', 'decide_within_hours'];

/** Reads a rule about recipients. Without groups, the rule refuses. */
export function recipientRuleOf(
  faults: string[],
  path: string,
  rule: DocumentFields,
  named: NamedFields,
): RecipientRule | null {
  const { fieldsOfRule, ...terms } = named;
  faults.push(...unknownFields(path, rule, [...fieldsOfRule, ...FIELDS_OF_RECIPIENT]));
  const { when, groups, decide_within_hours: hours } = rule;
  const isCondition = isOneOf(RECIPIENT_CONDITIONS, when);
  if (!isCondition) faults.push(`${path}.when: must be one of ${RECIPIENT_CONDITIONS.join(', ')}`);
  const quorums = groups === undefined ? [] : quorumsOf(faults, path, groups);
  if (groups === undefined && hours !== undefined)
    faults.push(`${path}.decide_within_hours: needs groups, because only people need time`);
  const decideWithinHours = whole(faults, `${path}.decide_within_hours`, rule, HOURS);
  if (!isCondition) return null;
  return { kind: 'recipient', ...terms, when, quorums, decideWithinHours };
}

function quorumsOf(faults: string[], path: string, groups: unknown): readonly Quorum[] {
  const quorums = Array.isArray(groups) ? groups.filter(isQuorum) : [];
  const isList = Array.isArray(groups) && groups.length > 0 && quorums.length === groups.length;
  if (!isList || new Set(quorums.map(({ group }) => group)).size < quorums.length)
    faults.push(
      `${path}.groups: must be a list such as [{"group": "treasury", "need": 2}], each group once`,
    );
  return quorums;
}

function isQuorum(value: unknown): value is Quorum {
  return (
    isObject(value) &&
    Object.keys(value).every((field) => field === 'group' || field === 'need') &&
    isMatch(NAME, value['group']) &&
    isWhole(value['need'], 1, MOST_PEOPLE)
  );
}

/**
 * Quorums that cannot be met. Rules with overlapping scopes must be met at once, each person in one
 * group.
 */
export function quorumFaults(rules: readonly Rule[], groups: RuleSet['groups']): readonly string[] {
  const asking = rules.flatMap((rule) => ('quorums' in rule ? rule : []));
  const named = new Set(asking.flatMap(({ quorums }) => quorums.map(({ group }) => group)));
  const unknown = [...named].filter((group) => groupNamed(groups, group) === null);
  if (unknown.length > 0) return unknown.map((group) => `groups: there is no group ${group}`);
  const faults = asking.flatMap((rule) => {
    const quorums = highestOf(asking.filter((other) => mayMeet(rule.scope, other.scope)));
    if (areMet(quorums, groups)) return [];
    const text = quorums.map(({ group, need }) => `${need} of ${group}`).join(', ');
    return `groups: ${text} cannot approve together, because each person counts for one group`;
  });
  return [...new Set(faults)];
}

export type DocumentFields = Readonly<Record<string, unknown>>;

export const NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/;
export const TEXT = /^[\x21-\x7e]{1,128}$/;

/** Reads a whole number; `path` ends with the name of the field. */
export function whole(
  faults: string[],
  path: string,
  document: DocumentFields,
  { least, most, absent }: Readonly<Record<'least' | 'most' | 'absent', number>>,
): number {
  const { [path.slice(path.lastIndexOf('.') + 1)]: value = absent } = document;
  if (isWhole(value, least, most)) return value;
  faults.push(`${path}: must be a whole number from ${least} to ${most}`);
  return absent;
}

function isWhole(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

export function unknownFields(
  path: string,
  value: DocumentFields,
  known: readonly string[],
): string[] {
  return Object.keys(value)
    .filter((field) => !known.includes(field))
    .map((field) => `${path === '' ? '' : `${path}.`}${field}: is no known field`);
}

export function isMatch(pattern: RegExp, value: unknown): value is string {
  return typeof value === 'string' && pattern.test(value);
}

export function isOneOf<T extends string>(values: readonly T[], value: unknown): value is T {
  return values.some((one) => one === value);
}
