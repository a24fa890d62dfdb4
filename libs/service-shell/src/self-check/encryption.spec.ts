import { Secret } from '@sluice/runtime';
import { encryptionCheck } from './certificates.check.js';

const CA = '/etc/ssl/kafka.pem';

describe('the encryption of what leaves the machine', () => {
  const codes = async (host: string, broker: string, ca: string | null, ssl: boolean) => {
    const [kafkaCaFile, kafkaTls] = ca === 'public' ? [null, true] : [ca, false];
    const databaseUrl = new Secret(`postgres://a:b@${host}/c`);
    const check = encryptionCheck({ databaseUrl, brokers: [broker], kafkaCaFile, kafkaTls }, <
      R,
    >() => Promise.resolve([{ ssl }] as R[]));
    return ((await check.look()).findings ?? []).map(({ code }) => code);
  };

  it.each([
    ['127.0.0.1:5432', '127.0.0.1:9092', null, false, []],
    ['db.example:5432', 'kafka.example:9093', CA, true, []],
    ['db.example:5432', 'kafka.example:9093', 'public', true, []],
    ['db.example:5432', 'kafka.example:9092', null, false, ['database-plain', 'kafka-plain']],
  ])('PostgreSQL at %s, Kafka at %s: %j, %j', async (host, broker, caFile, ssl, expected) => {
    expect(await codes(host, broker, caFile, ssl)).toEqual(expected);
  });
});
