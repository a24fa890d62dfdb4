import { UnfitDatabaseError } from './faults.js';
import { SessionClient, type SessionConfig } from './session-client.js';

/** Property of a database, or of a pooler before it, with which Sluice must not work. */
export interface DatabaseFault {
  readonly code: 'database-encoding' | 'database-session';
  /** What is wrong, as a clause without a full stop. */
  readonly wrong: string;
  readonly remedy: string;
}

/** Attempts to see a session that two connections share while others use the pooler too. */
const ROUNDS = 5;

const PROPERTIES = `
  SELECT datname AS name, pg_encoding_to_char(encoding) AS encoding FROM pg_database WHERE datname = current_database()`;

/** Faults of a database, seen by own connections. Throws if unreachable. */
export async function databaseFaults(config: SessionConfig): Promise<readonly DatabaseFault[]> {
  return withConnection(config, async (client) => {
    const { rows } = await client.query<{ name: string; encoding: string }>(PROPERTIES);
    const [{ name, encoding } = { name: '', encoding: '' }] = rows;
    const lost = await lostSetting(client, config);
    return [
      ...(encoding === 'UTF8' ? [] : [wrongEncoding(name, encoding)]),
      ...(lost === null ? [] : [lostOne(name, lost)]),
    ];
  });
}

/** Throws UnfitDatabaseError with all faults of the database in one sentence. */
export async function requireFitDatabase(config: SessionConfig): Promise<void> {
  const faults = await databaseFaults(config);
  if (faults.length === 0) return;
  throw new UnfitDatabaseError(
    faults.map(({ wrong, remedy }) => `${wrong}: ${remedy}`).join('; and '),
  );
}

/** Setting that did not last, or null: a pooler may share one session between connections. */
async function lostSetting(client: SessionClient, config: SessionConfig): Promise<string | null> {
  const [lost] = await client.lostSettings();
  if (lost !== undefined || !client.isPooled) return lost ?? null;
  return withConnection(config, async (other) => {
    for (let round = 0; round < ROUNDS; round++) {
      await client.applySettings();
      await other.applySettings();
      const [one] = [...(await client.lostSettings()), ...(await other.lostSettings())];
      if (one !== undefined) return one;
    }
    return null;
  });
}

async function withConnection<T>(
  config: SessionConfig,
  work: (client: SessionClient) => Promise<T>,
): Promise<T> {
  const client = new SessionClient(config);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function wrongEncoding(name: string, encoding: string): DatabaseFault {
  return {
    code: 'database-encoding',
    wrong: `the encoding of the database ${name} must be UTF8, it is ${encoding}`,
    remedy: `create an empty database with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0, and migrate it`,
  };
}

function lostOne(name: string, setting: string): DatabaseFault {
  return {
    code: 'database-session',
    wrong: `the setting ${setting} of a session of the database ${name} does not last`,
    remedy:
      'a pooler before it gives one session to several clients; set pool_mode = session there, or name PostgreSQL itself in the URL',
  };
}
