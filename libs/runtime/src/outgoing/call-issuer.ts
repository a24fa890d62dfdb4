import { readFile } from 'node:fs/promises';
import type { Agent } from 'undici';
import type { OutgoingProxy } from './outgoing-proxy.js';
import { tunnelConnector } from './tunnel.js';

/** Network path to the token issuer. */
export interface IssuerPath {
  /** PEM file of the only CA believed; null: the CAs known to Node. Read again for each call. */
  readonly caFile: string | null;
  /** Null: direct calls. */
  readonly proxy: OutgoingProxy | null;
}

interface IssuerCall {
  readonly url: string;
  /** Fields of a form sent by POST. Default: GET. */
  readonly form?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** Calls the token issuer and returns the answer with any status. Follows no redirect. */
export async function callIssuer(
  { url, form, timeoutMs }: IssuerCall,
  path: IssuerPath,
): Promise<{ readonly status: number; readonly json: unknown }> {
  // loaded with the first call, because loading takes longer than printing the help of a command
  const { request } = await import('undici');
  const agent = await agentFor(new URL(url).origin, path, timeoutMs);
  try {
    const { statusCode: status, body } = await request(url, {
      dispatcher: agent,
      signal: AbortSignal.timeout(timeoutMs),
      ...(form && {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(form).toString(),
      }),
    });
    const text = await body.text();
    return { status, json: jsonOf(text) };
  } finally {
    void agent.close();
  }
}

async function agentFor(origin: string, path: IssuerPath, timeoutMs: number): Promise<Agent> {
  const { Agent } = await import('undici');
  const ca = path.caFile === null ? {} : { ca: await readFile(path.caFile, 'utf8') };
  const tunnel =
    path.proxy === null ? null : tunnelConnector({ origin, proxy: path.proxy, timeoutMs, ...ca });
  return new Agent({ connect: tunnel ?? { timeout: timeoutMs, ...ca } });
}

/** Undefined for a text that is not JSON, such as the error page of a proxy. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
