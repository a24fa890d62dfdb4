import type { Permission, RotatedApiKeyDto } from '@sluice/http-api';
import { usageError } from '../errors/errors.js';
import { command, listing } from '../language/command.js';
import { A } from '../language/shared-help.js';
import { defined, word } from '../language/usage.js';
import { facts } from '../render/table.js';
import { cell, type Style } from '../render/text.js';

const HOUR_SECONDS = 3_600;
const PEM = /^-----BEGIN PUBLIC KEY-----\s+([A-Za-z0-9+/=]+)\s+-----END PUBLIC KEY-----$/;

export const KEYS = [
  command(
    'key create --account A --permissions P,… [--label L] [--rate-limit 1..100000000] [--allow-ip CIDR]… [--any-address] [--expires 1..3650|never] [--public-key PEM]',
    {
      help: `creates an API key and shows its secret, once, or takes a public key of the customer
        --permissions: e.g. withdraw,read_balance; others: read_withdrawal_status, …
        --label: purpose of the key
        --rate-limit: requests per minute; default 60
        --allow-ip: only from this address or range; a key with the permission withdraw needs it, or --any-address
        --any-address: a key with the permission withdraw works from any address`,
      example: `${A} --permissions withdraw,read_balance --allow-ip 10.0.0.0/8`,
      call: ({ account, permissions, label, rate_limit, ...given }, { intake }) => {
        const public_key = publicKeyIn(given.public_key);
        const key = defined({
          permissions: permissions.map(word<Permission>),
          label,
          rate_limit_per_min: rate_limit,
          allowed_ips: given.allow_ip.length > 0 ? given.allow_ip : undefined,
          any_address: given.any_address || undefined,
          algorithm: public_key === undefined ? undefined : ('ed25519' as const),
          public_key,
          expires_in_days: daysOf(given.expires),
        });
        return intake.createKey(account, key);
      },
      mayAwait: 'intake-api',
      text: (key, style) => {
        const addresses = key.allowed_ips.length > 0 ? key.allowed_ips : 'any';
        return [
          ...keyLines({ ...key, addresses, overlap_until: null }, style),
          !!key.warning && style.doubtful(key.warning),
        ];
      },
    },
  ),
  listing('key list --account A', {
    help: 'lists the API keys of an account; secrets are never shown',
    call: ({ account }, { intake }) => intake.keys(account),
    columns:
      'key_id as key, label, algorithm, permissions, rate_limit_per_min:right as per minute, allowed_ips as addresses, created_at as created, last_used_at as last used, overlap_until as both until, expires_at as expires, revoked_at as revoked',
    empty: 'this account has no key: sluice key create',
  }),
  command('key rotate KEY_ID [--overlap 0..720] [--expires 1..3650|never] [--public-key PEM]', {
    help: `gives an API key a second secret and shows it, once, or its next public key
      --overlap: hours in which both secrets are valid; default 24
      Id, permissions and client references stay: a request that is repeated under the new secret is the same request.`,
    call: ({ KEY_ID, overlap, expires, public_key }, { intake }) => {
      const rotation = defined({
        overlap_seconds: overlap === undefined ? undefined : overlap * HOUR_SECONDS,
        public_key: publicKeyIn(public_key),
        expires_in_days: daysOf(expires),
      });
      return intake.rotateKey(KEY_ID, rotation);
    },
    mayAwait: 'intake-api',
    text: (key, style) =>
      keyLines({ permissions: null, rate_limit_per_min: null, addresses: null, ...key }, style),
  }),
  command('key revoke KEY_ID', {
    help: 'revokes an API key permanently',
    call: ({ KEY_ID }, { intake }) => intake.revokeKey(KEY_ID),
    text: ({ key_id: id }) => `${cell(id)} is revoked`,
  }),
  command('key rewrap', {
    help: `seals again each API key that another SECRETS_KEK has sealed
      It may be repeated. A key that does not open is named and refused: create another one.`,
    call: (_given, { intake }) => intake.rewrapKeys(),
    text: ({ sealed, refused }, style) => [
      `${cell(sealed)} sealed anew`,
      refused.length > 0 && style.doubtful(`these do not open and are refused: ${cell(refused)}`),
    ],
  }),
  listing('signer list --account A', {
    help: 'lists the signers of the orders of an account, each change, oldest first',
    call: ({ account }, { ledger }) => ledger.signers(account),
    columns:
      'key_id as key, public_key, change, in_force, at:time, requested_by as by, approved_by as and',
    empty: 'it has none: its orders need no signature at the ledger',
  }),
  command('signer add --account A --key-id K --public-key PEM', {
    help: `lets a public key of the customer sign the orders of an account
      From the first signer on, permanently, the ledger takes signed orders only: revoke the keys of the account that have a secret.
      Have the public key from the customer itself, not from intake-api.`,
    call: ({ account, key_id, public_key }, { ledger }) =>
      ledger.addSigner(account, { key_id, public_key: publicKeyIn(public_key) }),
    approval: 'ledger',
    text: ({ public_key: key }) => `${cell(key)} signs for this account`,
  }),
  command('signer revoke --account A --public-key PEM', {
    help: `lets a public key sign nothing more; at once, and permanently
      The account goes on taking signed orders only: without a signer it takes none.`,
    missing: '"sluice signer list --account A" shows them',
    call: ({ account, public_key: key }, { ledger }) =>
      ledger.revokeSigner(account, { public_key: publicKeyIn(key) }),
    text: ({ public_key: key }) => `${cell(key)} signs nothing more`,
  }),
  listing('order-case list', {
    help: 'lists orders that their customer had not signed, newest first',
    call: (_given, { ledger }) => ledger.orderCases(),
    columns:
      'opened_at as at, withdrawal_id as withdrawal, account_id as account, detail as what was wrong',
    empty: 'every order was signed where it has to be',
  }),
];

/** Expiry in the format of the admin API: 0 is never. */
function daysOf(expires: number | 'never' | undefined): number | undefined {
  return expires === 'never' ? 0 : expires;
}

/** A new secret, which is shown once, or a public key. */
function keyLines(
  key: Pick<RotatedApiKeyDto, 'secret' | 'public_key' | 'expires_at'> & Shown,
  style: Style,
) {
  const public_key = key.secret === null ? key.public_key : null;
  return [
    facts(
      'key_id as key_id, secret, public_key, permissions, rate_limit_per_min as per minute, addresses, overlap_until as both until, expires_at as expires',
      { ...key, public_key, expires_at: key.expires_at ?? 'never' },
      style,
    ),
    key.secret !== null && style.doubtful('the secret is not shown again: keep it now'),
  ];
}

type Shown = Readonly<
  Record<'key_id' | 'permissions' | 'rate_limit_per_min' | 'addresses' | 'overlap_until', unknown>
>;

/** Returns SPKI in base64, as accepted by the services, of a PEM or of the line inside. */
export function publicKeyIn<T extends string | undefined>(given: T): T | string {
  const text = given?.trim();
  if (text === undefined) return given;
  if (!text.includes('BEGIN')) return text;
  const inside = PEM.exec(text)?.[1];
  if (inside === undefined)
    throw usageError(
      '--public-key takes the PEM of an Ed25519 public key, as openssl pkey -pubout writes it',
    );
  return inside;
}
