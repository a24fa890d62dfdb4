import { simulatorConfig } from './config.js';
import { VENUES } from './venues.js';

describe('simulatorConfig', () => {
  it('listens on this machine only, on a free port, and keeps its book under .sluice', () => {
    expect(simulatorConfig(['gateio'])).toEqual([
      {
        venue: 'gateio',
        host: '127.0.0.1',
        port: 0,
        data: '.sluice/simulator/gateio',
        tls: null,
        keys: [],
      },
    ]);
  });

  it('takes port, folder and host', () => {
    expect(
      simulatorConfig(['gateio', '--port', '4010', '--data', 'book', '--host', '0.0.0.0']),
    ).toMatchObject([{ venue: 'gateio', host: '0.0.0.0', port: 4010, data: 'book' }]);
  });

  it('serves every venue at once, each with a port and a folder of its own', () => {
    const venues = Object.keys(VENUES);
    const all = (...argv: string[]) =>
      simulatorConfig(['all', ...argv]).map(({ venue, port, data }) => [venue, port, data]);

    expect(all()).toEqual(venues.map((venue) => [venue, 0, `.sluice/simulator/${venue}`]));
    expect(all('--port', '4010', '--data', 'books')).toEqual(
      venues.map((venue, index) => [venue, 4010 + index, `books/${venue}`]),
    );
  });

  it('takes a port for each venue, and serves those alone', () => {
    expect(
      simulatorConfig(['all', '--ports', 'upvest=4013,gateio=4010', '--data', 'books']),
    ).toMatchObject([
      { venue: 'upvest', port: 4013, data: 'books/upvest' },
      { venue: 'gateio', port: 4010, data: 'books/gateio' },
    ]);
  });

  it('serves a further account of a venue, with a book of its own', () => {
    expect(
      simulatorConfig(['all', '--ports', 'gateio=1,gateio-treasury=2', '--data', 'books']),
    ).toMatchObject([
      { venue: 'gateio', port: 1, data: 'books/gateio' },
      { venue: 'gateio', port: 2, data: 'books/gateio-treasury' },
    ]);
  });

  it('keeps one certificate for all venues', () => {
    const folders = (...argv: string[]) => simulatorConfig([...argv, '--tls']);

    expect(folders('all', '--data', 'books').map(({ tls }) => tls)).toEqual(
      Object.keys(VENUES).map(() => 'books/tls'),
    );
    expect(folders('bybit').map(({ tls }) => tls)).toEqual(['.sluice/simulator/bybit/tls']);
  });

  it('explains the error in a file of keys', () => {
    expect(() => simulatorConfig(['gateio', '--keys', 'nowhere.json'])).toThrow(
      '--keys nowhere.json: ENOENT',
    );
  });

  it.each([
    [[]],
    [['nowhere']],
    [['gateio', 'more']],
    [['gateio', '--port', '70000']],
    [['gateio', '--port', 'x']],
    [['gateio', '--ports', 'gateio=1']],
    [['all', '--port', '65534']],
    [['all', '--port', '1', '--ports', 'gateio=1']],
    [['all', '--ports', 'nowhere=1']],
    [['all', '--ports', 'nowhere-treasury=1']],
    [['all', '--ports', 'gateio-../x=1']],
    [['all', '--ports', 'gateio']],
    [['all', '--ports', 'gateio=1,gateio=2']],
  ])('refuses %j with the usage', (argv) => {
    expect(() => simulatorConfig(argv)).toThrow(/.\nusage: simulator .*\bgateio\b/);
  });

  it('explains the error before the usage', () => {
    expect(() => simulatorConfig(['kraken'])).toThrow('there is no venue "kraken"');
    expect(() => simulatorConfig(['gateio', '--prt', '1'])).toThrow("Unknown option '--prt'");
    expect(() => simulatorConfig(['all', '--ports', 'gateio=1,gateio=2'])).toThrow(
      'gateio has two ports',
    );
  });

  it.each(['toString', '__proto__'])('does not take %s for a venue', (venue) => {
    expect(() => simulatorConfig([venue])).toThrow('usage');
  });
});
