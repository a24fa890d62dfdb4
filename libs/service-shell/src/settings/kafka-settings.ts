import {
  brokers,
  choice,
  flag,
  isLoopback,
  pemFile,
  Secret,
  secretFile,
  setting,
  text,
  type ConfigOf,
  type RuleInput,
} from '@sluice/runtime';
import type { KafkaCredentials, KafkaSecurity, KafkaTls } from '@sluice/kafka';

const MECHANISMS = ['scram-sha-512', 'scram-sha-256', 'plain', 'oauthbearer', 'none'] as const;

/** Connection of a service to Kafka: brokers, login, TLS and the prefix of the environment. */
export const KAFKA_SETTINGS = {
  brokers: brokers('KAFKA_BROKERS'),
  kafkaPrefix: setting('KAFKA_PREFIX', readPrefix, ''),
  kafkaMechanism: choice('KAFKA_SASL_MECHANISM', MECHANISMS, 'scram-sha-512'),
  /** With `oauthbearer`, the id of the service's client at the issuer; its secret is the password. */
  kafkaUsername: setting<string | null>('KAFKA_USERNAME', (value) => value, null),
  kafkaPassword: secretFile(
    'KAFKA_PASSWORD',
    { fileInProduction: true, form: 'phrase' },
    new Secret(''),
  ),
  kafkaTokenUrl: setting('KAFKA_OAUTH_TOKEN_URL', readTokenUrl, ''),
  kafkaScope: text('KAFKA_OAUTH_SCOPE', ''),
  kafkaTokenCaFile: pemFile('KAFKA_OAUTH_CA_FILE'),
  /** TLS with the public CAs of Node, for brokers without a CA of their own. */
  kafkaTls: flag('KAFKA_TLS', false),
  kafkaCaFile: pemFile('KAFKA_TLS_CA_FILE'),
  kafkaCertFile: pemFile('KAFKA_TLS_CERT_FILE'),
  kafkaKeyFile: pemFile('KAFKA_TLS_KEY_FILE', { isSecret: true }),
} as const;

export type KafkaConnectionSettings = ConfigOf<typeof KAFKA_SETTINGS>;

/** Rules checked at the start of a service with Kafka. */
export const KAFKA_RULES = [
  halfALogin,
  halfAClientCertificate,
  anonymousAtKafka,
  passwordInClear,
  tokenInClear,
  readAlongAtKafka,
] as const;

type KafkaRuleInput = RuleInput<KafkaConnectionSettings & { readonly nodeEnv: string }>;

/** The names of the default group prefix of readers stay free, because their rights are by prefix. */
function readPrefix(value: string): string {
  if (!/^[a-z0-9._-]{0,50}$/.test(value))
    throw new Error('must be at most 50 characters of a-z, 0-9, dot, underscore and hyphen');
  if (value.startsWith('downstream-'))
    throw new Error('must not begin with downstream-, the group prefix of readers');
  return value;
}

function readTokenUrl(value: string): string {
  if (!URL.canParse(value) || !/^https?:$/.test(new URL(value).protocol))
    throw new Error('must be an http or https URL');
  return value;
}

function halfALogin({ config }: KafkaRuleInput): readonly string[] {
  const { brokers: places, kafkaMechanism: mechanism, kafkaUsername, kafkaPassword } = config;
  if (places?.length === 0) return []; // the service uses no Kafka
  const hasName = (kafkaUsername ?? null) !== null;
  const hasPassword = (kafkaPassword?.reveal() ?? '') !== '';
  if (mechanism === 'none')
    return hasName || hasPassword
      ? ['KAFKA_USERNAME and KAFKA_PASSWORD do not belong to KAFKA_SASL_MECHANISM=none']
      : [];
  if (mechanism === 'oauthbearer') return halfAClient(config);
  return hasName === hasPassword ? [] : ['KAFKA_USERNAME and KAFKA_PASSWORD belong together'];
}

function halfAClient(config: Partial<KafkaConnectionSettings>): readonly string[] {
  const { kafkaTokenUrl, kafkaUsername, kafkaPassword } = config;
  const missing = [
    ...(kafkaTokenUrl ? [] : ['KAFKA_OAUTH_TOKEN_URL']),
    ...(kafkaUsername ? [] : ['KAFKA_USERNAME']),
    ...(kafkaPassword?.reveal() ? [] : ['KAFKA_PASSWORD']),
  ];
  return missing.length === 0
    ? []
    : [`KAFKA_SASL_MECHANISM=oauthbearer also needs ${missing.join(', ')}`];
}

