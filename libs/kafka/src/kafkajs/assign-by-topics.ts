import { AssignerProtocol, type Cluster, type PartitionAssigner } from 'kafkajs';

const { MemberMetadata, MemberAssignment } = AssignerProtocol;
const NAME = 'TopicsOfMemberAssigner';
const VERSION = 0;

interface MemberOfGroup {
  readonly memberId: string;
  /** Topics taken by this member. */
  readonly takes: readonly string[];
}

/**
 * kafkajs' default assigner distributes all partitions of a group over all members in turn. This
 * assigner gives a topic's partitions to the members taking the topic, or to all members if no
 * member takes the topic. The group uses this assigner once every member supports the assigner.
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

/**
 * Pure function: returns the partitions of each member, by topic. Each partition goes to the member
 * with the fewest partitions among the members taking the topic.
 */
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
