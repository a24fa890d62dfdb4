import { isLoopback } from '@sluice/config';
import type { Answer, Command, CommandContext } from '../command.js';
import { examine } from '../doctor/examine.js';
import type { Examined } from '../doctor/findings.js';
import { kafkaAccess } from '../doctor/kafka-access.js';
import type { KafkaNeeds } from '../doctor/kafka-needs.js';
import type { Input } from '../input.js';
import { doctorReport } from '../render/doctor-report.js';

const PARTITIONS = 6;
const COPIES = 3;
const MOST = 1_000;

export const doctor: Command = {
  name: 'doctor',
  summary: 'lists faults of an environment and their remedies',
  operands: [],
  options: [
    {
      name: 'partitions',
      value: 'N',
      help: `minimum number of partitions per topic; default ${PARTITIONS}`,
    },
    {
      name: 'replication-factor',
      value: 'N',
      help: `required copies of each record; default ${COPIES}, 1 for a Kafka on this machine`,
    },
    {
      name: 'known-login',
      value: 'NAME',
      help: 'a login at Kafka that is meant to be there beside those of services and readers',
      repeatable: true,
    },
    { name: 'without-kafka', help: 'leaves Kafka out, where somebody else looks after it' },
  ],
  notes: [
    'Each service checks its own credentials (database login, venue key, certificates); the command checks Kafka with the login of an administrator.',
    'Exit code 0 when nothing is wrong, 1 when something is, 2 when something could not be checked. It changes nothing.',
  ],
  example: 'doctor',
  run: async (input, context) => answerOf(await examine(context, kafkaOf(input, context))),
};

function kafkaOf(input: Input, { run, kafka }: CommandContext) {
  const isLeftOut = input.isSet('without-kafka');
  const access = isLeftOut ? null : kafkaAccess(kafka, run);
  const isHere = access?.brokers.every((place) => isLoopback(place.replace(/:\d+$/, '')));
  const needs: KafkaNeeds = {
    partitions: input.integer('partitions', 1, MOST) ?? PARTITIONS,
    replicationFactor: input.integer('replication-factor', 1, MOST) ?? (isHere ? 1 : COPIES),
    knownLogins: input.list('known-login'),
    administrator: access?.login?.username ?? null,
    isEncrypted: (access?.ca ?? null) !== null,
  };
  return { access, needs, isLeftOut };
}

function answerOf(all: readonly Examined[]): Answer {
  const findings = all.flatMap(({ about, findings: found }) =>
    found.map((finding) => ({ about, ...finding })),
  );
  const unchecked = all.flatMap(({ about, unchecked: missed }) =>
    missed.map((one) => ({ about, ...one })),
  );
  const untold = all.flatMap(({ about, untold: hidden }) =>
    hidden.map((one) => ({ about, ...one })),
  );
  const checked = all.map(({ about, checked: looks }) => ({ about, looks }));
  return {
    json: { findings, unchecked, untold, checked },
    text: (style) => doctorReport(all, style),
    exitCode: findings.length > 0 ? 1 : unchecked.length > 0 ? 2 : 0,
  };
}
