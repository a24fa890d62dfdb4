/** Address of a trace; null without a template, or for a text that is no trace id. */
export function traceLink(template: string | null, id: string): string | null {
  return template !== null && /^[0-9a-f]{32}$/.test(id) ? template.replace('{trace_id}', id) : null;
}
