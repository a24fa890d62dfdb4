import { usageError } from './cli-error.js';
import type { Operand } from './command.js';
import type { AdminClient } from './admin-client.js';
import { rowOf, textIn, type Row } from './row.js';

export const WITHDRAWAL_ID: Operand = { name: 'ID', help: 'number of the withdrawal, or its uuid' };

const NUMBER = /^[1-9]\d{0,17}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** A withdrawal by number or uuid, as intake-api shows it. Throws a CliError when there is none. */
export async function findWithdrawal(admin: AdminClient, given: string): Promise<Row> {
  const id = given.toLowerCase();
  if (!NUMBER.test(id) && !isUuid(id))
    throw usageError(`a withdrawal is named by its number or its uuid, not "${given}"`);
  return rowOf(
    await admin.answer('intake-api', {
      path: `/internal/withdrawals/${id}`,
      ifMissing: '"sluice withdrawal list" shows them',
    }),
  );
}

/** The service that talks to the withdrawal's venue. Throws a CliError when it is not part of what runs here. */
export function connectorOf(admin: AdminClient, withdrawal: Row): string {
  return admin.require(`connector-${textIn(withdrawal, 'venue')}`);
}
