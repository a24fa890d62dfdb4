import { jest } from '@jest/globals';
import type { Readable } from 'node:stream';
import { ChangeStream } from './change-stream.js';

const AT = '2026-11-30T12:00:00.000Z';

describe('the stream of changes', () => {
  let active: boolean[];
  let stream: ChangeStream;
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick'] });
    active = [];
    const options = { onActive: (is: boolean) => void active.push(is), now: () => new Date(AT) };
    stream = new ChangeStream(options);
  });
  afterEach(() => jest.useRealTimers());

  const open = (last?: string) => {
    const reader = stream.open(last);
    return { reader, text: () => String((reader.read() as Buffer | null) ?? '') };
  };
  const idOf = (text: string) => [...text.matchAll(/^id: (\S+)$/gm)].at(-1)?.[1] ?? '';
  const idsIn = (text: string) =>
    [...text.matchAll(/event: changed\ndata: (.*)\n/g)].map(
      ([, data = '']) => (JSON.parse(data) as { ids: string[] }).ids,
    );
  const leave = async (reader: Readable) => {
    const left = new Promise((resolve) => reader.once('close', resolve));
    reader.destroy();
    await left;
  };

  it('tells both readers of changes, at most once in a second, each withdrawal once', () => {
    const [one, other] = [open(), open()];
    expect(one.text()).toMatch(/^retry: 2000\nid: [0-9a-f]{8}-1\n\n$/);
    other.text();

    stream.add(['a']);
    jest.advanceTimersByTime(1);
    stream.add(['b', 'c']);
    stream.add(['b']);
    jest.advanceTimersByTime(900);
    const early = one.text();
    jest.advanceTimersByTime(100);

    expect(idsIn(early)).toEqual([['a']]);
    expect(early).toMatch(
      new RegExp(
        `^id: [0-9a-f]{8}-2\\nevent: changed\\ndata: {"ids":\\["a"\\],"at":"${AT}"}\\n\\n$`,
      ),
    );
    expect(idsIn(one.text())).toEqual([['b', 'c']]);
    expect(idsIn(other.text())).toEqual([['a'], ['b', 'c']]);
    stream.close();
  });

  it('sends a comment every 15 seconds', () => {
    const { text } = open();
    text();
    jest.advanceTimersByTime(15_000);
    expect(text()).toBe(':\n\n');
    stream.close();
  });

  it('repeats what a reader has missed, and resets a reader that it does not know', async () => {
    const { reader, text } = open();
    const last = idOf(text());
    await leave(reader);
    stream.add(['a']);
    jest.advanceTimersByTime(1_001);
    stream.add(['b']);
    jest.advanceTimersByTime(1_001);

    const back = open(last).text();
    expect(idsIn(back)).toEqual([['a'], ['b']]);
    expect(back).not.toContain('event: reset');
    for (const unknown of ['00000000-1', `${last}9`, last.replace(/\d+$/, '0'), 'x', ''])
      expect(open(unknown).text()).toMatch(/event: reset\ndata: {"at":/);
    expect(idsIn(open(idOf(back)).text())).toEqual([]);
    stream.close();
  });

  it('resets every reader, also later ones, where changes are not known', () => {
    const { text } = open();
    const last = idOf(text());
    stream.add(['a']);
    stream.add(null);
    jest.advanceTimersByTime(1_001);

    const shown = text();
    expect([shown.includes('event: reset'), idsIn(shown)]).toEqual([true, []]);
    expect(open(last).text()).toContain('event: reset');
    expect(open(idOf(shown)).text()).not.toContain('event: reset');
    stream.add(Array.from({ length: 2_001 }, (_, n) => `w-${n}`));
    expect(text()).toContain('event: reset');
    stream.close();
  });

  it('collects nothing and has no timer without a reader, a minute after the last has left', async () => {
    stream.add(['a']);
    expect([jest.getTimerCount(), active]).toEqual([0, []]);

    const { reader, text } = open();
    const last = idOf(text());
    await leave(reader);
    expect(active).toEqual([true]);
    jest.advanceTimersByTime(60_000);

    expect([jest.getTimerCount(), active]).toEqual([0, [true, false]]);
    stream.add(['b']);
    expect(jest.getTimerCount()).toBe(0);
    expect(open(last).text()).toContain('event: reset');
    expect(active).toEqual([true, false, true]);
    stream.close();
  });

  it('ends a reader that takes nothing', () => {
    const { reader } = open();
    const ids = Array.from(
      { length: 2_000 },
      (_, n) => `0193a000-0000-7000-8000-${String(n).padStart(12, '0')}`,
    );
    for (let n = 0; n < 20; n++) {
      stream.add(ids);
      jest.advanceTimersByTime(1_001);
    }
    expect(reader.destroyed).toBe(true);
    stream.close();
  });

  it('ends every reader when it is closed', () => {
    const { reader, text } = open();
    text();
    stream.close();
    expect([reader.read(), reader.readableEnded || reader.readableLength === 0]).toEqual([
      null,
      true,
    ]);
  });
});
