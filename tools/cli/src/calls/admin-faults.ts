import { AdminError } from '@sluice/admin-client';
import { ok, refuse, unreachable, type Result } from '@sluice/kernel';
import { CliError, networkCause } from '../errors/errors.js';
import type { RunFile } from '../settings/run-file.js';

/**
 * Converts an admin API fault to a message with the next step for the operator. Exit code 1 for a
 * refusal, 2 for a request without an answer.
 */
export function cliErrorOf({ service, failure }: AdminError, run: RunFile): CliError {
  switch (failure.kind) {
    case 'unreachable':
      return new CliError(
        `${service} cannot be reached at ${run.services.get(service)} (${networkCause(failure.cause)}): is "npm start" still running? Its log is ${run.logOf(service)}`,
        2,
      );
    case 'refused':
      return new CliError(`${failure.message}${nextStep(failure.status, run)}`, 1);
    case 'broken':
      return new CliError(
        `${service} answered ${failure.status}, ${failure.message}: check ${run.logOf(service)} and retry`,
        2,
      );
    default:
      return unreachable(failure);
  }
}

/** Hint for a caller without a valid login or without the right. */
function nextStep(status: number, { people }: RunFile): string {
  const others = people && [...people.passwords.keys()].join(', ');
  if (status === 401)
    return others === undefined
      ? '; get a new token of your issuer'
      : '; the run file is of another start: run "npm start" anew';
  if (status !== 403) return '';
  return others === undefined
    ? '; "sluice whoami" shows what you may do'
    : `; call as another person with --person (${others})`;
}

/** Adds a hint to the error if the service answers 404. */
export async function orWhenMissing<T>(asked: Promise<T>, next: string): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof AdminError) || error.status !== 404) throw error;
    const { service, failure } = error;
    throw new AdminError(service, { ...failure, message: `${failure.message}; ${next}` });
  }
}

/**
 * Returns the service's answer, or the fault as a sentence, for callers able to continue without
 * this service.
 */
export async function tried<T>(run: RunFile, ask: () => Promise<T>): Promise<Result<T, string>> {
  try {
    return ok(await ask());
  } catch (error) {
    if (error instanceof AdminError) return refuse(cliErrorOf(error, run).message);
    if (error instanceof CliError) return refuse(error.message);
    throw error;
  }
}
