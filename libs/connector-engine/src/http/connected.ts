import type { buildConnector } from 'undici';

/** No connection came about: no byte of the request has left. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError';
  readonly code = 'NOT_CONNECTED';

  constructor(cause: Error) {
    super(causeOf(cause), { cause });
  }
}

/**
 * Marks each failure before the connection is handed over, after name, TCP connection, tunnel and
 * TLS handshake: only then does undici write a request. Later errors of the socket stay as they are.
 */
export function marked(connect: buildConnector.connector): buildConnector.connector {
  return (target, callback) =>
    connect(target, (...[error, socket]: Parameters<buildConnector.Callback>) =>
      error === null ? callback(null, socket) : callback(new NotConnectedError(error), null),
    );
}

function causeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  // Several addresses were tried.
  if ('errors' in error && Array.isArray(error.errors)) return causeOf(error.errors[0]);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'message' in error ? String(error.message) : String(error);
}
