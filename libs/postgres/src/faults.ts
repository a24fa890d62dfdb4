// SQLSTATE classes: 08 connection, 40 rollback, 53 resources, 57 operator intervention, 58 system; 55P03 lock not available; 25006 the
// server only reads (a standby, or somebody has set it so); 25P02 is the echo of an earlier fault, 25P03 and 25P04 end a session that
// idled or ran too long in a transaction.
const TRANSIENT_STATE = /^(08|40|53|57|58)|^55P03$|^25006$|^25P0[34]$/;
/** The server refuses the login: a changed password, a database that is gone. No fault of the work that failed with it. */
const REFUSED_LOGIN = /^28|^3D000$/;
const SERIALIZATION_STATE = /^(40001|40P01)$/;
const NETWORK_CODE = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/;
/** Who answers has not proven to be the database: its certificate has ended, is another host's, or nobody's whom we believe. */
const UNPROVEN_CODE = /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
const CONNECTION_TEXT =
  /connection (terminated|ended|error)|not queryable|query read timeout|timeout expired|timeout exceeded when trying to connect|QueryRunnerAlreadyReleased|driver not connected/i;

/** The answer to COMMIT was lost and its outcome cannot be found out: the work may be committed or not. */
export class CommitUnknownError extends Error {
  override readonly name = 'CommitUnknownError';
}

/** The server that answers is a standby: it may lag, and becomes another server when it is promoted. */
export class StandbyError extends Error {
  override readonly name = 'StandbyError';
  /** `cannot_connect_now` of PostgreSQL. */
  readonly code = '57P03';

  constructor() {
    super('the server is a standby that follows another one, and takes no writes');
  }
}

/** The database or the way to it failed; the work itself may be right and is worth doing again. */
export function isInfrastructureFault(error: unknown): boolean {
  if (error instanceof CommitUnknownError || isStalePlan(error) || isDenied(error)) return true;
  const code = codeOf(error);
  if (code !== undefined)
    return [TRANSIENT_STATE, REFUSED_LOGIN, NETWORK_CODE, UNPROVEN_CODE].some((one) =>
      one.test(code),
    );
  return error instanceof Error && CONNECTION_TEXT.test(`${error.name} ${error.message}`);
}

/**
 * The login lacks a right: the owner has not given it yet, or has taken it back too early. The work is right, and is done once the right is there; a
 * trigger that refuses a statement has words of its own.
 */
function isDenied(error: unknown): boolean {
  return (
    codeOf(error) === '42501' &&
    error instanceof Error &&
    error.message.startsWith('permission denied')
  );
}

/** The server was reached and let nobody in under this login, or has no such database. At start that is a wrong setting. */
export function isRefusedLogin(error: unknown): boolean {
  return REFUSED_LOGIN.test(codeOf(error) ?? '');
}

/** Two transactions stood in each other's way, or a connection knew an old shape of a table: the whole work may be done again in a new one. */
export function isRetryable(error: unknown): boolean {
  return SERIALIZATION_STATE.test(codeOf(error) ?? '') || isStalePlan(error);
}

/** A table was altered since this connection prepared the statement (a newer instance has migrated): it fails on this connection for ever. */
export function isStalePlan(error: unknown): boolean {
  return (
    codeOf(error) === '0A000' && error instanceof Error && error.message.startsWith('cached plan')
  );
}

/** A message was claimed by an earlier commit, or by another transaction that committed meanwhile. */
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

/** The connection is gone, so whether a COMMIT on its way was done is not known from here. */
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
