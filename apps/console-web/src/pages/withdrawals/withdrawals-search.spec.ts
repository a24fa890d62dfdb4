import { parseSearchText, writeSearchText } from '../../format/search-text.js';
import { OPEN_STATES } from '../../format/states.js';
import { listQuery, readSearch, utcInstant, writeSearch } from './withdrawals-search.js';

describe('the view of the list', () => {
  it('is the URL: what is written is read again', () => {
    const view = readSearch({
      q: ' 0x12 ',
      state: 'failed,uncertain,nonsense',
      venue: 'gateio',
      cursor: '17',
      columns: 'number',
      other: 'x',
    });

    expect(view).toEqual({
      filters: { q: '0x12', venue: 'gateio' },
      states: ['uncertain', 'failed'],
      cursor: '17',
      columns: 'number',
    });
    expect(readSearch(parseSearchText(writeSearchText(writeSearch(view))))).toEqual(view);
  });

  it('is short without filters', () =>
    expect(writeSearchText(writeSearch(readSearch({ q: ' ', state: '' })))).toBe(''));

  it('has one word for the states in which money may move', () => {
    const view = readSearch({ state: 'open' });

    expect(view.states).toEqual(OPEN_STATES);
    expect(view.states).not.toContain('completed');
    expect(writeSearch(view)['state']).toBe('open');
  });
});

describe('the query of the list', () => {
  it('has the filters, with times in UTC', () =>
    expect(
      listQuery(
        readSearch({
          requested_since: '2026-11-30T14:00',
          requested_before: '2026-12-01',
          state: 'failed',
          cursor: '9',
        }),
      ),
    ).toEqual({
      requested_since: '2026-11-30T14:00:00Z',
      requested_before: '2026-12-01T00:00:00Z',
      state: ['failed'],
      cursor: '9',
      limit: 50,
    }));

  it.each([
    ['2026-11-30T14:00:30Z', '2026-11-30T14:00:30Z'],
    ['2026-11-30T14:00:30+01:00', '2026-11-30T14:00:30+01:00'],
    ['2026-11-30T14:00:30', '2026-11-30T14:00:30Z'],
  ])('reads the time %s as %s', (text, instant) => expect(utcInstant(text)).toBe(instant));
});
