import { isInfrastructureFault, isRefusedLogin, UnfitDatabaseError } from '@sluice/postgres';
import { ConfigError } from '@sluice/runtime';

/**
 * Error codes of a full disk or exhausted file handles. The service is not at fault, and the error
 * ends once a person helps the machine.
 */
const TRANSIENT_CODES = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE']);

/**
 * True if no part of the service is broken: the operation may be retried, and no process has to
 * end.
 */
export function isTransientFault(error: unknown): boolean {
  return isInfrastructureFault(error) || TRANSIENT_CODES.has(codeOf(error));
}

/** Message in `/readyz` and the log while a service waits for the database. */
export function waitingSentence(databaseUrl: string, error: unknown): string {
  return `waiting for the database at ${placeOf(databaseUrl)}: ${messageOf(error)}`;
}

/**
 * Returns why a service cannot start, and the remedy, in a single sentence. Null if the settings
 * are not the cause: the stack is more useful in this case.
 */
export function settingFault(databaseUrl: string, error: unknown): string | null {
  if (error instanceof ConfigError) return error.message;
  if (codeOf(error) === 'EADDRINUSE' || codeOf(error) === 'EACCES')
    return `${messageOf(error)}: set PORT to a free port that this user may open`;
  if (error instanceof UnfitDatabaseError)
    return `the database at ${placeOf(databaseUrl)} is not usable: ${error.message}`;
  if (!isRefusedLogin(error)) return null;
  const remedy =
    codeOf(error) === '3D000'
      ? 'create it, or correct DATABASE_URL'
      : 'correct the login or its password in DATABASE_URL';
  return `the database at ${placeOf(databaseUrl)} answers "${messageOf(error)}": ${remedy}, then start again`;
}

function placeOf(databaseUrl: string): string {
  const { host, pathname } = new URL(databaseUrl);
  return `${host}${pathname}`;
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message === '' ? codeOf(error) : message; // an AggregateError of several addresses has only a code
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
