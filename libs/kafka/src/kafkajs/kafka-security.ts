import { readFileSync } from 'node:fs';
import type { KafkaConfig } from 'kafkajs';
import { tokensOf, type OAuthClient } from './oauth-token.js';

/** Login at Kafka by name and password. */
export interface PasswordLogin {
  readonly mechanism: 'scram-sha-512' | 'scram-sha-256' | 'plain';
  readonly username: string;
  readonly password: string;
}

export type KafkaCredentials =
  PasswordLogin | ({ readonly mechanism: 'oauthbearer' } & OAuthClient);

/** PEM files of the TLS connection to Kafka. */
export interface KafkaTls {
  /** CA of the broker certificates; null for the public CAs of Node. */
  readonly caFile: string | null;
  /** Certificate and key of this client; null if the brokers require none. */
  readonly client: { readonly certFile: string; readonly keyFile: string } | null;
}

/** Kafka login of the service and the trusted certificate authority. */
export interface KafkaSecurity {
  /** Null without SASL: a client certificate may be the login. */
  readonly login: KafkaCredentials | null;
  /** Null for an unencrypted connection. */
  readonly tls: KafkaTls | null;
}

export function securityOf(security?: KafkaSecurity): Pick<KafkaConfig, 'sasl' | 'ssl'> {
  const { login = null, tls = null } = security ?? {};
  return {
    ...(login && { sasl: saslOf(login) }),
    ...(tls && { ssl: tlsOf(tls) }),
  };
}

function saslOf(login: KafkaCredentials): NonNullable<KafkaConfig['sasl']> {
  if (login.mechanism === 'oauthbearer') {
    const token = tokensOf(login);
    return {
      mechanism: login.mechanism,
      oauthBearerProvider: async () => ({ value: await token() }),
    };
  }
  const { mechanism, username, password } = login;
  // kafkajs types each mechanism as a separate member of a union
  if (mechanism === 'plain') return { mechanism, username, password };
  if (mechanism === 'scram-sha-256') return { mechanism, username, password };
  return { mechanism, username, password };
}

/**
 * TLS options with files read on access. kafkajs copies the options for each connection: a replaced
 * file applies from the next connection on.
 */
function tlsOf({ caFile, client }: KafkaTls): NonNullable<KafkaConfig['ssl']> {
  const files = {
    ...(caFile !== null && { ca: caFile }),
    ...(client && { cert: client.certFile, key: client.keyFile }),
  };
  const options = { minVersion: 'TLSv1.2' as const };
  for (const [option, file] of Object.entries(files))
    Object.defineProperty(options, option, {
      enumerable: true,
      get: () => readFileSync(file, 'utf8'),
    });
  return options;
}
