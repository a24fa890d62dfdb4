import type { KafkaCredentials, KafkaTls, PasswordLogin } from '@sluice/kafka/inspect';

const MECHANISMS: ReadonlyMap<string, PasswordLogin['mechanism']> = new Map([
  ['PLAIN', 'plain'],
  ['SCRAM-SHA-256', 'scram-sha-256'],
  ['SCRAM-SHA-512', 'scram-sha-512'],
]);

interface AdminProperties {
  readonly login: KafkaCredentials | null;
  readonly tls: KafkaTls | null;
}

/**
 * Reads the login and TLS from a client configuration of Kafka's own tools, as the Secret of the
 * chart's topics job has it. Throws with the name of a property that is not supported.
 */
export function readAdminProperties(text: string): AdminProperties {
  const properties = new Map(
    text
      .replaceAll(/\\\r?\n\s*/g, '')
      .split(/\r?\n/)
      .flatMap(readLine),
  );
  const protocol = properties.get('security.protocol') ?? 'PLAINTEXT';
  if (!/^(SASL_)?(PLAINTEXT|SSL)$/.test(protocol))
    throw new Error(`admin.properties: security.protocol=${protocol} is unknown`);
  return {
    login: protocol.startsWith('SASL_') ? loginOf(properties) : null,
    tls: protocol.endsWith('SSL') ? tlsOf(properties) : null,
  };
}

function readLine(line: string): [string, string][] {
  const [, name, value] = /^\s*([^#!=:\s][^=:\s]*)\s*[=:\s]\s*(.*?)\s*$/.exec(line) ?? [];
  return name === undefined || value === undefined ? [] : [[name, value]];
}

function loginOf(properties: ReadonlyMap<string, string>): KafkaCredentials {
  const named = properties.get('sasl.mechanism') ?? 'GSSAPI';
  const mechanism = MECHANISMS.get(named);
  if (mechanism === undefined)
    throw new Error(
      `admin.properties: sasl.mechanism=${named} is not supported; use PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512`,
    );
  const jaas = properties.get('sasl.jaas.config') ?? '';
  const [username, password] = [jaasValue(jaas, 'username'), jaasValue(jaas, 'password')];
  if (username === null || password === null)
    throw new Error('admin.properties: sasl.jaas.config needs username="…" and password="…"');
  return { mechanism, username, password };
}

function jaasValue(jaas: string, name: string): string | null {
  const [, value] = new RegExp(`\\s${name}\\s*=\\s*"((?:[^"\\\\]|\\\\.)*)"`).exec(jaas) ?? [];
  return value?.replaceAll(/\\(.)/g, '$1') ?? null;
}

function tlsOf(properties: ReadonlyMap<string, string>): KafkaTls {
  const ca = properties.get('ssl.truststore.location');
  for (const name of ['ssl.truststore.type', 'ssl.keystore.type'])
    if (properties.has(name.replace('.type', '.location')) && properties.get(name) !== 'PEM')
      throw new Error(`admin.properties: ${name} must be PEM; Java key stores are not supported`);
  const bundle = properties.get('ssl.keystore.location');
  return {
    caFile: ca ?? null,
    client: bundle === undefined ? null : { certFile: bundle, keyFile: bundle },
  };
}
