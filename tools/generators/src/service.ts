import { join } from 'node:path';
import {
  formatFiles,
  generateFiles,
  names,
  readJson,
  type GeneratorCallback,
  type Tree,
} from '@nx/devkit';
import { editList, lockWorkspace, textOf } from '#edit-list';

interface ServiceOptions {
  /** `reporting`, `fee-report`: as folders, logs and databases name the service. */
  readonly name: string;
}

const TEMPLATES = join(import.meta.dirname, 'service-files');
const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const TABLE = 'tools/stack/src/tables/services.ts';
/** Above the connectors and the simulators. */
const FIRST_PORT = 8100;

/**
 * Writes `apps/<name>`, the service's entry in the table of services and the lines in the lists.
 * Throws for an invalid folder name, and never overwrites a service.
 */
export async function generateService(
  tree: Tree,
  { name }: ServiceOptions,
): Promise<GeneratorCallback> {
  if (!NAME.test(name) || name.startsWith('connector-'))
    throw new Error(
      `a service is named in small letters, digits and hyphens, like reporting or fee-report, not ${name}; connectors have a generator of their own`,
    );
  const folder = `apps/${name}`;
  if (tree.exists(folder)) throw new Error(`${folder} is there already`);
  const { version } = readJson<{ version: string }>(tree, 'package-lock.json');
  const { className, constantName, propertyName } = names(name);
  const database = name.replaceAll('-', '_');

  generateFiles(tree, TEMPLATES, folder, {
    name,
    database,
    version,
    Name: className,
    NAME: constantName,
    nameProperty: propertyName,
  });
  addToTable(tree, name, database);
  lockWorkspace(tree, name, version);
  await formatFiles(tree);
  return () => void process.stdout.write(nextSteps(name));
}

/** A service with a separate admin API has two ports; each service therefore gets a distance of two. */
function addToTable(tree: Tree, name: string, database: string): void {
  const taken = [...textOf(tree, TABLE).matchAll(/machinePort: (\d+)/g)].map(([, port]) =>
    Number(port),
  );
  const entry = `  '${name}': {
    database: '${database}',
    busyTables: ['outbox', 'inbox'],
    machinePort: ${Math.max(FIRST_PORT - 2, ...taken) + 2},
  },
`;
  editList(
    tree,
    TABLE,
    null,
    /\} as const satisfies Readonly<Record<string, ServiceSpec>>/,
    (end) => entry + end,
  );
}

function nextSteps(name: string): string {
  return `
apps/${name} is generated and listed in ${TABLE}: every start, run.json, the operator's command and the tests of the whole system include the service.
  npm install --ignore-scripts && node tools/build/complete-lockfile.mjs
  nx run stack:compose              adds the service to docker-compose.yml and its database to the script
  nx run ${name}:integration
The feature is an example: replace src/example, the table and the invariant (CONTRIBUTING.md, "a service").
To remove the service: delete apps/${name} and its entry in the table; then run the first two commands.
`;
}
