import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import busboy, { type Busboy } from 'busboy';
import { invalidRequest, WireError } from '@libs/openai-wire';
import { decodeFormName } from '../file-name.js';
import { drain } from './drain.js';

const MOST_FIELDS = 8;
const LONGEST_FIELD_NAME = 100;
const LONGEST_FIELD_VALUE = 1024;

/** How the files of a form are kept while they come in, and thrown away when the rest of the form is no good. */
export interface FormSink<Stored> {
  /** The name of the form's parts that are files. */
  readonly fileField: string;
  /** Absent: one. */
  readonly mostFiles?: number;
  /** Bytes of a text field. Absent: 1 KiB. */
  readonly longestValue?: number;
  store(content: Readable): Promise<Stored>;
  discard(stored: Stored): Promise<void>;
  /** Throws for a text field that is no good. Fields may come before and after the file. */
  checkField(name: string, value: string): void;
  unknownField(name: string): Error;
}

export interface ReceivedForm<Stored> {
  fields: Map<string, string>;
  files: ReceivedFile<Stored>[];
}

export interface ReceivedFile<Stored> {
  /** The client's own, decoded and nothing more. */
  name: string | undefined;
  stored: Stored;
}

/**
 * Reads a multipart form as a stream. On any error (a bad form, a field that is no
 * good, a client that went away, content that could not be kept) nothing is kept, the rest is drained, and it throws.
 */
export async function receiveForm<Stored>(
  request: IncomingMessage,
  sink: FormSink<Stored>,
): Promise<ReceivedForm<Stored>> {
  const parser = createParser(request, sink);
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
  private readonly files: { name: string | undefined; storing: Promise<Stored> }[] = [];

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
    const files = this.files.map(async ({ name, storing }) => ({ name, stored: await storing }));
    return { fields: this.fields, files: await Promise.all(files) };
  }

  /** What was already kept. What is being kept fails by itself, as its stream is gone. */
  async discard(): Promise<void> {
    const kept = await Promise.allSettled(this.files.map(({ storing }) => storing));
    for (const each of kept) if (each.status === 'fulfilled') await this.sink.discard(each.value);
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
    const { fileField, mostFiles = 1 } = this.sink;
    if (name !== fileField || this.files.length === mostFiles) {
      content.resume();
      const most = mostFiles === 1 ? 'one file' : `${mostFiles} files`;
      const tooMany = invalidRequest(`The form has more than ${most}.`, fileField);
      return reject(name === fileField ? tooMany : this.sink.unknownField(name));
    }
    const storing = this.sink.store(content);
    storing.catch(reject);
    this.files.push({ name: filename === undefined ? undefined : decodeFormName(filename), storing });
  }
}

function createParser<Stored>(request: IncomingMessage, sink: FormSink<Stored>): Busboy {
  try {
    return busboy({
      headers: request.headers,
      // Read as bytes: `decodeFormName` finds out which encoding it is.
      defParamCharset: 'latin1',
      preservePath: true,
      limits: {
        fields: MOST_FIELDS,
        files: (sink.mostFiles ?? 1) + 1,
        fieldNameSize: LONGEST_FIELD_NAME,
        fieldSize: sink.longestValue ?? LONGEST_FIELD_VALUE,
        headerPairs: 20,
      },
    });
  } catch {
    drain(request);
    throw new WireError(400, 'Expected a multipart/form-data body with a file.', { param: sink.fileField });
  }
}

function attempt(reject: (error: Error) => void, action: () => void): void {
  try {
    action();
  } catch (error) {
    reject(error instanceof Error ? error : new Error(String(error)));
  }
}
