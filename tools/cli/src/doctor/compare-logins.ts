import { SERVICES_AT_KAFKA } from '@sluice/messages';
import type { OwnWord } from './examine-service.js';
import type { Finding } from './findings.js';

/** Reports logins and databases shared by several services. */
export function compareLogins(words: readonly OwnWord[]): readonly Finding[] {
  return [...sharedLogins(words), ...sharedDatabases(words), ...kafkaLogins(words)];
}

function sharedLogins(words: readonly OwnWord[]): readonly Finding[] {
  const placeOf = ({ identity: { database, database_login: login } }: OwnWord): string =>
    `${login} at ${database.split('/', 1)[0] ?? ''}`;
  return shared(words, placeOf).map(([place, services]) => ({
    code: 'database-login-shared',
    wrong: `${services} use one database login, ${place}.`,
    follows: 'A thief of one login has the database rights of the others.',
    remedy: 'Give each service a database and a login of its own.',
  }));
}

function sharedDatabases(words: readonly OwnWord[]): readonly Finding[] {
  return shared(words, ({ identity }) => identity.database).map(([database, services]) => ({
    code: 'database-shared',
    wrong: `${services} use one database, ${database}.`,
    follows:
      'Their tables have the same names: one takes the messages and the history of the other for its own.',
    remedy: 'Give each service a database of its own.',
  }));
}

/**
 * Reports Kafka logins not named after their service, because Kafka rights belong to logins with
 * service names. A service without a topic, such as the signer, has no login.
 */
function kafkaLogins(words: readonly OwnWord[]): readonly Finding[] {
  return words.flatMap(({ service, identity: { kafka_login: login } }) => {
    if (login === service || (login === null && !SERVICES_AT_KAFKA.includes(service))) return [];
    const as = login === null ? 'without a login' : `as ${login}`;
    return [
      {
        code: login === null ? 'kafka-login-none' : 'kafka-login-other',
        wrong: `${service} speaks to Kafka ${as}.`,
        follows: 'Its rights there differ from those of its own login: too many, or too few.',
        remedy: `Set KAFKA_USERNAME=${service} and the password of that login.`,
      },
    ];
  });
}

function shared(
  words: readonly OwnWord[],
  of: (word: OwnWord) => string,
): readonly (readonly [string, string])[] {
  return [...Map.groupBy(words, of)]
    .filter(([, all]) => all.length > 1)
    .map(([what, all]) => [what, all.map(({ service }) => service).join(' and ')]);
}
