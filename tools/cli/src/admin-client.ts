import { ok, refuse, unreachable, type Result } from '@sluice/result';
import { CliError } from './cli-error.js';
import { nearest } from './nearest.js';
import { isRow } from './row.js';
import type { RunFile } from './run-file.js';
import { networkCause } from './network-cause.js';

export interface AdminRequest {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: object;
  /** 15 s by default. */
  readonly timeoutMs?: number;
  /** The envelope as it is, where more than its `data` matters. */
  readonly whole?: true;
  /** What to do when the service knows no such thing. */
  readonly ifMissing?: string;
}

/** Why a service gave no answer to work with; each says what to do next. */
export type AdminFailure =
  | { readonly kind: 'unreachable'; readonly message: string }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  | { readonly kind: 'broken'; readonly status: number; readonly message: string };

const TIMEOUT_MS = 15_000;

/** Calls the services' admin APIs with the token of the run file. */
export class AdminClient {
  constructor(private readonly run: RunFile) {}

  services(): readonly string[] {
    return [...this.run.services.keys()];
  }

  /** Throws a CliError that names the nearest for a service that is not part of what runs here. */
  require(service: string): string {
    if (this.run.services.has(service)) return service;
    const known = this.services();
    throw new CliError(
      `there is no service ${service} here; did you mean ${nearest(service, known)}? (there are ${known.join(', ')})`,
      2,
    );
  }

  /** Throws a CliError instead of answering a fault. */
  async answer(service: string, request: AdminRequest): Promise<unknown> {
    const asked = await this.ask(service, request);
    if (asked.ok) return asked.value;
    throw errorOf(asked.refusal);
  }

  /** For callers that go on without this service. */
  async ask(service: string, request: AdminRequest): Promise<Result<unknown, AdminFailure>> {
    const base = this.run.services.get(this.require(service));
    try {
      const response = await fetch(`${base}${request.path}`, {
        method: request.method ?? 'GET',
        redirect: 'manual',
        headers: {
          authorization: `Bearer ${this.run.token}`,
          ...(request.body && { 'content-type': 'application/json' }),
        },
        ...(request.body && { body: JSON.stringify(request.body) }),
        signal: AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS),
      });
      return this.read(service, request, response.status, await response.text());
    } catch (error) {
      const message = `${service} cannot be reached at ${base} (${networkCause(error)}): is "npm start" still running? Its log is ${this.run.logOf(service)}`;
      return refuse({ kind: 'unreachable', message });
    }
  }

  private read(
    service: string,
    request: AdminRequest,
    status: number,
    text: string,
  ): Result<unknown, AdminFailure> {
    const body = parse(text);
    const succeeded = status >= 200 && status < 300;
    if (succeeded && isRow(body))
      return ok('success' in body && !request.whole ? body['data'] : body); // a report comes bare from some services
    const message =
      isRow(body) && typeof body['message'] === 'string' ? body['message'] : `HTTP ${status}`;
    if (status === 401)
      return refuse({
        kind: 'refused',
        status,
        message: `${service}: ${message}; the run file is of another start: run "npm start" anew`,
      });
    if (status >= 400 && status < 500) {
      const next = status === 404 && request.ifMissing ? `; ${request.ifMissing}` : '';
      return refuse({ kind: 'refused', status, message: `${message}${next}` });
    }
    return refuse({
      kind: 'broken',
      status,
      message: `${service} answered ${status}, ${message}: look at ${this.run.logOf(service)} and try again`,
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Refused is 1; whatever left the question unanswered is 2. */
export function errorOf(fault: AdminFailure): CliError {
  switch (fault.kind) {
    case 'refused':
      return new CliError(fault.message, 1);
    case 'unreachable':
    case 'broken':
      return new CliError(fault.message, 2);
    default:
      return unreachable(fault);
  }
}
