import { errors } from 'undici';

/** Why no answer came, by the codes of Node, OpenSSL and undici. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^forbidden_address$/, 'forbidden_address'],
  [/^(ENOTFOUND|ENODATA|EAI_|ESERVFAIL|ETIMEOUT|EREFUSED)/, 'name_not_resolved'],
  [/^ECONNREFUSED$/, 'connection_refused'],
  [/^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/, 'unreachable'],
  [/^(UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT|UND_ERR_ABORTED)$/, 'timeout'],
  [/^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|CRL_|ERROR_IN_C|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/, 'tls'],
  [/^(INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH|EPROTO)$/, 'tls'],
  [/^(UND_ERR_HEADERS_OVERFLOW|HPE_HEADER_OVERFLOW)$/, 'headers_too_large'],
  [/^(HPE_|HTTPParserError|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)/, 'not_http'],
  [/^(UND_ERR_SOCKET|ECONNRESET|EPIPE|UND_ERR_INFO|ECONNABORTED)$/, 'connection_lost'],
];

/** Returns a word for the fault before an answer; `failed` for an unknown fault. */
export function errorWord(error: unknown): string {
  if (isForbiddenStatus(error)) return 'not_http';
  const code = codeOf(error);
  return WORDS.find(([pattern]) => pattern.test(code))?.[1] ?? 'failed';
}

/** True for an answer with `100` or `101`, which no request of ours asks for. */
function isForbiddenStatus(error: unknown): boolean {
  return error instanceof errors.SocketError && /^bad (response|upgrade)$/.test(error.message);
}

/**
 * Returns the error code. For several tried addresses, the code of the first error; without a code,
 * the error name.
 */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if ('cause' in error && error.cause !== undefined) return codeOf(error.cause);
  return error instanceof Error ? error.name : '';
}
