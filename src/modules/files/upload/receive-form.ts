import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import busboy, { type Busboy } from 'busboy';
import { invalidRequest, WireError } from '@libs/openai-wire';
import { decodeFormName } from '../file-name.js';
import { drain } from './drain.js';

const MOST_FIELDS = 8;
const LONGEST_FIELD_NAME = 100;
const LONGEST_FIELD_VALUE = 1024;

/** How the one file of a form is kept while it comes in, and thrown away when the rest of the form is no good. */
export interface FormSink<Stored> {
  /** The name of the form's part that is the file. */
  readonly fileField: string;
  store(content: Readable): Promise<Stored>;
  discard(stored: Stored): Promise<void>;
  /** Throws for a text field that is no good. Fields may come before and after the file. */
  checkField(name: string, value: string): void;
  unknownField(name: string): Error;
}

export interface ReceivedForm<Stored> {
  fields: Map<string, string>;
  /** The name is the client's own, decoded and nothing more. */
  file?: { name: string | undefined; stored: Stored };
}

/**
 * Reads a multipart form with at most one file as a stream. On any error (a bad form, a field that is no
 * good, a client that went away, content that could not be kept) nothing is kept, the rest is drained, and it throws.
 */
export async function receiveForm<Stored>(
  request: IncomingMessage,
  sink: FormSink<Stored>,
): Promise<ReceivedForm<Stored>> {
  const parser = createParser(request, sink.fileField);
  const reading = new FormReading(parser, sink);
  try {
    return await reading.finish(request);
  } catch (error) {
    request.unpipe(parser);
    parser.destroy();
    drain(request);
    await reading.discard();
    throw error;
  }
}

class FormReading<Stored> {
  private readonly fields = new Map<string, string>();
  private file: { name: string | undefined; storing: Promise<Stored> } | undefined;

  constructor(
    private readonly parser: Busboy,
    private readonly sink: FormSink<Stored>,
  ) {}

  async finish(request: IncomingMessage): Promise<ReceivedForm<Stored>> {
    await new Promise<void>((resolve, reject) => {
      this.listen(reject);
      this.parser.on('close', resolve);
      request.on('close', () => {
        if (!request.complete) reject(invalidRequest('The upload was broken off.'));
      });
      request.pipe(this.parser);
    });
    if (this.file === undefined) return { fields: this.fields };
    return { fields: this.fields, file: { name: this.file.name, stored: await this.file.storing } };
  }

  /** What was already kept. What is being kept fails by itself, as its stream is gone. */
  async discard(): Promise<void> {
    const stored = await this.file?.storing.catch(() => undefined);
    if (stored !== undefined) await this.sink.discard(stored);
  }

  private listen(reject: (error: Error) => void): void {
    const { parser } = this;
    // busboy gives no name at all for an empty one, whatever its types say.
    parser.on('file', (name: string | undefined, content, { filename }) =>
      this.takeFile(name ?? '', content, filename, reject),
    );
    parser.on('field', (name: string | undefined, value, { nameTruncated, valueTruncated }) => {
      if (nameTruncated || valueTruncated) return reject(invalidRequest('A form field is too long.'));
      attempt(reject, () => this.takeField(name ?? '', value));
    });
    for (const limit of ['fieldsLimit', 'partsLimit', 'filesLimit'] as const) {
      parser.on(limit, () => reject(invalidRequest('The form has too many parts.')));
    }
    parser.on('error', () => reject(invalidRequest('The multipart form could not be read.')));
  }

  private takeField(name: string, value: string): void {
    if (this.fields.has(name)) throw invalidRequest(`The form has several parts named '${name}'.`, name);
    this.sink.checkField(name, value);
    this.fields.set(name, value);
  }

  private takeFile(
    name: string,
    content: Readable,
    filename: string | undefined,
    reject: (error: Error) => void,
  ): void {
    // A parser that is destroyed destroys this stream with an error, also where nobody reads it.
    content.on('error', () => undefined);
    const { fileField } = this.sink;
    if (name !== fileField || this.file !== undefined) {
      content.resume();
      const second = invalidRequest('The form has more than one file.', fileField);
      return reject(name === fileField ? second : this.sink.unknownField(name));
    }
    this.file = {
      name: filename === undefined ? undefined : decodeFormName(filename),
      storing: this.sink.store(content),
    };
    this.file.storing.catch(reject);
  }
}

function createParser(request: IncomingMessage, fileField: string): Busboy {
  try {
    return busboy({
      headers: request.headers,
      // Read as bytes: `decodeFormName` finds out which encoding it is.
      defParamCharset: 'latin1',
      preservePath: true,
      limits: {
        fields: MOST_FIELDS,
        files: 2,
        fieldNameSize: LONGEST_FIELD_NAME,
        fieldSize: LONGEST_FIELD_VALUE,
        headerPairs: 20,
      },
    });
  } catch {
    drain(request);
    throw new WireError(400, 'Expected a multipart/form-data body with a file.', { param: fileField });
  }
}

function attempt(reject: (error: Error) => void, action: () => void): void {
  try {
    action();
  } catch (error) {
    reject(error instanceof Error ? error : new Error(String(error)));
  }
}
