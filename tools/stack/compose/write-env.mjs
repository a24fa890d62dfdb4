// Makes the secrets of the composed stack once: `node tools/stack/compose/write-env.mjs`, then
// `docker compose --env-file .sluice/compose.env up --build`.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../.sluice/', import.meta.url));
const file = `${folder}compose.env`;

if (existsSync(file)) {
  console.log(`${file} is there already; its secrets belong to the data, so it is kept`);
} else {
  const secrets = {
    DATABASE_PASSWORD: randomBytes(18).toString('hex'),
    LEDGER_OWNER_PASSWORD: randomBytes(18).toString('hex'),
    INTERNAL_TOKEN: randomBytes(18).toString('hex'),
    SECRETS_KEK: randomBytes(32).toString('base64'),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, Object.entries(secrets).map(([name, value]) => `${name}=${value}\n`).join(''), { mode: 0o600 });
  console.log(`wrote ${file}`);
}
