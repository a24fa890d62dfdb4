// Installs node_modules if the content differs from package-lock.json. Two commands of a fresh
// checkout install only once.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inTurn } from './build-lock.mjs';

export async function ensureInstalled(root) {
  const stamp = join(root, 'node_modules', '.sluice-installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const isStamped = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (isStamped()) return;
  await inTurn(join(root, '.sluice', 'install.lock'), () => {
    if (isStamped()) return;
    if (!isComplete(root)) install(root);
    writeFileSync(stamp, wanted);
  });
}

/** True if npm's own record of node_modules matches the lockfile: npm was run manually. */
function isComplete(root) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional, link }]) =>
      !path.startsWith('node_modules/') || link || optional || found[path]?.version === version,
  );
}

function install(root) {
  const log = join(root, '.sluice', 'logs', 'npm-ci.log');
  mkdirSync(join(root, '.sluice', 'logs'), { recursive: true });
  console.error('Installing packages (npm ci) …');
  const since = Date.now();
  const output = openSync(log, 'w');
  const npm = process.env.npm_execpath?.endsWith('.js')
    ? [process.execPath, process.env.npm_execpath]
    : ['npm'];
  const { status, error } = spawnSync(npm[0], [...npm.slice(1), 'ci', '--loglevel=warn'], {
    cwd: root,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  if (error?.code === 'ENOENT')
    throw new Error('npm is missing; install it together with Node (https://nodejs.org)');
  if (status !== 0) throw new Error(whyNpmFailed(readFileSync(log, 'utf8'), log));
  console.error(`Installed in ${((Date.now() - since) / 1000).toFixed(1)} s`);
}

const NETWORK = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|E401|E403|ENETUNREACH)\b/;

function whyNpmFailed(output, log) {
  const advice = NETWORK.test(output)
    ? 'npm cannot reach its package registry: check the network, or name a mirror with `npm config set registry URL`'
    : 'npm could not install what package-lock.json names';
  const errors = output.split('\n').filter((line) => /^npm error \S/.test(line));
  return `${advice}. The whole output is in ${log}:\n${errors.slice(0, 8).join('\n')}`;
}
