import { Parser } from 'htmlparser2';
import { MarkupDepth } from '../../markup-depth.js';

export interface XmlEvents {
  onOpen?: (name: string, attributes: Record<string, string>) => void;
  onClose?: (name: string) => void;
  onText?: (text: string) => void;
}

/**
 * Reads XML without a tree. Entities that it declares itself stay as they are written. Throws UnreadableDocumentError
 * where it is nested too deeply.
 */
export function readXml(xml: string, { onOpen, onClose, onText }: XmlEvents): void {
  const depth = new MarkupDepth();
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        depth.open();
        onOpen?.(name, attributes);
      },
      onclosetag: (name) => {
        depth.close();
        onClose?.(name);
      },
      ontext: (text) => onText?.(text),
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(xml);
}
