import { AdminError } from '@sluice/admin-client';
import { ok, refuse, unreachable, type Result } from '@sluice/result';
import { CliError } from './cli-error.js';
import { networkCause } from './network-cause.js';
import type { RunFile } from './run-file.js';

/** In the words of an operator, with what to do next. Refused is 1; whatever left the question unanswered is 2. */
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
        `${service} answered ${failure.status}, ${failure.message}: look at ${run.logOf(service)} and try again`,
        2,
      );
    default:
      return unreachable(failure);
  }
}

/** For whoever proves nothing, or may not. */
function nextStep(status: number, { people }: RunFile): string {
  const others = people && [...people.passwords.keys()].join(', ');
  if (status === 401)
    return others === undefined
      ? '; get a new token of your issuer'
      : '; the run file is of another start: run "npm start" anew';
  if (status !== 403) return '';
  return others === undefined
    ? '; "sluice whoami" shows what you may do'
    : `; ask as another with --person (${others})`;
}

/** Says what to do when the service knows no such thing. */
export async function orWhenMissing<T>(asked: Promise<T>, next: string): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!isMissing(error)) throw error;
    const { service, failure } = error;
    throw new AdminError(service, { ...failure, message: `${failure.message}; ${next}` });
  }
}

/** Null when the service knows no such thing. */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** For callers that go on without this service: its answer, or a sentence that says why there is none. */
export async function tried<T>(run: RunFile, ask: () => Promise<T>): Promise<Result<T, string>> {
  try {
    return ok(await ask());
  } catch (error) {
    if (error instanceof AdminError) return refuse(cliErrorOf(error, run).message);
    if (error instanceof CliError) return refuse(error.message);
    throw error;
  }
}

function isMissing(error: unknown): error is AdminError {
  return error instanceof AdminError && error.status === 404;
}
