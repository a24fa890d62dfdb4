import type { Asset } from '@sluice/kernel';

/**
 * Withdrawals that a rule applies to. A withdrawal must match every list; an absent list matches
 * every withdrawal.
 */
export interface RuleScope {
  readonly accounts?: readonly string[];
  /** Ids of API keys. */
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

/** Refuses every withdrawal in its scope. */
export interface DenyRule extends NamedRule {
  readonly kind: 'deny';
}

/** Number of people of a group who must approve. */
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
export type RecipientCondition = (typeof RECIPIENT_CONDITIONS)[number];

/** Refuses payments to recipients of a kind, or makes them wait for people. */
export interface RecipientRule extends NamedRule {
  readonly kind: 'recipient';
  readonly when: RecipientCondition;
  /** Every listed group must approve. Empty: the rule refuses. */
  readonly quorums: readonly Quorum[];
  /** Hours in which the people decide; afterwards the payment is refused. */
  readonly decideWithinHours: number;
}

/** Rules that can make a payment wait for people. */
export type AskingRule = ApprovalRule | RecipientRule;

export type Rule = LimitRule | DenyRule | ApprovalRule | RecipientRule;

/** People who approve payments. */
export interface ApproverGroup {
  readonly people: readonly string[];
  /** Each approval needs a passkey of the person. */
  readonly needsPasskey: boolean;
}

/** Content of one immutable version. The order of the rules has no meaning. */
export interface RuleSet {
  /** Hours before a looser set takes effect. */
  readonly looseningWaitsHours: number;
  /** Minutes after which a reference price is too old for a limit in EUR. */
  readonly priceMaxAgeMinutes: number;
  readonly rules: readonly Rule[];
  /** Groups of approvers by name. */
  readonly groups: Readonly<Record<string, ApproverGroup>>;
}

/** Default set: no rules. It denies no withdrawal. */
export const DEFAULT_RULE_SET: RuleSet = {
  looseningWaitsHours: 24,
  priceMaxAgeMinutes: 60,
  rules: [],
  groups: {},
};