function halfAClientCertificate({
  config: { kafkaCertFile = null, kafkaKeyFile = null, ...tls },
}: KafkaRuleInput): readonly string[] {
  if ((kafkaCertFile === null) !== (kafkaKeyFile === null))
    return ['KAFKA_TLS_CERT_FILE and KAFKA_TLS_KEY_FILE belong together'];
  return kafkaCertFile !== null && !isKafkaEncrypted(tls)
    ? ['KAFKA_TLS_CERT_FILE needs TLS: set KAFKA_TLS_CA_FILE, or KAFKA_TLS=true for a public CA']
    : [];
}

/** Requires a Kafka login: an anonymous client could write the messages of any service. */
function anonymousAtKafka({
  config: { nodeEnv, brokers: places, kafkaMechanism, kafkaUsername, kafkaCertFile },
}: KafkaRuleInput): readonly string[] {
  if (places?.length === 0 || nodeEnv !== 'production') return [];
  if (kafkaMechanism === 'oauthbearer') return [];
  if (kafkaMechanism === 'none')
    return (kafkaCertFile ?? null) === null
      ? [
          'KAFKA_SASL_MECHANISM=none needs KAFKA_TLS_CERT_FILE in production: the client certificate is then the login',
        ]
      : [];
  return kafkaUsername === null
    ? ['KAFKA_USERNAME is missing: in production a service has a login of its own at Kafka']
    : [];
}

/** Refuses credentials that a reader of the network could use, in every mode. */
function passwordInClear({
  config: { brokers: places, kafkaMechanism, ...tls },
}: KafkaRuleInput): readonly string[] {
  const isReadable = kafkaMechanism === 'plain' || kafkaMechanism === 'oauthbearer';
  return isReadable && !isKafkaEncrypted(tls) && !areHere(places)
    ? [
        `KAFKA_SASL_MECHANISM=${kafkaMechanism} needs TLS: without TLS the network can read the password or token`,
      ]
    : [];
}

function tokenInClear({ config: { nodeEnv, kafkaTokenUrl } }: KafkaRuleInput): readonly string[] {
  return nodeEnv === 'production' && kafkaTokenUrl?.startsWith('http:')
    ? ['KAFKA_OAUTH_TOKEN_URL must begin with https:// in production']
    : [];
}

/** Kafka needs TLS: an observer could read orders and recipients. */
function readAlongAtKafka({
  config: { nodeEnv, brokers: places, ...tls },
}: KafkaRuleInput): readonly string[] {
  return nodeEnv === 'production' && !isKafkaEncrypted(tls) && !areHere(places)
    ? [
        'KAFKA_TLS_CA_FILE is missing: in production the connection to Kafka is over TLS (KAFKA_TLS=true for brokers with a public CA)',
      ]
    : [];
}

function areHere(places: readonly string[] = []): boolean {
  return places.every((place) => isLoopback(place.replace(/:\d+$/, '')));
}

export function isKafkaEncrypted({
  kafkaTls = false,
  kafkaCaFile = null,
}: Partial<Pick<KafkaConnectionSettings, 'kafkaTls' | 'kafkaCaFile'>>): boolean {
  return kafkaTls || kafkaCaFile !== null;
}

/** Returns the security settings of the Kafka connections. */
export function kafkaSecurityOf(settings: KafkaConnectionSettings): KafkaSecurity {
  return { login: loginOf(settings), tls: tlsOf(settings) };
}

/** Name of the service at Kafka, as far as the service knows the name; null without a login. */
export function kafkaLoginName(settings: KafkaConnectionSettings): string | null {
  return settings.kafkaMechanism === 'none' ? null : settings.kafkaUsername;
}

function loginOf(settings: KafkaConnectionSettings): KafkaCredentials | null {
  const { kafkaMechanism: mechanism, kafkaUsername: username, kafkaPassword } = settings;
  if (mechanism === 'none' || username === null) return null;
  if (mechanism === 'oauthbearer')
    return {
      mechanism,
      tokenUrl: settings.kafkaTokenUrl,
      clientId: username,
      clientSecret: kafkaPassword.reveal(),
      scope: settings.kafkaScope,
      caFile: settings.kafkaTokenCaFile,
    };
  return { mechanism, username, password: kafkaPassword.reveal() };
}

function tlsOf(settings: KafkaConnectionSettings): KafkaTls | null {
  if (!isKafkaEncrypted(settings)) return null;
  const { kafkaCaFile: caFile, kafkaCertFile: certFile, kafkaKeyFile: keyFile } = settings;
  return { caFile, client: certFile === null || keyFile === null ? null : { certFile, keyFile } };
}
