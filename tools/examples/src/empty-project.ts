import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';

/** Tarball made by npm. */
export interface Packed {
  /** File name with folder. */
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Project of a new user: a `package.json` and the installed packages. */
export class EmptyProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-package-'));

  constructor(type: 'module' | 'commonjs' = 'module') {
    const named = { name: 'shop', version: '1.0.0' };
    // A CommonJS project has no type, like after `npm init`.
    const manifest = type === 'module' ? { ...named, type } : named;
    this.write('package.json', JSON.stringify(manifest));
  }

  /** Packs a built library as a tarball, following docs/client.md. */
  pack(library: string): Packed {
    const project = join(workspaceRoot(), 'libs', library);
    const out = npm(['pack', '--json', '--pack-destination', this.folder], project);
    const [packed] = JSON.parse(out) as Packed[];
    if (!packed) throw new Error(`npm has packed nothing of ${library}`);
    return { ...packed, filename: join(this.folder, packed.filename) };
  }

  /** Installs tarballs without a network and without the npm cache. */
  install(...tarballs: readonly Packed[]): void {
    const files = tarballs.map(({ filename }) => filename);
    const alone = ['--offline', '--cache', join(this.folder, '.cache'), '--no-audit', '--no-fund'];
    npm(['install', ...alone, ...files], this.folder);
  }

  /**
   * Links a third-party package of this repository, otherwise installed from a registry: types,
   * drivers.
   */
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
