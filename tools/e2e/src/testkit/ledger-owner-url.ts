import { readFileSync } from 'node:fs';
import { layoutOf } from '@sluice/stack';
import type { TestSystem } from './given-system.js';

/** The login that owns the ledger's tables, for faults that the service's own could not plant. */
export function ledgerOwnerUrl({ system }: TestSystem): string {
  const { ledgerOwner } = JSON.parse(readFileSync(layoutOf(system.home).secrets, 'utf8')) as { ledgerOwner: string };
  const url = new URL(system.run.databases.ledger);
  [url.username, url.password] = ['ledger_owner', ledgerOwner];
  return url.href;
}
