import { readOptions } from './options.js';
import { clock } from './output/say.js';

describe('the command line', () => {
  it('requests two withdrawals per second by default', () => {
    const { perSecond, ...flags } = readOptions([]);

    expect(perSecond).toBe(2);
    expect(flags).toEqual({ help: false, keep: false, brief: false, randomUser: false });
  });

  it('reads every option', () => {
    expect(readOptions(['--rate', '5', '--keep', '--brief', '--random-user'])).toEqual({
      help: false,
      keep: true,
      brief: true,
      randomUser: true,
      perSecond: 5,
    });
  });

  it('explains the error in a rate', () => {
    expect(() => readOptions(['--rate', '0'])).toThrow(
      '--rate must be a whole number from 1 to 100, not 0',
    );
  });

  it('prints minutes and seconds', () => {
    expect([clock(900), clock(61_000), clock(3_600_000)]).toEqual([' 0:00', ' 1:01', '60:00']);
  });
});
