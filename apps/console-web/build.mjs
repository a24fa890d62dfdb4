// Bundles the console's page: `node apps/console-web/build.mjs` writes dist/index.html and
// dist/assets. Fails if the first page is too large, or if code of Node would reach the browser.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** Size of all files of the first page, compressed by gzip. */
const MOST_BYTES = 250_000;
/** The route at `/`. */
const FIRST_PAGE = 'src/pages/now/now-page.tsx';
/** Own code beside the page: the table of routes, which has no code of Node. */
const SHARED = ['calls', 'admin-calls', 'requests'].map(
  (name) => `../../libs/admin-client/src/${name}.ts`,
);

const folder = import.meta.dirname;
const dist = join(folder, 'dist');
const assets = join(dist, 'assets');

rmSync(dist, { recursive: true, force: true });
mkdirSync(assets, { recursive: true });
const { metafile } = await build({
  absWorkingDir: folder,
  entryPoints: { console: 'src/main.tsx' },
  outdir: assets,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2023',
  jsx: 'automatic',
  conditions: ['@sluice/source', 'module'],
  define: { 'process.env.NODE_ENV': '"production"' },
  minify: true,
  legalComments: 'linked',
  metafile: true,
  logLevel: 'warning',
});
const outputs = Object.entries(metafile.outputs).map(([file, output]) => ({ file, ...output }));
const entry = outputs.find(({ entryPoint }) => entryPoint === 'src/main.tsx');
const icon = hashed('icon', '.svg', readFileSync(join(folder, 'src/icon.svg')));

requireOwnSources();
writePage();
requireSmallFirstPage();

/** Throws if the bundle has code of another project. */
function requireOwnSources() {
  const foreign = Object.keys(metafile.inputs).filter(
    (file) =>
      file.startsWith('../../') &&
      !file.startsWith('../../node_modules/') &&
      !SHARED.includes(file),
  );
  if (foreign.length > 0)
    throw new Error(`the page may not contain code of other projects: ${foreign.join(', ')}`);
}

/** Writes index.html. The server replaces `__NONCE__` in each answer. */
function writePage() {
  const preloads = [...reachedFrom([entry.file])]
    .filter((file) => file !== entry.file)
    .map((file) => `<link rel="modulepreload" nonce="__NONCE__" href="${addressOf(file)}" />`);
  const values = {
    __STYLE__: addressOf(entry.cssBundle),
    __SCRIPT__: addressOf(entry.file),
    __ICON__: `/assets/${icon}`,
    '<!-- preloads -->': preloads.join('\n    '),
  };
  const template = readFileSync(join(folder, 'src/index.html'), 'utf8');
  const page = Object.entries(values).reduce(
    (text, [name, value]) => text.replaceAll(name, value),
    template,
  );
  writeFileSync(join(dist, 'index.html'), page);
}

/** Throws if the files of the first page are larger than permitted. */
function requireSmallFirstPage() {
  const first = outputs.find(({ entryPoint }) => entryPoint === FIRST_PAGE);
  if (first === undefined) throw new Error(`${FIRST_PAGE} has no bundle`);
  const files = [...reachedFrom([entry.file, first.file]), entry.cssBundle];
  const sizes = [join(dist, 'index.html'), ...files.map((file) => join(folder, file))].map(
    (file) => [basename(file), gzipSync(readFileSync(file), { level: 9 }).length],
  );
  const sum = sizes.reduce((total, [, size]) => total + size, 0);
  console.log(`console-web: the first page has ${kilobytes(sum)} (gzip) in ${sizes.length} files`);
  if (sum > MOST_BYTES)
    throw new Error(
      `the first page may have ${kilobytes(MOST_BYTES)}: ${sizes.map(([file, size]) => `${file} ${kilobytes(size)}`).join(', ')}`,
    );
}

/** Files loaded with these files, without files that a route loads later. */
function reachedFrom(files) {
  const reached = new Set(files);
  for (const file of reached)
    for (const { path, kind } of metafile.outputs[file].imports)
      if (kind === 'import-statement') reached.add(path);
  return reached;
}

function hashed(name, extension, content) {
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 8);
  const file = `${name}-${hash}${extension}`;
  writeFileSync(join(assets, file), content);
  return file;
}

function addressOf(file) {
  return `/${relative(dist, join(folder, file))}`;
}

function kilobytes(bytes) {
  return `${Math.ceil(bytes / 100) / 10} kB`;
}
