import { globSync } from 'node:fs';
import { adminRoutes, optionalClasses, type AdminRoute } from './admin-routes.js';
import { read, ROOT } from './repository.js';

const ADMIN_DOCUMENT = 'docs/admin-routes.md';
const ADMIN_CALLS = 'libs/admin-client/src/admin-calls.ts';
const INDENT = '  ';
const WIDTH = 100;

/** Services of the controllers in libraries, by the folder. */
const SERVED_BY: Readonly<Record<string, string>> = {
  'libs/connector-engine': 'each connector',
  'libs/service-shell/src/halt': 'intake-api, each connector',
  'libs/service-shell': 'every service',
};

/** Name of the calls of each group of services. The signer's other routes have an own client. */
const CALLS: Readonly<Record<string, string>> = {
  'every service': 'Service',
  'intake-api, each connector': 'Halt',
  'intake-api': 'Intake',
  ledger: 'Ledger',
  auditor: 'Auditor',
  webhooks: 'Webhooks',
  'each connector': 'Connector',
  'connector-evm': 'Wallet',
  signer: 'Signer',
};
const OWN_CLIENT = '/internal/signatures';

/** Published list of the admin routes, and the types of their calls, both by path. */
export function adminFiles(): ReadonlyMap<string, string> {
  const files = globSync('{apps,libs}/*/src/**/*.controller.ts', { cwd: ROOT }).sort();
  const routes = files.flatMap((file) => adminRoutes(read(file), servedBy(file)));
  const [before = ''] = read(ADMIN_DOCUMENT).split('## ', 1);
  return new Map([
    [ADMIN_DOCUMENT, `${before}${sectionsOf(routes)}`],
    [ADMIN_CALLS, callTypes(routes)],
  ]);
}

function servedBy(file: string): string {
  const [, found] = Object.entries(SERVED_BY).find(([part]) => file.startsWith(`${part}/`)) ?? [];
  return found ?? file.split('/')[1] ?? '';
}

/** Section of each service, with a line for each route. */
function sectionsOf(routes: readonly AdminRoute[]): string {
  const services = [...new Set(routes.map(({ servedBy: by }) => by))].toSorted();
  return services
    .map((service) => {
      const lines = routes.filter(({ servedBy: by }) => by === service).map(lineOf);
      return `## ${service}\n\n${lines.toSorted().join('\n')}\n`;
    })
    .join('\n');
}

function lineOf({ method, path, requires }: AdminRoute): string {
  const who = requires.map((one) => (one === 'ROLES' ? 'any role' : `\`${one}\``));
  return `- \`${method} ${path}\`: ${who.join(', ')}`;
}

function callTypes(routes: readonly AdminRoute[]): string {
  const sources = globSync('libs/http-api/src/admin/**/*.ts', { cwd: ROOT }).map((file) =>
    read(file),
  );
  const optional = new Set([...optionalQueries(sources), ...sources.flatMap(optionalBodies)]);
  const described = routes
    .filter(({ answer, path }) => answer !== null && !path.startsWith(OWN_CLIENT))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const text = Object.entries(CALLS)
    .map(([by, name]) => {
      const group = described.filter(({ servedBy: one }) => one === by);
      requireDifferentNames(group);
      return [
        `export interface ${name}Calls {`,
        ...group.map((route) => `${INDENT}readonly ${callOf(route, optional)}`),
        '}',
        '',
        `export const ${name.toUpperCase()}: Routes<${name}Calls> = {`,
        ...group.map(
          (route) =>
            `${INDENT}${route.name}: ['${routeOf(route)}', '${shapeOf(route)}', '${rolesOf(route)}'],`,
        ),
        '};',
        '',
      ].join('\n');
    })
    .join('\n');
  const names = new Set(text.match(/\b(?:\w+(?:Dto|Query)|Page)\b/g));
  return [
    '// Written by `npm run reference` from the controllers: each call has the name of its handler.',
    'import type {',
    ...inLines([...names].toSorted().map((name) => `${name},`)),
    "} from '@sluice/http-api';",
    "import type { Routes } from './requests.js';",
    '',
    '/** Part of a path. */',
    'type Ref = string | number;',
    '',
    text,
  ].join('\n');
}

function optionalQueries(sources: readonly string[]): readonly string[] {
  return [...optionalClasses(sources)].filter((name) => name.endsWith('Query'));
}

function optionalBodies(source: string): readonly string[] {
  return [...source.matchAll(/@OptionalBody\(\)\nexport class (\w+)/g)].map(
    ([, name = '']) => name,
  );
}

function requireDifferentNames(group: readonly AdminRoute[]): void {
  const names = group.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Error(`two routes of a service have a handler ${twice}`);
}

/** A call takes the parts of the path, the query and the body. Two parts or more are named, because exchanged texts would compile. */
function callOf({ name, path, query, body, answer }: AdminRoute, optional: ReadonlySet<string>) {
  const parts = [...path.matchAll(/:(\w+)/g)].map(([, part]) => `${part}: Ref`);
  const isOptional = query !== null && body === null && optional.has(query);
  const given = [
    ...(parts.length > 1 ? [`path: { ${parts.join('; ')} }`] : parts),
    ...(query === null ? [] : [`query${isOptional ? '?' : ''}: ${query}`]),
    ...(body === null ? [] : [`body${optional.has(body) ? '?' : ''}: ${body}`]),
  ];
  return `${name}: (${given.join(', ')}) => Promise<${answer}>;`;
}

/** Method and path; `?` announces a query. */
function routeOf({ method, path, query }: AdminRoute): string {
  return `${method} ${path}${query === null ? '' : '?'}`;
}

function shapeOf({ answer }: AdminRoute): string {
  if (answer?.startsWith('Page<') === true) return 'page';
  return answer?.startsWith('readonly ') === true ? 'list' : 'one';
}

/** Roles that permit the call to a person; `any` stands for every role. */
function rolesOf({ requires }: AdminRoute): string {
  return requires.includes('ROLES')
    ? 'any'
    : requires.filter((one) => !one.startsWith('service:')).join(' ');
}

/** Joins words to indented lines. */
function inLines(words: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH)
      lines.push(`${lines.pop()} ${word}`);
    else lines.push(`${INDENT}${word}`);
  }
  return lines;
}
