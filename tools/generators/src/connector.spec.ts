import { readdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Tree } from '@nx/devkit';
import { createTree } from '@nx/devkit/testing';
import { generateConnector } from './connector.js';
import { ROOT } from './testkit/temp-workspace.js';

const TITLES: Readonly<Record<string, string>> = { gateio: 'Gate.io', bitmart: 'BitMart' };
const NEEDED = [
  '.prettierignore',
  '.prettierrc',
  'package-lock.json',
  'libs/kernel/src/destination.ts',
];
/** Whose connector asks a venue's API; the wallet's speaks to nodes, and has a shape of its own. */
const VENUES = readdirSync(join(ROOT, 'apps')).flatMap(
  (app) => /^connector-(?!evm$)(.+)$/.exec(app)?.[1] ?? [],
);

/** Files that no venue has a reason to change. */
const WIRING: readonly string[] = [
  'project.json',
  'package.json',
  'src/main.ts',
  'src/testing/killed-connector.ts',
];
/** What a venue names in words of its own: Gate.io has labels where others have codes, and two vocabularies of statuses. */
const OWN_WORDS = [
  'SUBMIT_ENDPOINT',
  'codeOf',
  'CODES',
  'CodeMeaning',
  'STATUS',
  'statusOf',
  'chainOrder',
];

async function generated(name: string): Promise<Tree> {
  const tree = createTree();
  for (const file of NEEDED) tree.write(file, readFileSync(join(ROOT, file), 'utf8'));
  await generateConnector(tree, {
    name,
    ...(TITLES[name] !== undefined && { title: TITLES[name] }),
  });
  return tree;
}

function filesOf(tree: Tree, venue: string): readonly string[] {
  const folder = `apps/connector-${venue}/`;
  return tree
    .listChanges()
    .flatMap(({ path }) => (path.startsWith(folder) ? [path.slice(folder.length)] : []));
}

const exportsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^export (?:async )?(?:const|function|class|interface|type) (\w+)/gm)].map(
    ([, name = '']) => name,
  );

/** Every word and sign of `shorter`, in this order, with whatever between. */
function contains(longer: string, shorter: string): boolean {
  const words = (text: string): readonly string[] => text.match(/\w+|[^\s\w]/g) ?? [];
  const rest = [...words(shorter)];
  for (const word of words(longer)) if (word === rest[0]) rest.shift();
  return rest.length === 0;
}

/** A package.json without the entry of the auditor, which a finished venue adds. */
function withoutEntries(text: string): string {
  return text.replace(/,\n {2}"exports": \{[^]*?\n {2}\}/, '');
}

describe.each(VENUES)('connector-%s is from this generator', (venue) => {
  const inPlace = (file: string): string =>
    readFileSync(join(ROOT, 'apps', `connector-${venue}`, file), 'utf8');
  let tree: Tree;
  beforeAll(async () => void (tree = await generated(venue)));
  const written = (file: string): string =>
    tree.read(`apps/connector-${venue}/${file}`, 'utf8') ?? '';

  it('has each of its files', () => {
    const files = filesOf(tree, venue).filter((file) => !file.startsWith('src/venue/fixtures/'));

    expect(files.length).toBeGreaterThan(23);
    // The kills of three venues' connectors run in the stage `faults`, which is not part of npm test.
    const inStage = (file: string, stage: string): string =>
      join(ROOT, 'apps', `connector-${venue}`, file.replace('-crash.int.', `-crash.${stage}.`));
    expect(
      files.filter((file) => !['int', 'faults'].some((stage) => existsSync(inStage(file, stage)))),
    ).toEqual([]);
    expect(readdirSync(join(ROOT, 'apps', `connector-${venue}`, 'src/venue/fixtures'))).not.toEqual(
      [],
    );
  });

  it('is wired by the same text', () => {
    for (const file of WIRING) expect(withoutEntries(inPlace(file))).toBe(written(file));
    const module = `src/connector-${venue}.module.ts`; // to which a venue may add
    expect(contains(inPlace(module), written(module))).toBe(true);
  });

  it('exports under the same names', () => {
    const sources = filesOf(tree, venue).filter(
      (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
    );
    const missing = sources.flatMap((file) =>
      exportsOf(written(file))
        .filter((name) => !OWN_WORDS.includes(name) && !exportsOf(inPlace(file)).includes(name))
        .map((name) => `${file}: ${name}`),
    );

    expect(missing).toEqual([]);
  });

  it('is known everywhere already, so that generating it anew changes no list', () => {
    const outside = tree.listChanges().filter(({ path }) => !path.startsWith('apps/'));

    for (const { path, content } of outside)
      if (NEEDED.includes(path))
        expect([path, content?.toString()]).toEqual([path, readFileSync(join(ROOT, path), 'utf8')]);
  });
});

describe('a venue of two words', () => {
  it('is spelled as each place needs it', async () => {
    const tree = await generated('acme-pay');

    expect(tree.read('libs/kernel/src/destination.ts', 'utf8')).toContain(
      `, 'acme-pay'] as const;\n`,
    );
    expect(tree.read('apps/connector-acme-pay/src/config.ts', 'utf8')).toContain(
      `venueUrl('ACME_PAY_BASE_URL', HOSTS)`,
    );
    expect(tree.read('apps/connector-acme-pay/src/connector-acme-pay.module.ts', 'utf8')).toContain(
      'export class ConnectorAcmePayModule',
    );
  });
});

describe('what is not generated', () => {
  it.each(['Acme', '9pay', 'acme_pay', '../acme', 'acme-'])('a venue named %s', async (name) => {
    await expect(generateConnector(createTree(), { name })).rejects.toThrow(
      'small letters, digits and hyphens',
    );
  });

  it('a connector that is there', async () => {
    const tree = await generated('acme');

    await expect(generateConnector(tree, { name: 'acme' })).rejects.toThrow('is there already');
  });

  it('a list with an unknown format is an error', async () => {
    const tree = createTree();
    for (const file of NEEDED)
      tree.write(file, file.endsWith('.json') ? '{"packages":{}}' : 'something else');

    await expect(generateConnector(tree, { name: 'acme' })).rejects.toThrow(
      'adapt tools/generators',
    );
  });
});
