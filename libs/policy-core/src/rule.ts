import type { Amount, Asset } from '@sluice/kernel';

/** A withdrawal must match every list; an absent list matches all. */
export interface RuleScope {
  readonly accounts?: readonly string[];
  readonly keys?: readonly string[];
  readonly assets?: readonly Asset[];
  readonly venues?: readonly string[];
}

/** Properties by which a limit counts separately. An empty list counts all withdrawals together. */
export const COUNTED_PER = ['account', 'key', 'asset', 'destination', 'venue'] as const;
export type CountedPer = (typeof COUNTED_PER)[number];

/** Units of a limit: units of the withdrawn asset, EUR by a reference price, or a count. */
export const LIMIT_UNITS = ['asset', 'EUR', 'payments'] as const;
type LimitUnit = (typeof LIMIT_UNITS)[number];

/** Rolling windows, the whole time, and the calendar day of a time zone. */
export const WINDOWS = ['hour', 'day', '30_days', 'lifetime', 'calendar_day'] as const;
export type WindowName = (typeof WINDOWS)[number];

interface NamedRule {
  /** Public name: customers see it in a refusal. Unique in the set. */
  readonly name: string;
  readonly scope: RuleScope;
}

/** At most `max` within the window. */
export interface LimitRule extends NamedRule {
  readonly kind: 'limit';
  readonly per: readonly CountedPer[];
  /** Decimal text in `unit`. */
  readonly max: string;
  readonly unit: LimitUnit;
  readonly window: WindowName;
  /** IANA name; only for `calendar_day`, otherwise null. */
  readonly timeZone: string | null;
}

export interface DenyRule extends NamedRule {
  readonly kind: 'deny';
}

export interface Quorum {
  readonly group: string;
  readonly need: number;
}

/** Payments of more than `above` wait for people. Every listed group must approve. */
export interface ApprovalRule extends NamedRule {
  readonly kind: 'approval';
  /** Decimal text in `unit`. */
  readonly above: string;
  readonly unit: 'asset' | 'EUR';
  readonly quorums: readonly Quorum[];
  /** Hours in which the people decide; afterwards the payment is refused. */
  readonly decideWithinHours: number;
}

/** Facts about a recipient that a rule can refuse, or let people decide on. */
export const RECIPIENT_CONDITIONS = [
  'not_in_address_book',
  'first_payment',
  'resembles_paid',
] as const;
type RecipientCondition = (typeof RECIPIENT_CONDITIONS)[number];

/** Refuses payments to recipients of a kind, or makes them wait for people. */
export interface RecipientRule extends NamedRule {
  readonly kind: 'recipient';
  readonly when: RecipientCondition;
  /** Every listed group must approve. Empty: the rule refuses. */
  readonly quorums: readonly Quorum[];
  /** Hours in which the people decide; afterwards the payment is refused. */
  readonly decideWithinHours: number;
}

export type AskingRule = ApprovalRule | RecipientRule;

export type Rule = LimitRule | DenyRule | ApprovalRule | RecipientRule;

export interface ApproverGroup {
  readonly people: readonly string[];
  /** Each approval needs a passkey of the person. */
  readonly needsPasskey: boolean;
}

export interface RuleSet {
  /** Hours before a looser set takes effect. */
  readonly looseningWaitsHours: number;
  /** Minutes after which a reference price is too old for a limit in EUR. */
  readonly priceMaxAgeMinutes: number;
  readonly rules: readonly Rule[];
  readonly groups: Readonly<Record<string, ApproverGroup>>;
}

/** Default set: no rules. It denies no withdrawal. */
export const DEFAULT_RULE_SET: RuleSet = {
  looseningWaitsHours: 24,
  priceMaxAgeMinutes: 60,
  rules: [],
  groups: {},
};

/** Withdrawal as the rules see it. Null: the fact is unknown, and a rule that needs it refuses. */
export interface Facts {
  readonly accountId: string;
  readonly keyId: string | null;
  /** Amount for the recipient, without the fee. */
  readonly payout: Amount;
  /** Stable key of the recipient, memo included. */
  readonly recipient: string | null;
  readonly venue: string | null;
  /** EUR for one unit of the asset, as decimal text. */
  readonly priceEur: string | null;
  /** Facts about the recipient, for the account; null if no rule needed them, or if they are unknown. */
  readonly history: RecipientHistory | null;
}

