import type { AdminClients } from '../system/admin-clients.js';
import type { InstanceName } from '../system/names.js';

/**
 * Restarts each instance of the signer that does not trust its database. A database that is restored
 * under a running signer looks altered; after an intended restore the manual demands a restart
 * (docs/operations/wallet.md). Returns the restarted instances.
 */
export async function settleSigner(
  admin: AdminClients,
  restart: (name: InstanceName) => boolean,
): Promise<readonly InstanceName[]> {
  if (!admin.scope.services.includes('signer')) return [];
  const found = await admin.findingsOf('signer');
  return [...found]
    .filter(([, codes]) => codes.includes('records-altered'))
    .map(([number]): InstanceName => `signer.${number}`)
    .filter((name) => restart(name));
}
