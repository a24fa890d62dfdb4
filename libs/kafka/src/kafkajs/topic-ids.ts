import type { Cluster } from './clusters.js';
import { compactArray, compactText, type FlexibleReader, NO_TAGS } from './flexible-fields.js';
import { askBroker, type RequestKind } from './flexible-request.js';

/** Metadata version 12, known to brokers since Kafka 3.1. */
const METADATA: RequestKind = ['Metadata', 3, 12];
const NO_ID = Buffer.alloc(16);
const NO = Buffer.of(0);

/**
 * Ids of topics as 32 hexadecimal digits: a topic that is created again has another id. Topics
 * without an id, or unknown to the broker, are left out.
 *
 * Source: https://kafka.apache.org/protocol#The_Messages_Metadata
 */
export async function topicIdsOf(
  cluster: Cluster,
  topics: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  await cluster.addMultipleTargetTopics(topics);
  await cluster.refreshMetadataIfNecessary();
  const asked = topics.map((name) => Buffer.concat([NO_ID, compactText(name), NO_TAGS]));
  const body = Buffer.concat([NO_TAGS, compactArray(asked), NO, NO, NO_TAGS]);
  const found = await askBroker(await cluster.findControllerBroker(), METADATA, body, readTopics);
  return new Map(
    found.flatMap(({ error, name, id }) =>
      error === 0 && name !== null && !id.equals(NO_ID) ? [[name, id.toString('hex')]] : [],
    ),
  );
}

function readTopics(reader: FlexibleReader) {
  reader.tags(); // header tags
  reader.int32(); // throttle time
  reader.list(() => readBroker(reader));
  reader.nullableText(); // cluster id
  reader.int32(); // controller
  return reader.list(() => readTopic(reader));
}

function readBroker(reader: FlexibleReader): void {
  reader.int32(); // id
  reader.nullableText(); // host
  reader.int32(); // port
  reader.nullableText(); // rack
  reader.tags();
}

function readTopic(reader: FlexibleReader) {
  const [error, name] = [reader.int16(), reader.nullableText()];
  const id = Buffer.from(reader.bytesOf(16));
  reader.int8(); // is internal
  reader.list(() => readPartition(reader));
  reader.int32(); // permitted operations
  reader.tags();
  return { error, name, id };
}

function readPartition(reader: FlexibleReader): void {
  reader.int16(); // error
  for (let left = 3; left > 0; left--) reader.int32(); // partition, leader, leader epoch
  for (let left = 3; left > 0; left--) reader.list(() => reader.int32()); // replicas, in sync, offline
  reader.tags();
}
