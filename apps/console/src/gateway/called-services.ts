import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Agent } from 'undici';
import { BROWSER_HEADER, InjectConfig } from '@sluice/service-shell';
import type { ConsoleConfig } from '../settings/console-settings.js';

const CONNECT_MS = 5_000;
/** An unused connection is closed here long before a service or a balancer closes it. */
const UNUSED_MS = 10_000;
/** Longest silence within an answer; streams send a comment every 15 s. */
const SILENCE_MS = 60_000;

export interface ServiceCall {
  readonly service: string;
  readonly method: string;
  /** Path and query at the service. */
  readonly target: string;
  readonly accessToken: string;
  /** Address of the person's browser; empty if unknown. */
  readonly browser: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  readonly answerWithinMs: number;
  readonly signal: AbortSignal;
}

export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** A service gave no answer. The message is a sentence for the person. */
export class ServiceSilentError extends Error {
  override readonly name = 'ServiceSilentError';

  constructor(
    readonly status: 502 | 504,
    message: string,
    options: ErrorOptions = {},
  ) {
    super(message, options);
  }
}

/** Calls of services with the token of a person. The console has no credential of its own. */
@Injectable()
export class CalledServices implements BeforeApplicationShutdown {
  private readonly agent: Agent;

  constructor(@InjectConfig() private readonly config: ConsoleConfig) {
    const { internalCaFile } = config;
    const ca = internalCaFile === null ? {} : { ca: readFileSync(internalCaFile, 'utf8') };
    this.agent = new Agent({
      connect: { timeout: CONNECT_MS, ...ca },
      pipelining: 1,
      keepAliveTimeout: UNUSED_MS,
      keepAliveMaxTimeout: UNUSED_MS,
      maxHeaderSize: 16_384,
    });
  }

  get names(): readonly string[] {
    return Object.keys(this.config.services);
  }

  has(service: string): boolean {
    return Object.hasOwn(this.config.services, service);
  }

  /** Sends a call once. Throws ServiceSilentError. */
  async send(call: ServiceCall): Promise<UpstreamAnswer> {
    const origin = this.config.services[call.service];
    if (origin === undefined) throw new Error(`${call.service} is not among the services`);
    try {
      const { statusCode, headers, body } = await this.agent.request({
        origin,
        path: call.target,
        method: call.method,
        headers: {
          ...call.headers,
          ...(call.browser !== '' && { [BROWSER_HEADER]: call.browser }),
          authorization: `Bearer ${call.accessToken}`,
        },
        body: call.body,
        headersTimeout: call.answerWithinMs,
        bodyTimeout: SILENCE_MS,
        signal: call.signal,
      });
      return { status: statusCode, headers, body };
    } catch (error) {
      throw silenceOf(call, error);
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }
}

/** Errors before the first byte of the request: the service has not seen the call. */
const NOT_REACHED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

function silenceOf({ service, method }: ServiceCall, error: unknown): ServiceSilentError {
  const { code = '' } = Object(error) as { readonly code?: string };
  const options = { cause: error };
  const isProven = NOT_REACHED.has(code) || isUntrusted(code);
  if (isProven) return new ServiceSilentError(502, `${service} cannot be reached`, options);
  const doubt =
    method === 'GET'
      ? ''
      : ': it is unknown whether the call took effect; check the result before you repeat the call';
  return code === 'UND_ERR_HEADERS_TIMEOUT'
    ? new ServiceSilentError(504, `${service} did not answer in time${doubt}`, options)
    : new ServiceSilentError(502, `The connection to ${service} broke${doubt}`, options);
}

/** The certificate of the service is not trusted. */
function isUntrusted(code: string): boolean {
  return /^(CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code);
}
