import { pbkdf2, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import type { KafkaAccess, KafkaLogin } from './kafka-client.js';

/** Of Kafka's protocol: SaslHandshake, SaslAuthenticate, AlterUserScramCredentials. */
const API = { handshake: 17, authenticate: 36, alterScram: 51 } as const;
const SCRAM_SHA_512 = 2;
/** Enough where a password has 144 random bits; the least that Kafka takes. */
const ITERATIONS = 4_096;
const ANSWER_MS = 10_000;

/**
 * Makes these logins, or gives them these passwords. kafkajs has no request for it, and Kafka's own tool starts a JVM for each login, so it
 * is asked here in its own protocol: by the admin, who logs in by PLAIN.
 */
export async function ensureLogins(
  { brokers, login: admin, ca }: KafkaAccess,
  logins: readonly KafkaLogin[],
): Promise<void> {
  const [host = '', port = ''] = (brokers[0] ?? '').split(':');
  if (admin?.mechanism !== 'plain') throw new Error('logins are made by an admin who uses PLAIN');
  const credentials = await Promise.all(logins.map(credentialOf));
  const socket =
    ca === undefined ? connect(Number(port), host) : connectTls({ host, port: Number(port), ca });
  try {
    await once(socket, ca === undefined ? 'connect' : 'secureConnect', {
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    await ask(socket, API.handshake, 1, text('PLAIN'));
    const token = Buffer.from(`\0${admin.username}\0${admin.password}`);
    const authenticated = await ask(
      socket,
      API.authenticate,
      0,
      Buffer.concat([int32(token.length), token]),
    );
    if (authenticated.readInt16BE(0) !== 0)
      throw new Error(`Kafka refuses ${admin.username}: error ${authenticated.readInt16BE(0)}`);
    // No tagged fields of the header, no logins to delete, those to make, no tagged fields.
    const body = [Buffer.of(0), compactArray([]), compactArray(credentials), Buffer.of(0)];
    refuseFaults(await ask(socket, API.alterScram, 0, Buffer.concat(body)));
  } finally {
    socket.destroy();
  }
}

/** What Kafka stores of a password; the password itself is not sent. */
async function credentialOf({ username, password }: KafkaLogin): Promise<Buffer> {
  const salt = randomBytes(32);
  const salted = await promisify(pbkdf2)(password, salt, ITERATIONS, 64, 'sha512');
  return Buffer.concat([
    compact(Buffer.from(username)),
    Buffer.of(SCRAM_SHA_512),
    int32(ITERATIONS),
    compact(salt),
    compact(salted),
    Buffer.of(0),
  ]);
}

/** Sends one request and answers what follows the correlation id. */
async function ask(socket: Socket, api: number, version: number, body: Buffer): Promise<Buffer> {
  const header = Buffer.concat([int16(api), int16(version), int32(api), text('sluice-stack')]);
  socket.write(Buffer.concat([int32(header.length + body.length), header, body]));
  let received = Buffer.alloc(0);
  while (received.length < 4 || received.length < 4 + received.readInt32BE(0)) {
    const [chunk] = (await once(socket, 'data', { signal: AbortSignal.timeout(ANSWER_MS) })) as [
      Buffer,
    ];
    received = Buffer.concat([received, chunk]);
  }
  return received.subarray(8);
}

/** Of an answer: tagged fields, the throttle time, then for each login its name, an error code, a message and tagged fields. */
function refuseFaults(answer: Buffer): void {
  let at = 1 + 4;
  const count = (answer[at++] ?? 1) - 1;
  for (let n = 0; n < count; n++) {
    const length = (answer[at++] ?? 1) - 1;
    const name = answer.toString('utf8', at, at + length);
    const error = answer.readInt16BE((at += length));
    if (error !== 0) throw new Error(`Kafka does not make the login ${name}: error ${error}`);
    at += 2 + 1 + 1; // no message where there is no error, no tagged fields
  }
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([int16(value.length), Buffer.from(value)]);
}

/** Names, salts and hashes are all shorter than the 127 bytes that one byte of length can tell. */
function compact(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of(bytes.length + 1), bytes]);
}

function compactArray(items: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.of(items.length + 1), ...items]);
}
