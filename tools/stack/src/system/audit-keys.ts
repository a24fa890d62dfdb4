import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ofEach, SERVICE_NAMES, type OfServices } from '../services.js';
import type { Layout } from './layout.js';

/** A file for each service with the key of its audit log, made once: without it what the log says could not be proven again. */
export function provideAuditKeys(layout: Layout): OfServices<string> {
  return ofEach(SERVICE_NAMES, (name) => {
    const file = layout.auditKeysOf(name);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if (!existsSync(file))
      writeFileSync(file, `1 ${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
    return file;
  });
}
