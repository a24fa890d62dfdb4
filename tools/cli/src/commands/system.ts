import { isLoopback } from '@sluice/runtime';
import { doctorReport } from '../doctor/doctor-report.js';
import { examine } from '../doctor/examine.js';
import type { Examined } from '../doctor/findings.js';
import { kafkaAccess, loginOf } from '../doctor/kafka-access.js';
import { usageError } from '../errors/errors.js';
import { command } from '../language/command.js';
import { table } from '../render/table.js';

export const SYSTEM = [
  command(
    'doctor [--partitions 1..1000] [--replication-factor 1..1000] [--known-login NAME]… [--without-kafka]',
    {
      help: `lists faults of an environment and their remedies
        --partitions: minimum number of partitions per topic; default 48, 6 for a Kafka on this machine
        --replication-factor: required copies of each record; default 3, 1 for a Kafka on this machine
        --known-login: an expected login at Kafka beside those of services and readers
        --without-kafka: leaves Kafka out, where others check it
        Each service checks its own credentials (database login, venue key, certificates); the command checks Kafka with the login of an administrator.
        Exit code 0 when nothing is wrong, 1 when something is, 2 when something could not be checked. It changes nothing.`,
      call: (given, _services, context) => {
        const { partitions, replication_factor: copies, without_kafka: isLeftOut } = given;
        const access = isLeftOut ? null : kafkaAccess(context.kafka, context.run);
        const isHere = access?.brokers.every((place) => isLoopback(place.replace(/:\d+$/, '')));
        const needs = {
          partitions: partitions ?? (isHere ? 6 : 48),
          replicationFactor: copies ?? (isHere ? 1 : 3),
          knownLogins: given.known_login,
          administrator: access === null ? null : loginOf(access),
          naming: context.kafka.naming,
          isEncrypted: (access?.tls ?? null) !== null,
        };
        return examine(context, { access, needs, isLeftOut });
      },
      json: (all) => ({
        findings: allOf(all, ({ findings }) => findings),
        unchecked: allOf(all, ({ unchecked }) => unchecked),
        untold: allOf(all, ({ untold }) => untold),
        checked: all.map(({ about, checked: looks }) => ({ about, looks })),
      }),
      text: (all, style) => doctorReport(all, style),
      exit: (all) => {
        if (all.some(({ findings }) => findings.length > 0)) return 1;
        return all.some(({ unchecked }) => unchecked.length > 0) ? 2 : 0;
      },
    },
  ),
  command('dead-letter list [--service S]', {
    help: 'lists messages that could not be processed, with the cause',
    call: ({ service }, services) => services.ofEach(service, (admin) => admin.deadLetters()),
    text: (rows, style) =>
      table(
        'service, id:right, dead_lettered_at as since, message, key, cause',
        rows.map((row) => ({ ...row, message: `${row.topic}[${row.partition}]@${row.offset}` })),
        style,
        'there is no dead letter',
      ),
  }),
  command('dead-letter replay ID --service S', {
    help: 'has a dead letter processed by its service, under the id it had',
    call: async ({ ID, service }, services) => {
      return { service, ...(await services.service(service).replayDeadLetter(ID)) };
    },
    text: (_replayed, _style, { ID, service }) => `${service} has processed message ${ID}`,
  }),
  command('dead-letter drop ID --service S --reason TEXT', {
    help: `dismisses a dead letter; kept as evidence, with your name and reason
      It is never processed: a withdrawal that waits for it waits for ever.`,
    call: async ({ ID, service, reason }, services) => {
      return { service, ...(await services.service(service).dismissDeadLetter(ID, { reason })) };
    },
    text: ({ dismissed_by: person }, _style, { ID, service }) =>
      `message ${ID} of ${service} is dismissed by ${person}`,
  }),
  command('kafka skip --service S --topic T --partition P --offset O --evidence TEXT', {
    help: `leaves a corrupt batch of a log out, so that its partition flows again; kept permanently, with the evidence
      A corrupt log is an incident: check the disk and the replicas first. A repaired batch is read again automatically.
      This service loses the messages of the batch. Reports about the affected withdrawals are requested and sent again automatically.`,
    call: ({ service, topic, partition, offset, evidence }, services) => {
      if (!/^\d{1,9}$/.test(partition) || !/^\d{1,18}$/.test(offset))
        throw usageError('--partition and --offset are whole numbers');
      return services.service(service).skipBatch({ topic, partition, offset }, { evidence });
    },
    text: (_decided, _style, { service, topic, partition, offset }) =>
      `${service} goes on behind offset ${offset} of ${topic}, partition ${partition}, in a few seconds`,
  }),
];

/** One list of all places, each row with its place. */
function allOf<T extends object>(all: readonly Examined[], of: (one: Examined) => readonly T[]) {
  return all.flatMap((one) => of(one).map((row) => ({ about: one.about, ...row })));
}
