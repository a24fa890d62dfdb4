import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { BackgroundLoop, type Logger } from '@sluice/runtime';
import { Gauge } from 'prom-client';

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/** A server able to change the certificate while listening. */
interface CertificateHolder {
  setSecureContext(options: SecureContextOptions): void;
}

const CHECK_EVERY_MS = 10_000;

/** Suites of TLS 1.3, and suites of TLS 1.2 with forward secrecy and authenticated encryption. */
const AEAD_SUITES = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':');

const endsAt = new Gauge({
  name: 'sluice_server_certificate_ends_timestamp_seconds',
  help: 'When the certificate ends with which this service proves who it is',
});

/** Certificate of a service, reloaded when the files change: a rotation needs no restart. */
export class ServerCertificate {
  private current: SecureContextOptions;
  private readonly holders: CertificateHolder[] = [];
  private readonly loop: BackgroundLoop;

  /** Throws when the files cannot be read, or do not belong together. */
  constructor(
    private readonly files: CertificateFiles,
    private readonly logger: Logger,
  ) {
    this.current = read(files);
    this.loop = BackgroundLoop.every(CHECK_EVERY_MS, 'server certificate', logger, async () =>
      this.reload(),
    );
  }

  get options(): SecureContextOptions {
    return this.current;
  }

  /** Keeps the certificate of the holders up to date. */
  keepUpToDate(holders: readonly CertificateHolder[]): void {
    this.holders.push(...holders);
    this.loop.start();
  }

  /** Reloads the files; unmatched ones throw and leave the old certificate active. */
  reload(): void {
    const next = read(this.files);
    if (next.cert === this.current.cert && next.key === this.current.key) return;
    for (const holder of this.holders) holder.setSecureContext(next);
    this.current = next;
    this.logger.info({}, 'the service uses a renewed certificate');
  }

  stop(): Promise<void> {
    return this.loop.stop();
  }
}

function read({ certFile, keyFile }: CertificateFiles): SecureContextOptions {
  const options = {
    cert: readFileSync(certFile, 'utf8'),
    key: readFileSync(keyFile, 'utf8'),
    minVersion: 'TLSv1.2',
    ciphers: AEAD_SUITES,
  } as const;
  createSecureContext(options);
  endsAt.set(new X509Certificate(options.cert).validToDate.getTime() / 1_000);
  return options;
}
