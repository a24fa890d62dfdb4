// SQLSTATE classes: 08 connection, 40 rollback, 53 resources, 57 operator intervention, 58 system.
// 55P03: lock not available. 25006: server is read-only (a standby, or set by an administrator).
// 25P02: consequence of an earlier fault. 25P03 and 25P04: session ended after idling or running
// too long in a transaction.
const TRANSIENT_STATE = /^(08|40|53|57|58)|^55P03$|^25006$|^25P0[34]$/;
/**
 * Login refused by the server, for example after a password change or if the database does not
 * exist. The failed work is not at fault.
 */
const REFUSED_LOGIN = /^28|^3D000$/;
const SERIALIZATION_STATE = /^(40001|40P01)$/;
const NETWORK_CODE = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/;
/** TLS verification failed: certificate expired, wrong host, or untrusted CA. */
const UNPROVEN_CODE = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
const CONNECTION_TEXT =
  /connection (terminated|ended|error)|not queryable|query read timeout|timeout expired|timeout exceeded when trying to connect|QueryRunnerAlreadyReleased|driver not connected/i;

/** The answer to COMMIT was lost and its outcome cannot be found out: the work may be committed or not. */
export class CommitUnknownError extends Error {
  override readonly name = 'CommitUnknownError';
}

/**
 * The database, or a pooler before it, has a property with which Sluice must not work. At start
 * this means a wrong setting; later, the work is not at fault and waits.
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
 * True if the login lacks a right, because the owner has not granted the right yet or revoked the
 * right too early. The work is correct and succeeds after the grant. A refusal by a trigger has a
 * different message and does not count.
 */
function isDenied(error: unknown): boolean {
  return (
    codeOf(error) === '42501' &&
    error instanceof Error &&
    error.message.startsWith('permission denied')
  );
}

/**
 * True if the server refused this login or has no database of this name. At start this means a
 * wrong setting.
 */
export function isRefusedLogin(error: unknown): boolean {
  return REFUSED_LOGIN.test(codeOf(error) ?? '');
}

/**
 * True if two transactions conflicted, or the connection has a stale plan of a changed table. The
 * whole work may be retried in a new transaction.
 */
export function isRetryable(error: unknown): boolean {
  return SERIALIZATION_STATE.test(codeOf(error) ?? '') || isStalePlan(error);
}

/**
 * True if a table was altered after this connection prepared the statement, because a newer
 * instance has migrated. The statement fails on this connection permanently.
 */
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
