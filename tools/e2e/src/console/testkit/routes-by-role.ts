import type { RoutesDocument } from '@sluice/test-servers';
import type { ConsoleCaller } from './console-call.js';

/** A route of a service, and the roles that may call it, by the service's own document. */
export interface AdminRoute {
  readonly service: string;
  readonly method: string;
  /** Path from `/internal` on, with names in braces. */
  readonly path: string;
  readonly roles: readonly string[];
}

/** A caller with the roles that the issuer grants. */
interface RoleHolder {
  readonly caller: ConsoleCaller;
  readonly roles: readonly string[];
}

const NO_SUCH_ID = '00000000-0000-4000-8000-000000000000';
/** No service knows the field, so that no permitted call changes anything. */
const NO_SUCH_FIELD = JSON.stringify({ no_such_field: true });
const AT_ONCE = 12;

/** Every route of the services that the console can ask, by their OpenAPI documents. */
export async function adminRoutes(reader: ConsoleCaller): Promise<readonly AdminRoute[]> {
  const { services } = await reader.data<{ readonly services: readonly string[] }>('/api/session');
  const documents = await Promise.all(
    services.map(async (service) => ({
      service,
      paths: (await reader.data<RoutesDocument>(`/api/services/${service}/openapi.json`)).paths,
    })),
  );
  return documents.flatMap(({ service, paths }) =>
    Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { 'x-requires': required = [] }]) => ({
        service,
        method: method.toUpperCase(),
        path,
        roles: required.filter((one) => !one.startsWith('service:')),
      })),
    ),
  );
}

/**
 * Calls every route as every person. Returns the answers that contradict the documents, and the calls
 * with an effect.
 */
export async function answersByRole(
  routes: readonly AdminRoute[],
  people: readonly RoleHolder[],
): Promise<{ readonly wrong: readonly string[]; readonly changing: readonly string[] }> {
  const wrong: string[] = [];
  const changing = new Set<string>();
  const ask = async ({ service, method, path, roles }: AdminRoute, person: RoleHolder) => {
    const target = path.replace(/^\/internal\//, '').replace(/\{\w+\}/g, NO_SUCH_ID);
    const { status, text } = await person.caller.ask(method, `/api/services/${service}/${target}`, {
      ...(method !== 'GET' && method !== 'DELETE' && { body: NO_SUCH_FIELD }),
    });
    const isPermitted = roles.some((role) => person.roles.includes(role));
    const words =
      roles.length === 0 ? 'it is for services' : `it takes the role ${roles.join(' or ')}`;
    const isRight = isPermitted
      ? status < 500 && status !== 401 && status !== 403
      : // the gateway first asks the service who calls: a person without a role gets that refusal
        status === 403 && (person.roles.length === 0 || text.includes(words));
    if (!isRight)
      wrong.push(
        `${service} ${method} ${path} answers ${person.caller.name} with ${status}: ${text}`,
      );
    if (method !== 'GET' && status < 300) changing.add(`${method} ${path}`);
  };
  await Promise.all(
    people.map(async (person) => {
      const left = [...routes];
      const work = async (): Promise<void> => {
        for (let route = left.pop(); route !== undefined; route = left.pop())
          await ask(route, person);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    }),
  );
  return { wrong: wrong.toSorted(), changing: [...changing].toSorted() };
}
