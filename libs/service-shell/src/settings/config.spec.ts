import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@sluice/runtime';
import { AuditKeys } from './audit-keys.js';
import { SERVICE_RULES, SERVICE_SETTINGS, type ServiceConfig } from './config.js';

const faultsOf = (config: Partial<ServiceConfig>) =>
  SERVICE_RULES.flatMap((rule) => rule({ config, env: {}, variables: [] }));

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
    const { logLevel } = SERVICE_SETTINGS;
    expect(readConfig({}, { logLevel })).toEqual({ logLevel: 'info' });
    expect(readConfig({ LOG_LEVEL: 'warn' }, { logLevel })).toEqual({ logLevel: 'warn' });
    expect(() => readConfig({ LOG_LEVEL: 'loud' }, { logLevel })).toThrow(
      'LOG_LEVEL must be trace or debug',
    );
  });

  it('takes the audit key that everybody knows in development alone', () => {
    const auditKeys = AuditKeys.ofDevelopment();
    const missing = 'AUDIT_KEY_FILE is missing: in production the audit log needs a key of its own';
    expect(faultsOf({ nodeEnv: 'development', auditKeys })).not.toContain(missing);
    expect(faultsOf({ nodeEnv: 'production', auditKeys })).toContain(missing);
    const { auditKeys: setting } = SERVICE_SETTINGS;
    expect(() => readConfig({ AUDIT_KEY_FILE: '/nowhere' }, { setting })).toThrow(
      'AUDIT_KEY cannot come from AUDIT_KEY_FILE: ENOENT',
    );
    const file = join(mkdtempSync(join(tmpdir(), 'sluice-audit-')), 'key');
    writeFileSync(file, `1 ${Buffer.alloc(32, 7).toString('base64')}`, { mode: 0o644 });
    expect(() => readConfig({ AUDIT_KEY_FILE: file }, { setting })).toThrow(
      'everybody on this machine may read it',
    );
  });

  it('lets nobody read along in production, where others share the network', () => {
    const production = { nodeEnv: 'production', kafkaCaFile: null, tlsCertFile: null } as const;
    const abroad = { ...production, brokers: ['kafka:9093'], host: '0.0.0.0', tlsElsewhere: false };
    const kafka = expect.stringMatching(/^KAFKA_TLS_CA_FILE is missing: in production/);
    const http = expect.stringMatching(/^TLS_CERT_FILE is missing: in production/);

    expect(faultsOf(abroad)).toEqual(expect.arrayContaining([kafka, http]));
    for (const fine of [
      { ...abroad, nodeEnv: 'development' },
      { ...production, brokers: ['127.0.0.1:9092'], host: '127.0.0.1', tlsElsewhere: false },
      { ...abroad, kafkaCaFile: 'ca.pem', tlsElsewhere: true },
      { ...abroad, kafkaTls: true, tlsElsewhere: true },
    ] satisfies Partial<ServiceConfig>[]) {
      expect(faultsOf(fine)).not.toContainEqual(http);
      expect(faultsOf(fine)).not.toContainEqual(kafka);
    }
    expect(faultsOf({ tlsCertFile: 'cert.pem', tlsKeyFile: null })).toContain(
      'TLS_CERT_FILE and TLS_KEY_FILE belong together',
    );
  });
});
