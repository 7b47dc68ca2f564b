import type { ModelInfo, ModelServer, ServerHealth } from '../ports/model-server.js';
import { DemoModel } from './demo-model.js';
import { DEMO_MODEL_ID } from './texts.js';

/** The server of the demo model: always there, in this process. */
export class DemoModelServer implements ModelServer {
  readonly name = 'demo';
  readonly kind = 'demo';
  readonly chat = new DemoModel();

  listModels(): Promise<ModelInfo[]> {
    return Promise.resolve([{ id: DEMO_MODEL_ID, created: 0, ownedBy: 'threadmill' }]);
  }

  health(): Promise<ServerHealth> {
    return Promise.resolve({ status: 'ok' });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
