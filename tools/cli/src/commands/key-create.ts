import type { CreateApiKeyDto, CreatedApiKeyDto, Permission } from '@sluice/admin-api';
import { ACCOUNT, SEE_ACCOUNTS } from '../account-option.js';
import { orWhenMissing } from '../admin-faults.js';
import { usageError } from '../cli-error.js';
import type { Command } from '../command.js';
import { EXPIRES, expiresIn } from '../expires-option.js';
import type { Input } from '../input.js';
import { PUBLIC_KEY, publicKeyIn } from '../public-key-option.js';
import { cell } from '../render/cell.js';
import type { Style } from '../render/style.js';
import { facts } from '../render/table.js';
import { time } from '../render/time.js';

const HIGHEST_RATE = 100_000_000;

export const keyCreate: Command = {
  name: 'key create',
  summary: 'creates an API key and shows its secret, once, or takes a public key of the customer',
  operands: [],
  options: [
    ACCOUNT,
    {
      name: 'permissions',
      value: 'P,…',
      help: 'withdraw, read_withdrawal_status, read_balance, …',
      required: true,
    },
    { name: 'label', value: 'L', help: 'what it is for' },
    { name: 'rate-limit', value: 'N', help: 'requests per minute; default 60' },
    {
      name: 'allow-ip',
      value: 'CIDR',
      help: 'only from this address or range',
      repeatable: true,
    },
    { name: 'any-address', help: 'a key with the permission withdraw works from any address' },
    EXPIRES,
    PUBLIC_KEY,
  ],
  example:
    'key create --account 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11 --permissions withdraw,read_balance --allow-ip 10.0.0.0/8',
  run: async (input, { services }) => {
    const key = await orWhenMissing(
      services.intake.createKey(input.text('account'), keyIn(input)),
      SEE_ACCOUNTS,
    );
    return { json: key, text: (style) => textOf(key, style) };
  },
};

function keyIn(input: Input): CreateApiKeyDto {
  const permissions = input.words<Permission>('permissions') ?? [];
  if (permissions.length === 0)
    throw usageError('--permissions names at least one permission, e.g. withdraw,read_balance');
  const label = input.optional('label');
  const publicKey = publicKeyIn(input);
  const rateLimit = input.integer('rate-limit', 1, HIGHEST_RATE);
  return {
    permissions,
    ...(label !== undefined && { label }),
    ...(rateLimit !== undefined && { rate_limit_per_min: rateLimit }),
    ...(input.isSet('allow-ip') && { allowed_ips: input.list('allow-ip') }),
    ...(input.isSet('any-address') && { any_address: true }),
    ...(publicKey !== undefined && { algorithm: 'ed25519' as const, public_key: publicKey }),
    ...expiresIn(input),
  };
}

function textOf(key: CreatedApiKeyDto, style: Style): string {
  const pairs = [
    ['key_id', cell(key.key_id)],
    [key.secret === null ? 'public key' : 'secret', cell(key.secret ?? key.public_key)],
    ['permissions', cell(key.permissions)],
    ['per minute', cell(key.rate_limit_per_min)],
    ['addresses', key.allowed_ips.length > 0 ? cell(key.allowed_ips) : 'any'],
    ['expires', key.expires_at === null ? 'never' : time(key.expires_at)],
  ] as const;
  return [
    facts(pairs, style),
    ...(key.secret === null ? [] : [style.doubtful('the secret is not shown again: keep it now')]),
    ...(key.warning ? [style.doubtful(key.warning)] : []),
  ].join('\n');
}
