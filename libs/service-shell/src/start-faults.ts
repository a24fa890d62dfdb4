import { isInfrastructureFault, isRefusedLogin } from '@sluice/postgres';
import { ConfigError } from '@sluice/config';

/** A full disk or no file handles left: no fault of ours, and it passes once somebody helps the machine. */
const TRANSIENT_CODES = new Set(['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE']);

/** Nothing of ours is broken: what failed may be done again, and no process need end for it. */
export function isTransientFault(error: unknown): boolean {
  return isInfrastructureFault(error) || TRANSIENT_CODES.has(codeOf(error));
}

/** What `/readyz` and the log say while a service waits for its database. */
export function waitingSentence(databaseUrl: string, error: unknown): string {
  return `waiting for the database at ${placeOf(databaseUrl)}: ${messageOf(error)}`;
}

/** Why a service cannot start, and what to do, in one sentence; null when it is no fault of the settings: then the stack says more. */
export function settingFault(databaseUrl: string, error: unknown): string | null {
  if (error instanceof ConfigError) return error.message;
  if (codeOf(error) === 'EADDRINUSE' || codeOf(error) === 'EACCES')
    return `${messageOf(error)}: set PORT to a free port that this user may open`;
  if (!isRefusedLogin(error)) return null;
  const remedy =
    codeOf(error) === '3D000'
      ? 'create it, or correct DATABASE_URL'
      : 'correct the login or its password in DATABASE_URL';
  return `the database at ${placeOf(databaseUrl)} says "${messageOf(error)}": ${remedy}, then start again`;
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
