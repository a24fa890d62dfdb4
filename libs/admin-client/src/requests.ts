import type { AwaitedDto } from '@sluice/http-api';

/** Data of an answer: an object, a list, or a page of a list. */
export type Shape = 'one' | 'list' | 'page';

/**
 * Route of each call, such as `PATCH /internal/webhooks/:id?`: `?` announces a query. `roles`: roles
 * that permit the call to a person, with blanks between; `any` stands for every role.
 */
export type Routes<Calls = Readonly<Record<string, unknown>>> = {
  readonly [Name in keyof Calls]: readonly [route: string, answers: Shape, roles: string];
};

interface RouteRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: object | undefined;
  readonly body?: object | undefined;
}

/**
 * Returns the request of a route. `given`: the part of the path, or an object of several parts; the
 * query if the route ends with `?`; the body.
 */
export function requestOf(route: string, given: readonly unknown[]): RouteRequest {
  const [method = '', pattern = ''] = route.split(' ');
  const names = pattern.match(/(?<=:)\w+/g) ?? [];
  const rest = [...given];
  const [first] = names.length > 0 ? rest.splice(0, 1) : [];
  const parts = names.length > 1 ? (first as Readonly<Record<string, unknown>>) : null;
  const path = pattern.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String(parts === null ? first : parts[name])),
  );
  const query = path.endsWith('?') ? { query: rest.shift() as object | undefined } : {};
  return {
    method,
    path: path.replace(/\?$/, ''),
    ...query,
    body: rest.shift() as object | undefined,
  };
}

/** Returns a query with its `?`; empty without values. */
export function queryText(query: object): string {
  const given = Object.entries(query).flatMap(([name, value]: [string, unknown]) =>
    value === undefined || value === null ? [] : [[name, String(value)] as [string, string]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

/** Parses a JSON object; undefined for any other text, for example an HTML page of a proxy. */
export function parseAnswer(text: string): object | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer !== null ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** True if the call still needs the approval of a second person. */
export function isAwaited(answer: object): answer is AwaitedDto {
  return 'approval_id' in answer;
}
