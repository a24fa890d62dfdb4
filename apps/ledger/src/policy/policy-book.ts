import {
  needsPaidRecipients,
  offsetByTable,
  type OffsetOf,
  type RuleSet,
  type ZoneTable,
} from '@sluice/policy-core';
import { meterIdOf, type Meter } from './hold-facts.js';
import { UnusableRulesError } from '../address-book/unusable-rules.js';

export interface PolicyVersion {
  readonly version: number;
  /** Version that was in force at the publishing; 0 for the default set. */
  readonly follows: number;
  readonly set: RuleSet;
  readonly startsAt: Date;
  readonly publishedAt: Date;
  readonly requestedBy: string;
  readonly approvedBy: string;
}

/** Published versions and meters, as of the newest version. */
export class PolicyBook {
  private readonly meterIds = new Map<string, string>();
  /** True if a version, also an old one, has a rule about paid recipients. */
  readonly keepsPaidRecipients: boolean;
  /** Offsets of the calendar days, as PostgreSQL counts them. */
  readonly offsetOf: OffsetOf;
  readonly zones: readonly string[];

  constructor(
    /** Highest stored version, with or without a valid seal; 0 if none is stored. */
    readonly newest: number,
    /** Versions with a valid seal, in ascending order. */
    readonly versions: readonly PolicyVersion[],
    readonly meters: readonly Meter[],
    zones: ZoneTable = new Map(),
  ) {
    this.offsetOf = offsetByTable(zones);
    this.zones = [...zones.keys()];
    this.keepsPaidRecipients = versions.some(({ set }) => needsPaidRecipients(set.rules));
    for (const { version, set } of versions)
      for (const rule of set.rules)
        if (rule.kind === 'limit') this.meterIds.set(`${version} ${rule.name}`, meterIdOf(rule));
  }

  /**
   * Highest version that has started; a lower one never starts afterwards. Null: the default set.
   */
  inForce(now: Date): PolicyVersion | null {
    return this.versions.findLast(({ startsAt }) => startsAt <= now) ?? null;
  }

  /**
   * Version in force, for decisions. Throws if a limit has no meter, removed by another writer: no
   * hold may be placed.
   */
  requireInForce(now: Date): PolicyVersion | null {
    const version = this.inForce(now);
    const uncounted = version?.set.rules.find(
      (rule) => rule.kind === 'limit' && !this.meters.some(({ id }) => id === meterIdOf(rule)),
    );
    if (uncounted)
      throw new UnusableRulesError(
        'MissingMeterError',
        `the meter of limit ${uncounted.name} is missing in policy_meter or does not match its id: publish the policy again`,
      );
    return version;
  }

  meterOf(name: string, version: number): string {
    const id = this.meterIds.get(`${version} ${name}`);
    if (id === undefined) throw new Error(`rule ${name} of version ${version} has no meter`);
    return id;
  }
}

/** Book without rules: the default set. */
export const EMPTY_POLICY_BOOK = new PolicyBook(0, [], []);
