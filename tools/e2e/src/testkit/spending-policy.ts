import { approvedBy, type LedgerAdmin } from '@sluice/admin-client';
import type { PaymentApprovalDto } from '@sluice/http-api';
import { APPROVER, DEMO_PERSON } from '@sluice/stack';
import type { TestSystem } from './given-system.js';

/** Both people of a test may approve payments. */
export const PEOPLE: readonly string[] = [DEMO_PERSON, APPROVER];

/** A limit in USDT on ETH for each day, of the accounts together. */
export function dayLimit(name: string, accounts: readonly string[], max: string): object {
  return {
    kind: 'limit',
    name,
    accounts,
    assets: ['USDT.ETH'],
    per: [],
    max,
    unit: 'asset',
    window: 'day',
  };
}

/** Payments of the account above the amount wait for people of the group. */
export function approvalAbove(
  name: string,
  accountId: string,
  { above, group, need }: { readonly above: string; readonly group: string; readonly need: number },
): object {
  return {
    kind: 'approval',
    name,
    accounts: [accountId],
    assets: ['USDT.ETH'],
    above,
    unit: 'asset',
    groups: [{ group, need }],
    decide_within_hours: 24,
  };
}

/** Publishes the next version: the first person asks, the second person approves. */
export async function publishPolicy(
  { admin, approver }: Pick<TestSystem, 'admin' | 'approver'>,
  policy: object,
): Promise<void> {
  const [newest] = await admin.ledger.policyVersions();
  const next = { after_version: newest?.version ?? 0, policy };
  await approvedBy(approver.ledger, admin.ledger.publishPolicy(next));
}

/**
 * Adds a rule for payments of an account to the policy in force: a policy without its rules would be
 * looser, and would wait. The second person votes by the command, hence a group without passkeys.
 */
export async function addApprovalAbove(
  system: Pick<TestSystem, 'admin' | 'approver'>,
  accountId: string,
  { above, need }: { readonly above: string; readonly need: number },
): Promise<void> {
  const [newest] = await system.admin.ledger.policyVersions();
  const { groups = {}, rules = [] } = (newest?.policy ?? {}) as {
    readonly groups?: object;
    readonly rules?: readonly object[];
  };
  const group = 'both';
  await publishPolicy(system, {
    groups: { ...groups, [group]: { people: PEOPLE, passkey: false } },
    rules: [...rules, approvalAbove(`above-${accountId}`, accountId, { above, group, need })],
  });
}

/** Votes on a payment under the digest that the person sees. */
export async function voteOn(
  ledger: LedgerAdmin,
  withdrawalId: string,
  decision: 'approve' | 'refuse' = 'approve',
): Promise<PaymentApprovalDto> {
  const { digest } = await ledger.paymentApproval(withdrawalId);
  return ledger.voteOnPayment(withdrawalId, { decision, digest });
}
