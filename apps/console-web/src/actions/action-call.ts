import { queryText, requestOf, type Routes } from '@sluice/admin-client/calls';
import { permittedRoles, type PreparedCall } from '../api/prepared-call.js';

/** An action of a person on one subject. */
export interface Action {
  readonly service: string;
  /** Entry of a route table, such as `LEDGER.freeze`. */
  readonly call: Routes[string];
  /** Values of the path's parameters. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Fields of the body that the page gives; the person sees and does not change them. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** First values of the form, by the field's path. */
  readonly preset?: Readonly<Record<string, string>>;
  /** Optional fields that the form does not ask for. */
  readonly omit?: readonly string[];
}

/** Prepares the call of a route with the exact text of its body. Throws if the path lacks a value. */
export function callOf(
  { service, call: [route, shape, roles], path = {}, query = {} }: Action,
  body: string | null,
): PreparedCall {
  const names = route.match(/(?<=:)\w+/g) ?? [];
  const missing = names.find((name) => (path[name] ?? '') === '');
  if (missing !== undefined) throw new Error(`the path of ${route} has no ${missing}`);
  const [first = ''] = names;
  const given = names.length === 0 ? [] : [names.length === 1 ? path[first] : path];
  const { method, path: target } = requestOf(route, given);
  return {
    service,
    method,
    path: `${target}${queryText(query)}`,
    body,
    shape,
    roles: permittedRoles(roles),
  };
}
