import { asyncApi } from './events/async-api.js';
import { eventTypes } from './events/event-types.js';
import { eventIndex, eventPage } from './events/pages.js';
import { ASYNC_API, EVENTS, messageSources, readJson } from './repository.js';

/**
 * Published files of the messages by path: the document, a schema and a page for each type, and the
 * index.
 */
export function eventFiles(): ReadonlyMap<string, string> {
  const { version } = readJson<{ version: string }>('package.json');
  const types = eventTypes(messageSources());
  return new Map([
    [`${EVENTS}/README.md`, eventIndex(types)],
    [ASYNC_API, json(asyncApi(types, version))],
    ...types.map((type) => [`${EVENTS}/${type.type}.md`, eventPage(type, types)] as const),
    ...types.map(
      ({ type, about, schema }) =>
        [
          `${EVENTS}/schemas/${type}.json`,
          json({
            $schema: 'https://json-schema.org/draft/2020-12/schema',
            $id: `urn:sluice:${type}`,
            title: type,
            description: about,
            ...schema,
          }),
        ] as const,
    ),
  ]);
}

/** JSON in the layout of a file. */
export function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
