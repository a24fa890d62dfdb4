// Makes the secrets of the composed stack once: `node tools/stack/compose/write-env.mjs`, then
// `docker compose --env-file .sluice/compose.env up --build`. Run again, it adds what an older file lacks and keeps the rest.
import { createHash, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../../.sluice/', import.meta.url));
const file = `${folder}compose.env`;

const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
const serviceKeys = new Map();
const missing = Object.entries(secrets()).filter(([name]) => !before.includes(`${name}=`));
mkdirSync(folder, { recursive: true });
writeFileSync(file, before + missing.map(([name, value]) => `${name}=${value}\n`).join(''), {
  mode: 0o600,
});
console.log(
  before === ''
    ? `wrote ${file}`
    : `${file} is there already; its secrets belong to the data, so it is kept${missing.length > 0 ? ', and completed' : ''}`,
);

/** Every variable that docker-compose.yml asks for. */
function secrets() {
  const compose = readFileSync(new URL('../../../docker-compose.yml', import.meta.url), 'utf8');
  const names = new Set([...compose.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name));
  return Object.fromEntries([...names].map((name) => [name, secretFor(name)]));
}

/** The key that a service signs its calls with, as JSON Web Key: the one that is there already, or a new one. */
function serviceKey(service) {
  const kept = new RegExp(`^${service}_PRIVATE_KEY=(.+)$`, 'm').exec(before)?.[1];
  if (kept !== undefined) return JSON.parse(kept);
  if (!serviceKeys.has(service)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    serviceKeys.set(service, { ...privateKey.export({ format: 'jwk' }), kid: randomUUID() });
  }
  return serviceKeys.get(service);
}

/** Passwords go into URLs; what a service seals with is 32 bytes in base64. */
function secretFor(name) {
  if (name === 'SIMULATED_UPVEST_KEY') return simulatedUpvestKey();
  const [, service, half] = /^(\w+)_(PRIVATE|PUBLIC)_KEY$/.exec(name) ?? [];
  if (half !== undefined) {
    const { d, ...publicPart } = serviceKey(service);
    return JSON.stringify(half === 'PRIVATE' ? { ...publicPart, d } : publicPart);
  }
  if (name.startsWith('AUDIT_KEY_')) return auditKey(name);
  return /_PASSWORD$/.test(name)
    ? randomBytes(18).toString('hex')
    : randomBytes(32).toString('base64');
}

/** A new one, or that of the file in which older versions kept it: its entries are sealed with it. */
function auditKey(name) {
  const service = name.slice('AUDIT_KEY_'.length).toLowerCase().replaceAll('_', '-');
  const kept = `${folder}compose-keys/audit-${service}`;
  const first = existsSync(kept) ? /^1 (\S+)$/m.exec(readFileSync(kept, 'utf8'))?.[1] : undefined;
  return first ?? randomBytes(32).toString('base64');
}

/** The Ed25519 key that the simulated Upvest knows its main client by; it is derived there in the same way, and opens nothing else. */
function simulatedUpvestKey() {
  const seed = createHash('sha256').update('simulated upvest key main').digest();
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  return `-----BEGIN PRIVATE KEY-----\\n${der.toString('base64')}\\n-----END PRIVATE KEY-----\\n`;
}
