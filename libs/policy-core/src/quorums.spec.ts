import { areMet } from './rule.js';
import { group } from './testing/policy-examples.js';

const GROUPS = { ops: group('ann', 'bob'), treasury: group('bob', 'cat', 'dan') };
const ops = (need: number) => ({ group: 'ops', need });
const treasury = (need: number) => ({ group: 'treasury', need });

describe('quorums', () => {
  it.each([
    ['none', [], [], true],
    ['one person of the group', [ops(1)], ['ann'], true],
    ['no person', [ops(1)], [], false],
    ['a person of another group', [ops(1)], ['cat'], false],
    ['a stranger', [ops(1)], ['zoe'], false],
    ['the same person twice', [ops(2)], ['ann', 'ann'], false],
    ['all members', [ops(2)], ['bob', 'ann'], true],
    ['more than the members', [ops(3)], ['ann', 'bob', 'cat', 'dan'], false],
    ['a person of both groups', [ops(1), treasury(1)], ['bob'], false],
    ['a person of both groups, and one more', [ops(1), treasury(1)], ['bob', 'ann'], true],
    ['a person of both groups, and one of the other', [ops(1), treasury(1)], ['bob', 'cat'], true],
    ['a person of both groups whom both need', [ops(2), treasury(2)], ['ann', 'bob', 'cat'], false],
    ['people enough for both', [ops(2), treasury(2)], ['ann', 'bob', 'cat', 'dan'], true],
  ] as const)('of %s', (_people, quorums, people, met) => {
    expect(areMet(quorums, GROUPS, people)).toBe(met);
    expect(areMet(quorums.toReversed(), GROUPS, people.toReversed())).toBe(met);
  });

  it('move a person through several groups', () => {
    const chain = { a: group('p', 'q'), b: group('q', 'r'), c: group('r', 's'), d: group('p') };
    const quorums = ['a', 'b', 'c', 'd'].map((name) => ({ group: name, need: 1 }));

    expect(areMet(quorums, chain, ['p', 'q', 'r', 's'])).toBe(true);
    expect(areMet(quorums, chain, ['p', 'q', 'r'])).toBe(false);
  });

  it('are asked of all members by default', () => {
    expect(areMet([ops(2), treasury(2)], GROUPS)).toBe(true);
    expect(areMet([ops(2), treasury(3)], GROUPS)).toBe(false);
  });

  it.each(['board', 'constructor', 'toString', '__proto__'])(
    'of an unknown group named %s are never met',
    (name) => expect(areMet([{ group: name, need: 1 }], GROUPS)).toBe(false),
  );

  it('of the largest groups are met without a fault', () => {
    const people = Array.from({ length: 200 }, (_, at) => `p${at}`);
    const names = Array.from({ length: 100 }, (_, at) => `g${at}`);
    const groups = Object.fromEntries(
      names.map((name, at) => [name, group(...people.slice(at, at + 100))]),
    );
    const all = names.map((name) => ({ group: name, need: 2 }));

    expect(areMet(all.slice(0, 99), groups)).toBe(true);
    expect(areMet(all, groups)).toBe(false);
  });
});
