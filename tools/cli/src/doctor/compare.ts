import type { KeyPrintDto } from '@sluice/http-api';
import { RemoteClock } from '@sluice/runtime';
import { SERVICES_AT_KAFKA } from '@sluice/messages';
import type { OwnWord } from './examine.js';
import { finding, type Finding } from './findings.js';

/** A reading of a remote clock, with the time of the reading in this process. */
export interface ReadClock {
  /** Owner of the clock, as in "the clock of …". */
  readonly of: string;
  readonly timeMs: number;
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

const TOLERATED_MS = 2_000;

/** Reports clocks provably different from that of this machine, whatever the queries took. */
export function compareClocks(clocks: readonly ReadClock[]): readonly Finding[] {
  return clocks.flatMap((clock) => {
    const remote = new RemoteClock();
    remote.observe(clock);
    const aheadMs = remote.processIsAheadMs() ?? 0;
    if (Math.abs(aheadMs) <= TOLERATED_MS) return [];
    const seconds = (Math.abs(aheadMs) / 1_000).toFixed(1);
    return [finding('clock-differs', clock.of, seconds, aheadMs > 0 ? 'behind' : 'ahead of')];
  });
}

/** Reports services with different releases. */
export function compareVersions(words: readonly OwnWord[]): readonly Finding[] {
  const byVersion = Map.groupBy(words, ({ version }) => version);
  const parts = [...byVersion].map(([version, some]) => `${namesOf(some, ', ')} of ${version}`);
  return parts.length < 2 ? [] : [finding('versions-mixed', parts.join('; '))];
}

/**
 * Reports logins and databases shared by several services, and Kafka logins of another service. The
 * name of a Kafka login is free, because managed brokers generate names. A service without a topic has no login.
 */
export function compareLogins(words: readonly OwnWord[]): readonly Finding[] {
  const logins = shared(words, ({ identity: { database, database_login: login } }) => {
    return `${login} at ${database.split('/', 1)[0] ?? ''}`;
  });
  const databases = shared(words, ({ identity }) => identity.database);
  return [
    ...logins.map((values) => finding('database-login-shared', ...values)),
    ...databases.map((values) => finding('database-shared', ...values)),
    ...words.flatMap(({ service, identity: { kafka_login: login } }) => {
      if (login === null)
        return SERVICES_AT_KAFKA.includes(service) ? [finding('kafka-login-none', service)] : [];
      const isForeign = login !== service && SERVICES_AT_KAFKA.includes(login);
      const isShared = words.some(
        (other) => other.service !== service && other.identity.kafka_login === login,
      );
      return isForeign || isShared ? [finding('kafka-login-other', service, login)] : [];
    }),
  ];
}

function shared(words: readonly OwnWord[], of: (word: OwnWord) => string) {
  return [...Map.groupBy(words, of)]
    .filter(([, all]) => all.length > 1)
    .map(([what, all]) => [what, namesOf(all, ' and ')] as const);
}

function namesOf(words: readonly OwnWord[], between: string): string {
  return words.map(({ service }) => service).join(between);
}

/** Reports services that trust the tokens of a server, the console, without a passkey of the person. */
export function compareClients(words: readonly OwnWord[]): readonly Finding[] {
  const clients = words.flatMap(({ identity }) => identity.oidc_client ?? []);
  return words.flatMap(({ service, clients_without_passkey: trusted }) =>
    clients
      .filter((client) => trusted.includes(client))
      .map((client) => finding('console-without-passkey', service, client)),
  );
}

/**
 * Reports differing message keys between two communicating services. Only fingerprints are
 * compared: no other process knows the keys.
 */
export function compareMessageKeys(words: readonly OwnWord[]): readonly Finding[] {
  const known = new Map(words.map((word) => [word.service, word]));
  return words.flatMap((one) => {
    const partners = new Set(one.message_keys.map(({ shared_with: name }) => name));
    return [...partners].flatMap((name) => {
      const other = known.get(name);
      return other === undefined ? [] : compareKeys(one, other);
    });
  });
}

/** The signing key of `one` must be known to `other`. Keys old on both sides are reported once. */
function compareKeys(one: OwnWord, other: OwnWord): readonly Finding[] {
  const [a, b] = [one.service, other.service];
  const own = keysWith(one, b);
  const theirs = keysWith(other, a);
  const first = own.find(({ signs }) => signs);
  const match = theirs.find(({ id }) => id === first?.id);
  if (a !== b && first !== undefined && match?.print !== first.print) {
    const how = match === undefined ? 'does not have' : 'has another key of this name';
    return [finding('message-key-not-shared', a, b, first.id, how)];
  }
  const old = (a === b ? own : [...own, ...theirs]).filter(({ signs }) => !signs);
  if (a > b || old.length === 0) return [];
  const ids = [...new Set(old.map(({ id }) => id))].join(', ');
  return [finding('message-key-old', a === b ? `${a} has` : `${a} and ${b} have`, ids)];
}

function keysWith(word: OwnWord, name: string): readonly KeyPrintDto[] {
  return word.message_keys.filter(({ shared_with: partner }) => partner === name);
}
