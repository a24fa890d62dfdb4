import { NumberText } from '@sluice/exact-json';
import { isAsset, isDecimalText, type Asset } from '@sluice/money';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../http/api-error.js';
import { isIpRule } from '../api-keys/authenticator.js';
import { parseJsonBody } from '../http/json-body.js';
import { rawBodyOf } from '../http/raw-body.js';
import { PERMISSIONS, type Permission } from '../api-keys/key-store.js';

const DEFAULT_RATE_LIMIT = 60;

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(request: FastifyRequest): Fields {
  return parseJsonBody(request.headers['content-type'], rawBodyOf(request));
}

function textOf(fields: Fields, name: string, fallback?: string): string {
  const value = fields[name] ?? fallback;
  if (typeof value !== 'string' || value === '' || value.length > 128 || value.includes('\0'))
    throw ApiError.invalid([`${name}: Input should be a text of 1 to 128 characters`]);
  return value;
}

function textsOf(
  fields: Fields,
  name: string,
  isGood: (text: string) => boolean,
  expected: string,
): string[] {
  const value = fields[name] ?? [];
  if (!Array.isArray(value)) throw ApiError.invalid([`${name}: Input should be a list`]);
  return value.map((entry: unknown) => {
    if (typeof entry !== 'string' || !isGood(entry))
      throw ApiError.invalid([`${name}: ${JSON.stringify(entry)} is not ${expected}`]);
    return entry;
  });
}

export function readName(request: FastifyRequest): string {
  return textOf(fieldsOf(request), 'name');
}

export function readNewKey(request: FastifyRequest) {
  const fields = fieldsOf(request);
  const isPermission = (text: string): text is Permission =>
    (PERMISSIONS as readonly string[]).includes(text);
  const permissions = textsOf(
    fields,
    'permissions',
    isPermission,
    `one of ${PERMISSIONS.join(', ')}`,
  ) as Permission[];
  const limit = fields['rate_limit_per_min'];
  const rateLimit =
    limit === undefined || limit === null
      ? DEFAULT_RATE_LIMIT
      : limit instanceof NumberText
        ? Number(limit.text)
        : NaN;
  if (!Number.isSafeInteger(rateLimit) || rateLimit < 1 || rateLimit > 2_000_000_000)
    throw ApiError.invalid(['rate_limit_per_min: Input should be a whole number greater than 0']);
  return {
    label: textOf(fields, 'label', 'key'),
    permissions: [...new Set(permissions)],
    rateLimit,
    allowedIps: textsOf(fields, 'allowed_ips', isIpRule, 'an IP address or CIDR range'),
  };
}

export function readFunding(request: FastifyRequest): {
  asset: Asset;
  amount: string;
  reference: string;
} {
  const fields = fieldsOf(request);
  const asset = `${textOf(fields, 'currency').toUpperCase()}.${textOf(fields, 'network').toUpperCase()}`;
  if (!isAsset(asset)) throw ApiError.invalid(['currency: Input should be a currency code']);
  const amount = fields['amount'] instanceof NumberText ? fields['amount'].text : fields['amount'];
  if (!isDecimalText(amount) || !/[1-9]/.test(amount))
    throw ApiError.invalid(['amount: Input should be a decimal greater than 0']);
  return { asset, amount, reference: textOf(fields, 'reference') };
}
