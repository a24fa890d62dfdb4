import { randomUUID } from 'node:crypto';
import type { IntakeAdmin } from '@sluice/admin-client';
import type { DemoAccount } from '@sluice/stack';

/** Opens a funded account with a key without limits. */
export async function openAccount(intake: IntakeAdmin, name: string): Promise<DemoAccount> {
  const { account_id } = await intake.createAccount({ name });
  const { key_id, secret } = await intake.createKey(account_id, {
    label: 'bench',
    permissions: ['withdraw'],
    any_address: true,
    rate_limit_per_min: 1_000_000_000,
  });
  await intake.fund(account_id, {
    currency: 'USDT',
    network: 'ETH',
    amount: '1000000',
    reference: randomUUID(),
    evidence: 'a benchmark',
  });
  return { account_id, key_id, secret: secret ?? '' };
}
