import { fetch, type RequestInit } from 'undici';
import type { CustomFetch } from 'openid-client';
import { issuerAgent, outgoingProxyOf, type ProxySettings } from '@sluice/runtime';

/** Largest answer of the issuer: tokens, keys or the discovery document. */
const MOST_BYTES = 1_048_576;

interface FetchSettings extends ProxySettings {
  readonly oidcCaFile: string | null;
}

/** Fetch for the issuer: by its own CA and the proxy, without redirects, with a bounded answer. */
export function issuerFetch(settings: FetchSettings, timeoutMs: number): CustomFetch {
  const path = { caFile: settings.oidcCaFile, proxy: outgoingProxyOf(settings) };
  return async (url, options) => {
    const agent = await issuerAgent(new URL(url).origin, path, timeoutMs);
    try {
      const { method, headers, body, signal } = options;
      const request = { method, headers, body, redirect: 'manual', dispatcher: agent };
      const answer = await fetch(url, { ...request, ...(signal && { signal }) } as RequestInit);
      const text = await boundedText(answer.body);
      return new Response(answer.status === 204 ? null : text, {
        status: answer.status,
        headers: { 'content-type': answer.headers.get('content-type') ?? '' },
      });
    } finally {
      void agent.close();
    }
  };
}

async function boundedText(body: AsyncIterable<Uint8Array> | null): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body ?? []) {
    bytes += part.length;
    if (bytes > MOST_BYTES) throw new Error('the answer of the issuer is too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
