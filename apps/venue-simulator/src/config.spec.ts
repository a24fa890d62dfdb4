import { readConfig } from './config.js';

describe('readConfig', () => {
  it('listens on this machine only, on a free port, and keeps its book under .sluice', () => {
    expect(readConfig(['gateio'], {})).toEqual({ venue: 'gateio', host: '127.0.0.1', port: 0, data: '.sluice/simulator/gateio' });
  });

  it('takes port, folder and host', () => {
    expect(readConfig(['gateio', '--port', '4010', '--data', 'book'], { SIM_HOST: '0.0.0.0' })).toMatchObject({
      host: '0.0.0.0',
      port: 4010,
      data: 'book',
    });
  });

  it.each([[[]], [['nowhere']], [['gateio', 'more']], [['gateio', '--port', '70000']], [['gateio', '--port', 'x']]])(
    'refuses %j with the usage',
    (argv) => {
      expect(() => readConfig(argv, {})).toThrow(/^usage: simulator .*\bgateio\b/);
    },
  );

  it.each(['toString', '__proto__'])('does not take %s for a venue', (venue) => {
    expect(() => readConfig([venue], {})).toThrow('usage');
  });
});
