import { LOCAL_ROLES } from './kept.js';
import type { LocalIssuer } from './local-issuer.js';

/** Part of a service's OpenAPI document with the access requirements of each route. */
export interface RoutesDocument {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly 'x-requires'?: readonly string[] }>>>
  >;
}

interface Visitor {
  readonly name: string;
  /** Granted requirements of routes: roles, or `service:<name>`. */
  readonly has: readonly string[];
  readonly token: string | undefined;
}

/** Sends a request to a route, with or without a token; returns the status. */
type AskRoute = (method: string, path: string, token: string | undefined) => Promise<number>;

const NO_SUCH_ID = '00000000-0000-4000-8000-000000000000';

/**
 * Requests each route as each single role, without a token, and as each given service. Returns the
 * number of requests, and the responses contradicting the route's requirements.
 */
export async function wrongAnswers(
  { paths }: RoutesDocument,
  issuer: LocalIssuer,
  statusOf: AskRoute,
  services: Readonly<Record<string, string>> = {},
): Promise<{ readonly asked: number; readonly wrong: readonly string[] }> {
  const visitors = visitorsOf(issuer, services);
  const wrong: string[] = [];
  let asked = 0;
  for (const [path, operations] of Object.entries(paths))
    for (const [method, { 'x-requires': required = [] }] of Object.entries(operations))
      for (const { name, has, token } of visitors) {
        const target = path.replace(/\{\w+\}/g, NO_SUCH_ID);
        const status = await statusOf(method.toUpperCase(), target, token);
        asked++;
        if (!isRight(status, token, required, has))
          wrong.push(`${method} ${path} answers ${name} with ${status}`);
      }
  return { asked, wrong };
}

function isRight(
  status: number,
  token: string | undefined,
  required: readonly string[],
  has: readonly string[],
): boolean {
  if (token === undefined) return status === 401;
  const isLetIn = status !== 401 && status !== 403;
  return required.some((one) => has.includes(one)) ? isLetIn : status === 403;
}

function visitorsOf(
  issuer: LocalIssuer,
  services: Readonly<Record<string, string>>,
): readonly Visitor[] {
  const roles = LOCAL_ROLES['demo'] ?? [];
  return [
    { name: 'nobody', has: [], token: undefined },
    { name: 'a person without roles', has: [], token: issuer.tokenOf('eve', { roles: [] }) },
    ...roles.map((role) => ({
      name: `a person with the role ${role}`,
      has: [role],
      token: issuer.tokenOf(`only-${role}`, { roles: [role] }),
    })),
    ...Object.entries(services).map(([name, token]) => ({
      name,
      has: [`service:${name}`],
      token,
    })),
  ];
}
