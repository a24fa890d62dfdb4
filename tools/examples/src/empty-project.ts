import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';

/** A tarball that npm has made. */
export interface Packed {
  /** With its folder. */
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** The folder of somebody who has nothing of ours: a `package.json`, and what is installed into it. */
export class EmptyProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-package-'));

  constructor(type: 'module' | 'commonjs' = 'module') {
    const named = { name: 'shop', version: '1.0.0' };
    // A CommonJS project is one without a type, as `npm init` makes it.
    const manifest = type === 'module' ? { ...named, type } : named;
    this.write('package.json', JSON.stringify(manifest));
  }

  /** As docs/client.md says: a tarball of what was built. */
  pack(library: string): Packed {
    const project = join(workspaceRoot(), 'libs', library);
    const out = npm(['pack', '--json', '--pack-destination', this.folder], project);
    const [packed] = JSON.parse(out) as Packed[];
    if (!packed) throw new Error(`npm has packed nothing of ${library}`);
    return { ...packed, filename: join(this.folder, packed.filename) };
  }

  /** Without a network, and without what was fetched before. */
  install(...tarballs: readonly Packed[]): void {
    const files = tarballs.map(({ filename }) => filename);
    const alone = ['--offline', '--cache', join(this.folder, '.cache'), '--no-audit', '--no-fund'];
    npm(['install', ...alone, ...files], this.folder);
  }

  /** One of our packages of others, which a registry would give: types, drivers. */
  borrow(name: string): void {
    const link = join(this.folder, 'node_modules', name);
    mkdirSync(join(link, '..'), { recursive: true });
    symlinkSync(join(workspaceRoot(), 'node_modules', name), link);
  }

  write(file: string, text: string): string {
    const path = join(this.folder, file);
    writeFileSync(path, text);
    return path;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
