import { randomUUID } from 'node:crypto';
import { approvedBy, type IntakeAdmin, type ServiceAdmin } from '@sluice/admin-client';
import type { IntakeKey } from '@sluice/stack';

/** Second person, required for fundings and for keys. */
export interface Approver {
  readonly intake: Pick<ServiceAdmin, 'approve'>;
  readonly ledger: Pick<ServiceAdmin, 'approve'>;
}

interface Funding {
  readonly currency: string;
  readonly network: string;
  /** Far more than a run asks for. */
  readonly amount: string;
}

const SIMULATED: readonly Funding[] = [
  { currency: 'USDT', network: 'ETH', amount: '1000000' },
  { currency: 'EUR', network: 'SEPA', amount: '1000000' },
];
const WALLET: readonly Funding[] = [
  { currency: 'ETH', network: 'ETH', amount: '300' },
  { currency: 'BNB', network: 'BSC', amount: '1500' },
  { currency: 'USDT', network: 'BSC', amount: '1000000' },
];

export function fundingsOf(wallet: boolean): readonly Funding[] {
  return wallet ? [...SIMULATED, ...WALLET] : SIMULATED;
}

/**
 * Opens an account with funds for every form of order, and a key with all rights used by clients.
 */
export async function openAccount(
  intake: IntakeAdmin,
  name: string,
  { approver, wallet = false }: { readonly approver: Approver; readonly wallet?: boolean },
): Promise<{ readonly accountId: string; readonly key: IntakeKey }> {
  const { account_id: accountId } = await intake.createAccount({ name });
  const key = intake.createKey(accountId, {
    label: 'nemesis',
    permissions: ['withdraw', 'read_withdrawal_status', 'read_balance', 'manage_webhooks'],
    any_address: true,
    rate_limit_per_min: 1_000_000,
  });
  const created = await approvedBy(approver.intake, key);
  for (const funding of fundingsOf(wallet)) {
    const asked = { ...funding, reference: randomUUID(), evidence: 'a test' };
    await approvedBy(approver.ledger, intake.fund(accountId, asked));
  }
  return { accountId, key: { ...created, secret: created.secret ?? '' } };
}
