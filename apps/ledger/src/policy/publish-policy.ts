import { Injectable } from '@nestjs/common';
import {
  ApiError,
  type AwaitedDto,
  type Caller,
  type PolicyVersionDto,
  type PublishPolicyDto,
} from '@sluice/http-api';
import {
  DEFAULT_RULE_SET,
  describeRule,
  documentOf,
  type LimitRule,
  looseningsOf,
  needsPaidRecipients,
  parseRuleSet,
  type RuleSet,
} from '@sluice/policy-core';
import { givenRows, namesOf, rowsOf, type Tx, UnitOfWork } from '@sluice/postgres';
import { Approvals } from '@sluice/service-shell';
import { refuseUncertainZones } from './zones.js';
import { isGenuine, METER_COLUMNS, meterIdOf, meterRow, type MeterRow } from './hold-facts.js';
import { fillPaid } from './recipients.js';
import { METERS, Policies, type PolicyNow, type PolicySetRow } from './policies.js';
import type { PolicyBook, PolicyVersion } from './policy-book.js';

const PUBLISH = 'publish policy';
const HOUR_MS = 3_600_000;

/**
 * Publishes the next version with two people: a tightening at once, a loosening after the hours of
 * the present set. Counters of new limits are filled while no hold is placed.
 */
@Injectable()
export class PublishPolicy {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly policies: Policies,
    private readonly approvals: Approvals,
  ) {
    approvals.register(PUBLISH, (_target, request, caller) =>
      this.run(request as PublishPolicyDto, caller),
    );
  }

  run(
    { policy, after_version: after }: PublishPolicyDto,
    caller: Caller,
  ): Promise<PolicyVersionDto | AwaitedDto> {
    return this.unitOfWork.run(async (tx) => {
      const present = await this.policies.exclude(tx);
      const next = ruleSetOf(policy);
      await refuseUncertainZones(tx, next);
      const { newest } = present.book;
      if (newest !== after)
        throw ApiError.conflict(`The newest version is ${newest}: compare the set with it first`);
      const request = { policy: documentOf(next), after_version: after };
      const demand = { action: PUBLISH, target: `version ${newest + 1}`, request };
      const awaited = await this.approvals.askAsAdministrator(tx, demand, caller);
      if (awaited) return awaited;
      const people = await this.approvals.approve(tx, demand, caller);
      return this.insert(tx, { ...present, next, ...people });
    });
  }

  private async insert(
    tx: Tx,
    {
      book,
      now,
      next,
      requestedBy,
      approvedBy,
    }: PolicyNow & { next: RuleSet; requestedBy: string; approvedBy: string },
  ): Promise<PolicyVersionDto> {
    const inForce = book.inForce(now);
    const present = inForce?.set ?? DEFAULT_RULE_SET;
    const waits = looseningsOf(present, next).length > 0 ? present.looseningWaitsHours : 0;
    const row: Omit<PolicySetRow, 'seal'> = {
      version: book.newest + 1,
      follows: inForce?.version ?? 0,
      document: JSON.stringify(documentOf(next)),
      starts_at: new Date(now.getTime() + waits * HOUR_MS),
      published_at: now,
      requested_by: requestedBy,
      approved_by: approvedBy,
    };
    const coming = book.versions.filter(({ version }) => version > (inForce?.version ?? 0));
    const kept = [present, ...coming.map(({ set }) => set), next].flatMap(({ rules }) => rules);
    await keepMeters(
      tx,
      kept.filter((rule) => rule.kind === 'limit'),
      await this.policies.recentPrices(tx, next.priceMaxAgeMinutes),
    );
    if (needsPaidRecipients(next.rules) && !book.keepsPaidRecipients)
      await fillPaid(tx, this.policies.seals);
    await tx.query(INSERT, [
      row.version,
      row.follows,
      row.document,
      next.rules.length > 0,
      row.starts_at.toISOString(),
      row.published_at.toISOString(),
      row.requested_by,
      row.approved_by,
      this.policies.seal(row),
    ]);
    const published = { requestedBy, approvedBy, startsAt: row.starts_at, publishedAt: now };
    const version = { version: row.version, follows: row.follows, set: next, ...published };
    return versionView(version, waits === 0 ? 'in_force' : 'coming');
  }
}

const INSERT = `
  INSERT INTO policy_set (version, follows, document, has_rules, starts_at, published_at, requested_by, approved_by, seal)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;

/** Reads the document. Throws an answer with every fault and its path. */
export function ruleSetOf(document: unknown): RuleSet {
  const set = parseRuleSet(document);
  if (!set.ok) throw ApiError.invalid(set.refusal.map((fault) => `policy.${fault}`));
  return set.value;
}

/**
 * Keeps the meters of these limits only; PostgreSQL fills new counters from the holds on record.
 */
async function keepMeters(
  tx: Tx,
  limits: readonly LimitRule[],
  prices: Readonly<Record<string, string>>,
): Promise<void> {
  const wanted = new Map(limits.map((rule) => [meterIdOf(rule), rule]));
  const present = await tx.query<MeterRow>(METERS);
  const kept = present.filter((row) => wanted.has(row.id) && isGenuine(row)).map(({ id }) => id);
  await tx.query('DELETE FROM policy_meter WHERE id <> ALL ($1::text[])', [kept]);
  const rows = [...wanted.values()].map((rule) => meterRow(rule, prices));
  await tx.query(ADD, [rowsOf(METER_COLUMNS, rows)]);
}

const ADD = `
  INSERT INTO policy_meter (${namesOf(METER_COLUMNS)})
  SELECT ${namesOf(METER_COLUMNS)} FROM ${givenRows('k', METER_COLUMNS)} ON CONFLICT DO NOTHING`;

type State = 'in_force' | 'coming' | 'replaced' | 'never_in_force';

export function versionViews(book: PolicyBook, now: Date): PolicyVersionDto[] {
  const current = book.inForce(now);
  const states = book.versions.map((version) => versionView(version, stateOf(version)));
  return [...states.toReversed(), defaultView(current === null ? 'in_force' : 'replaced')];

  function stateOf({ version, startsAt }: PolicyVersion): State {
    if (version === current?.version) return 'in_force';
    if (version > (current?.version ?? 0)) return 'coming';
    const isOvertaken = book.versions.some(
      (other) => other.version > version && other.startsAt <= startsAt,
    );
    return isOvertaken ? 'never_in_force' : 'replaced';
  }
}

function versionView(
  { version, set, startsAt, publishedAt, requestedBy, approvedBy }: PolicyVersion,
  state: State,
): PolicyVersionDto {
  return {
    version,
    state,
    ...contentOf(set),
    starts_at: startsAt.toISOString(),
    published_at: publishedAt.toISOString(),
    requested_by: requestedBy,
    approved_by: approvedBy,
  };
}

function defaultView(state: State): PolicyVersionDto {
  const people = { requested_by: null, approved_by: null };
  const times = { starts_at: null, published_at: null };
  return { version: 0, state, ...contentOf(DEFAULT_RULE_SET), ...times, ...people };
}

function contentOf(set: RuleSet): Pick<PolicyVersionDto, 'policy' | 'rules'> {
  return {
    policy: documentOf(set),
    rules: set.rules.map((rule) => `${rule.name}: ${describeRule(rule)}`),
  };
}
