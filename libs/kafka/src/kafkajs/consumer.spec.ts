import { assignPartitions } from './consumer.js';

const partitionsOf = (topic: string, count: number) =>
  Array.from({ length: count }, (_, partition) => ({ topic, partition }));
const ALL = [...partitionsOf('answers', 2), ...partitionsOf('facts', 4)];

describe('partitions of a group with several members in one process', () => {
  it('go to the member that takes their topic', () => {
    const assigned = assignPartitions(
      [
        { memberId: 'b', takes: ['facts'] },
        { memberId: 'a', takes: ['answers'] },
      ],
      ALL,
    );

    expect(assigned.get('a')).toEqual({ answers: [0, 1] });
    expect(assigned.get('b')).toEqual({ facts: [0, 1, 2, 3] });
  });

  it('are shared evenly by those who take it', () => {
    const assigned = assignPartitions(
      ['a', 'b', 'c', 'd'].map((memberId, at) => ({
        memberId,
        takes: [at < 2 ? 'answers' : 'facts'],
      })),
      ALL,
    );

    expect([...assigned.values()]).toEqual([
      { answers: [0] },
      { answers: [1] },
      { facts: [0, 2] },
      { facts: [1, 3] },
    ]);
  });

  it('are given to all where nobody takes their topic', () => {
    const assigned = assignPartitions(
      ['a', 'b'].map((memberId) => ({ memberId, takes: ['answers'] })),
      ALL,
    );

    expect([...assigned.values()]).toEqual([
      { answers: [0], facts: [0, 2] },
      { answers: [1], facts: [1, 3] },
    ]);
  });

  it('leave a member with nothing when there are more members than partitions', () => {
    const assigned = assignPartitions(
      ['a', 'b', 'c'].map((memberId) => ({ memberId, takes: ['answers'] })),
      partitionsOf('answers', 2),
    );

    expect(assigned.get('c')).toEqual({});
  });

  it('are each assigned once, by every member alike', () => {
    const members = ['c', 'a', 'b'].map((memberId) => ({ memberId, takes: ['facts', 'answers'] }));

    expect(assignPartitions(members, ALL)).toEqual(assignPartitions(members.toReversed(), ALL));
    const all = [...assignPartitions(members, ALL).values()].flatMap((assignment) =>
      Object.entries(assignment).flatMap(([topic, of]) =>
        of.map((partition) => ({ topic, partition })),
      ),
    );
    expect(all).toHaveLength(ALL.length);
    expect(all).toEqual(expect.arrayContaining(ALL));
  });
});
