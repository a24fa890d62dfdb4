import { queryText, requestOf, type Routes } from '@sluice/admin-client/calls';
import { consoleCall, refusalOf } from './console-fetch.js';

/** A call of a service before it is sent: a repetition sends the same bytes. */
export interface PreparedCall<Answer = unknown> {
  readonly service: string;
  readonly method: string;
  /** Path and query, from `/internal` on. */
  readonly path: string;
  /** Exact text of the body; null without a body. */
  readonly body: string | null;
  readonly shape: 'one' | 'list' | 'page';
  /** Roles that permit the call; empty if every role does. */
  readonly roles: readonly string[];
  /** Never set: carries the type of the answer. */
  readonly answer?: Answer;
}

/** Prepares the calls of a service. Each method has the parameters of the call. */
export type Prepared<Calls> = {
  readonly [Name in keyof Calls]: Calls[Name] extends (
    ...given: infer Given
  ) => Promise<infer Answer>
    ? (...given: Given) => PreparedCall<Answer>
    : never;
};

/** Returns a method for each route of the tables. Pass the type of the calls: `prepare<LedgerCalls>`. */
export function prepare<Calls>(service: string, ...tables: readonly Routes[]): Prepared<Calls> {
  const methods = tables
    .flatMap((table) => Object.entries(table))
    .map(([name, [route, shape, roles]]) => {
      const method = (...given: readonly unknown[]): PreparedCall => {
        const { method: verb, path, query = {}, body } = requestOf(route, given);
        return {
          service,
          method: verb,
          path: `${path}${queryText(query)}`,
          body: body === undefined ? null : JSON.stringify(body),
          shape,
          roles: permittedRoles(roles),
        };
      };
      return [name, method] as const;
    });
  return Object.fromEntries(methods) as Prepared<Calls>;
}

/** Roles of an entry of a route table; empty if every role permits the call. */
export function permittedRoles(roles: string): readonly string[] {
  return roles === 'any' ? [] : roles.split(' ');
}

interface SendOptions {
  readonly signal?: AbortSignal;
  /** Value of the header `sluice-passkey`. */
  readonly passkey?: string;
}

/** Sends a prepared call, and returns its data, or the whole page of a list. Throws CallError. */
export async function send<Answer>(
  { service, method, path, body, shape }: PreparedCall<Answer>,
  { signal, passkey }: SendOptions = {},
): Promise<Answer> {
  const answer = await consoleCall(service, {
    method,
    path: `/api/services/${service}${path.replace(/^\/internal/, '')}`,
    body,
    ...(passkey !== undefined && { headers: { 'sluice-passkey': passkey } }),
    ...(signal && { signal }),
  });
  if (!('data' in answer) || (shape !== 'one' && !Array.isArray(answer.data)))
    throw refusalOf(service, 200, answer);
  return (shape === 'page' ? answer : answer.data) as Answer;
}
