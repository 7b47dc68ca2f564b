import type { WireMessageContent } from '@libs/openai-wire';

type WireText = Extract<WireMessageContent, { type: 'text' }>['text'];

/** A text without the citations in it: they name sources that the model does not see any more. */
export function withoutCitations({ value, annotations }: WireText): string {
  const places = annotations
    .filter(({ type }) => type === 'file_citation')
    .sort((one, other) => one.start_index - other.start_index);
  // Indexes count code points.
  const characters = Array.from(value);
  let text = '';
  let end = 0;
  for (const { start_index, end_index } of places) {
    text += characters.slice(end, start_index).join('');
    end = end_index;
  }
  return text + characters.slice(end).join('');
}
