import type { KafkaRight, KafkaState } from '@sluice/kafka/inspect';
import { SERVICES_AT_KAFKA } from '@sluice/messages';

/** Names of an environment at the broker. */
export interface Naming {
  /** Prefix of topics, groups and logins. */
  readonly prefix: string;
  /** Principals that are not `User:<prefix><service>`, by service. */
  readonly principals: Readonly<Record<string, string>>;
}

export function principalOf(service: string, { prefix, principals }: Naming): string {
  return principals[service] ?? `User:${prefix}${service}`;
}

/** Converts names at the broker to the names of the tables of the code. */
export function logicalState(state: KafkaState, naming: Naming): KafkaState {
  const { prefix } = naming;
  const services = new Map(SERVICES_AT_KAFKA.map((name) => [principalOf(name, naming), name]));
  return {
    ...state,
    topics: state.topics.flatMap((topic) =>
      topic.name.startsWith(prefix) ? { ...topic, name: topic.name.slice(prefix.length) } : [],
    ),
    rights: state.rights?.flatMap((right) => logicalRight(right, prefix, services)) ?? null,
    logins: state.logins.map((login) => services.get(`User:${login}`) ?? login),
  };
}

/** A right of a foreign login in another environment is left out. */
function logicalRight(
  right: KafkaRight,
  prefix: string,
  services: ReadonlyMap<string, string>,
): readonly KafkaRight[] {
  const service = services.get(right.principal);
  const principal = service === undefined ? right.principal : `User:${service}`;
  const isPrefixed = right.resource === 'topic' || right.resource === 'group';
  if (!isPrefixed) return [{ ...right, principal }];
  if (right.name.startsWith(prefix))
    return [{ ...right, principal, name: right.name.slice(prefix.length) }];
  const mayReachOurs = right.name === '*' || prefix.startsWith(right.name);
  return service === undefined && !mayReachOurs
    ? []
    : [{ ...right, principal, name: `${right.name} (without ${prefix})` }];
}
