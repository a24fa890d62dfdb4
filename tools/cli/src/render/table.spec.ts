import { styleOf } from './text.js';
import { table } from './table.js';

const PLAIN = styleOf(false);

describe('a table', () => {
  it('has amounts at the right and texts at the left', () => {
    const rows = [
      { currency: 'USDT', network: 'ETH', balance: '1000.5' },
      { currency: 'BTC', network: 'BTC', balance: '2' },
    ];

    expect(
      table('currency.network as asset, balance:right', rows, PLAIN, 'none').split('\n'),
    ).toEqual([
      'asset     balance', //
      'USDT.ETH   1000.5',
      'BTC.BTC         2',
    ]);
  });

  it('says so when it is empty', () => {
    expect(table('name', [], PLAIN, 'there is no account yet')).toBe('there is no account yet');
  });

  it('shows times to the second in UTC, and what is missing as a dash', () => {
    const rows = [{ at: '2026-05-16T22:00:00.481+02:00' }, { at: null }, { at: 'soon' }];

    expect(table('at:time', rows, PLAIN, '').split('\n')).toEqual([
      'at',
      '2026-05-16 20:00:00Z',
      '–',
      'soon',
    ]);
  });

  it('keeps its shape whatever a name holds, and lets none of it steer the terminal', () => {
    const rows = [
      { name: 'ev\u001b[31mil\n\u202egnp', x: null },
      { name: '💶', x: null },
    ];

    const lines = table('name, x', rows, PLAIN, '').split('\n');

    expect(lines).toEqual([
      `${'name'.padEnd(30)}  x`,
      'ev\\u{1b}[31mil\\u{a}\\u{202e}gnp  –',
      `💶${' '.repeat(29)}  –`,
    ]);
  });

  it('colours a state without moving what follows', () => {
    const rows = [{ state: 'failed', fee: '1' }];
    const columns = 'state:state, fee:right';

    const coloured = table(columns, rows, styleOf(true), '');

    expect(coloured).toContain('\u001b[31mfailed\u001b[39m');
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(table(columns, rows, PLAIN, ''));
  });
});
