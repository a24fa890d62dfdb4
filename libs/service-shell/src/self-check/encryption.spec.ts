import { Secret } from '@sluice/runtime';
import { encryptionCheck } from './encryption.check.js';

const CA = '/etc/ssl/kafka.pem';

describe('the encryption of what leaves the machine', () => {
  const codes = async (host: string, broker: string, kafkaCaFile: string | null, ssl: boolean) => {
    const check = encryptionCheck(
      { databaseUrl: new Secret(`postgres://a:b@${host}/c`), brokers: [broker], kafkaCaFile },
      <R>() => Promise.resolve([{ ssl }] as R[]),
    );
    return ((await check.look()).findings ?? []).map(({ code }) => code);
  };

  it.each([
    ['127.0.0.1:5432', '127.0.0.1:9092', null, false, []],
    ['db.example:5432', 'kafka.example:9093', CA, true, []],
    ['db.example:5432', 'kafka.example:9092', null, false, ['database-plain', 'kafka-plain']],
  ])('PostgreSQL at %s, Kafka at %s: %j, %j', async (host, broker, caFile, ssl, expected) => {
    expect(await codes(host, broker, caFile, ssl)).toEqual(expected);
  });
});
