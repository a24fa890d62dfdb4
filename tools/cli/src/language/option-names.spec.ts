import { COMMANDS } from '../commands.js';
import { findCommand } from './parse-command-line.js';
import { inOptions, OPTION_OF_FIELD } from './option-names.js';

const named = (command: string, message: string) =>
  inOptions(findCommand(command.split(' '), COMMANDS).command, message);

describe('a refusal', () => {
  it.each([
    [
      'key create',
      'allowed_ips: A key that may withdraw needs them, or any_address',
      '--allow-ip: A key that may withdraw needs them, or --any-address',
    ],
    [
      'key create',
      'rate_limit_per_min: Input should be a whole number; label: Field required',
      '--rate-limit: Input should be a whole number; --label: Field required',
    ],
    [
      'route set',
      'venues.0.min_amount: Input should be greater than 0',
      '--min: Input should be greater than 0',
    ],
    ['key revoke', 'key_id: Field required', 'KEY_ID: Field required'],
    ['terms set', 'unit_worth_eur: Input should be null', '--worth-eur: Input should be null'],
    [
      'halt open',
      'not everything is halted: details: Input is too long',
      'not everything is halted: --because: Input is too long',
    ],
    ['account list', 'name: Field required', 'name: Field required'],
    ['withdrawal show', 'the state is awaiting_approval', 'the state is awaiting_approval'],
  ])('of %s names options: %s', (command, message, shown) => {
    expect(named(command, message)).toBe(shown);
  });

  it('names only options that a command has', () => {
    const options = new Set(COMMANDS.flatMap((one) => one.options.map(({ name }) => name)));
    expect(Object.values(OPTION_OF_FIELD).filter((name) => !options.has(name))).toEqual([]);
  });
});
