import { randomUUIDv7 } from 'node:crypto';
import { encode, topic, type Message, type WireMessage } from '@sluice/messages';
import { IsInt, IsString } from 'class-validator';

class AddNoteV1 {
  @IsString() noteId!: string;
  @IsInt() n!: number;
}

/** Creates a topic with a unique name. `isAwaited`: clients wait for the messages of the topic. */
export function notesTopic({ isAwaited = false } = {}) {
  return topic(`notes.${randomUUIDv7()}`, {
    producedBy: 'notes',
    consumedBy: null,
    key: 'noteId',
    awaited: isAwaited ? ['notes.add.v1'] : [],
    types: { 'notes.add.v1': AddNoteV1 },
  });
}

export type NotesTopic = ReturnType<typeof notesTopic>;
export type Note = Message<NotesTopic>;

export function aNote(notes: NotesTopic, noteId: string, n: number): WireMessage {
  const id = `${noteId}-${n}`;
  return encode(notes, {
    id,
    source: 'test',
    subject: noteId,
    time: '2026-01-01T00:00:00Z',
    type: 'notes.add.v1',
    data: { noteId, n },
  });
}
