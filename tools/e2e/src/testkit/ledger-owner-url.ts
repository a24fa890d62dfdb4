import { readFileSync } from 'node:fs';
import { layoutOf, type System } from '@sluice/stack';

/** The login that owns the ledger's tables: it migrates, and can plant faults that the service's own could not. */
export function ledgerOwnerUrl(system: System): string {
  const { ledgerOwner } = JSON.parse(readFileSync(layoutOf(system.home).secrets, 'utf8')) as {
    ledgerOwner: string;
  };
  const url = new URL(system.run.databases.ledger);
  [url.username, url.password] = ['ledger_owner', ledgerOwner];
  return url.href;
}