export interface RecipientHistory {
  /** An entry of the address book names the recipient, and its waiting time is over. */
  readonly isInBook: boolean;
  /** A payment of the account to the recipient was captured. */
  readonly wasPaid: boolean;
  /** A paid recipient of the account has another address with the same first and last characters. */
  readonly resemblesPaid: boolean;
}

/** Null if a needed fact is unknown; a known fact outside the scope decides alone. */
export function isInScope(scope: RuleScope, facts: Facts): boolean | null {
  const matches = [
    matchOf(scope.accounts, facts.accountId),
    matchOf(scope.keys, facts.keyId),
    matchOf(scope.assets, facts.payout.asset),
    matchOf(scope.venues, facts.venue),
  ];
  if (matches.includes(false)) return false;
  return matches.includes(null) ? null : true;
}

function matchOf(list: readonly string[] | undefined, value: string | null): boolean | null {
  if (list === undefined) return true;
  return value === null ? null : list.includes(value);
}

/** False if no withdrawal can be in both scopes: two of their lists have no value in common. */
export function mayMeet(one: RuleScope, other: RuleScope): boolean {
  const pairs = [
    [one.accounts, other.accounts],
    [one.keys, other.keys],
    [one.assets, other.assets],
    [one.venues, other.venues],
  ] as const;
  return pairs.every(
    ([first, second]) =>
      first === undefined ||
      second === undefined ||
      first.some((value) => second.some((same) => same === value)),
  );
}

type Groups = RuleSet['groups'];

/** Names of rules and groups may be names of the prototype, such as `constructor`. */
export function groupNamed(groups: Groups, name: string): ApproverGroup | null {
  return Object.hasOwn(groups, name) ? (groups[name] ?? null) : null;
}

/** True if these people meet all quorums, each in one group only. Default: all members. */
export function areMet(
  quorums: readonly Quorum[],
  groups: Groups,
  people: readonly string[] = Object.values(groups).flatMap((group) => group.people),
): boolean {
  const present = new Set(people);
  const groupOf = new Map<string, string>();

  /** Adds a person to the group. A person of another group moves if that group finds another. */
  function addOne(group: string, asked: Set<string>): boolean {
    asked.add(group);
    const members = groupNamed(groups, group)?.people ?? [];
    return members.some((person) => {
      const taken = groupOf.get(person);
      if (!present.has(person)) return false;
      if (taken !== undefined && (asked.has(taken) || !addOne(taken, asked))) return false;
      groupOf.set(person, group);
      return true;
    });
  }

  return quorums.every(({ group, need }) =>
    Array.from({ length: need }).every(() => addOne(group, new Set())),
  );
}

export function highestOf(rules: readonly Pick<AskingRule, 'quorums'>[]): readonly Quorum[] {
  const needs = new Map<string, number>();
  for (const { group, need } of rules.flatMap(({ quorums }) => quorums))
    needs.set(group, Math.max(need, needs.get(group) ?? 0));
  return [...needs].map(([group, need]) => ({ group, need }));
}

/** Name of the rule that the setting "address book only" of an account adds. */
export const BOOK_ONLY = 'address-book-only';

export function isTrueOf(
  when: RecipientCondition,
  { isInBook, wasPaid, resemblesPaid }: RecipientHistory,
): boolean {
  return { not_in_address_book: !isInBook, first_payment: !wasPaid, resembles_paid: resemblesPaid }[
    when
  ];
}

export function bookOnlyRule(accountId: string): RecipientRule {
  return {
    kind: 'recipient',
    name: BOOK_ONLY,
    scope: { accounts: [accountId] },
    when: 'not_in_address_book',
    quorums: [],
    decideWithinHours: 24,
  };
}

export function needsAddressBook(rules: readonly Rule[]): boolean {
  return rules.some((rule) => rule.kind === 'recipient' && rule.when === 'not_in_address_book');
}

export function needsPaidRecipients(rules: readonly Rule[]): boolean {
  return rules.some((rule) => rule.kind === 'recipient' && rule.when !== 'not_in_address_book');
}
