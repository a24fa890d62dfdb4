import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyKafka } from '@sluice/kafka/inspect';
import { kafkaAccess } from '../doctor/kafka-access.js';
import { CliError, usageError } from '../errors/errors.js';
import { LOGIN_NAMES, topicsPlan } from '../kafka/topics-plan.js';
import { command } from '../language/command.js';
import type { KafkaSettings } from '../settings/config.js';

export const TOPICS = [
  command(
    'topics apply [--partitions 1..1000] [--replication-factor 1..15] [--settings NAME=VALUE,…] [--connectors C,…] [--logins scram-sha-512|scram-sha-256] [--passwords FOLDER]',
    {
      help: `creates missing topics, their settings, rights and logins at Kafka
        --partitions: of a topic that is created; default 48
        --replication-factor: of a topic that is created; default 3
        --settings: settings of every topic, e.g. min.insync.replicas=2
        --connectors: connectors with rights and logins; default all
        --logins: kind of the logins to create; without it no login is created
        --passwords: folder with one file per login, named like the service; default: variables such as LEDGER_KAFKA_PASSWORD
        The command may be repeated. It removes nothing, and needs no running service.`,
      call: async (given, _services, { kafka, run }) => {
        const access = kafkaAccess(kafka, run);
        if (access === null)
          throw usageError('no Kafka was given: set SLUICE_KAFKA_BROKERS and the login');
        const plan = topicsPlan({
          naming: kafka.naming,
          partitions: given.partitions ?? 48,
          replicationFactor: given.replication_factor ?? 3,
          settings: settingsOf(given.settings ?? []),
          connectors: given.connectors ?? null,
          passwords: given.logins === undefined ? new Map() : passwordsOf(kafka, given.passwords),
          mechanism: given.logins ?? 'scram-sha-512',
        });
        const created = await applyKafka(access, plan).catch((error: unknown) => {
          throw new CliError(`Kafka refused a change: ${(error as Error).message}`, 2);
        });
        const { topics, rights, logins } = plan;
        return { created, topics: topics.length, rights: rights.length, logins: logins.length };
      },
      text: ({ created, topics, rights, logins }) =>
        `Kafka has ${topics} topics (${created.length} of them new), ${rights} rights and ${logins} logins of this command`,
    },
  ),
];

function settingsOf(list: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    list.map((one): [string, string] => {
      const [, name, value] = /^([a-z.]+)=(.+)$/.exec(one) ?? [];
      if (name === undefined || value === undefined)
        throw usageError('--settings is a list of NAME=VALUE');
      return [name, value];
    }),
  );
}

function passwordsOf(
  { passwordOf }: KafkaSettings,
  folder: string | undefined,
): ReadonlyMap<string, string> {
  return new Map(
    LOGIN_NAMES.map((name) => {
      const file = folder === undefined ? '' : join(folder, name);
      const fromFile = file !== '' && existsSync(file) ? readFileSync(file, 'utf8') : null;
      return [name, fromFile?.replace(/\n$/, '') ?? passwordOf(name)];
    }),
  );
}
