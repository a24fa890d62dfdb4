import { layoutOf, loadSecrets, ownerUrl, type System } from '@sluice/stack';

/** The login that owns the ledger's tables: it migrates, and can plant faults that the service's own could not. */
export function ledgerOwnerUrl(system: System): string {
  const { port } = new URL(system.run.databases.ledger);
  return ownerUrl('ledger', loadSecrets(layoutOf(system.home).secrets), Number(port));
}
