import type { Readiness, ServiceAdmin } from '@sluice/admin-client';
import type { SelfCheckDto } from '@sluice/http-api';
import type { KafkaAdminAccess } from '@sluice/kafka/inspect';
import { connectorOf, WALLET } from '@sluice/messages';
import { monotonicMs } from '@sluice/runtime';
import { tried } from '../calls/admin-faults.js';
import type { CommandContext } from '../language/command.js';
import {
  compareClients,
  compareClocks,
  compareLogins,
  compareMessageKeys,
  compareVersions,
  type ReadClock,
} from './compare.js';
import { examined, type Examined, finding, type Finding } from './findings.js';
import type { KafkaNeeds } from './kafka-access.js';
import { waitingFor } from './waiting-for-people.js';

/** Self-check of a service, with the time of the query. */
export interface OwnWord extends SelfCheckDto {
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
}

interface ServiceExamined {
  readonly examined: Examined;
  /** Null if the self-check failed. */
  readonly word: OwnWord | null;
}

const WAITING = 'what waits for a person';

/** Examines a service: readiness, self-check findings, and work waiting for a person. */
async function examineService(
  name: string,
  { run, services }: CommandContext,
): Promise<ServiceExamined> {
  const service = services.service(name);
  const readiness = await tried(run, () => service.readiness());
  if (!readiness.ok) return away(name, readiness.refusal);
  const [self, waiting] = await Promise.all([
    tried(run, () => ownWord(service)),
    tried(run, () => waitingFor(name, services)),
  ]);
  const word = self.ok ? self.value : null;
  const { checked = [], findings = [], unchecked = [], untold = [] } = word ?? {};
  return {
    word,
    examined: examined(name, {
      checked: ['readiness', ...checked, ...(waiting.ok ? [WAITING] : [])],
      findings: [
        ...readinessFindings(readiness.value),
        ...findings,
        ...(waiting.ok ? waiting.value : []),
      ],
      unchecked: [
        ...(self.ok ? [] : [{ what: 'self-check', because: self.refusal }]),
        ...(waiting.ok ? [] : [{ what: WAITING, because: waiting.refusal }]),
        ...unchecked,
      ],
      untold,
    }),
  };
}

async function ownWord(service: ServiceAdmin): Promise<OwnWord> {
  const askedAtMs = monotonicMs();
  const word = await service.selfCheck();
  return { ...word, askedAtMs, answeredAtMs: monotonicMs() };
}

function away(name: string, sentence: string): ServiceExamined {
  const findings = [finding('service-away', sentence)];
  const unchecked = [{ what: 'self-check', because: 'the service cannot be reached' }];
  return { word: null, examined: examined(name, { findings, unchecked }) };
}

/** Reasons for an unready service, as reported by the service. */
function readinessFindings({ ready, faults }: Readiness): readonly Finding[] {
  if (ready) return [];
  const given = faults.length === 0 ? ['it gives no reason'] : faults;
  return given.map((fault) =>
    finding(/dist\/migrate\.js/.test(fault) ? 'database-not-migrated' : 'service-unready', fault),
  );
}

const SIGNER = 'signer';

const TOGETHER = ['versions', 'logins', 'message keys', 'clients', 'clocks'];

interface Kafka {
  /** Null where no administrator's login was given. */
  readonly access: KafkaAdminAccess | null;
  readonly needs: KafkaNeeds;
  readonly isLeftOut: boolean;
}

/** Every service, Kafka, and how they fit together. */
export async function examine(context: CommandContext, kafka: Kafka): Promise<readonly Examined[]> {
  const [services, broker] = await Promise.all([
    Promise.all(context.services.names().map((name) => examineService(name, context))),
    lookAtKafka(kafka),
  ]);
  const words = services.flatMap(({ word }) => word ?? []);
  return [
    ...services.map((one) => behindItsWall(one.examined, words)),
    ...broker.examined,
    examined('together', { checked: TOGETHER, findings: together(words, broker.clocks) }),
  ];
}

function together(words: readonly OwnWord[], clocks: readonly ReadClock[]) {
  const databases = words.map((word) => {
    return { ...word, of: `the database of ${word.service}`, timeMs: word.time_ms };
  });
  return [
    ...compareVersions(words),
    ...compareLogins(words),
    ...compareMessageKeys(words),
    ...compareClients(words),
    ...compareClocks([...databases, ...clocks]),
  ];
}

async function lookAtKafka({ access, needs, isLeftOut }: Kafka) {
  if (isLeftOut) return { examined: [], clocks: [] };
  if (access === null) {
    const because =
      'no login of an administrator was given: set SLUICE_KAFKA_BROKERS, SLUICE_KAFKA_USERNAME and SLUICE_KAFKA_PASSWORD_FILE, or give --without-kafka';
    const unchecked = [{ what: 'topics, rights, logins', because }];
    return { examined: [examined('kafka', { unchecked })], clocks: [] };
  }
  // loaded on demand: the module takes longer to load than other commands run
  const { examineKafka } = await import('./kafka.js');
  const { examined: seen, clocks } = await examineKafka(access, needs);
  return { examined: [seen], clocks };
}

/**
 * In a cluster only the connector of our wallet reaches the signer. A signer unreachable for this
 * command is correct if the connector reaches the signer or reports the fault.
 */
export function behindItsWall(seen: Examined, words: readonly OwnWord[]): Examined {
  const isAway = seen.findings.some(({ code }) => code === 'service-away');
  const connector = connectorOf(WALLET);
  const word = words.find(({ service }) => service === connector);
  if (seen.about !== SIGNER || !isAway || !word?.checked.includes(SIGNER)) return seen;
  const because = `only ${connector} reaches it, as intended; the findings of ${connector} are listed there.`;
  return examined(SIGNER, { untold: [{ what: 'self-check', because }] });
}
