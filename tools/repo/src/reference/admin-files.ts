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

/** Type of the calls of each group of services. The signer's other routes have an own client. */
const CALLS: Readonly<Record<string, string>> = {
  'every service': 'ServiceCalls',
  'intake-api, each connector': 'HaltCalls',
  'intake-api': 'IntakeCalls',
  ledger: 'LedgerCalls',
  auditor: 'AuditorCalls',
  webhooks: 'WebhooksCalls',
  'each connector': 'ConnectorCalls',
  'connector-evm': 'WalletCalls',
  signer: 'SignerCalls',
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
  const described = routes.filter(
    ({ answer, path }) => answer !== null && !path.startsWith(OWN_CLIENT),
  );
  const optional = optionalClasses(
    globSync('libs/http-api/src/admin/**/*.ts', { cwd: ROOT }).map((file) => read(file)),
  );
  const interfaces = Object.entries(CALLS).map(([by, name]) => {
    const lines = described
      .filter((route) => route.servedBy === by)
      .map((route) => `${INDENT}${callOf(route, optional)}`);
    return [`export interface ${name} {`, ...lines.toSorted(), '}', ''].join('\n');
  });
  const text = interfaces.join('\n');
  const answering = (start: string) => described.filter(({ answer }) => answer?.startsWith(start));
  const pages = answering('Page<');
  const lists = [...answering('readonly '), ...pages];
  const names = new Set(text.match(/\b(?:\w+(?:Dto|Query)|Page)\b/g));
  return [
    '// Written by `npm run reference` from the controllers: parameters and answer of each admin route.',
    '// A `?` behind a route announces a query; the body comes last.',
    'import type {',
    ...inLines([...names].toSorted().map((name) => `${name},`)),
    "} from '@sluice/http-api';",
    '',
    '/** Routes whose answer is a page of a list. */',
    'export const PAGES: ReadonlySet<string> = new Set([',
    ...namesOf(pages),
    ']);',
    '',
    '/** Routes whose answer is a list, or a page of a list. */',
    'export const LISTS: ReadonlySet<string> = new Set([',
    ...namesOf(lists),
    ']);',
    '',
    '/** Part of a path. */',
    'type Ref = string | number;',
    '',
    text,
  ].join('\n');
}

function namesOf(routes: readonly AdminRoute[]): readonly string[] {
  return [...new Set(routes.map(nameOf))].toSorted().map((name) => `${INDENT}'${name}',`);
}

function callOf({ method, path, query, body, answer }: AdminRoute, optional: ReadonlySet<string>) {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => `${name}: Ref`);
  const isOptional = query !== null && body === null && optional.has(query);
  const given = [
    ...inPath,
    ...(query === null ? [] : [`query${isOptional ? '?' : ''}: ${query}`]),
    ...(body === null ? [] : [`body: ${body}`]),
  ];
  return `'${nameOf({ method, path, query })}': (${given.join(', ')}) => ${answer};`;
}

function nameOf({ method, path, query }: Pick<AdminRoute, 'method' | 'path' | 'query'>): string {
  return `${method} ${path}${query === null ? '' : '?'}`;
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
