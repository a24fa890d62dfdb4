import type { OpenApi, OpenApiOperation } from '../document/open-api.js';
import { operationSection } from './operation.js';
import { escaped, line, prose } from './prose.js';
import { STYLE } from './style.js';

interface Route {
  readonly method: string;
  readonly path: string;
  readonly operation: OpenApiOperation;
}

/**
 * Renders the document as a single page: markup and a style sheet, without scripts, images or
 * resources from other hosts.
 */
export function referencePage(document: OpenApi): string {
  const routes = routesOf(document);
  const subjects = document.tags.map((tag) => ({
    ...tag,
    routes: routes.filter(({ operation }) => operation.tags.includes(tag.name)),
  }));
  const { title, description } = document.info;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} API reference</title>
<style>${STYLE}</style>
</head>
<body>
<nav>
<a class="title" href="#top">${escaped(title)} API</a>
${subjects.map(({ name, routes: own }) => `<h2>${escaped(name)}</h2><ul>${own.map(entry).join('')}</ul>`).join('\n')}
<p><a href="openapi.json">openapi.json</a></p>
</nav>
<main id="top">
<h1>${escaped(title)} API</h1>
${prose(description)}
${subjects
  .map(
    ({ name, description: about, routes: own }) =>
      `<h2 class="subject">${escaped(name)}</h2><p>${line(about)}</p>\n${own
        .map(({ method, path, operation }) => operationSection(method, path, operation, document))
        .join('\n')}`,
  )
  .join('\n')}
</main>
</body>
</html>
`;
}

function routesOf({ paths }: OpenApi): readonly Route[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method, path, operation })),
  );
}

function entry({ method, operation }: Route): string {
  return `<li><a href="#${escaped(operation.operationId)}"><b class="${escaped(method)}">${escaped(method.toUpperCase())}</b> ${line(operation.summary)}</a></li>`;
}
