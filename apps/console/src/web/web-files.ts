import { existsSync, globSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ConfigError } from '@sluice/runtime';

interface WebFile {
  readonly type: string;
  readonly bytes: Buffer;
  /** The same bytes, compressed. They hold no secret, so that their length tells nothing. */
  readonly gzip: Buffer;
}

/** The built page, read once at the start: no request chooses a path of the disk. */
export interface WebFiles {
  /** Text of index.html, with `__NONCE__` for the nonce of the answer. */
  readonly index: string;
  /** Files by the path below `/assets/`. */
  readonly assets: ReadonlyMap<string, WebFile>;
}

export const WEB_FILES = Symbol('WebFiles');

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
};

/** Reads the folder of the built page. Throws ConfigError if the build is missing. */
export function readWebFiles(folder: string): WebFiles {
  const index = join(folder, 'index.html');
  if (!existsSync(index))
    throw new ConfigError(
      `the page of the console is not built: ${index} is missing; build the project console-web first`,
    );
  const assets = join(folder, 'assets');
  const files = globSync('**/*', { cwd: assets, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one): [string, WebFile] => {
      const path = join(one.parentPath, one.name);
      const type = TYPES[extname(one.name)] ?? 'application/octet-stream';
      const bytes = readFileSync(path);
      return [path.slice(assets.length + 1), { type, bytes, gzip: gzipSync(bytes) }];
    });
  return { index: readFileSync(index, 'utf8'), assets: new Map(files) };
}
