/** Key, passwords and client secret of the local issuer, kept in its file. */
import { generateKeyPairSync, randomBytes, randomUUID, type JsonWebKey } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** People of a local stack, each with the granted roles. */
export const LOCAL_ROLES: Readonly<Record<string, readonly string[]>> = {
  demo: ['operate', 'approve', 'administer', 'audit'],
  olivia: ['operate'],
  peter: ['operate', 'approve'],
  ada: ['administer'],
  audrey: ['audit'],
};

export interface Kept {
  readonly key: JsonWebKey & { readonly kid: string };
  /** The password of each person. */
  readonly people: Readonly<Record<string, string>>;
  /** Secret of the client `sluice-console`. */
  readonly consoleSecret: string;
}

/** Loads the stored secrets, and generates those of new people and clients. */
export function loadKept(file: string | undefined): Kept {
  const kept =
    file !== undefined && existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Kept>)
      : null;
  const passwords = Object.keys(LOCAL_ROLES).map((name) => [name, randomBytes(18).toString('hex')]);
  const now: Kept = {
    key: kept?.key ?? newKey(),
    people: { ...(Object.fromEntries(passwords) as Kept['people']), ...kept?.people },
    consoleSecret: kept?.consoleSecret ?? randomBytes(32).toString('hex'),
  };
  if (file !== undefined) writeFileSync(file, JSON.stringify(now, null, 2), { mode: 0o600 });
  return now;
}

function newKey(): Kept['key'] {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID() };
}
