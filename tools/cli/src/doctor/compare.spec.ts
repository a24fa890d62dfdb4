import { monotonicMs, processTime } from '@sluice/runtime';
import {
  compareClients,
  compareClocks,
  compareLogins,
  compareMessageKeys,
  compareVersions,
} from './compare.js';
import type { OwnWord } from './examine.js';

type Key = OwnWord['message_keys'][number];

const key = (partner: string, id: string, print = id, signs = true): Key => ({
  id,
  print,
  signs,
  shared_with: partner,
});

function word(service: string, change: Partial<OwnWord> = {}): OwnWord {
  return {
    service,
    version: '1.0.0',
    time_ms: 0,
    askedAtMs: 0,
    answeredAtMs: 0,
    checked: [],
    findings: [],
    unchecked: [],
    untold: [],
    message_keys: [],
    clients_without_passkey: ['sluice-cli'],
    identity: {
      database: `db:5432/${service}`,
      database_login: service,
      kafka_login: service,
      oidc_client: null,
    },
    ...change,
  };
}

const codes = (findings: readonly { readonly code: string }[]) => findings.map(({ code }) => code);
const sentences = (findings: readonly { readonly wrong: string }[]) =>
  findings.map(({ wrong }) => wrong);

describe('services compared', () => {
  it('are right where they are of one release, each with logins of its own', () => {
    const words = [word('ledger'), word('intake-api')];

    expect([...compareVersions(words), ...compareLogins(words)]).toEqual([]);
  });

  it('of two releases are told with their names', () => {
    const words = [
      word('ledger', { version: '1.1.0' }),
      word('intake-api'),
      word('connector-gateio'),
    ];

    expect(sentences(compareVersions(words))).toEqual([
      'The services are of several releases: ledger of 1.1.0; intake-api, connector-gateio of 1.0.0.',
    ]);
  });

  it('that share a database login, or a database, are told', () => {
    const identity = { database_login: 'both', kafka_login: 'ledger', oidc_client: null };
    const words = [
      word('ledger', { identity: { ...identity, database: 'db:5432/one' } }),
      word('intake-api', {
        identity: { ...identity, database: 'db:5432/one', kafka_login: 'intake-api' },
      }),
    ];

    expect(sentences(compareLogins(words))).toEqual([
      'ledger and intake-api use one database login, both at db:5432.',
      'ledger and intake-api use one database, db:5432/one.',
    ]);
  });

  it('the signer has no login at Kafka, for it reads and writes no topic', () => {
    const { identity } = word('signer');

    expect(
      compareLogins([word('signer', { identity: { ...identity, kafka_login: null } })]),
    ).toEqual([]);
  });

  it.each([
    ['kafka-login-other', 'intake-api'],
    ['kafka-login-none', null],
  ])('%s: the login at Kafka is %s', (code, login) => {
    const { identity } = word('ledger');

    expect(
      codes(compareLogins([word('ledger', { identity: { ...identity, kafka_login: login } })])),
    ).toEqual([code]);
  });
});

describe('the client of the console', () => {
  const { identity } = word('console');
  const page = word('console', { identity: { ...identity, oidc_client: 'sluice-console' } });

  it('is told where a service trusts its tokens alone, and nowhere else', () => {
    const trusting = word('ledger', { clients_without_passkey: ['sluice-cli', 'sluice-console'] });

    expect(compareClients([page, word('intake-api')])).toEqual([]);
    expect(sentences(compareClients([page, word('intake-api'), trusting]))).toEqual([
      "ledger trusts tokens of sluice-console, the console's client, without a passkey.",
    ]);
  });
});

describe('message keys', () => {
  const pair = (ledgers: readonly Key[], intakes: readonly Key[]) =>
    compareMessageKeys([
      word('ledger', { message_keys: ledgers }),
      word('intake-api', { message_keys: intakes }),
    ]);

  it('that both sides have are right', () => {
    expect(pair([key('intake-api', '1')], [key('ledger', '1')])).toEqual([]);
  });

  it('that the other side does not have are told, on each side', () => {
    expect(sentences(pair([key('intake-api', '2')], [key('ledger', '1')]))).toEqual([
      'ledger signs messages to intake-api with the key 2, which intake-api does not have.',
      'intake-api signs messages to ledger with the key 1, which ledger does not have.',
    ]);
  });

  it('of one name and different bytes are told', () => {
    expect(codes(pair([key('intake-api', '1', 'abc')], [key('ledger', '1', 'xyz')]))).toEqual([
      'message-key-not-shared',
      'message-key-not-shared',
    ]);
  });

  it('that are still there after a change are told once', () => {
    const old = (partner: string) => [key(partner, '2'), key(partner, '1', '1', false)];

    expect(sentences(pair(old('intake-api'), old('ledger')))).toEqual([
      'intake-api and ledger have a key beside the signing key: 1.',
    ]);
  });

  it('of a service for itself are compared with nobody', () => {
    expect(pair([key('ledger', '1')], [key('intake-api', '7')])).toEqual([]);
    expect(pair([key('ledger', '2'), key('ledger', '1', '1', false)], [])).toMatchObject([
      { wrong: 'ledger has a key beside the signing key: 1.' },
    ]);
  });
});

describe('clocks', () => {
  const read = (aheadMs: number, tookMs = 20) => ({
    of: 'the database of ledger',
    timeMs: processTime().getTime() + aheadMs,
    askedAtMs: monotonicMs() - tookMs,
    answeredAtMs: monotonicMs(),
  });

  it('are told that differ for sure', () => {
    expect(compareClocks([read(0)])).toEqual([]);
    expect(sentences(compareClocks([read(60_000)]))).toEqual([
      expect.stringMatching(
        /^The clock of the database of ledger is (59|60)\.\d s ahead of that of this machine\.$/,
      ),
    ]);
    expect(sentences(compareClocks([read(-60_000)]))).toEqual([
      expect.stringMatching(/ behind that of this machine\.$/),
    ]);
  });

  it('are not told while the answer may have taken that long', () => {
    expect(compareClocks([read(-30_000, 60_000)])).toEqual([]);
  });
});
