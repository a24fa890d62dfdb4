import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isObject } from '@sluice/kernel';
import { constantTimeEqual } from '@sluice/signing';
import { CliError } from '../errors/errors.js';
import { pageHeaders, pageHtml, type PasskeyTask } from './page.js';

/** Most bytes of an answer of a browser. */
const MOST_BYTES = 65_536;
const WITHIN_MS = 300_000;
/** Both addresses of `localhost`: on one alone, another user of the computer could take the other. */
const ADDRESSES = ['127.0.0.1', '::1'];
const NO_SUCH_ADDRESS = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];

interface Browser {
  /** Port of the page; the ledger knows the origin `http://localhost:PORT`. */
  readonly port: number;
  /** Receives the address that the person opens. */
  readonly announce: (text: string) => void;
  /** Default: five minutes. */
  readonly withinMs?: number;
}

/**
 * Serves one page on this computer, and returns the answer of the person's passkey. The page is
 * closed after the first answer. Throws a CliError if the time is over or the port is in use.
 */
export async function askBrowser(
  task: PasskeyTask,
  { port, announce, withinMs = WITHIN_MS }: Browser,
): Promise<object> {
  const request = new PageRequest(task, `localhost:${port}`);
  const servers = await listening(port, (incoming, response) => request.serve(incoming, response));
  const timer = setTimeout(() => request.fail(tooLate(withinMs)), withinMs);
  try {
    announce(`open ${request.url} in the browser of this computer: it asks for the passkey`);
    return await request.answer;
  } finally {
    clearTimeout(timer);
    await Promise.all(servers.map(closed));
  }
}

/** One page under one secret path, and its one answer. */
class PageRequest {
  readonly answer: Promise<object>;
  readonly fail: (error: Error) => void;
  private readonly done: (answer: object) => void;
  private readonly path = `/${randomBytes(32).toString('base64url')}`;
  private readonly origin: string;

  constructor(
    private readonly task: PasskeyTask,
    private readonly host: string,
  ) {
    this.origin = `http://${host}`;
    const { promise, resolve, reject } = Promise.withResolvers<object>();
    [this.answer, this.done, this.fail] = [promise, resolve, reject];
  }

  get url(): string {
    return `${this.origin}${this.path}`;
  }

  serve(incoming: IncomingMessage, response: ServerResponse): void {
    const nonce = randomBytes(16).toString('base64url');
    for (const [name, value] of Object.entries(pageHeaders(nonce))) response.setHeader(name, value);
    const { method, url = '', headers } = incoming;
    if (headers.host !== this.host) return end(response, 403, 'another host');
    if (!constantTimeEqual(url, this.path)) return end(response, 404, 'no such page');
    if (!this.isOwn(headers, method)) return end(response, 403, 'another origin');
    if (method === 'GET') {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      return void response.end(pageHtml(this.task, this.path, nonce));
    }
    if (method !== 'POST') return end(response, 405, 'GET or POST');
    if (headers['content-type'] !== 'application/json') return end(response, 415, 'not JSON');
    this.receive(incoming, response).catch((error: Error) => this.fail(error));
  }

  /** A browser sends the origin with each POST, and with a GET of another page. */
  private isOwn({ origin }: IncomingMessage['headers'], method = ''): boolean {
    return origin === this.origin || (origin === undefined && method === 'GET');
  }

  private async receive(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await bodyOf(incoming);
    if (text === null) return end(response, 413, 'too long');
    const answer = answerIn(text);
    if (answer === null) return end(response, 400, 'not the answer of a passkey');
    response.once('close', () => this.done(answer));
    response.statusCode = 204;
    response.end();
  }
}

function end(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.setHeader('connection', 'close');
  response.end(text);
}

async function bodyOf(incoming: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of incoming as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > MOST_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function answerIn(text: string): object | null {
  try {
    const answer: unknown = JSON.parse(text);
    return isObject(answer) && typeof answer['id'] === 'string' && isObject(answer['response'])
      ? answer
      : null;
  } catch {
    return null;
  }
}

async function listening(
  port: number,
  serve: (incoming: IncomingMessage, response: ServerResponse) => void,
): Promise<readonly Server[]> {
  const servers: Server[] = [];
  for (const address of ADDRESSES) {
    const server = createServer(serve);
    const code = await codeOfListening(server, port, address);
    if (code === null) servers.push(server);
    else if (!NO_SUCH_ADDRESS.includes(code) || address === ADDRESSES[0]) {
      await Promise.all(servers.map(closed));
      throw new CliError(
        `port ${port} of this computer is not free (${code}): end the other program, or name another port in SLUICE_PASSKEY_PORT and in PASSKEY_ORIGINS of the ledger`,
        2,
      );
    }
  }
  return servers;
}

/** Returns the error code; null if the server listens. */
function codeOfListening(server: Server, port: number, address: string): Promise<string | null> {
  return new Promise((resolve) => {
    server.once('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => resolve(code));
    server.listen({ port, host: address, ipv6Only: true }, () => resolve(null));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function tooLate(withinMs: number): CliError {
  const minutes = Math.round(withinMs / 60_000);
  return new CliError(`no passkey was used within ${minutes} minutes: nothing was sent`, 2);
}
