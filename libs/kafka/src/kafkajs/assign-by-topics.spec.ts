import { deal } from './assign-by-topics.js';

const partitionsOf = (topic: string, count: number) =>
  Array.from({ length: count }, (_, partition) => ({ topic, partition }));
const ALL = [...partitionsOf('answers', 2), ...partitionsOf('facts', 4)];

describe('partitions of a group with several members in one process', () => {
  it('go to the member that takes their topic', () => {
    const dealt = deal(
      [
        { memberId: 'b', takes: ['facts'] },
        { memberId: 'a', takes: ['answers'] },
      ],
      ALL,
    );

    expect(dealt.get('a')).toEqual({ answers: [0, 1] });
    expect(dealt.get('b')).toEqual({ facts: [0, 1, 2, 3] });
  });

  it('are shared evenly by those who take it', () => {
    const dealt = deal(
      ['a', 'b', 'c', 'd'].map((memberId, at) => ({
        memberId,
        takes: [at < 2 ? 'answers' : 'facts'],
      })),
      ALL,
    );

    expect([...dealt.values()]).toEqual([
      { answers: [0] },
      { answers: [1] },
      { facts: [0, 2] },
      { facts: [1, 3] },
    ]);
  });

  it('are dealt to all where nobody takes their topic', () => {
    const dealt = deal(
      ['a', 'b'].map((memberId) => ({ memberId, takes: ['answers'] })),
      ALL,
    );

    expect([...dealt.values()]).toEqual([
      { answers: [0], facts: [0, 2] },
      { answers: [1], facts: [1, 3] },
    ]);
  });

  it('leave a member with nothing when there are more members than partitions', () => {
    const dealt = deal(
      ['a', 'b', 'c'].map((memberId) => ({ memberId, takes: ['answers'] })),
      partitionsOf('answers', 2),
    );

    expect(dealt.get('c')).toEqual({});
  });

  it('are each dealt once, by every member alike', () => {
    const members = ['c', 'a', 'b'].map((memberId) => ({ memberId, takes: ['facts', 'answers'] }));

    expect(deal(members, ALL)).toEqual(deal(members.toReversed(), ALL));
    const all = [...deal(members, ALL).values()].flatMap((assignment) =>
      Object.entries(assignment).flatMap(([topic, of]) =>
        of.map((partition) => ({ topic, partition })),
      ),
    );
    expect(all).toHaveLength(ALL.length);
    expect(all).toEqual(expect.arrayContaining(ALL));
  });
});
