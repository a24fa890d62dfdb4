import { isObject } from '@sluice/kernel';
import { approvedBy } from '@sluice/admin-client';
import { AdminClients, APPROVER, DEMO_PERSON } from '../clients/admin-clients.js';
import type { RunFile } from '../layout/run-file.js';

/** Names of the rules, as customers see them. */
export const TOUR_LIMIT = 'tour-limit';
const TOUR_APPROVAL = 'tour-approval';
const TOUR_GROUP = 'tour';

interface RuleSetDocument {
  readonly groups?: Readonly<Record<string, object>>;
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Adds the tour's rules to the newest rule set: the first person asks, the second person approves.
 * The rules cover only the key, so no other payment is affected, and added rules take effect at
 * once. Returns the published version; null if an earlier start has published the rules.
 */
export async function publishTourPolicy(run: RunFile, keyId: string): Promise<number | null> {
  const first = new AdminClients(() => run);
  const second = new AdminClients(() => run, APPROVER);
  const [newest] = await first.ledger.policyVersions();
  const present = documentOf(newest?.policy);
  const policy = withTourRules(present, keyId);
  if (policy === present) return null;
  const next = { after_version: newest?.version ?? 0, policy };
  const { version } = await approvedBy(second.ledger, first.ledger.publishPolicy(next));
  return version;
}

/** Returns the same object if it has the rules for this key. */
export function withTourRules(present: RuleSetDocument, keyId: string): RuleSetDocument {
  const { groups = {}, rules } = present;
  const isThere = rules.some(({ keys }) => Array.isArray(keys) && keys.includes(keyId));
  if (isThere) return present;
  const taken = new Set(rules.map(({ name }) => name));
  const named = (name: string): string => (taken.has(name) ? `${name}-${keyId.slice(-6)}` : name);
  return {
    ...present,
    groups: { ...groups, [TOUR_GROUP]: { people: [DEMO_PERSON, APPROVER], passkey: false } },
    rules: [
      ...rules,
      {
        kind: 'limit',
        name: named(TOUR_LIMIT),
        keys: [keyId],
        assets: ['USDT.TRX'],
        per: ['key'],
        max: '100',
        unit: 'asset',
        window: 'day',
      },
      {
        kind: 'approval',
        name: named(TOUR_APPROVAL),
        keys: [keyId],
        assets: ['USDT.ETH'],
        above: '20',
        unit: 'asset',
        groups: [{ group: TOUR_GROUP, need: 2 }],
        decide_within_hours: 1,
      },
    ],
  };
}

function documentOf(policy: object | undefined): RuleSetDocument {
  const { rules } = { rules: [], ...policy };
  return { ...policy, rules: Array.isArray(rules) ? rules.filter(isObject) : [] };
}
