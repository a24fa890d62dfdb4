import { readFileSync } from 'node:fs';
import { type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestTls, type RequestOptions } from 'node:https';
import type { KafkaConfig } from 'kafkajs';
import { monotonicMs } from '@sluice/runtime';

export interface PasswordLogin {
  readonly mechanism: 'scram-sha-512' | 'scram-sha-256' | 'plain';
  readonly username: string;
  readonly password: string;
}

export type KafkaCredentials =
  PasswordLogin | ({ readonly mechanism: 'oauthbearer' } & OAuthClient);

export interface KafkaTls {
  /** CA of the broker certificates; null for the public CAs of Node. */
  readonly caFile: string | null;
  /** Certificate and key of this client; null if the brokers require none. */
  readonly client: { readonly certFile: string; readonly keyFile: string } | null;
}

export interface KafkaSecurity {
  /** Null without SASL: a client certificate may be the login. */
  readonly login: KafkaCredentials | null;
  /** Null for an unencrypted connection. */
  readonly tls: KafkaTls | null;
}

export function securityOf(security?: KafkaSecurity): Pick<KafkaConfig, 'sasl' | 'ssl'> {
  const { login = null, tls = null } = security ?? {};
  return {
    ...(login && { sasl: saslOf(login) }),
    ...(tls && { ssl: tlsOf(tls) }),
  };
}

function saslOf(login: KafkaCredentials): NonNullable<KafkaConfig['sasl']> {
  if (login.mechanism === 'oauthbearer') {
    const token = tokensOf(login);
    return {
      mechanism: login.mechanism,
      oauthBearerProvider: async () => ({ value: await token() }),
    };
  }
  const { mechanism, username, password } = login;
  // kafkajs types each mechanism as a separate member of a union
  if (mechanism === 'plain') return { mechanism, username, password };
  if (mechanism === 'scram-sha-256') return { mechanism, username, password };
  return { mechanism, username, password };
}

/** kafkajs copies the options for each connection: a replaced file applies to the next one. */
function tlsOf({ caFile, client }: KafkaTls): NonNullable<KafkaConfig['ssl']> {
  const files = {
    ...(caFile !== null && { ca: caFile }),
    ...(client && { cert: client.certFile, key: client.keyFile }),
  };
  const options = { minVersion: 'TLSv1.2' as const };
  for (const [option, file] of Object.entries(files))
    Object.defineProperty(options, option, {
      enumerable: true,
      get: () => readFileSync(file, 'utf8'),
    });
  return options;
}

interface OAuthClient {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Requested scope; empty for the scope of the issuer's default. */
  readonly scope: string;
  /** Path of the PEM file of the CA of the issuer; null for the CAs of Node. */
  readonly caFile: string | null;
}

interface Token {
  readonly value: string;
  /** End of use, by `monotonicMs`. */
  readonly usableUntil: number;
}

const ANSWER_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024;
/** Lifetime (s) of a token whose answer names no lifetime. */
const DEFAULT_LIFETIME_S = 60;
/** Part of the lifetime for which a token is used. */
const USED_PART = 0.8;

/** Returns a function with the current token. Concurrent callers share a request. */
function tokensOf(client: OAuthClient): () => Promise<string> {
  let current: Token = { value: '', usableUntil: -Infinity };
  let pending: Promise<Token> | null = null;
  return async () => {
    if (monotonicMs() < current.usableUntil) return current.value;
    pending ??= requestToken(client).finally(() => (pending = null));
    current = await pending;
    return current.value;
  };
}

/** Errors name the address and the status, never the body: the body may have the secret. */
async function requestToken(client: OAuthClient): Promise<Token> {
  const refused = (why: string): Error =>
    new Error(`the Kafka token of ${client.tokenUrl} could not be fetched: ${why}`);
  const answer = await post(client).catch((error: unknown) => {
    const { name, code, message } = error as NodeJS.ErrnoException;
    throw refused(
      name === 'AbortError' || name === 'TimeoutError'
        ? `no answer in ${ANSWER_MS} ms`
        : (code ?? message),
    );
  });
  if (answer.status !== 200) throw refused(`status ${answer.status}`);
  const token = readToken(answer.body);
  if (token === null) throw refused('the answer has no access_token');
  return token;
}

interface TokenAnswer {
  readonly status: number | undefined;
  readonly body: string;
}

function post({ tokenUrl, clientId, clientSecret, scope, caFile }: OAuthClient) {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope !== '' && { scope }),
  });
  const login = [clientId, clientSecret].map(encodeURIComponent).join(':');
  const options: RequestOptions = {
    method: 'POST',
    signal: AbortSignal.timeout(ANSWER_MS),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      authorization: `Basic ${Buffer.from(login).toString('base64')}`,
    },
    ...(caFile !== null && { ca: readFileSync(caFile, 'utf8') }),
  };
  const request = tokenUrl.startsWith('https:') ? requestTls : requestPlain;
  return new Promise<TokenAnswer>((resolve, reject) => {
    const sent = request(tokenUrl, options, (response) => {
      bodyOf(response).then((body) => resolve({ status: response.statusCode, body }), reject);
    });
    sent.on('error', reject).end(form.toString());
  });
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function readToken(body: string): Token | null {
  try {
    const answer = JSON.parse(body) as Partial<Record<string, unknown>> | null;
    const value = answer?.['access_token'];
    if (typeof value !== 'string' || value === '') return null;
    const lifetime = Number(answer?.['expires_in'] ?? DEFAULT_LIFETIME_S);
    const lifetimeMs = (lifetime > 0 ? lifetime : 0) * 1_000;
    return { value, usableUntil: monotonicMs() + lifetimeMs * USED_PART };
  } catch {
    return null;
  }
}
