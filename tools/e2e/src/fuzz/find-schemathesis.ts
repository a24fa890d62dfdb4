import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fetchedTool, workspaceRoot } from '@sluice/test-servers';

const FOLDER = join(workspaceRoot(), 'tools/e2e/fuzz');
const PINS = join(FOLDER, 'requirements.txt');
const PYTHON = 'python3';
const ENOUGH = 'import sys, pip; sys.exit(sys.version_info < (3, 11))';

/** Location of the generator, or the reason for a missing generator. */
type Found =
  | { readonly found: true; readonly packages: string }
  | { readonly found: false; readonly why: string };

/**
 * Fetches the generator once, each package by hash, into a separate folder: the machine's Python is
 * unchanged.
 */
export function findSchemathesis(): Found {
  if (spawnSync(PYTHON, ['-c', ENOUGH]).status !== 0)
    return { found: false, why: 'Python 3.11 or newer with pip is not here' };
  try {
    return { found: true, packages: fetchedTool('schemathesis', [PINS], install) };
  } catch {
    return { found: false, why: 'the index of Python’s packages has not given them' }; // pip has said why
  }
}

function install(to: string): void {
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--root-user-action',
    'ignore',
    '--require-hashes',
  ];
  const options = ['--only-binary', ':all:', '--requirement', PINS, '--target', to];
  execFileSync(PYTHON, [...pip, ...options], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** API key that signs generated requests. */
export interface SigningKey {
  readonly key_id: string;
  readonly secret: string;
}

/** Returns program and environment for Schemathesis with the given arguments and signing keys. */
export function commandOf(
  packages: string,
  { payer, bookKeeper }: { readonly payer: SigningKey; readonly bookKeeper: SigningKey },
  args: readonly string[],
): { program: string; args: readonly string[]; env: Readonly<Record<string, string>> } {
  return {
    program: PYTHON,
    args: ['-c', 'from schemathesis.cli import schemathesis; schemathesis()', ...args],
    env: {
      PYTHONPATH: `${packages}:${FOLDER}`,
      PYTHONNOUSERSITE: '1',
      PYTHONDONTWRITEBYTECODE: '1',
      SCHEMATHESIS_HOOKS: 'hooks',
      SLUICE_PAYER_KEY_ID: payer.key_id,
      SLUICE_PAYER_SECRET: payer.secret,
      SLUICE_BOOK_KEEPER_KEY_ID: bookKeeper.key_id,
      SLUICE_BOOK_KEEPER_SECRET: bookKeeper.secret,
    },
  };
}
