import { LastReport } from './sent-report.js';

describe('the last report', () => {
  const given = (...named: readonly string[]) => {
    const last = new LastReport();
    const first = last.next({ from: '1', to: '2' });
    for (const text of named) first.isNew(text);
    return { last, first };
  };

  it('is not repeated by the one that begins where it ended, down to the word', () => {
    const { last, first } = given('a', 'b');
    first.committed();

    const next = last.next({ from: '2', to: '3' });

    expect(['a', 'B', 'c'].map((text) => next.isNew(text))).toEqual([false, true, true]);
  });

  it('is repeated by one that was set back, or where another instance has reported since', () => {
    const { last, first } = given('a');
    first.committed();

    expect(last.next({ from: '1', to: '3' }).isNew('a')).toBe(true);
    expect(last.next({ from: '3', to: '4' }).isNew('a')).toBe(true);
  });

  it('counts once it is committed', () => {
    const { last } = given('a');

    expect(last.next({ from: '2', to: '3' }).isNew('a')).toBe(true);
  });

  it('is remembered for as long as it is read again', () => {
    const { last, first } = given('a');
    first.committed();
    const second = last.next({ from: '2', to: '3' });
    second.isNew('a');
    second.committed();

    expect(last.next({ from: '3', to: '4' }).isNew('a')).toBe(false);
  });
});
