import { randomUUID } from 'node:crypto';
import { approvedBy } from '@sluice/admin-client';
import { AdminClients, APPROVER, type DemoAccount, type RunFile } from '@sluice/stack';

/** Opens a funded account with a key without limits. A second person approves both. */
export async function openAccount(run: RunFile, name: string): Promise<DemoAccount> {
  const { intake } = new AdminClients(() => run);
  const second = new AdminClients(() => run, APPROVER);
  const { account_id } = await intake.createAccount({ name });
  const key = intake.createKey(account_id, {
    label: 'bench',
    permissions: ['withdraw'],
    any_address: true,
    rate_limit_per_min: 1_000_000_000,
  });
  const { key_id, secret } = await approvedBy(second.intake, key);
  const funding = intake.fund(account_id, {
    currency: 'USDT',
    network: 'ETH',
    amount: '1000000',
    reference: randomUUID(),
    evidence: 'a benchmark',
  });
  await approvedBy(second.ledger, funding);
  return { account_id, key_id, secret: secret ?? '' };
}
