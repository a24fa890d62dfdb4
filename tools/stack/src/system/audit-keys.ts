import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ofEach, SERVICE_NAMES, type OfServices } from '../tables/services.js';
import type { Layout } from '../layout/layout.js';

/**
 * Creates a file with the audit log key of each service, unless the file exists. Without the key
 * the audit log could no longer be verified.
 */
export function provideAuditKeys(layout: Layout): OfServices<string> {
  return ofEach(SERVICE_NAMES, (name) => {
    const file = layout.auditKeysOf(name);
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if (!existsSync(file))
      writeFileSync(file, `1 ${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
    return file;
  });
}
