// First program of every npm script: `node tools/build/bootstrap.mjs COMMAND -- arguments`. Plain
// JavaScript for Node 20 with an empty node_modules. Installs the packages of the lockfile, and
// continues with tools/build/commands.mjs under the pinned Node 24.
import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { pinnedNode } from './pinned-node.mjs';
import { refusalIn, refusalOn } from './platform.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [command, ...given] = process.argv.slice(2);
const args = given[0] === '--' ? given.slice(1) : given;

try {
  requireNode(20, 19);
  const refusal = refusalOn(process.platform, command, args) ?? refusalIn(root);
  if (refusal !== undefined) throw new Error(refusal);
  await ensureInstalled(root);
  process.exitCode = await handOver(pinnedNode(root));
} catch (error) {
  console.error(`\nsluice: ${error.message}`);
  process.exitCode = 1;
}

function requireNode(major, minor) {
  const [atMajor, atMinor] = process.versions.node.split('.').map(Number);
  if (atMajor > major || (atMajor === major && atMinor >= minor)) return;
  throw new Error(
    `Node ${major}.${minor} or newer is needed to begin with, this is ${process.versions.node}; install a newer one (https://nodejs.org)`,
  );
}

/**
 * Runs the command under the pinned Node. The command gets neither NODE_ENV nor HOST of the user's
 * shell: our services read both, and the shell means other programs (conda sets HOST to a platform).
 *
 * Resolves with the exit code. Signals are passed on; of our own end the command learns by the
 * closing of the channel.
 */
function handOver(node) {
  const env = {
    ...process.env,
    PATH: [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
    NX_DAEMON: 'false',
    NX_TUI: 'false',
  };
  delete env.NODE_ENV;
  delete env.HOST;
  const program = fileURLToPath(new URL('commands.mjs', import.meta.url));
  const child = spawn(node, [program, command ?? '', ...args], {
    cwd: root,
    env,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  stopWithParent(child);
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`cannot run ${node}: ${error.message}`)));
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

/** npm may be killed without a word to us. */
function stopWithParent(child) {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 1_000).unref();
}
