// Installs node_modules if the content differs from package-lock.json. Two commands of a fresh
// checkout install only once.
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inTurn } from './build-lock.mjs';
import { runChild } from './child.mjs';
import { missingPackages } from './node-modules.mjs';

/**
 * The tools are development dependencies. These options outrank settings of the environment and of
 * a user's .npmrc, such as `omit=dev` of a production machine.
 */
const COMPLETE = [
  '--include=dev',
  '--include=optional',
  '--include=peer',
  '--bin-links',
  '--install-strategy=hoisted',
  '--no-global',
  '--location=project',
  '--package-lock',
  '--no-package-lock-only',
  '--no-dry-run',
  `--os=${process.platform}`,
  `--cpu=${process.arch}`,
];

/** Installs the packages of the lockfile unless node_modules is complete. Throws if packages are missing afterwards. */
export async function ensureInstalled(root) {
  if (missingPackages(root).length === 0) return;
  await inTurn(join(root, '.sluice', 'install.lock'), () => {
    if (missingPackages(root).length === 0) return;
    install(root);
    const missing = missingPackages(root);
    if (missing.length > 0) throw new Error(leftOut(missing));
  });
}

function leftOut(missing) {
  const first = missing.slice(0, 3).join(', ');
  const more = missing.length > 3 ? ` and ${missing.length - 3} more` : '';
  return `npm left out ${first}${more}, which package-lock.json names: remove the settings that \`npm config list\` shows for omitted packages, and run the command again`;
}

function install(root) {
  const log = join(root, '.sluice', 'logs', 'npm-ci.log');
  mkdirSync(join(root, '.sluice', 'logs'), { recursive: true });
  console.error('Installing packages (npm ci) …');
  const since = Date.now();
  const output = openSync(log, 'w');
  const [program, ...args] = npm();
  try {
    const { status } = runChild(program, [...args, 'ci', ...COMPLETE, '--loglevel=warn'], {
      cwd: root,
      env: withoutWorkspaces(process.env),
      stdio: ['ignore', output, output],
    });
    if (status !== 0) throw new Error(whyNpmFailed(readFileSync(log, 'utf8'), log));
  } finally {
    closeSync(output);
  }
  console.error(`Installed in ${((Date.now() - since) / 1000).toFixed(1)} s`);
}

/** The npm that runs this command. Another package manager knows no package-lock.json. */
function npm() {
  const running = process.env.npm_execpath ?? '';
  return basename(running) === 'npm-cli.js' ? [process.execPath, running] : ['npm'];
}

/** npm would install only the named workspaces; no option reverts this choice. */
function withoutWorkspaces(env) {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^npm_config_workspaces?$/i.test(name)),
  );
}

const NETWORK = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|E401|E403|ENETUNREACH)\b/;

function whyNpmFailed(output, log) {
  const advice = NETWORK.test(output)
    ? 'npm cannot reach its package registry: check the network, or name a mirror with `npm config set registry URL`'
    : 'npm could not install what package-lock.json names';
  const errors = output.split('\n').filter((line) => /^npm error \S/.test(line));
  return `${advice}. The whole output is in ${log}:\n${errors.slice(0, 8).join('\n')}`;
}
