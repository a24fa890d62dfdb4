import { readFileSync } from 'node:fs';
import { approvedBy } from '@sluice/admin-client';
import { AdminClients, APPROVER, type RunFile } from '@sluice/stack';

/** Publishes the rule set of a file, and a price for limits in EUR. A second person approves both. */
export async function publishPolicy(run: RunFile, file: string): Promise<void> {
  const policy = JSON.parse(readFileSync(file, 'utf8')) as object;
  const { ledger } = new AdminClients(() => run);
  const second = new AdminClients(() => run, APPROVER);
  await approvedBy(second.ledger, ledger.publishPolicy({ after_version: 0, policy }));
  await approvedBy(second.ledger, ledger.setPolicyPrice({ asset: 'USDT.ETH', eur: '0.92' }));
}
