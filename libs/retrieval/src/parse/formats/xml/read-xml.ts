import { Parser } from 'htmlparser2';

export interface XmlEvents {
  onOpen?: (name: string, attributes: Record<string, string>) => void;
  onClose?: (name: string) => void;
  onText?: (text: string) => void;
}

/** Reads XML without a tree: its depth costs nothing. Entities that it declares itself stay as they are written. */
export function readXml(xml: string, { onOpen, onClose, onText }: XmlEvents): void {
  const parser = new Parser(
    {
      onopentag: (name, attributes) => onOpen?.(name, attributes),
      onclosetag: (name) => onClose?.(name),
      ontext: (text) => onText?.(text),
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(xml);
}
