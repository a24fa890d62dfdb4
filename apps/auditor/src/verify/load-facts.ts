import { connectKafka, readMessages } from '@sluice/kafka';
import {
  VENUES,
  ledgerChainHeads,
  ledgerEvents,
  venueCommands,
  venueEvents,
  WALLET,
  walletEvents,
  type Message,
  type Topic,
} from '@sluice/messages';
import { type Database, Outbox, rowsJson, type Tx, UnitOfWork } from '@sluice/postgres';
import { monotonicMs } from '@sluice/runtime';
import { addressedTo, authenticatorOf, kafkaSecurityOf, type Logger } from '@sluice/service-shell';
import { STORE_HEADS } from '../facts/chain-heads.consumer.js';
import { orderFacts, STORE_ORDERS } from '../facts/order-facts.js';
import { noteOldest, storeLedgerEvents } from '../facts/store-facts.js';
import { refusalFacts, SIGNED_THROUGH, STORE_REFUSALS } from '../releases/refusal-facts.js';
import { judgeWith } from '../requests/request-behind.js';
import type { VerifyConfig } from './config.js';

const SERVICE = 'auditor';

interface Loading {
  readonly config: VerifyConfig;
  readonly database: Database;
  readonly logger: Logger;
  /** Messages of a later time are left out. */
  readonly until: Date;
  readonly say: (line: string) => void;
}

type Store<T extends Topic> = (tx: Tx, batch: readonly Message<T>[]) => Promise<void>;

/** Reads the followed topics from their beginning with the auditor's code, and stores their facts. */
export async function loadFacts(loading: Loading): Promise<void> {
  const { config, logger } = loading;
  const log = connectKafka({
    brokers: config.brokers,
    clientId: 'audit verify',
    logger,
    codec: config.recordCodec,
    security: kafkaSecurityOf(config),
    prefix: config.kafkaPrefix,
  });
  const load = loaderOf(log, loading);
  const judge = judgeWith(config.messageKeys.with('intake-api'));
  await load(ledgerEvents, async (tx, batch) => {
    await storeLedgerEvents(tx, batch, judge);
    await noteOldest(
      tx,
      batch.map(({ time }) => time),
    );
  });
  await load(ledgerChainHeads, (tx, batch) => {
    const heads = batch.map(({ data: { shard, sequence, hash } }) => ({ shard, sequence, hash }));
    return tx.query(STORE_HEADS, [rowsJson(heads)]).then(() => undefined);
  });
  for (const venue of [...VENUES, WALLET]) {
    await load(venueCommands(venue), async (tx, batch) => {
      const orders = orderFacts(venue, batch);
      if (orders.length > 0) await tx.query(STORE_ORDERS, [rowsJson(orders)]);
    });
    const topic: Topic = venue === WALLET ? walletEvents : venueEvents(venue);
    await load(topic as ReturnType<typeof venueEvents>, async (tx, batch) => {
      const refusals = refusalFacts(venue, batch);
      const times = batch.map(({ time }) => time).sort();
      if (refusals.length > 0) await tx.query(STORE_REFUSALS, [rowsJson(refusals)]);
      await tx.query(SIGNED_THROUGH, [venue, times[0], times.at(-1)]);
    });
  }
}

function loaderOf(log: ReturnType<typeof connectKafka>, { config, database, until, say }: Loading) {
  const unitOfWork = new UnitOfWork(database, 'audit verify', new Outbox(database));
  const authenticate = authenticatorOf(SERVICE, config.messageKeys, () => null);
  const isAddressed = addressedTo(SERVICE);
  return async <T extends Topic>(topic: T, store: Store<T>): Promise<void> => {
    const begunMs = monotonicMs();
    let stored = 0;
    // a batch is read and verified while the database stores the batch before
    let storing: Promise<void> = Promise.resolve();
    const { read, unproven } = await readMessages(log, {
      topic,
      authenticate,
      isAddressed,
      onBatch: async (batch) => {
        const known = batch.filter(({ time }) => Date.parse(time) < until.getTime());
        await storing;
        if (known.length === 0) return;
        stored += known.length;
        storing = unitOfWork.run((tx) => store(tx, known));
        storing.catch(() => undefined); // the next batch, or the end, throws the error
      },
    });
    await storing;
    const seconds = Math.max((monotonicMs() - begunMs) / 1_000, 0.001);
    say(
      `${topic.name}: ${read} messages read, ${stored} used, ${unproven} without a valid proof, ${Math.round(read / seconds)} a second`,
    );
  };
}
