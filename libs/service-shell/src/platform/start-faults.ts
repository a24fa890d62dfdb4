import { isInfrastructureFault, isRefusedLogin, UnfitDatabaseError } from '@sluice/postgres';
import { ConfigError } from '@sluice/runtime';

/** Full disk or file handles: the error ends once a person helps the machine. */
const TRANSIENT_CODES = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE']);

/** True if nothing of the service is broken: retry, and end no process. */
export function isTransientFault(error: unknown): boolean {
  return isInfrastructureFault(error) || TRANSIENT_CODES.has(codeOf(error));
}

/** Message in `/readyz` and the log while a service waits for the database. */
export function waitingSentence(databaseUrl: string, error: unknown): string {
  return `waiting for the database at ${placeOf(databaseUrl)}: ${messageOf(error)}`;
}

/** Why a service cannot start, with the remedy, in a sentence; null if no setting is the cause. */
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
