import type { PolicyVersionDto } from '@sluice/http-api';
import { DEFAULT_RULE_SET, describeRule, documentOf, type RuleSet } from '@sluice/policy-core';
import type { PolicyBook, PolicyVersion } from './policy-book.js';

type State = 'in_force' | 'coming' | 'replaced' | 'never_in_force';

/** Returns every version, newest first; the default set is version 0. */
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

export function versionView(
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
