import { readConfig } from '@sluice/config';
import { kafkaSecurityOf, SERVICE_SETTINGS } from './config.js';

describe('SERVICE_SETTINGS', () => {
  it('refuses to keep records of money for too short a time, and says why', () => {
    const { retentionDays } = SERVICE_SETTINGS;
    expect(readConfig({}, { retentionDays })).toEqual({ retentionDays: 400 });
    expect(readConfig({ RETENTION_DAYS: '30' }, { retentionDays })).toEqual({ retentionDays: 30 });
    expect(() => readConfig({ RETENTION_DAYS: '29' }, { retentionDays })).toThrow(
      'RETENTION_DAYS must be at least 30: a row must outlive its messages',
    );
  });

  it('takes a word that is known, and names those that are', () => {
    const { recordCodec } = SERVICE_SETTINGS;
    expect(readConfig({}, { recordCodec })).toEqual({ recordCodec: 'ours' });
    expect(readConfig({ KAFKA_RECORD_CODEC: 'kafkajs' }, { recordCodec })).toEqual({
      recordCodec: 'kafkajs',
    });
    expect(() => readConfig({ KAFKA_RECORD_CODEC: 'theirs' }, { recordCodec })).toThrow(
      'KAFKA_RECORD_CODEC must be ours or kafkajs',
    );
  });

  it('takes a login at Kafka whole or not at all', () => {
    const { kafkaUsername, kafkaPassword, kafkaTlsCa } = SERVICE_SETTINGS;
    const read = (env: Record<string, string>) =>
      kafkaSecurityOf(readConfig(env, { kafkaUsername, kafkaPassword, kafkaTlsCa }));
    const together = 'configuration: KAFKA_USERNAME and KAFKA_PASSWORD belong together';

    expect(read({})).toEqual({ login: null, tlsCa: null });
    expect(read({ KAFKA_USERNAME: 'ledger', KAFKA_PASSWORD: 'p' })).toEqual({
      login: { username: 'ledger', password: 'p' },
      tlsCa: null,
    });
    expect(() => read({ KAFKA_USERNAME: 'ledger' })).toThrow(together);
    expect(() => read({ KAFKA_PASSWORD: 'p' })).toThrow(together);
    expect(() => read({ KAFKA_TLS_CA_FILE: 'nowhere.pem' })).toThrow(
      'configuration: KAFKA_TLS_CA_FILE cannot be read: ENOENT',
    );
  });
});
