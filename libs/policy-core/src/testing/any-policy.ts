import fc from 'fast-check';
import { Amount } from '@sluice/kernel';
import {
  COUNTED_PER,
  type Facts,
  LIMIT_UNITS,
  type Quorum,
  RECIPIENT_CONDITIONS,
  type Rule,
  type RuleScope,
  type RuleSet,
  WINDOWS,
} from '../rule.js';
import { quorumFaults } from '../parse-approvals.js';
import {
  ACCOUNT,
  approval,
  deny,
  limit,
  recipient,
  type PastWithdrawal,
} from './policy-examples.js';

const ZONES = ['UTC', 'Europe/Warsaw', 'America/Havana', 'Asia/Kathmandu', 'Pacific/Kiritimati'];
const [ACCOUNTS, KEYS, VENUES] = [
  [ACCOUNT, '018f0000-0000-7000-8000-00000000000b'],
  ['k', 'l'],
  ['v', 'w'],
];
const ASSETS = ['USDT.ETH', 'BTC.BTC'] as const;
/** People of the groups; a person can be in several. */
export const PEOPLE = ['ann', 'bob', 'cat', 'dan', 'eve'] as const;
const GROUPS = ['board', 'ops', 'treasury'] as const;
const DAY_MS = 86_400_000;
/** Around the changes of the clocks in spring 2026. */
const START = Date.UTC(2026, 2, 1);

export const anyInstant = fc.integer({ min: START, max: START + 90 * DAY_MS });

/** Small values meet edges; others have up to the 24 digits before the point of a maximum. */
export const anyUnits = fc.oneof(
  fc.bigInt(0n, 12n).map((whole) => whole * 10n ** 18n),
  fc.bigInt(0n, 10n ** 42n - 1n),
);

/** Decimal text of a count of units of 10^-18. */
export function textOf(units: bigint): string {
  const fraction = String(units % 10n ** 18n).padStart(18, '0');
  return `${units / 10n ** 18n}.${fraction}`;
}

const anyUnknown = <T>(values: readonly T[]) =>
  fc.option(fc.constantFrom(...values), { nil: null, freq: 4 });

export const anyFacts: fc.Arbitrary<Facts> = fc.record({
  accountId: fc.constantFrom(...ACCOUNTS),
  keyId: anyUnknown(KEYS),
  payout: fc
    .tuple(anyUnits, fc.constantFrom(...ASSETS))
    .map(([units, asset]) => Amount.of(textOf(units + 1n), asset)),
  recipient: anyUnknown(['r', 's']),
  venue: anyUnknown(VENUES),
  priceEur: anyUnknown(['0.5', '1', '93215.123456789']),
  history: fc.option(
    fc.record({ isInBook: fc.boolean(), wasPaid: fc.boolean(), resemblesPaid: fc.boolean() }),
    { nil: null, freq: 4 },
  ),
});

const anyList = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });

export const anyScope: fc.Arbitrary<RuleScope> = fc.record(
  {
    accounts: anyList(ACCOUNTS),
    keys: anyList(KEYS),
    assets: anyList(ASSETS),
    venues: anyList(VENUES),
  },
  { requiredKeys: [] },
);

const anyWideScope = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: anyScope },
);

export const anyLimit = fc
  .record({
    scope: anyWideScope,
    per: fc.subarray([...COUNTED_PER], { maxLength: 3 }),
    max: anyUnits,
    unit: fc.constantFrom(...LIMIT_UNITS),
    window: fc.constantFrom(...WINDOWS),
    zone: fc.constantFrom(...ZONES),
  })
  .map(({ max, unit, window, zone, ...rule }) =>
    limit({
      ...rule,
      unit,
      window,
      max: unit === 'payments' ? String(max % 5n) : textOf(max),
      timeZone: window === 'calendar_day' ? zone : null,
    }),
  );

export const anyGroup = (people: readonly string[]) =>
  fc.record({ people: anyList(people), needsPasskey: fc.boolean() });

export const anyGroups: fc.Arbitrary<RuleSet['groups']> = fc.record({
  board: anyGroup(PEOPLE),
  ops: anyGroup(PEOPLE),
  treasury: anyGroup(PEOPLE),
});

/** Each group at most once. */
export const anyQuorums: fc.Arbitrary<Quorum[]> = anyList(GROUPS).chain((groups) =>
  fc.tuple(
    ...groups.map((group) => fc.integer({ min: 1, max: 3 }).map((need) => ({ group, need }))),
  ),
);

export const anyHours = fc.integer({ min: 1, max: 72 });

export const anyApproval = fc
  .record({
    scope: anyWideScope,
    above: anyUnits.map(textOf),
    unit: fc.constantFrom('asset' as const, 'EUR' as const),
    quorums: anyQuorums,
    decideWithinHours: anyHours,
  })
  .map(approval);

/** Without groups, the rule refuses. */
export const anyRecipientRule = fc
  .record({
    scope: anyWideScope,
    when: fc.constantFrom(...RECIPIENT_CONDITIONS),
    asking: fc.option(fc.record({ quorums: anyQuorums, decideWithinHours: anyHours })),
  })
  .map(({ asking, ...rule }) => recipient({ ...rule, ...asking }));

const anyRule: fc.Arbitrary<Rule> = fc.oneof(
  { weight: 3, arbitrary: anyLimit },
  { weight: 3, arbitrary: anyApproval },
  { weight: 2, arbitrary: anyRecipientRule },
  { weight: 1, arbitrary: anyScope.map((scope) => deny({ scope })) },
);

export const anyRules = fc
  .array(anyRule, { maxLength: 5 })
  .map((rules): Rule[] => rules.map((rule, at) => ({ ...rule, name: `rule-${at}` })));

export const anyHistory: fc.Arbitrary<PastWithdrawal[]> = fc.array(
  fc.record({ facts: anyFacts, at: anyInstant }),
  { maxLength: 6 },
);

/** Sets that the parser takes: an amount in units of the asset lists its assets. */
export const anyReadableSet: fc.Arbitrary<RuleSet> = fc
  .record({
    looseningWaitsHours: fc.integer({ min: 1, max: 720 }),
    priceMaxAgeMinutes: fc.integer({ min: 1, max: 1440 }),
    rules: anyRules.map((rules) => rules.map(withAssets)),
    groups: anyGroups,
  })
  .filter(({ rules, groups }) => quorumFaults(rules, groups).length === 0);

function withAssets(rule: Rule): Rule {
  if (!('unit' in rule) || rule.unit !== 'asset') return rule;
  return { ...rule, scope: { assets: ASSETS, ...rule.scope } };
}
