import { AdminError } from '@sluice/admin-client';
import type { WithdrawalDto } from '@sluice/http-api';
import { CliError, usageError } from '../errors/errors.js';
import type { Services } from './services.js';

const NUMBER = /^[1-9]\d{0,17}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Help of an input that names a withdrawal. */
export const ANY_NAME = 'number or uuid of the withdrawal, e.g. 17';

export function isUuid(text: string): boolean {
  return UUID.test(text);
}

/** Returns a withdrawal by number or uuid. Throws a CliError for other text, or an unknown one. */
export async function findWithdrawal(
  { intake }: Pick<Services, 'intake'>,
  given: string,
): Promise<WithdrawalDto> {
  const id = given.toLowerCase();
  if (!NUMBER.test(id) && !isUuid(id))
    throw usageError(`a withdrawal is named by its number or its uuid, not "${given}"`);
  try {
    return await intake.withdrawal(id);
  } catch (error) {
    if (!(error instanceof AdminError) || error.status !== 404) throw error;
    throw new CliError(`there is no withdrawal ${given}; "sluice withdrawal list" shows them`, 1);
  }
}

/**
 * Returns the uuid of a withdrawal, by which services other than intake-api know the withdrawal. Only
 * a number is looked up: after a restore intake-api may lack a withdrawal that the others have.
 */
export async function withdrawalId(
  services: Pick<Services, 'intake'>,
  given: string,
): Promise<string> {
  const id = given.toLowerCase();
  return isUuid(id) ? id : (await findWithdrawal(services, given)).id;
}
