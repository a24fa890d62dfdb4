import type { KafkaPlan, RightToGive, ScramLogin, ScramMechanism } from '@sluice/kafka/inspect';
import {
  ALL_TOPICS,
  PUBLIC_TOPICS,
  SERVICES_AT_KAFKA,
  topicsProducedBy,
  topicsReadBy,
} from '@sluice/messages';
import { principalOf, type Naming } from './naming.js';

/** Reader of public topics with one login; its group names begin with its own name. */
const DOWNSTREAM = 'downstream';
export const LOGIN_NAMES: readonly string[] = [...SERVICES_AT_KAFKA, DOWNSTREAM];

interface PlanOptions {
  readonly naming: Naming;
  readonly partitions: number;
  readonly replicationFactor: number;
  readonly settings: ReadonlyMap<string, string>;
  /** Connectors that get rights and logins; null for all. Topics are created for all. */
  readonly connectors: readonly string[] | null;
  /** Passwords of the logins to create, by service. */
  readonly passwords: ReadonlyMap<string, string>;
  readonly mechanism: ScramMechanism;
}

/** Returns topics, rights and logins of an environment, from the tables of the code. */
export function topicsPlan(options: PlanOptions): KafkaPlan {
  const { naming, partitions, replicationFactor, settings, connectors } = options;
  const names = LOGIN_NAMES.filter(
    (name) => !name.startsWith('connector-') || connectors?.includes(name) !== false,
  );
  return {
    topics: ALL_TOPICS.map(({ name }) => naming.prefix + name),
    partitions,
    replicationFactor,
    settings,
    logins: names.flatMap((name) => loginOf(name, options)),
    rights: names.flatMap((name) => rightsOf(name, naming)),
  };
}

function loginOf(name: string, { naming, passwords, mechanism }: PlanOptions): ScramLogin[] {
  const password = passwords.get(name) ?? '';
  const username = principalOf(name, naming).replace(/^User:/, '');
  return password === '' ? [] : [{ mechanism, username, password }];
}

function rightsOf(login: string, naming: Naming): readonly RightToGive[] {
  const isReader = login === DOWNSTREAM;
  const principal = principalOf(login, naming);
  const onTopic =
    (operation: RightToGive['operation']) =>
    (name: string): RightToGive => ({
      principal,
      operation,
      resource: 'topic',
      name: naming.prefix + name,
      pattern: 'literal',
    });
  return [
    ...(isReader ? [] : topicsProducedBy(login)).map(onTopic('Write')),
    ...(isReader ? PUBLIC_TOPICS : topicsReadBy(login)).map(onTopic('Read')),
    {
      principal,
      operation: 'Read',
      resource: 'group',
      name: `${naming.prefix}${login}${isReader ? '-' : ''}`,
      pattern: isReader ? 'prefixed' : 'literal',
    },
  ];
}
