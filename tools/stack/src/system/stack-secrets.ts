import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  CertificateAuthority,
  newServiceKey,
  readJsonFile,
  writeJsonFile,
  writeServerTls,
  type ServerTls,
} from '@sluice/test-servers';
import { believeAuthority } from '@sluice/admin-client';
import {
  KEY_PAIRS,
  LOGIN_NAMES,
  messageKeysOf,
  type KeyPair,
  type LoginName,
} from '../tables/credentials.js';
import type { Layout } from '../layout/layout.js';
import {
  CALLING_NAMES,
  SECRET_NAMES,
  SERVICE_NAMES,
  ofEach,
  type CallingName,
  type OfServices,
  type SecretName,
  type ServiceName,
} from '../tables/services.js';

/** Number of wallet keys: a tank, and enough paying addresses for every test. */
const WALLET_KEYS = 9;

/**
 * Secrets generated once per data folder and stored in the folder. The data is unreadable without
 * the secrets.
 */
export interface StackSecrets extends Readonly<Record<SecretName, string>> {
  readonly postgres: string;
  readonly databases: Readonly<Record<ServiceName, string>>;
  /** Passwords of the database owners. */
  readonly owners: Readonly<Record<ServiceName, string>>;
  readonly messageKeys: Readonly<Record<KeyPair, string>>;
  /** Signing keys of services calling other services, as JSON Web Keys. */
  readonly serviceKeys: Readonly<Record<CallingName, string>>;
  /** Private keys of the wallet's addresses, 32 bytes in hex, the tank's first; worth nothing but on the chains of this machine. */
  readonly walletKeys: readonly string[];
  /** Encryption key sealing the wallet keys for the signer: 32 bytes in base64. */
  readonly walletKek: string;
  readonly kafkaAdmin: string;
  readonly kafka: Readonly<Record<LoginName, string>>;
}

/**
 * Loads the secrets of a data folder. Secrets missing in a folder of an earlier version are added;
 * existing secrets are kept.
 */
export function loadSecrets(file: string): StackSecrets {
  const kept = readJsonFile<StackSecrets>(file);
  const sealing = Object.fromEntries(
    SECRET_NAMES.map((name) => [name, randomBytes(32).toString('base64')]),
  ) as Record<SecretName, string>;
  const secrets: StackSecrets = {
    ...sealing,
    postgres: password(),
    kafkaAdmin: password(),
    walletKek: randomBytes(32).toString('base64'),
    walletKeys: Array.from({ length: WALLET_KEYS }, () => randomBytes(32).toString('hex')),
    ...kept,
    databases: { ...ofEach(SERVICE_NAMES, password), ...kept?.databases },
    owners: { ...ofEach(SERVICE_NAMES, password), ...kept?.owners },
    kafka: { ...passwordsOf(LOGIN_NAMES), ...kept?.kafka },
    messageKeys: { ...newMessageKeys(), ...kept?.messageKeys },
    serviceKeys: {
      ...ofEach(CALLING_NAMES, () => newServiceKey().privateKey),
      ...kept?.serviceKeys,
    },
  };
  writeJsonFile(file, secrets);
  return secrets;
}

function newMessageKeys(): Record<KeyPair, string> {
  return Object.fromEntries(KEY_PAIRS.map((pair) => [pair, randomBytes(32).toString('base64')]));
}

/**
 * Writes the key file of each service: only the keys of the service, without keys shared by other
 * services.
 */
export function writeMessageKeys(layout: Layout, { messageKeys }: StackSecrets): void {
  for (const name of SERVICE_NAMES)
    writeJsonFile(
      layout.messageKeysOf(name),
      messageKeysOf(name, (pair) => messageKeys[pair] ?? ''),
    );
}

function passwordsOf<Name extends string>(names: readonly Name[]): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, password()])) as Record<Name, string>;
}

function password(): string {
  return randomBytes(18).toString('hex');
}

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

type TlsServer = ServiceName | 'postgres' | 'kafka';

const SERVERS: readonly TlsServer[] = [...SERVICE_NAMES, 'postgres', 'kafka'];
const HOSTS = ['localhost', '127.0.0.1'];

/** Certificates of the stack's servers, and the authority for all certificates. */
export interface LocalTls {
  readonly caFile: string;
  of(server: TlsServer): ServerTls;
}

/**
 * Creates new certificates on each start, for this machine and the additional hosts. This process
 * trusts the authority from the call on.
 */
export async function provideTls(
  folder: string,
  ...hosts: readonly string[]
): Promise<LocalTls & { readonly authority: CertificateAuthority }> {
  const authority = await CertificateAuthority.create();
  const made = await Promise.all(
    SERVERS.map(
      async (server) =>
        [
          server,
          await writeServerTls(join(folder, server), authority, { hosts: [...HOSTS, ...hosts] }),
        ] as const,
    ),
  );
  const servers = new Map(made);
  const of = (server: TlsServer): ServerTls => {
    const tls = servers.get(server);
    if (tls === undefined) throw new Error(`${server} has no certificate`);
    return tls;
  };
  const { caFile } = of('kafka');
  believeAuthority(caFile);
  return { caFile, of, authority };
}
