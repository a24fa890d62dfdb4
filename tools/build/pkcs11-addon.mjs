// Builds the addon of pkcs11js, used by the signer to access a token: `node
// tools/build/pkcs11-addon.mjs`, with a C++ compiler (`CXX`, default: g++). node-gyp would download
// headers at each build. The addon uses Node-API only, and the headers are locked like every other
// package.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = 'node_modules/pkcs11js';
const HEADERS = ['node_modules/node-api-headers/include', `${PACKAGE}/includes`];
/** Sources and flags as in the package's binding.gyp. */
const SOURCES = ['dl.cpp', 'common.cpp', 'main.cpp'].map((file) => join(PACKAGE, 'src', file));
const FLAGS = ['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_DISABLE_CPP_EXCEPTIONS'];

/** Throws a readable error if the package or the compiler is missing, or if compilation fails. */
function buildAddon() {
  if (!existsSync(PACKAGE)) throw new Error(`${PACKAGE} is not installed: it is optional`);
  const addon = join(PACKAGE, 'build/Release/pkcs11.node');
  mkdirSync(join(addon, '..'), { recursive: true });
  const compiler = process.env.CXX || 'g++';
  const includes = HEADERS.map((folder) => `-I${folder}`);
  const args = [...FLAGS, ...includes, ...SOURCES, '-o', addon, '-ldl'];
  const { status, error } = spawnSync(compiler, args, { stdio: 'inherit' });
  if (error)
    throw new Error(
      `the compiler ${compiler} cannot be started (${error.message}): CXX names another`,
    );
  if (status !== 0) throw new Error(`${compiler} could not build ${addon}`);
  console.log(addon);
}

try {
  buildAddon();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
