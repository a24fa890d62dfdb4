// SQLSTATE classes 08, 40, 53, 57, 58: connection, rollback, resources, operator, system. 55P03: no
// lock; 25006: read-only; 25P02: after a fault; 25P03, 25P04: session ended by a time limit.
const TRANSIENT_STATE = /^(08|40|53|57|58)|^55P03$|^25006$|^25P0[34]$/;
/** Refused login, or no such database: not the work's fault. */
const REFUSED_LOGIN = /^28|^3D000$/;
const SERIALIZATION_STATE = /^(40001|40P01)$/;
const NETWORK_CODE = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/;
const UNPROVEN_CODE = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
const CONNECTION_TEXT =
  /connection (terminated|ended|error)|not queryable|query read timeout|timeout expired|timeout exceeded when trying to connect|QueryRunnerAlreadyReleased|driver not connected/i;

/** The answer to COMMIT was lost and its outcome cannot be found out: the work may be committed or not. */
export class CommitUnknownError extends Error {
  override readonly name = 'CommitUnknownError';
}

/**
 * Database, or pooler before it, unfit for Sluice: at start a wrong setting; later the work waits.
 */
export class UnfitDatabaseError extends Error {
  override readonly name = 'UnfitDatabaseError';
}

/** The server is a standby: the data may lag, and promotion changes the server's identity. */
export class StandbyError extends Error {
  override readonly name = 'StandbyError';
  /** `cannot_connect_now` of PostgreSQL. */
  readonly code = '57P03';

  constructor() {
    super('the server is a standby that follows another one, and takes no writes');
  }
}

/** True if the database or the connection failed. The work may be correct and is worth a retry. */
export function isInfrastructureFault(error: unknown): boolean {
  if (error instanceof CommitUnknownError || error instanceof UnfitDatabaseError) return true;
  if (isStalePlan(error) || isDenied(error)) return true;
  const code = codeOf(error);
  if (code !== undefined)
    return [TRANSIENT_STATE, REFUSED_LOGIN, NETWORK_CODE, UNPROVEN_CODE].some((one) =>
      one.test(code),
    );
  return error instanceof Error && CONNECTION_TEXT.test(`${error.name} ${error.message}`);
}

/**
 * The login lacks a right, and the work succeeds after the grant. A refusal by a trigger has
 * another message.
 */
function isDenied(error: unknown): boolean {
  return (
    codeOf(error) === '42501' &&
    error instanceof Error &&
    error.message.startsWith('permission denied')
  );
}

/** Refused login, or no such database: at start a wrong setting. */
export function isRefusedLogin(error: unknown): boolean {
  return REFUSED_LOGIN.test(codeOf(error) ?? '');
}

/** Conflict, or stale plan of a changed table: the whole work may be retried. */
export function isRetryable(error: unknown): boolean {
  return SERIALIZATION_STATE.test(codeOf(error) ?? '') || isStalePlan(error);
}

/** A table was altered after the statement was prepared: it fails on this connection for good. */
export function isStalePlan(error: unknown): boolean {
  return (
    codeOf(error) === '0A000' && error instanceof Error && error.message.startsWith('cached plan')
  );
}

/** True if an earlier commit, or a concurrent committed transaction, already claimed a message. */
export function isDuplicateClaim(error: unknown): boolean {
  return (
    codeOf(error) === '23505' &&
    typeof error === 'object' &&
    error !== null &&
    'table' in error &&
    /^inbox(_|$)/.test(String(error.table))
  );
}

/** Refused because an earlier statement of the same transaction had failed. */
export function isEcho(error: unknown): boolean {
  return codeOf(error) === '25P02';
}

/** True if the connection is lost: the outcome of a COMMIT in progress is unknown to the client. */
export function isConnectionLost(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return NETWORK_CODE.test(code) || /^(08|57P0|25P0[34])/.test(code);
  return isInfrastructureFault(error);
}

function codeOf(error: unknown): string | undefined {
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
