import { randomUUID } from 'node:crypto';
import type { IntakeAdmin } from '@sluice/admin-client';
import type { IntakeKey } from '@sluice/stack';

/** What one person may fund alone: far more than a run asks for. */
const FUNDS = '1000000';

/** An account with funds for every form of order, and a key that may do all that clients do. */
export async function openAccount(
  intake: IntakeAdmin,
  name: string,
): Promise<{ readonly accountId: string; readonly key: IntakeKey }> {
  const { account_id: accountId } = await intake.createAccount({ name });
  const key = await intake.createKey(accountId, {
    label: 'nemesis',
    permissions: ['withdraw', 'read_withdrawal_status', 'read_balance'],
    any_address: true,
    rate_limit_per_min: 1_000_000,
  });
  for (const [currency, network] of [
    ['USDT', 'ETH'],
    ['EUR', 'SEPA'],
  ] as const)
    await intake.fund(accountId, {
      currency,
      network,
      amount: FUNDS,
      reference: randomUUID(),
      evidence: 'a test',
    });
  return { accountId, key: { ...key, secret: key.secret ?? '' } };
}
