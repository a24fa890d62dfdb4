import { join } from 'node:path';
import { adminLogin, stackConfig, type StackSecrets } from '@sluice/stack';
import {
  freePort,
  kafkaName,
  startKafka,
  startKafkaCluster,
  type KafkaNodeId,
  type KafkaPlace,
  type KafkaServer,
  type ProcessGuard,
  type SupervisorEvents,
} from '@sluice/test-servers';
import { TcpRelay } from './tcp-relay.js';

interface Around {
  readonly guard: ProcessGuard;
  readonly secrets: StackSecrets;
  /** Relay of an earlier Kafka, kept because clients know no other address. */
  readonly kafkaRelay: TcpRelay | undefined;
  readonly say: (line: string) => void;
  logOf(process: string): string;
}

interface Wanted {
  readonly folder: string;
  readonly brokers: 1 | 3;
  readonly events: SupervisorEvents;
}

/** Starts a single broker behind a relay, or three brokers without relays. */
export async function startKafkas(
  { guard, secrets, kafkaRelay, say, logOf }: Around,
  { folder, brokers, events }: Wanted,
): Promise<{ readonly kafkas: readonly KafkaServer[]; readonly relay: TcpRelay | undefined }> {
  const common = {
    guard,
    events,
    restart: true,
    notice: say,
    admin: adminLogin(secrets.kafkaAdmin),
    java: stackConfig().java,
  };
  const placeOf = async (node: KafkaNodeId): Promise<KafkaPlace> => ({
    dataDir: brokers === 3 ? join(folder, kafkaName(node)) : folder,
    logFile: logOf(kafkaName(node)),
    port: await freePort(),
    controllerPort: await freePort(),
  });
  const first = await placeOf(1);
  if (brokers === 3) {
    const places = [first, await placeOf(2), await placeOf(3)] as const;
    return { kafkas: await startKafkaCluster(places, common), relay: undefined };
  }
  const relay = kafkaRelay ?? (await TcpRelay.open(await freePort(), first.port));
  relay.aim(first.port);
  return {
    kafkas: [await startKafka({ ...common, ...first, advertisedPort: relay.port })],
    relay,
  };
}
