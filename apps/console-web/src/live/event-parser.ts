/** Event of a stream, with the last id up to the event. */
export interface StreamEvent {
  readonly name: string;
  readonly data: string;
  readonly id: string | null;
}

interface EventParser {
  /** Takes the next part of the stream, and returns the events completed by it. */
  readonly push: (text: string) => readonly StreamEvent[];
}

/** Parses `text/event-stream` from parts of any size. */
export function eventParser(): EventParser {
  let rest = '';
  let fields = emptyFields();
  let id: string | null = null;
  const take = (line: string): StreamEvent | null => {
    if (line === '') {
      const { name, data } = fields;
      fields = emptyFields();
      return data.length === 0 && name === '' ? null : eventOf(name, data, id);
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') fields.name = value;
    else if (field === 'data') fields.data.push(value);
    else if (field === 'id' && !value.includes('\0')) id = value;
    return null;
  };
  return {
    push: (text) => {
      const lines = `${rest}${text}`.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      return lines.flatMap((line) => take(line) ?? []);
    },
  };
}

function emptyFields(): { name: string; data: string[] } {
  return { name: '', data: [] };
}

function eventOf(name: string, data: readonly string[], id: string | null): StreamEvent {
  return { name: name === '' ? 'message' : name, data: data.join('\n'), id };
}
