import { AssignerProtocol, type Cluster, type PartitionAssigner } from 'kafkajs';

const { MemberMetadata, MemberAssignment } = AssignerProtocol;
const NAME = 'TopicsOfMemberAssigner';
const VERSION = 0;

export interface MemberOfGroup {
  readonly memberId: string;
  /** The topics that are for it. */
  readonly takes: readonly string[];
}

/**
 * kafkajs' own assigner gives all partitions of a group to all of its members in turn. This one gives those of a topic to the members that say that they
 * take it, and to all where none does. A group uses it as soon as each of its members knows it.
 */
export function assignByTopics(takes: readonly string[]): PartitionAssigner {
  return ({ cluster }: { cluster: Cluster }) => ({
    name: NAME,
    version: VERSION,
    protocol: () => ({
      name: NAME,
      metadata: MemberMetadata.encode({
        version: VERSION,
        topics: [...takes],
        userData: Buffer.alloc(0),
      }),
    }),
    assign: ({ members, topics }) => {
      const partitions = topics.flatMap((topic) =>
        cluster
          .findTopicPartitionMetadata(topic)
          .map(({ partitionId }) => ({ topic, partition: partitionId })),
      );
      const assigned = assignPartitions(
        members.map(({ memberId, memberMetadata }) => ({
          memberId,
          takes: MemberMetadata.decode(memberMetadata)?.topics ?? [],
        })),
        partitions,
      );
      return Promise.resolve(
        [...assigned].map(([memberId, assignment]) => ({
          memberId,
          memberAssignment: MemberAssignment.encode({
            version: VERSION,
            assignment,
            userData: Buffer.alloc(0),
          }),
        })),
      );
    },
  });
}

interface Assigned extends MemberOfGroup {
  count: number;
  readonly assignment: Record<string, number[]>;
}

/** Pure: the partitions of each member, by topic. Each goes to the one that has the fewest so far, of those that take its topic. */
export function assignPartitions(
  members: readonly MemberOfGroup[],
  partitions: readonly { readonly topic: string; readonly partition: number }[],
): ReadonlyMap<string, Record<string, number[]>> {
  const all = members
    .toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1))
    .map((member): Assigned => ({ ...member, count: 0, assignment: {} }));
  for (const { topic, partition } of partitions) {
    const takers = all.filter(({ takes }) => takes.includes(topic));
    const [first, ...others] = takers.length > 0 ? takers : all;
    if (!first) break;
    const assignee = others.reduce((least, one) => (one.count < least.count ? one : least), first);
    assignee.count++;
    (assignee.assignment[topic] ??= []).push(partition);
  }
  return new Map(all.map(({ memberId, assignment }) => [memberId, assignment]));
}
