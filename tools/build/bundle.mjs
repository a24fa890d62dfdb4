// Bundles each program of an app into one file, including the packages in use. Without a bundle, a
// service loads 3,500 files and needs 2.5 s of a core before the first line. The bundle takes the
// program's name: every caller starts the bundle. The compiled program stays as `NAME.entry.js`.
import { existsSync, globSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { namedCheaply } from './keep-names.mjs';

/** Programs contained in images. */
const SHIPPED = ['main.js', 'migrate.js', 'verify.js'];
/** Programs started by tests only. */
const OF_TESTS = 'testing/{killed-connector,wallet-process}.js';

/**
 * Packages loaded from node_modules by the bundle: kafkajs, because libs/runtime and libs/kafka patch
 * parts of kafkajs; packages with a binary or a thread in a separate file; and optional packages
 * loaded by name in Nest and unused by all services.
 */
export const KEPT_AS_FILES = [
  'kafkajs',
  'pino',
  '@node-rs/crc32',
  'graphene-pk11',
  'pkcs11js',
  'pg-native',
  'bufferutil',
  'utf-8-validate',
  'ioredis',
  'mqtt',
  'amqplib',
  'amqp-connection-manager',
  '@fastify/static',
  '@fastify/view',
  '@fastify/multipart',
  '@nats-io/transport-node',
  '@grpc/grpc-js',
  '@grpc/proto-loader',
  '@nestjs/platform-express',
  '@nestjs/websockets',
];

/** Returns the path of the compiled program behind the bundle `program`. */
export function entryOf(program) {
  return program.replace(/\.js$/, '.entry.js');
}

/** Bundles the programs of an app. `dist` is the folder of the app's compiled code. */
export async function bundlePrograms(dist) {
  await bundle(
    SHIPPED.map((name) => join(dist, name)).filter((file) => existsSync(file)),
    dist,
  );
  await bundle(globSync(join(dist, OF_TESTS)), join(dist, 'testing'));
}

async function bundle(programs, folder) {
  if (programs.length === 0) return;
  for (const program of programs) renameSync(program, entryOf(program));
  await build({
    entryPoints: programs.map((program) => ({
      in: entryOf(program),
      out: relative(folder, program).replace(/\.js$/, ''),
    })),
    outdir: folder,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    keepNames: true, // Nest, TypeORM and error messages use class names
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'eof',
    external: KEPT_AS_FILES,
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
    },
    logLevel: 'error',
    plugins: [keepsItsPlace(folder)],
  });
  for (const program of programs)
    writeFileSync(program, namedCheaply(readFileSync(program, 'utf8')));
}

const EMPTY_MAP = Buffer.from('{"version":3,"sources":[""],"mappings":"AAAA"}').toString('base64');

/**
 * Makes `import.meta.url` and `import.meta.dirname` of a bundled module name the module's own file,
 * because SQL and JSON files lie beside the module. Keeps packages out of the source map: Node
 * holds every mapping in memory after the first error. With packages, the mappings cost each
 * service 90 MB.
 */
function keepsItsPlace(folder) {
  const asUrl = (file) =>
    `new URL(${JSON.stringify(relative(resolve(folder), file))}, import.meta.url)`;
  return {
    name: 'keeps-its-place',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.[cm]?js$/ }, ({ path }) => {
        const code = readFileSync(path, 'utf8')
          .replaceAll('import.meta.url', `${asUrl(path)}.href`)
          .replaceAll(
            'import.meta.dirname',
            `process.getBuiltinModule('node:url').fileURLToPath(${asUrl(`${dirname(path)}/.`)})`,
          );
        const contents = path.includes('/node_modules/')
          ? `${code}\n//# sourceMappingURL=data:application/json;base64,${EMPTY_MAP}`
          : code;
        return { contents, loader: 'js' };
      }),
  };
}
