import { approvedBy } from '@sluice/admin-client';
import { APPROVER, DEMO_PERSON } from '@sluice/stack';
import type { RunContext } from './with-system.js';

const GENEROUS = '1000000';

/**
 * Limits with counters of every form, far above what a run asks for, and an approval of two people
 * for the largest payments: about a tenth of the USDT payments of the load. Paid recipients are kept.
 */
const POLICY = {
  groups: { duty: { people: [DEMO_PERSON, APPROVER], passkey: false } },
  rules: [
    {
      kind: 'limit',
      name: 'account-hour',
      assets: ['USDT.ETH', 'EUR.SEPA'],
      per: ['account'],
      max: GENEROUS,
      unit: 'asset',
      window: 'hour',
    },
    {
      kind: 'limit',
      name: 'venue-day',
      per: ['venue'],
      max: GENEROUS,
      unit: 'payments',
      window: 'day',
    },
    {
      kind: 'limit',
      name: 'recipient-month',
      per: ['account', 'destination'],
      max: GENEROUS,
      unit: 'payments',
      window: '30_days',
    },
    { kind: 'limit', name: 'all-payments', max: GENEROUS, unit: 'payments', window: 'lifetime' },
    {
      kind: 'approval',
      name: 'large',
      assets: ['USDT.ETH'],
      above: '55',
      unit: 'asset',
      groups: [{ group: 'duty', need: 2 }],
      decide_within_hours: 1,
    },
    {
      kind: 'recipient',
      name: 'similar',
      when: 'resembles_paid',
      groups: [{ group: 'duty', need: 2 }],
      decide_within_hours: 1,
    },
  ],
};

/** Puts the rules in force before the load. */
export async function publishPolicy({ admin, colleague, note }: RunContext): Promise<void> {
  const asked = admin.ledger.publishPolicy({ after_version: 0, policy: POLICY });
  await approvedBy({ approve: (id) => colleague.ledger.approve(id) }, asked);
  note(`spending policy with ${POLICY.rules.length} rules in force`);
}
