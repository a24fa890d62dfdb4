import { parseArgs } from 'node:util';
import { SetupError } from '@sluice/test-servers';
import { endingOf } from './command.js';

describe('endingOf', () => {
  const endingWith = (args: string[]) => {
    try {
      return parseArgs({ args, options: { data: { type: 'string' }, once: { type: 'boolean' } } });
    } catch (error) {
      return endingOf(error, 'usage: so');
    }
  };

  it.each([
    [['--nonce'], "Unknown option '--nonce'"],
    [['extra'], "Unexpected argument 'extra'"],
    [['--data'], "Option '--data <value>' argument missing"],
    [['--once=yes'], "Option '--once' does not take an argument"],
  ])('reports %j in a line, with the usage', (args, message) => {
    expect(endingWith(args)).toEqual({
      code: 2,
      output: expect.stringMatching(new RegExp(`^${message}.*\nusage: so$`)),
    });
  });

  it('reports what a person can mend without a trace, and all else with it', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      path: '/data/kafka/x',
    });
    const unforeseen = new Error('unforeseen');

    expect(endingOf(new SetupError('no Java'), '')).toEqual({ code: 1, output: '\nno Java' });
    expect(endingOf(full, '')).toEqual({
      code: 1,
      output: '\n/data/kafka/x cannot be written: the disk is full. Free disk space',
    });
    expect(endingOf(unforeseen, '')).toEqual({ code: 1, output: unforeseen });
  });
});
