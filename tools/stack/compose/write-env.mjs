// Generates the secrets of the composed stack: `node tools/stack/compose/write-env.mjs`, then
// `docker compose --env-file .sluice/compose.env up --build`. A repeated run keeps the existing
// secrets and adds missing secrets.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  randomUUID,
} from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = new URL('../../../', import.meta.url);
const compose = readFileSync(new URL('docker-compose.yml', root), 'utf8');
const folder = fileURLToPath(new URL('.sluice/', root));
const file = `${folder}compose.env`;

const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
const serviceKeys = new Map();
const [eventsSeed, auditorSeed] = [seedOf('EVENTS'), seedOf('AUDITOR')];
const missing = Object.entries(secrets()).filter(([name]) => !before.includes(`${name}=`));
openMounts();
mkdirSync(folder, { recursive: true });
writeFileSync(file, before + missing.map(([name, value]) => `${name}=${value}\n`).join(''), {
  mode: 0o600,
});
console.log(
  before === ''
    ? `wrote ${file}`
    : `${file} is there already; its secrets belong to the data, so it is kept${missing.length > 0 ? ', and completed' : ''}`,
);

/**
 * Makes the mounted files readable for every user. Containers run as other users than the owner of
 * the checkout, and a checkout made with `umask 077` is readable by its owner alone.
 */
function openMounts() {
  for (const [, path] of compose.matchAll(/^ *- \.\/([^:]+):/gm)) {
    const mount = fileURLToPath(new URL(path, root));
    const below = statSync(mount).isDirectory() ? readdirSync(mount, { recursive: true }) : [];
    for (const one of [mount, ...below.map((name) => join(mount, name))]) open(one);
  }
}

function open(path) {
  const status = statSync(path);
  const readable = status.mode | (status.isDirectory() ? 0o555 : 0o444);
  if (readable === status.mode) return;
  try {
    chmodSync(path, readable);
  } catch (error) {
    console.error(
      `${path} must be readable for the users of containers (${error.message}): run chmod a+rX on this path as its owner`,
    );
    process.exitCode = 1;
  }
}

/** Returns a secret for every variable required by docker-compose.yml. */
function secrets() {
  const names = new Set([...compose.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name));
  return Object.fromEntries([...names].map((name) => [name, secretFor(name)]));
}

/** Returns a service's signing key as JSON Web Key: the existing key, or a new key. */
function serviceKey(service) {
  const kept = new RegExp(`^${service}_PRIVATE_KEY=(.+)$`, 'm').exec(before)?.[1];
  if (kept !== undefined) return JSON.parse(kept);
  if (!serviceKeys.has(service)) {
    const { privateKey } = generateKeyPairSync('ed25519');
    serviceKeys.set(service, { ...privateKey.export({ format: 'jwk' }), kid: randomUUID() });
  }
  return serviceKeys.get(service);
}

/**
 * Returns the secret of a variable. Passwords are hex, because URLs contain passwords; encryption
 * keys are 32 bytes in base64.
 */
function secretFor(name) {
  const [, venue] = /^SIMULATED_(\w+)_KEY$/.exec(name) ?? [];
  if (venue !== undefined) return simulatedKey(venue.toLowerCase());
  if (name === 'EVENTS_SIGNING_KEY') return eventsSeed;
  if (name === 'EVENTS_PUBLIC_KEY') return publicKeyOf(eventsSeed);
  if (name === 'AUDITOR_SIGNING_KEY') return auditorSeed;
  if (name === 'AUDITOR_PUBLIC_KEY') return publicKeyOf(auditorSeed);
  const [, service, half] = /^(\w+)_(PRIVATE|PUBLIC)_KEY$/.exec(name) ?? [];
  if (half !== undefined) {
    const { d, ...publicPart } = serviceKey(service);
    return JSON.stringify(half === 'PRIVATE' ? { ...publicPart, d } : publicPart);
  }
  return /_PASSWORD$/.test(name)
    ? randomBytes(18).toString('hex')
    : randomBytes(32).toString('base64');
}

/**
 * Returns the Ed25519 key of a simulated venue's main client. The simulator derives the key in the
 * same way. The key gives no access to other systems.
 */
function simulatedKey(venue) {
  const seed = createHash('sha256').update(`simulated ${venue} key main`).digest();
  const der = derOf(seed);
  return `-----BEGIN PRIVATE KEY-----\\n${der.toString('base64')}\\n-----END PRIVATE KEY-----\\n`;
}

/** Returns the seed of a signing key, 32 bytes in base64: the existing seed, or a new seed. */
function seedOf(owner) {
  const kept = new RegExp(`^${owner}_SIGNING_KEY=(.+)$`, 'm').exec(before)?.[1];
  return kept ?? randomBytes(32).toString('base64');
}

/** Returns the public half of a signing key: 32 bytes in base64. */
function publicKeyOf(seed) {
  const key = derOf(Buffer.from(seed, 'base64'));
  const { x } = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' })).export({
    format: 'jwk',
  });
  return Buffer.from(x, 'base64url').toString('base64');
}

/** Ed25519 seed in PKCS #8. */
function derOf(seed) {
  return Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
}
