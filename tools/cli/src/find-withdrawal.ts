import type { WithdrawalDto } from '@sluice/admin-api';
import { orWhenMissing } from './admin-faults.js';
import { usageError } from './cli-error.js';
import type { Operand } from './command.js';
import type { Services } from './services.js';

export const WITHDRAWAL_ID: Operand = { name: 'ID', help: 'number of the withdrawal, or its uuid' };

const NUMBER = /^[1-9]\d{0,17}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/**
 * Returns a withdrawal by number or uuid, as shown by intake-api. Throws a usage error for other
 * text.
 */
export async function findWithdrawal(services: Services, given: string): Promise<WithdrawalDto> {
  const id = given.toLowerCase();
  if (!NUMBER.test(id) && !isUuid(id))
    throw usageError(`a withdrawal is named by its number or its uuid, not "${given}"`);
  return orWhenMissing(services.intake.withdrawal(id), '"sluice withdrawal list" shows them');
}
