import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { PasswordLogin } from './kafka-security.js';
import type { FlexibleReader } from './flexible-reader.js';
import { compactArray, compactBytes, compactText, int32, NO_TAGS } from './flexible-writer.js';

export type ScramMechanism = Exclude<PasswordLogin['mechanism'], 'plain'>;

/** Login to create, or to give a password. */
export interface ScramLogin {
  readonly mechanism: ScramMechanism;
  readonly username: string;
  readonly password: string;
}

const SCRAM = {
  'scram-sha-256': { id: 1, hash: 'sha256', bytes: 32 },
  'scram-sha-512': { id: 2, hash: 'sha512', bytes: 64 },
} as const;
/** Iterations: the minimum of Kafka, and the default of its tools. */
const ITERATIONS = 4_096;
const TOPIC = 2;
const SET = 0;
const CHECK_ONLY = Buffer.of(0);

/** Body of AlterUserScramCredentials; the passwords themselves are not sent. */
export async function scramBody(logins: readonly ScramLogin[]): Promise<Buffer> {
  const credentials = await Promise.all(logins.map(credentialOf));
  return Buffer.concat([NO_TAGS, compactArray([]), compactArray(credentials), NO_TAGS]);
}

async function credentialOf({ mechanism, username, password }: ScramLogin): Promise<Buffer> {
  const { id, hash, bytes } = SCRAM[mechanism];
  const salt = randomBytes(32);
  const salted = await promisify(pbkdf2)(password, salt, ITERATIONS, bytes, hash);
  return Buffer.concat([
    compactText(username),
    Buffer.of(id),
    int32(ITERATIONS),
    compactBytes(salt),
    compactBytes(salted),
    NO_TAGS,
  ]);
}

/**
 * Body of IncrementalAlterConfigs. The older request of kafkajs would reset every setting that the
 * request does not name, such as a longer retention.
 */
export function topicSettingsBody(
  topics: readonly string[],
  settings: ReadonlyMap<string, string>,
): Buffer {
  const entries = [...settings].map(([name, value]) =>
    Buffer.concat([compactText(name), Buffer.of(SET), compactText(value), NO_TAGS]),
  );
  const resources = topics.map((name) =>
    Buffer.concat([Buffer.of(TOPIC), compactText(name), compactArray(entries), NO_TAGS]),
  );
  return Buffer.concat([NO_TAGS, compactArray(resources), CHECK_ONLY, NO_TAGS]);
}

/** Returns the accepted logins. Throws if Kafka has rejected a login. */
export function readScramAnswer(reader: FlexibleReader): readonly string[] {
  reader.tags(); // header tags
  reader.int32(); // throttle time
  return reader.list(() => {
    const name = reader.nullableText() ?? '';
    refuse(`the login ${name}`, reader.int16(), reader.nullableText());
    reader.tags();
    return name;
  });
}

/** Returns the changed topics. Throws if Kafka has rejected a setting. */
export function readSettingsAnswer(reader: FlexibleReader): readonly string[] {
  reader.tags(); // header tags
  reader.int32(); // throttle time
  return reader.list(() => {
    const [error, message] = [reader.int16(), reader.nullableText()];
    reader.int8(); // resource type
    const name = reader.nullableText() ?? '';
    refuse(`the settings of ${name}`, error, message);
    reader.tags();
    return name;
  });
}

function refuse(what: string, error: number, message: string | null): void {
  if (error !== 0)
    throw new Error(
      `Kafka refuses ${what}: error ${error}${message === null ? '' : `, ${message}`}`,
    );
}
